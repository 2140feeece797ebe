import { type Node, nodeAt } from "../../../inventory/yaml/node.ts";
import { parseYaml } from "../../../inventory/yaml/yaml.ts";
import type { AdoptRequest } from "../adopt-types.ts";

/** What a machine's own file says at a path; undefined where that comes from above, or from nowhere. */
export function ownNode({ workspace, intent }: AdoptRequest, path: readonly string[]): Node | undefined {
  const { file } = intent.origin;
  return nodeAt(parseYaml(file, workspace.files.get(file) ?? "").root, path);
}
