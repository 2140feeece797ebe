import type { Change } from "../../planner/config/types.ts";
import { DeviceError } from "../driver.ts";
import { pathOfBlock } from "./host-commands.ts";
import { PLACES } from "./places.ts";
import type { RemoteShell } from "./remote-script.ts";
import { inlineDocument, quote } from "./shell-quote.ts";

/** Shell that remembers the headers of the blocks that a change touches. */
export function ownScript(change: Change): string {
  return rememberScript(change.steps.map((step) => step.path[0] ?? ""));
}

function rememberScript(headers: readonly string[]): string {
  return [
    `(umask 077; touch ${PLACES.owned})`,
    ...inlineDocument(`cat ${PLACES.owned} - > ${PLACES.owned}.all`, headers),
    `sort -u ${PLACES.owned}.all > ${PLACES.owned}.new; rm -f ${PLACES.owned}.all; mv -f ${PLACES.owned}.new ${PLACES.owned}`,
  ].join("\n");
}

/** Refuses to write over a file that no reading has shown yet. From now on readings show it, so that the next plan
 *  can say what would be lost.
 *  @throws DeviceError `refused` naming the files */
export async function refuseForeignFiles(shell: RemoteShell, change: Change, running: string): Promise<void> {
  const shown = new Set(running.split("\n"));
  const unseen = change.steps.map((step) => step.path[0] ?? "").filter((header) => !shown.has(header));
  const paths = unseen.flatMap((header) => pathOfBlock(header) ?? []);
  if (paths.length === 0) return;
  const found = await shell.run(
    [
      `mkdir -p ${PLACES.stateDir}`,
      `for f in ${paths.map(quote).join(" ")}; do [ ! -e "$f" ] || printf '%s\\n' "$f"; done`,
    ].join("\n"),
    { label: "look for files that are not ours" },
  );
  const foreign = found.split("\n").filter((line) => line !== "");
  if (foreign.length === 0) return;
  const headers = unseen.filter((header) => foreign.includes(pathOfBlock(header) ?? ""));
  await shell.run(rememberScript(headers), { label: "remember files to be shown" });
  throw new DeviceError(
    "refused",
    shell.device,
    `${shell.device} has ${foreign.join(", ")} already: plan again to see what it would lose`,
    { reply: foreign.join("\n") },
  );
}
