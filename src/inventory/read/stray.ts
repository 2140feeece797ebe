import type { Finding } from "../../model/finding.ts";
import { ID_PATTERN, identifyFile } from "./file-kind.ts";

/** Files that may lie in these folders without being ours to read. */
const IGNORED =
  /(^|\/)(README[^/]*|[^/]*\.(md|txt|json|pub)|known_hosts)$|^policies\/allowed_signers$|^policies\/packs\/|^inventory\/[^/]+\/([^/]+\/)?files\//i;

/** Says what is wrong with the path of a file: a name that would be passed over in silence is a trap. */
export function strayFinding(path: string): Finding | undefined {
  const where = { file: path, line: 1, column: 1 };
  const identity = identifyFile(path);
  if (!identity) {
    if (IGNORED.test(path)) return undefined;
    const renamed = path.replace(/\.yml$/i, ".yaml");
    const known = renamed !== path && identifyFile(renamed);
    return {
      code: "INV-STRAY-FILE",
      severity: known ? "error" : "warning",
      message: known
        ? "files end in .yaml here, so this one is not read"
        : "no file of this name is read here",
      hint: known ? `rename it to ${renamed}` : "move it, or name it as docs/inventory.md says",
      where,
    };
  }
  for (const [what, id] of [
    ["client", identity.client],
    ["site", identity.site],
    [identity.kind, identity.name],
  ] as const) {
    if (id === undefined || ID_PATTERN.test(id)) continue;
    return {
      code: "INV-ID",
      severity: "error",
      message: `"${id}" is no id for a ${what}`,
      hint: "use lower-case letters, digits and inner hyphens, at most 63 (no dot, no blank)",
      where,
    };
  }
  return undefined;
}
