import { dirname } from "node:path/posix";
import type { ServiceMatch } from "../../model/intent.ts";
import type { Rule, RuleEnd } from "../../model/site.ts";
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
}

type Ground = Pick<AdoptRequest, "site" | "intent" | "workspace" | "running" | "today">;

/** Whether an item is about a line of a chain between zones. */
export function isRuleItem({ path }: Pick<AdoptItem, "path">): boolean {
  return path[0] === RULE_TABLE && /^chain \S+_to_\S+$/.test(path[1] ?? "");
}

/** Translates lines of chains between zones into rules: what was typed becomes a rule of its own, what bears a rule's
 *  comment changes that rule, what is gone takes it out. */
export function ruleTranslations(items: readonly AdoptItem[], ground: Ground): readonly Translation[] {
  const wrong = items.map((item) => reasonAgainst(item, ground)).find((reason) => reason !== undefined);
  if (wrong !== undefined) return [{ refused: wrong }];
  const file = rulesFile(ground);
  if (!ground.workspace.files.has(file)) return [{ refused: `the site has no ${file} to write a rule into` }];
  const own = new Set(ground.site.rules.filter((rule) => rule.source === "site").map((rule) => rule.id));
  const groups = Map.groupBy(items, (item) => groupOf(item, own));
  let next = nextNumber(ground);
  return [...groups.values()].map((group) => {
    const [first] = group;
    if (first === undefined) return { edits: [] };
    const id = idOf(first);
    const known = ground.site.rules.find((rule) => rule.id === id);
    if (known !== undefined) return changedRule(known, file, first, ground);
    const fresh = `R${String(next).padStart(4, "0")}`;
    next += 1;
    return newRule(fresh, group, file, ground);
  });
}

function reasonAgainst(item: AdoptItem, { site }: Ground): string | undefined {
  const shown = item.path.join(" / ");
  if (item.state !== "unauthorised" || !item.managed)
    return `${shown}: the inventory wants something else here since the last apply`;
  if (item.path.length !== 3) return `${shown}: a chain of its own, or another order, is no rule`;
  if (readNftLine(lineOf(item)) === undefined)
    return `${shown}: a rule says addresses, ports and accept; this line says something else`;
  const known = site.rules.find((rule) => rule.id === idOf(item));
  if (known !== undefined && known.source !== "site")
    return `${shown}: ${known.id} is not written in the site's rules.yaml`;
  return undefined;
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
  return JSON.stringify([item.path[1], line?.source, line?.destination, line?.log]);
}

function rulesFile({ site }: Ground): string {
  const written = site.rules.find((rule) => rule.source === "site");
  return written?.origin.file ?? `${dirname(site.origin.file)}/rules.yaml`;
}

function nextNumber({ site }: Ground): number {
  return 1 + Math.max(0, ...site.rules.map((rule) => Number(/^R(\d+)$/.exec(rule.id)?.[1] ?? 0)));
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
  return { edits };
}

/** Lines of a chain that runs. */
function runningLines(running: string, chain: string): readonly NftLine[] {
  const lines = running.split("\n").map((line) => line.trim());
  const table = lines.indexOf(`${RULE_TABLE} {`);
  const start = lines.indexOf(`${chain} {`, table);
  if (table < 0 || start < 0) return [];
  const end = lines.indexOf("}", start);
  return lines.slice(start + 1, end).flatMap((line) => readNftLine(line) ?? []);
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
  const chain = (item.path[1] ?? "").replace(/^chain /, "");
  const names = intent.firewall?.zones.map((zone) => zone.name) ?? [];
  const from = names.find((name) => names.some((other) => chain === `${name}_to_${other}`));
  const to = from === undefined ? undefined : chain.slice(`${from}_to_`.length);
  if (from === undefined || to === undefined)
    return { refused: `${chain} joins no two zones of the inventory` };
  const service = serviceNames(
    lines.flatMap((line) => line.matches),
    site.policy.services,
  );
  if (service === undefined)
    return {
      refused: `no services of the inventory are what \`${lineOf(item)}\` lets through; name one in services.yaml first`,
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
  };
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
