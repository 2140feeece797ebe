import type { Workspace } from "../../inventory/read/workspace.ts";
import { toPlain } from "../../inventory/shape/plain.ts";
import { nodeAt } from "../../inventory/yaml/node.ts";
import { editYaml } from "../../inventory/yaml/set-keys.ts";
import { parseYaml } from "../../inventory/yaml/yaml.ts";
import type { AdoptItem, AdoptRequest, FileEdit } from "./adopt-types.ts";
import { disprove } from "./disprove.ts";
import { translate } from "./edits.ts";
import { isRuleItem, ruleTranslations } from "./rule-edits.ts";

/** What became of the items: files by path, or one reason for each that cannot be written down. All or nothing. */
export type Adopted =
  | {
      readonly files: ReadonlyMap<string, string>;
      readonly edits: readonly FileEdit[];
      readonly refusals?: never;
    }
  | { readonly files?: never; readonly refusals: readonly string[] };

/** Writes what runs into the inventory and proves it: rendered again, the device must be what runs there in every
 *  adopted item, nothing else of it may differ that did not before, no other device of the site may become another, and
 *  no finding may be new. Pure. */
export function adoptItems(request: AdoptRequest): Adopted {
  const { workspace, site, intent, items } = request;
  const file = intent.origin.file;
  const text = workspace.files.get(file) ?? "";
  const ports = nodeAt(parseYaml(file, text).root, ["ports"]);
  const settings = new Map(
    ports?.kind === "map" ? [...ports.entries].map(([key, entry]) => [key, toPlain(entry.value)]) : [],
  );
  const edits: FileEdit[] = [];
  const refusals: string[] = [];
  const rules = items.filter(isRuleItem);
  for (const translation of rules.length > 0 ? ruleTranslations(rules, request) : []) {
    if (translation.refused === undefined) edits.push(...translation.edits);
    else refusals.push(translation.refused);
  }
  for (const item of items) {
    if (isRuleItem(item)) continue;
    const translation = translate(wholeVlan(item, items), { site, intent, ports: settings, items });
    if (translation.refused === undefined) edits.push(...translation.edits);
    else refusals.push(`${item.path.join(" / ")}: ${translation.refused}`);
  }
  if (refusals.length > 0) return { refusals };
  edits.sort((a, b) => Number(b.ground ?? false) - Number(a.ground ?? false));
  const files = editFiles(workspace, edits);
  if ("refusals" in files) return files;
  const disproved = disprove(request, files.files);
  return disproved.length > 0 ? { refusals: disproved } : { files: files.files, edits };
}

function editFiles(
  workspace: Workspace,
  edits: readonly FileEdit[],
): { readonly files: ReadonlyMap<string, string> } | { readonly refusals: readonly string[] } {
  const files = new Map<string, string>();
  const refusals: string[] = [];
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const edited = editYaml(
      workspace.files.get(file) ?? "",
      edits.filter((edit) => edit.file === file),
    );
    if (edited.refused === undefined) files.set(file, edited.text);
    else refusals.push(`${file}: ${edited.refused}`);
  }
  return refusals.length > 0 ? { refusals } : { files };
}

/** A new VLAN and its name are two items on some platforms, and one network. */
function wholeVlan(item: AdoptItem, items: readonly AdoptItem[]): AdoptItem {
  const [head = ""] = item.path;
  if (!/^vlan \d+$/.test(head) || item.kind !== "added") return item;
  const parts = items.filter((one) => one.path[0] === head && one.kind === "added");
  return { ...item, running: parts.map((one) => one.running ?? "").join("\n") };
}
