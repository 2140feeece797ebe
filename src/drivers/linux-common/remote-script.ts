import { DeviceError } from "../driver.ts";
import type { Connection, ExecResult } from "../transport/types.ts";

/** Runs shell text on a device as root, fed through standard input, so that nothing of it stands in a process list. */
export interface RemoteShell {
  readonly device: string;
  /** Runs and returns what it printed.
   *  @throws DeviceError `refused` when it ends with another code than 0 */
  run(script: string, options?: RunOptions): Promise<string>;
  /** Runs a script that only reads. A login that may not become root, but may run the reader that a push installed,
   *  gets the reader's answer.
   *  @throws DeviceError `refused` */
  read(script: string, label: string): Promise<string>;
  /** Runs a script that only reads, as root where the login may become root, else as itself.
   *  @throws DeviceError `refused` */
  look(script: string, label: string): Promise<string>;
}

/** The reader that a push installs for read-only logins. */
export const READER = "/usr/local/sbin/sitewright-read";

/** How a script is run. */
interface RunOptions {
  readonly timeoutMs?: number;
  /** What to call it in an error; the script itself may hold secrets. */
  readonly label?: string;
  /** Makes what the device said printable. */
  readonly clean?: (text: string) => string;
}

/** Makes a shell over a connection; a login other than root goes through `sudo -n`. */
export function openRemoteShell(connection: Connection, device: string, user: string): RemoteShell {
  const command = user === "root" ? "LC_ALL=C sh -s" : "sudo -n env LC_ALL=C sh -s";
  const refusal = (result: ExecResult, label: string, clean = (text: string) => text): DeviceError => {
    const reply = clean((result.stderr || result.stdout).trim()).slice(0, 2000);
    return new DeviceError("refused", device, `${device} refused a command: ${reply.split("\n")[0] ?? ""}`, {
      command: label,
      reply,
    });
  };
  return {
    device,
    async run(script, { timeoutMs, label = "a script", clean } = {}) {
      const limit = timeoutMs === undefined ? {} : { timeoutMs };
      const result = await connection.exec(command, { stdin: whole(script), ...limit });
      if (result.code === 0) return result.stdout;
      throw refusal(result, label, clean);
    },
    async read(script, label) {
      const result = await connection.exec(command, { stdin: whole(script) });
      if (result.code === 0) return result.stdout;
      if (user === "root" || !result.stderr.startsWith("sudo:")) throw refusal(result, label);
      const reader = await connection.exec(`sudo -n ${READER}`);
      if (reader.code === 0) return reader.stdout;
      throw refusal(reader, label);
    },
    async look(script, label) {
      const result = await connection.exec(command, { stdin: whole(script) });
      if (result.code === 0) return result.stdout;
      if (user === "root" || !result.stderr.startsWith("sudo:")) throw refusal(result, label);
      const plain = await connection.exec("LC_ALL=C sh -s", { stdin: whole(script) });
      if (plain.code === 0) return plain.stdout;
      throw refusal(plain, label);
    },
  };
}

/** A script cut off in mid-transfer does nothing: the shell runs the function only after it has read all of it. Then the
 *  shell ends without waiting for the end of its input, which a device that has moved away never sees: it would hold
 *  the lock of its step against the next one and against a restore. */
function whole(script: string): string {
  return `PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nsitewright() {\n:\n${script}\n}\nsitewright </dev/null; exit\n`;
}

/** What a named part of a reading printed, and its exit code. */
export interface Section {
  readonly code: number;
  readonly text: string;
}

/** Makes a script that runs several commands and prints each result apart from the others. */
export function sectionScript(commands: Readonly<Record<string, string>>): string {
  const names = Object.keys(commands);
  const bodies = names.map((name) => `read_${name}() {\n${commands[name]}\n}`);
  return [
    ...bodies,
    `for part in ${names.join(" ")}; do`,
    `  out=$(read_$part); code=$?`,
    `  printf '%s %s ' "$part" "$code"; printf '%s' "$out" | base64 | tr -d '\\n'; echo`,
    "done",
  ].join("\n");
}

/** Reads what a section script printed.
 *  @throws Error where a part is missing, as after a connection that broke */
export function readSections<Name extends string>(
  output: string,
  names: readonly Name[],
): Record<Name, Section> {
  const found = new Map<string, Section>();
  for (const line of output.split("\n")) {
    const match = /^(\w+) (\d+) (\S*)$/.exec(line);
    if (!match) continue;
    const text = Buffer.from(match[3] ?? "", "base64").toString("utf8");
    found.set(match[1] ?? "", { code: Number(match[2]), text });
  }
  return Object.fromEntries(
    names.map((name) => {
      const section = found.get(name);
      if (section === undefined) throw new Error(`the reply has no part "${name}"`);
      return [name, section];
    }),
  ) as Record<Name, Section>;
}
