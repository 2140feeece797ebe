import { renderDevice } from "../../deploy/render-device.ts";
import type { Workspace } from "../../inventory/read/workspace.ts";
import { toPlain } from "../../inventory/shape/plain.ts";
import { nodeAt } from "../../inventory/yaml/node.ts";
import { editYaml } from "../../inventory/yaml/set-keys.ts";
import { parseYaml } from "../../inventory/yaml/yaml.ts";
import type { AdoptItem, AdoptRequest, FileEdit, StatementsOf } from "./adopt-types.ts";
import { disprove, resolveEdited, respelled } from "./disprove.ts";
import { translate } from "./edits.ts";
import { hostTranslations, isHostItem } from "./host/host-items.ts";
import { isRuleItem, ruleTranslations } from "./rule-edits.ts";

/** What became of the items: files by path, or one reason for each that cannot be written down. All or nothing. */
export type Adopted =
  | {
      readonly files: ReadonlyMap<string, string>;
      readonly edits: readonly FileEdit[];
      /** What the next apply still writes on the device, in our spelling: it decides nothing. */
      readonly respelled: readonly string[];
      readonly refusals?: never;
    }
  | { readonly files?: never; readonly respelled?: never; readonly refusals: readonly string[] };

/** Writes what runs into the inventory and proves it: rendered again, the device must be what runs there in every
 *  adopted item, nothing else of it may differ that did not before, no other device of the site may become another, and
 *  no finding may be new. Pure. */
export function adoptItems(request: AdoptRequest): Adopted {
  const { workspace, site, intent } = request;
  const news = differing(request);
  const items = request.items.filter(({ path }) => news.some((one) => isSamePlace(one, path)));
  if (items.length === 0)
    return { refusals: ["the inventory says already what runs there; apply it, so that it counts as ours"] };
  const file = intent.origin.file;
  const text = workspace.files.get(file) ?? "";
  const ports = nodeAt(parseYaml(file, text).root, ["ports"]);
  const settings = new Map(
    ports?.kind === "map" ? [...ports.entries].map(([key, entry]) => [key, toPlain(entry.value)]) : [],
  );
  const statements = runningStatements(request);
  const edits: FileEdit[] = [];
  const refusals: string[] = [];
  const rules = items.filter(isRuleItem);
  const host = items.filter((item) => isHostItem(item, intent.platform));
  const joined = [
    ...(rules.length > 0 ? ruleTranslations(rules, request) : []),
    ...(host.length > 0 ? hostTranslations(host, request, statements) : []),
  ];
  for (const translation of joined) {
    if (translation.refused === undefined) edits.push(...translation.edits);
    else refusals.push(translation.refused);
  }
  for (const item of items) {
    if (isRuleItem(item) || host.includes(item)) continue;
    const translation = translate(wholeVlan(item, items), {
      site,
      intent,
      ports: settings,
      items,
      statements,
    });
    if (translation.refused === undefined) edits.push(...translation.edits);
    else refusals.push(`${item.path.join(" / ")}: ${translation.refused}`);
  }
  if (refusals.length > 0) return { refusals };
  edits.sort((a, b) => Number(b.ground ?? false) - Number(a.ground ?? false));
  const files = editFiles(workspace, edits);
  if ("refusals" in files) return files;
  const edited = resolveEdited(request, files.files);
  const disproved = disprove(request, edited);
  if (disproved.length > 0) return { refusals: disproved };
  return { files: files.files, edits, respelled: respelled(request, edited) };
}

/** What stands in each block that runs, by its header; nothing where it does not run. */
function runningStatements({ driver, running }: AdoptRequest): StatementsOf {
  const blocks = new Map(driver.parse(running).nodes.map((node) => [node.key, node]));
  return (header) => blocks.get(header)?.children.map((child) => child.key) ?? [];
}

/** Places where the inventory says something else than what runs: what a merged branch says already is not said twice. */
function differing({ driver, intent, running }: AdoptRequest): readonly (readonly string[])[] {
  const { config, scope } = renderDevice(driver, intent).rendered;
  return driver.compare(running, config, scope).map((item) => item.path);
}

/** Whether one place is the other, or lies in it. */
function isSamePlace(a: readonly string[], b: readonly string[]): boolean {
  return a.every((step, index) => index >= b.length || step === b[index]);
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
