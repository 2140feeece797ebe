import type { Node } from "../../../inventory/yaml/node.ts";
import type { YamlEdit } from "../../../inventory/yaml/set-keys.ts";

/** What a list shall lose and gain. */
export interface ListChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** Changes a list of a machine's own file entry by entry, so that comments between the entries stay. Where the file says
 *  nothing of its own, `{add, remove}` changes what comes from above.
 *  @param own - what the file has there now */
export function listEdits(
  path: readonly string[],
  own: Node | undefined,
  change: ListChange,
): readonly YamlEdit[] {
  if (own?.kind === "list") return entryEdits(path, textsOf(own.items), change);
  const had = own?.kind === "patch" ? own : { add: [], remove: [] };
  const added = textsOf(had.add);
  const removed = textsOf(had.remove);
  // What the file itself added or took away is undone there; all else is said anew.
  const ownAgain = change.remove.filter((one) => added.includes(one));
  const backAgain = change.add.filter((one) => removed.includes(one));
  const add = { add: change.add.filter((one) => !backAgain.includes(one)), remove: ownAgain };
  const remove = { add: change.remove.filter((one) => !ownAgain.includes(one)), remove: backAgain };
  const parts = [partEdits([...path, "add"], added, add), partEdits([...path, "remove"], removed, remove)];
  const left = [
    ...added.filter((one) => !add.remove.includes(one)),
    ...removed.filter((one) => !remove.remove.includes(one)),
  ];
  const empty = left.length + add.add.length + remove.add.length === 0;
  return empty && own !== undefined ? [{ path, value: undefined }] : parts.flat();
}

function partEdits(path: readonly string[], had: readonly string[], change: ListChange): readonly YamlEdit[] {
  if (had.length === 0) return change.add.length === 0 ? [] : [{ path, value: [...change.add] }];
  const left = had.filter((one) => !change.remove.includes(one));
  if (left.length + change.add.length === 0) return [{ path, value: undefined }];
  return entryEdits(path, had, change);
}

/** The last entry goes first, so that the places of the others hold. */
function entryEdits(
  path: readonly string[],
  had: readonly string[],
  change: ListChange,
): readonly YamlEdit[] {
  const gone = had.flatMap((one, index) => (change.remove.includes(one) ? [index] : [])).reverse();
  const fresh = change.add.filter((one) => !had.includes(one));
  const from = had.length - gone.length;
  return [
    ...gone.map((index) => ({ path: [...path, String(index)], value: undefined })),
    ...fresh.map((value, index) => ({ path: [...path, String(from + index)], value })),
  ];
}

/** What stands in the entries of a list. */
export function textsOf(nodes: readonly Node[]): readonly string[] {
  return nodes.map((node) => (node.kind === "scalar" ? node.source : ""));
}
