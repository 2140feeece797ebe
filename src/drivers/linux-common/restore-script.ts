import type { ChangeStep } from "../../planner/config/types.ts";
import { pathOfBlock } from "./host-commands.ts";
import { PLACES } from "./places.ts";
import { quote } from "./shell-quote.ts";

/** Shell that copies, into the current folder, what a change is about to overwrite: files with owner and mode,
 *  password hashes, seals. The copies never leave the device. */
export function keepScript(steps: readonly ChangeStep[]): string {
  const lines = ["mkdir files", `[ ! -d ${PLACES.seals} ] || cp -a ${PLACES.seals} seals`];
  for (const { path } of steps) {
    const header = path[0] ?? "";
    const file = pathOfBlock(header);
    if (file !== undefined) {
      const copy = quote(copyName(file));
      lines.push(
        `if [ -e ${quote(file)} ] || [ -L ${quote(file)} ]; then cp -a ${quote(file)} ${copy}; else : > ${copy}.absent; fi`,
      );
    }
    const name = accountOf(header);
    if (name !== undefined) {
      lines.push(
        `grep -m1 ${quote(`^${name}:`)} /etc/shadow | cut -d: -f1,2 > ${quote(`shadow-${name}`)} || :`,
      );
    }
  }
  return lines.join("\n");
}

function accountOf(header: string): string | undefined {
  return /^(?:account|login) (\S+)$/.exec(header)?.[1];
}

function copyName(file: string): string {
  return `files/${file.replaceAll("/", "%")}`;
}

/** Shell that undoes a change from the copies and the undo steps, whatever part of the change had been done.
 *  It tries everything, and ends with an error if any part failed.
 *  @param undo - steps from the predicted state back to the one before
 *  @param stepScript - shell of one step */
export function restoreScript(
  steps: readonly ChangeStep[],
  undo: readonly ChangeStep[],
  stepScript: (step: ChangeStep) => string,
): string {
  const files = steps.flatMap(({ path }) => pathOfBlock(path[0] ?? "") ?? []);
  const others = undo.filter(({ path }) => pathOfBlock(path[0] ?? "") === undefined);
  return [
    "failed=0",
    ...files.map(restoreFile),
    `rm -rf ${PLACES.seals}; if [ -d seals ]; then cp -a seals ${PLACES.seals} || failed=1; fi`,
    ...others.map((step) => `( set -e\n${accountSafe(step, stepScript)}\n)\n[ $? -eq 0 ] || failed=1`),
    "exit $failed",
  ].join("\n");
}

function restoreFile(file: string): string {
  const copy = quote(copyName(file));
  const place = quote(file);
  const fresh = quote(`${file}.sitewright`);
  return `rm -f ${fresh}; if [ -e ${copy} ] || [ -L ${copy} ]; then { cp -a ${copy} ${fresh} && mv -f ${fresh} ${place}; } || failed=1; elif [ -e ${copy}.absent ]; then rm -f ${place} || failed=1; fi`;
}

/** A password comes back from the kept hash: the secret itself is not on the device. */
function accountSafe(step: ChangeStep, stepScript: (step: ChangeStep) => string): string {
  const header = step.path[0] ?? "";
  const name = accountOf(header);
  if (name === undefined) return stepScript(step);
  const commands: string[] = [];
  for (let at = 0; at < step.commands.length; at += 1) {
    const command = step.commands[at] ?? "";
    if (command.startsWith("chpasswd")) at += 2;
    else commands.push(command);
  }
  const kept = quote(`shadow-${name}`);
  return [...commands, `if [ -s ${kept} ]; then chpasswd -e < ${kept}; fi`].join("\n");
}
