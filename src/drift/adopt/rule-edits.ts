import { dirname } from "node:path/posix";
import type { ServiceMatch } from "../../model/intent.ts";
import type { Rule, RuleEnd } from "../../model/site.ts";
import { chainLines } from "../chain-lines.ts";
import type { AdoptItem, AdoptRequest, FileEdit, Translation } from "./adopt-types.ts";
import { type NftLine, readNftLine } from "./nft-line.ts";
import { matchWords, serviceNames } from "./service-names.ts";

/** The table of an nftables device that rules are rendered into. */
export const RULE_TABLE = "table inet sitewright";

/** A flow in the words of a rules file. */
interface Flow {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly service: readonly string[];
  readonly log: boolean;
  readonly action: Rule["action"];
}

type Ground = Pick<AdoptRequest, "site" | "intent" | "workspace" | "running" | "today">;

/** Whether an item is about a line of a chain between zones or to the firewall itself, or about the ways into one. */
export function isRuleItem({ path }: Pick<AdoptItem, "path">): boolean {
  if (path[0] !== RULE_TABLE) return false;
  return /^chain (?:\S+_to_\S+|input)$/.test(path[1] ?? "") || isWay({ path });
}

/** The map of the ways into chains follows from them, and is proved with them. */
function isWay({ path }: Pick<AdoptItem, "path">): boolean {
  return path[1] === "map zonepair";
}

/** Translates lines of chains into rules: what was typed becomes a rule of its own, what bears a rule's comment changes
 *  that rule, what is gone takes it out. */
export function ruleTranslations(all: readonly AdoptItem[], ground: Ground): readonly Translation[] {
  const items = all.filter((item) => !isWay(item)).flatMap(linesOf);
  if (items.length === 0)
    return [{ refused: "map zonepair: only the ways into chains changed, and those follow from the rules" }];
  const wrong = items.map((item) => reasonAgainst(item, ground)).find((reason) => reason !== undefined);
  if (wrong !== undefined) return [{ refused: wrong }];
  const file = rulesFile(ground);
  if (!ground.workspace.files.has(file)) return [{ refused: `the site has no ${file} to write a rule into` }];
  const own = new Set(ground.site.rules.filter((rule) => rule.source === "site").map((rule) => rule.id));
  const groups = Map.groupBy(items, (item) => groupOf(item, own));
  const taken = new Set(ground.site.rules.map((rule) => rule.id));
  return [...groups.values()].map((group) => {
    const [first] = group;
    if (first === undefined) return { edits: [] };
    const id = idOf(first);
    const known = ground.site.rules.find((rule) => rule.id === id);
    if (known !== undefined) return changedRule(known, file, first, ground);
    const fresh = freshRuleId(first, ground, taken);
    taken.add(fresh);
    return newRule(fresh, group, file, ground);
  });
}

/** A chain that came or went is each of its lines. */
function linesOf(item: AdoptItem): readonly AdoptItem[] {
  const text = item.kind === "added" ? item.running : item.applied;
  if (item.path.length !== 2 || item.kind === "changed" || text === undefined) return [item];
  const lines = text.split("\n").slice(1);
  return lines.map((line) => {
    const said = item.kind === "added" ? { running: line.trim() } : { applied: line.trim() };
    return { ...item, path: [...item.path, line.trim()], ...said };
  });
}

function reasonAgainst(item: AdoptItem, ground: Ground): string | undefined {
  const shown = item.path.join(" / ");
  const { site } = ground;
  if (item.state !== "unauthorised" || !item.managed)
    return `${shown}: the inventory wants something else here since the last apply`;
  if (item.path.length !== 3) return `${shown}: another order of a chain is no rule`;
  if (/\b(?:dnat|snat|masquerade|redirect)\b/.test(lineOf(item)))
    return `${shown}: a translation is no rule; write it under nat in site.yaml, or revert it`;
  const line = readNftLine(lineOf(item));
  if (line === undefined)
    return `${shown}: a rule says addresses, ports, and accept or drop; this line says something else`;
  const known = site.rules.find((rule) => rule.id === line.id);
  if (known !== undefined && known.source !== "site")
    return `${shown}: ${known.id} is not written in the site's rules.yaml`;
  if (item.kind === "removed" && known === undefined)
    return `${shown}: this line follows from other parts of the inventory (management, DHCP), so the next apply writes it again; revert it`;
  const isInput = item.path[1] === "chain input";
  if (!isInput && line.interfaces.length > 0)
    return `${shown}: the chain says the interfaces already; leave iifname out`;
  if (isInput && item.kind !== "removed" && isDead(lineOf(item), ground.running))
    return `${shown}: it stands behind the last drop, so no packet ever meets it; take it out`;
  return undefined;
}

/** Whether a line of the input chain comes after what drops everything. */
function isDead(line: string, running: string): boolean {
  const lines = linesOfOurs(running, "chain input");
  const drop = lines.findIndex((one) => /^(?:counter )?drop$/.test(one));
  return drop >= 0 && lines.indexOf(line) > drop;
}

/** Rules stand in a chain in the order of their ids: one that accepts comes last, one that drops before what it shall
 *  keep from being accepted. */
function freshRuleId(item: AdoptItem, { site, running }: Ground, taken: ReadonlySet<string>): string {
  const spell = (number: number): string => `R${String(number).padStart(4, "0")}`;
  const lines = linesOfOurs(running, item.path[1] ?? "");
  const later = lines.slice(lines.indexOf(lineOf(item)) + 1).flatMap((line) => readNftLine(line) ?? []);
  const numbers = later.flatMap((line) => /^R(\d{4})(?!\d)/.exec(line.id ?? "")?.[1] ?? []).map(Number);
  const deny = readNftLine(lineOf(item))?.action === "deny";
  if (deny && numbers.length > 0) {
    const before = spell(Math.max(0, Math.min(...numbers) - 1));
    for (let count = 1; ; count += 1) if (!taken.has(`${before}-${count}`)) return `${before}-${count}`;
  }
  const used = [...site.rules.map((rule) => rule.id), ...taken];
  return spell(1 + Math.max(0, ...used.map((id) => Number(/^R(\d+)$/.exec(id)?.[1] ?? 0))));
}

function lineOf(item: AdoptItem): string {
  return (item.kind === "removed" ? item.applied : item.running) ?? "";
}

function idOf(item: AdoptItem): string | undefined {
  return readNftLine(lineOf(item))?.id;
}

/** Lines of one rule, or with the same addresses, belong together: a service of TCP and UDP makes two. */
function groupOf(item: AdoptItem, own: ReadonlySet<string>): string {
  const line = readNftLine(lineOf(item));
  if (line?.id !== undefined && own.has(line.id)) return line.id;
  return JSON.stringify([
    item.path[1],
    line?.source,
    line?.destination,
    line?.log,
    line?.action,
    line?.interfaces,
  ]);
}

function rulesFile({ site }: Ground): string {
  const written = site.rules.find((rule) => rule.source === "site");
  return written?.origin.file ?? `${dirname(site.origin.file)}/rules.yaml`;
}

function newRule(id: string, group: readonly AdoptItem[], file: string, ground: Ground): Translation {
  const [item] = group;
  if (item === undefined) return { edits: [] };
  const flow = flowOf(
    group.map(lineOf).flatMap((line) => readNftLine(line) ?? []),
    item,
    ground,
  );
  if ("refused" in flow) return flow;
  const who = item.by?.name;
  const value = {
    ...spelled(flow),
    ...(flow.action === "deny" ? { action: flow.action } : {}),
    ...(flow.log ? { log: true } : {}),
    reason: `adopted from ${ground.intent.name}; ask ${who ?? "who made it"} what it is for`,
    ...(who === undefined ? {} : { owner: who }),
    ...(item.incident === undefined ? {} : { ticket: item.incident }),
    created: ground.today,
    review: monthLater(ground.today),
  };
  return { edits: [{ file, path: [id], value }] };
}

/** What nobody asked for in advance is looked at again soon. */
function monthLater(today: string): string {
  return new Date(Date.parse(today) + 30 * 86_400_000).toISOString().slice(0, 10);
}

function changedRule(rule: Rule, file: string, item: AdoptItem, ground: Ground): Translation {
  const lines = runningLines(ground.running, item.path[1] ?? "").filter((line) => line.id === rule.id);
  if (lines.length === 0) return { edits: [{ file, path: [rule.id], value: undefined }] };
  const flow = flowOf(lines, item, ground);
  if ("refused" in flow) return flow;
  const edits: FileEdit[] = [];
  const set = (key: string, value: unknown): void => {
    edits.push({ file, path: [rule.id, key], value });
  };
  const now = spelled(flow);
  if (!saysAddresses(rule.from, lines, "source")) set("from", now.from);
  if (!saysAddresses(rule.to, lines, "destination")) set("to", now.to);
  if (!sameServices(rule.matches, lines)) set("service", now.service);
  if (rule.log !== flow.log) set("log", flow.log);
  if (rule.action !== flow.action) set("action", flow.action);
  return { edits };
}

/** Lines of a chain that runs, as rules can say them. */
function runningLines(running: string, chain: string): readonly NftLine[] {
  return linesOfOurs(running, chain).flatMap((line) => readNftLine(line) ?? []);
}

/** All lines of a chain of our table. */
function linesOfOurs(running: string, chain: string): readonly string[] {
  return chainLines(running, [RULE_TABLE, chain]);
}

function saysAddresses(
  ends: readonly RuleEnd[],
  lines: readonly NftLine[],
  side: "source" | "destination",
): boolean {
  const wanted = new Set(ends.flatMap((end) => end.prefixes));
  const runs = new Set(lines.flatMap((line) => line[side]));
  return wanted.size === runs.size && [...runs].every((one) => wanted.has(one));
}

function sameServices(matches: readonly ServiceMatch[], lines: readonly NftLine[]): boolean {
  return spellMatches(matches) === spellMatches(lines.flatMap((line) => line.matches));
}

function spellMatches(matches: readonly ServiceMatch[]): string {
  return [...new Set(matches.flatMap(matchWords))].sort().join();
}

function flowOf(
  lines: readonly NftLine[],
  item: AdoptItem,
  { site, intent }: Ground,
): Flow | { readonly refused: string } {
  const pair = zonesOf(lines, item, intent);
  if ("refused" in pair) return pair;
  const { from, to } = pair;
  const service = serviceNames(
    lines.flatMap((line) => line.matches),
    site.policy.services,
  );
  if (service === undefined)
    return {
      refused: `no services of the inventory are what \`${lineOf(item)}\` lets through; name one in services.yaml first`,
    };
  const open = (["source", "destination"] as const).find((side) => {
    const zone = intent.firewall?.zones.find((one) => one.name === (side === "source" ? from : to));
    return zone !== undefined && zone.prefixes.length > 0 && lines.some((line) => line[side].length === 0);
  });
  if (open !== undefined)
    return {
      refused: `\`${lineOf(item)}\` names no ${open}, and a rule of the inventory always does where the zone has networks: that is more than it can say. Type it with ${open === "source" ? "ip saddr" : "ip daddr"}, or revert it`,
    };
  const ends = (side: "source" | "destination", zone: string): readonly string[] => {
    const prefixes = [...new Set(lines.flatMap((line) => line[side]))];
    return prefixes.length === 0 ? [`zone:${zone}`] : prefixes.map((prefix) => nameOf(prefix, site));
  };
  return {
    from: ends("source", from),
    to: ends("destination", to),
    service,
    log: lines.some((line) => line.log),
    action: lines[0]?.action ?? "permit",
  };
}

/** The zones that a line joins: by its chain, or to the firewall itself by the interfaces that it names. */
function zonesOf(
  lines: readonly NftLine[],
  item: AdoptItem,
  intent: Ground["intent"],
): { readonly from: string; readonly to: string } | { readonly refused: string } {
  const chain = (item.path[1] ?? "").replace(/^chain /, "");
  const zones = intent.firewall?.zones ?? [];
  if (chain === "input") {
    const named = [...new Set(lines.flatMap((line) => line.interfaces))].sort().join();
    const zone = zones.find((one) => [...one.interfaces].sort().join() === named);
    return zone === undefined
      ? {
          refused: `\`${lineOf(item)}\` ${named === "" ? "names no interface" : `names interfaces (${named}) that are no zone`}; a rule to the firewall itself says the zone that it comes from, by iifname`,
        }
      : { from: zone.name, to: "self" };
  }
  const names = zones.map((zone) => zone.name);
  const from = names.find((name) => names.some((other) => chain === `${name}_to_${other}`));
  if (from === undefined) return { refused: `${chain} joins no two zones of the inventory` };
  return { from, to: chain.slice(`${from}_to_`.length) };
}

/** A name of the inventory that means exactly this prefix, or the prefix itself. */
function nameOf(prefix: string, { networks, hosts }: Ground["site"]): string {
  const network = networks.find(
    ({ ipv4, ipv6, secondary }) =>
      secondary.length === 0 && [ipv4, ipv6].filter((one) => one !== undefined).join() === prefix,
  );
  if (network) return network.name;
  const address = prefix.replace(/\/(?:32|128)$/, "");
  const meant = hosts.filter((host) => host.address === address || host.address6 === address);
  const [host] = meant;
  const single = host !== undefined && (host.address === undefined || host.address6 === undefined);
  return meant.length === 1 && single ? host.name : address;
}

/** One name stands alone, several in a list, as people write them. */
function spelled({ from, to, service }: Flow): Readonly<Record<"from" | "to" | "service", unknown>> {
  const short = (names: readonly string[]): unknown => (names.length === 1 ? names[0] : names);
  return { from: short(from), to: short(to), service: short(service) };
}
