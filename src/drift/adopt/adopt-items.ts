import { renderDevice } from "../../deploy/render-device.ts";
import type { FullDriver } from "../../drivers/driver.ts";
import { type Workspace, workspaceOfTexts } from "../../inventory/read/workspace.ts";
import { resolveWorkspace } from "../../inventory/resolve/resolve.ts";
import { toPlain } from "../../inventory/shape/plain.ts";
import { nodeAt } from "../../inventory/yaml/node.ts";
import { editYaml } from "../../inventory/yaml/set-keys.ts";
import { parseYaml } from "../../inventory/yaml/yaml.ts";
import { type Finding, isFileWhere } from "../../model/finding.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";
import type { ConfigItem } from "../../planner/config/types.ts";
import type { DriftItem } from "../items.ts";
import { type FileEdit, translate } from "./edits.ts";

/** A device whose drift is to be written down. */
export interface AdoptRequest {
  readonly workspace: Workspace;
  readonly site: Site;
  readonly intent: DeviceIntent;
  readonly driver: FullDriver;
  /** What runs, secrets replaced by fingerprints. */
  readonly running: string;
  readonly items: readonly DriftItem[];
}

/** What became of the items: files by path, or one reason for each that cannot be written down. All or nothing. */
export type Adopted =
  | {
      readonly files: ReadonlyMap<string, string>;
      readonly edits: readonly FileEdit[];
      readonly refusals?: never;
    }
  | { readonly files?: never; readonly refusals: readonly string[] };

/** Writes what runs into the inventory and proves it: rendered again, the device must be what runs there in every
 *  adopted item, and nothing else of it may differ that did not before. Pure. */
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
  for (const item of items) {
    const translation = translate(item, { site, intent, ports: settings });
    if (translation.refused === undefined) edits.push(...translation.edits);
    else refusals.push(`${shown(item.path)}: ${translation.refused}`);
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

/** Reasons why the new inventory is not what runs. */
function disprove(request: AdoptRequest, files: ReadonlyMap<string, string>): readonly string[] {
  const { workspace, site, intent, driver, running, items } = request;
  const texts = new Map([...workspace.files, ...files]);
  const before = resolveWorkspace(workspace, { sites: [site.id] });
  const after = resolveWorkspace(workspaceOfTexts(workspace.root, texts), { sites: [site.id] });
  const known = new Set(before.findings.map(findingKey));
  const broken = after.findings.filter((one) => one.severity === "error" && !known.has(findingKey(one)));
  if (broken.length > 0)
    return broken.map((one) => `${placeOf(one)}: ${one.code} ${one.message}; ${one.hint}`);
  const renewed = after.sites.find((one) => one.id === site.id)?.devices.find((one) => one.id === intent.id);
  if (renewed === undefined) return [`${intent.id} is not in the inventory afterwards`];
  const rendered = renderDevice(driver, renewed).rendered;
  const refused = rendered.findings.filter((one) => one.severity === "error");
  if (refused.length > 0) return refused.map((one) => `${one.code} ${one.message}`);
  const old = renderDevice(driver, intent).rendered;
  const left = byPath(driver.compare(running, rendered.config, rendered.scope));
  const hadLeft = byPath(driver.compare(running, old.config, old.scope));
  const still = items.flatMap((item) => left.get(keyOf(item.path)) ?? []);
  if (still.length > 0)
    return still.map((item) => `${shown(item.path)}: the inventory would write \`${firstLine(item.after)}\``);
  const fresh = [...left.values()].filter((item) => item.managed && !hadLeft.has(keyOf(item.path)));
  return fresh.map((item) => `${shown(item.path)} would differ afterwards: \`${firstLine(item.after)}\``);
}

function byPath(items: readonly ConfigItem[]): ReadonlyMap<string, ConfigItem> {
  return new Map(items.map((item) => [keyOf(item.path), item]));
}

function keyOf(path: readonly string[]): string {
  return path.join("\u0000");
}

function shown(path: readonly string[]): string {
  return path.join(" / ");
}

function firstLine(text: string | undefined): string {
  return text?.split("\n")[0] ?? "nothing";
}

function findingKey({ code, message }: Finding): string {
  return `${code} ${message}`;
}

function placeOf({ where }: Finding): string {
  return isFileWhere(where) ? `${where.file}:${where.line}` : where.device;
}
