import type { ConfigNode } from "../../planner/config/types.ts";
import { printNodes } from "./canonical.ts";
import { bootHookScript, PLACES } from "./places.ts";

/** Ends the inline documents of a save; a configuration line is never this. */
const END = "SITEWRIGHT_SAVED";

/** Shell that keeps blocks which the kernel forgets: their text, and a boot script that sets them again.
 *  @param commands - shell of one block, safe to repeat */
export function saveBootState(
  nodes: readonly ConfigNode[],
  commands: (node: ConfigNode) => readonly string[],
): string {
  const body = nodes.map(
    (node) => `( set -e\n${commands(node).join("\n") || ":"}\n)\n[ $? -eq 0 ] || failed=1`,
  );
  const script = ["#!/bin/sh", "failed=0", ...body, "exit $failed"].join("\n");
  return [
    `mkdir -p ${PLACES.stateDir}`,
    `cat > ${PLACES.bootScript}.new <<'${END}'\n${script}\n${END}`,
    `cat > ${PLACES.saved}.new <<'${END}'\n${printNodes(nodes)}${END}`,
    `mv -f ${PLACES.bootScript}.new ${PLACES.bootScript}`,
    `mv -f ${PLACES.saved}.new ${PLACES.saved}`,
    bootHookScript(PLACES.bootHook, PLACES.bootUnit, PLACES.bootScript),
  ].join("\n");
}

/** Shell that shows what the boot script would set. */
export const READ_SAVED = `cat ${PLACES.saved} 2>/dev/null || :`;
