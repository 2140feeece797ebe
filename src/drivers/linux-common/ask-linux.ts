import type { Answers } from "../evidence.ts";
import { type RemoteShell, readSections, sectionScript } from "./remote-script.ts";

/** Runs shell commands that only read; undefined for one that fails.
 *  @throws DeviceError where the login may run nothing at all */
export async function askLinux(
  shell: RemoteShell,
  commands: Readonly<Record<string, string>>,
): Promise<Answers> {
  const names = Object.keys(commands);
  const sections = readSections(await shell.look(sectionScript(commands), "read who was there"), names);
  return Object.fromEntries(
    names.map((name) => [name, sections[name]?.code === 0 ? sections[name].text : undefined]),
  );
}
