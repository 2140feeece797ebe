import { renderDevice } from "../../deploy/render-device.ts";
import { type Workspace, workspaceOfTexts } from "../../inventory/read/workspace.ts";
import { resolveWorkspace } from "../../inventory/resolve/resolve.ts";
import { type Finding, isFileWhere } from "../../model/finding.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";
import type { ConfigItem } from "../../planner/config/types.ts";
import type { AdoptRequest } from "./adopt-types.ts";
import { isHostItem } from "./host/host-items.ts";
import { withoutHostSpelling } from "./host/spelling.ts";
import { isRuleItem } from "./rule-edits.ts";
import { withoutLabels } from "./rule-labels.ts";

/** The inventory as it is after the edits, with the site and the device where they are still in it. */
export interface Edited {
  readonly workspace: Workspace;
  readonly findings: readonly Finding[];
  readonly site: Site | undefined;
  readonly intent: DeviceIntent | undefined;
}

/** Resolves the inventory with edited files. */
export function resolveEdited(
  { workspace, site, intent }: AdoptRequest,
  files: ReadonlyMap<string, string>,
): Edited {
  const edited = workspaceOfTexts(workspace.root, new Map([...workspace.files, ...files]));
  const { sites, findings } = resolveWorkspace(edited, { sites: [site.id] });
  const fresh = sites.find((one) => one.id === site.id);
  const renewed = fresh?.devices.find((one) => one.id === intent.id);
  return { workspace: edited, findings, site: fresh, intent: renewed };
}

/** Reasons why an edited inventory must not be taken: it is not what runs, it would change another device, or a check
 *  or a proof says no. Empty where it may. */
export function disprove(request: AdoptRequest, edited: Edited): readonly string[] {
  const { workspace, site, intent } = request;
  const before = resolveWorkspace(workspace, { sites: [site.id] });
  const { site: fresh, intent: renewed } = edited;
  const broken = newFindings(before.findings, edited.findings).filter((one) => one.severity === "error");
  if (broken.length > 0) return broken.map(spellFinding);
  if (fresh === undefined || renewed === undefined)
    return [`${intent.id} is not in the inventory afterwards`];
  const notRunning = differences(request, renewed);
  if (notRunning.length > 0) return notRunning;
  const elsewhere = otherDevices(request, fresh);
  if (elsewhere.length > 0) return elsewhere;
  const judgedBefore = request.judge(workspace, site, before.findings);
  const judgedAfter = request.judge(edited.workspace, fresh, edited.findings);
  const codes = new Set(judgedBefore.map((one) => one.code));
  // A warning that stood here before may only count otherwise now, "and 18 more"; one of a new kind is new.
  const serious = newFindings(judgedBefore, judgedAfter).filter(
    (one) => one.severity === "error" || (one.severity === "warning" && !codes.has(one.code)),
  );
  return serious.map(spellFinding);
}

/** What of the device would not be what runs there. */
function differences(request: AdoptRequest, renewed: DeviceIntent): readonly string[] {
  const { driver, intent, items } = request;
  const rendered = renderDevice(driver, renewed).rendered;
  const refused = rendered.findings.filter((one) => one.severity === "error");
  if (refused.length > 0) return refused.map((one) => `${one.code} ${one.message}`);
  const old = renderDevice(driver, intent).rendered;
  const { chains, spell } = spellingOf(request);
  const running = spell(request.running);
  const left = byPath(driver.compare(running, spell(rendered.config), rendered.scope));
  const hadLeft = byPath(driver.compare(running, spell(old.config), old.scope));
  const inChain = [...left.values()].filter((item) => chains.has(item.path[1] ?? ""));
  const still = [...items.flatMap((item) => left.get(keyOf(item.path)) ?? []), ...inChain];
  if (still.length > 0)
    return [...new Set(still)].map(
      (item) => `${shown(item.path)}: the inventory would write \`${firstLine(item.after)}\``,
    );
  const fresh = [...left.values()].filter((item) => item.managed && !hadLeft.has(keyOf(item.path)));
  return fresh.map((item) => `${shown(item.path)} would differ afterwards: \`${firstLine(item.after)}\``);
}

/** What the next apply would still write on the device although it is adopted: comments, order, our marks. It is what
 *  differs line by line, and does not where spelling is left aside. */
export function respelled(request: AdoptRequest, { intent }: Edited): readonly string[] {
  const { driver, running } = request;
  if (intent === undefined) return [];
  const { config, scope } = renderDevice(driver, intent).rendered;
  const spell = spellingOf(request).spell;
  const parts = (before: string, after: string): readonly string[] =>
    driver.compare(before, after, scope).flatMap((item) => (item.managed ? [partOf(item.path)] : []));
  const meant = new Set(parts(spell(running), spell(config)));
  return [...new Set(parts(running, config))].filter((part) => !meant.has(part));
}

/** A chain of a table, and of a host the whole file or account. */
function partOf(path: readonly string[]): string {
  return shown(path.slice(0, /^(?:file|cron|account) /.test(path[0] ?? "") ? 1 : 2));
}

/** Leaves aside, in what is adopted, what a hand spells otherwise than we and what decides nothing. */
function spellingOf({ items, intent }: AdoptRequest): {
  readonly chains: ReadonlySet<string>;
  readonly spell: (text: string) => string;
} {
  const chains = new Set(items.filter(isRuleItem).map((item) => item.path[1] ?? ""));
  const host = items.filter((item) => isHostItem(item, intent.platform));
  return { chains, spell: (text) => withoutHostSpelling(withoutLabels(text, chains), host) };
}

/** Other devices of the site that would be rendered otherwise than before. */
function otherDevices({ site, intent, drivers, also }: AdoptRequest, after: Site): readonly string[] {
  const texts = (of: Site): ReadonlyMap<string, string> =>
    new Map(
      of.devices.flatMap((device) => {
        const driver = drivers(device.platform);
        return driver ? [[device.id, renderDevice(driver, device).rendered.config] as const] : [];
      }),
    );
  const old = texts(site);
  const fresh = texts(after);
  const changed = [...new Set([...old.keys(), ...fresh.keys()])].filter(
    (id) => id !== intent.id && old.get(id) !== fresh.get(id) && !also?.has(id),
  );
  return changed.map((id) => {
    const had = new Set(old.get(id)?.split("\n"));
    const line = fresh
      .get(id)
      ?.split("\n")
      .find((one) => !had.has(one));
    return `${id} would change too: \`${line?.trim() ?? "a line less"}\`; add --also ${id} if that is meant`;
  });
}

function newFindings(before: readonly Finding[], after: readonly Finding[]): readonly Finding[] {
  const known = new Set(before.map(findingKey));
  return after.filter((one) => one.waiver === undefined && !known.has(findingKey(one)));
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

function spellFinding({ where, code, message, hint }: Finding): string {
  const place = isFileWhere(where) ? `${where.file}:${where.line}` : where.device;
  return `${place}: ${code} ${message}; ${hint}`;
}
