import { readBoth } from "../deploy/analyse-flows.ts";
import type { FullDriver } from "../drivers/driver.ts";
import { filterReaderFor } from "../drivers/filter-registry.ts";
import type { DeviceIntent } from "../model/intent.ts";
import type { Zone } from "../model/policy.ts";
import type { Site } from "../model/site.ts";
import type { ExtractedFilter } from "../planner/filters/types.ts";
import { flowsOfChange } from "../planner/plan/flows-of-change.ts";
import type { PlanFlow } from "../planner/plan/types.ts";
import type { DriftItem } from "./items.ts";

/** What the packet filters of a device let through now and did not before, proved over every packet. */
export interface FilterDrift {
  readonly opened: readonly FoundFlow[];
  readonly closed: readonly FoundFlow[];
  /** Why not all of it could be decided; undefined where it is proved. */
  readonly unknown: string | undefined;
  /** Every line of the filters that stand somewhere in the way of packets, before and after. */
  readonly lines: ReadonlySet<string>;
}

/** A flow, and how it lies between the zones. */
export interface FoundFlow extends Pick<PlanFlow, "from" | "to" | "flow" | "witness"> {
  /** The line of the running configuration that decides it. */
  readonly line: string | undefined;
  /** Whether it leads from less trusted to more trusted zones. */
  readonly upward: boolean;
  /** Whether it comes from the internet, or ends in a zone that is important, of servers, backups or management. */
  readonly reaches: boolean;
}

/** Compares the filters of a device as they were left with those that run. */
export type CompareFilters = (
  device: { readonly intent: DeviceIntent; readonly driver: Pick<FullDriver, "filters"> },
  applied: string,
  running: string,
) => FilterDrift;

/** Opens the comparison for the devices of a site: its networks, hosts and zones give the flows their names. */
export function filterComparison(site: Site): CompareFilters {
  const zones = new Map(site.policy.zones.map((zone) => [zone.name, zone]));
  return ({ intent, driver }, applied, running) => {
    const read = driver.filters ?? filterReaderFor(intent.platform);
    if (read === undefined) return undecided(`no filters of ${intent.platform} can be read`);
    try {
      const lines = running.split("\n").map((line) => line.trim());
      const change = {
        device: intent,
        ...readBoth(read, applied, running),
        originOf: (text: string) => {
          const index = lines.indexOf(text.trim());
          return index < 0 ? undefined : { file: "running", line: index + 1, column: 1 };
        },
      };
      const { flows, findings } = flowsOfChange(site, [change]);
      const found = (flow: PlanFlow): FoundFlow => foundFlow(flow, lines, zones);
      return {
        opened: flows.opened.map(found),
        closed: flows.closed.map(found),
        unknown: findings[0]?.message,
        lines: placedLines([...change.before, ...change.after]),
      };
    } catch (error) {
      return undecided(error instanceof Error ? error.message : String(error));
    }
  };
}

function undecided(why: string): FilterDrift {
  return { opened: [], closed: [], unknown: why, lines: new Set() };
}

function placedLines(filters: readonly ExtractedFilter[]): ReadonlySet<string> {
  const placed = filters.filter((filter) => filter.bindings.length > 0);
  const lines = placed.flatMap((filter) => [...filter.lines.values(), filter.defaultLine ?? []].flat());
  return new Set(lines.map(({ text }) => bare(text)));
}

const HEAVY_KINDS: ReadonlySet<string> = new Set(["server", "management", "backup", "device"]);

function foundFlow(flow: PlanFlow, lines: readonly string[], zones: ReadonlyMap<string, Zone>): FoundFlow {
  const senders = zonesOf(flow.from, zones);
  const targets = zonesOf(flow.to, zones);
  // An end that is no one zone may be any of them: the least trusted sender, the most trusted target.
  const sender = senders === undefined ? 0 : Math.min(...senders.map((zone) => zone.trust));
  const target = targets === undefined ? 100 : Math.max(...targets.map((zone) => zone.trust));
  const heavy = targets?.some((zone) => zone.important || HEAVY_KINDS.has(zone.kind)) ?? true;
  const { from, to, flow: spelled, witness, line } = flow;
  return {
    from,
    to,
    flow: spelled,
    witness,
    line: line !== undefined && "line" in line ? lines[line.line - 1] : undefined,
    upward: sender < target,
    reaches: heavy || (senders?.some((zone) => zone.name === "internet") ?? true),
  };
}

/** The zones of one end; undefined where they are not all known (`*`, the device itself). */
function zonesOf(names: string, zones: ReadonlyMap<string, Zone>): readonly Zone[] | undefined {
  const found = names.split(", ").flatMap((name) => zones.get(name) ?? []);
  return found.length === names.split(", ").length ? found : undefined;
}

/** What an item of a drift does to packets. */
export type ItemEffect =
  | { readonly kind: "opens"; readonly flows: readonly FoundFlow[] }
  | { readonly kind: "closes"; readonly flows: readonly FoundFlow[] }
  | { readonly kind: "unknown"; readonly why: string }
  | { readonly kind: "words" | "nothing" };

/** A statement that belongs to packet filters or to the places where they stand. */
const FILTER_STATEMENT =
  /^(no |undo )?(ip(v6)? access-(list|group)|access-(list|class)|acl|rule|permit|deny|\d+ (permit|deny)|traffic-filter|table|chain|set|map|nat|ip nat|element)\b/i;
/** Translation moves packets to other addresses: filters alone do not tell what it opens. */
const TRANSLATION =
  /^(chain (prerouting|postrouting)\b|(no |undo )?(ip )?nat\b)|(?<!ct status )\b(dnat|snat|redirect|masquerade|tproxy)\b/i;

/** Whether the algebra, and not a word, has to say how much an item matters. */
export function isAboutFilters(item: Pick<DriftItem, "path" | "kind">): boolean {
  return item.kind !== "unsaved" && item.path.some((statement) => FILTER_STATEMENT.test(statement));
}

/** Says what one item of a device's drift does to packets. A flow belongs to the item that holds the line which decides
 *  it now; one that no item holds, because a line is gone, counts for every item that changed a filter. */
export function effectOf(
  item: DriftItem,
  items: readonly DriftItem[],
  drift: FilterDrift | undefined,
): ItemEffect {
  if (drift === undefined) return { kind: "unknown", why: "its filters were not compared" };
  if (onlyWords(item, items)) return { kind: "words" };
  if ([...item.path, item.running ?? "", item.applied ?? ""].some((text) => TRANSLATION.test(text)))
    return { kind: "unknown", why: "address translation is not modelled" };
  const filters = items.filter((one) => isAboutFilters(one) && !onlyWords(one, items));
  const of = (flows: readonly FoundFlow[]): readonly FoundFlow[] => {
    const own = flows.filter((flow) => holds(item, flow.line));
    return own.length > 0 ? own : flows.filter((flow) => !filters.some((one) => holds(one, flow.line)));
  };
  const opened = of(drift.opened);
  if (opened.length > 0) return { kind: "opens", flows: opened };
  if (drift.unknown !== undefined) return { kind: "unknown", why: drift.unknown };
  const closed = of(drift.closed);
  if (closed.length > 0) return { kind: "closes", flows: closed };
  return isPlaced(item, drift)
    ? { kind: "nothing" }
    : { kind: "unknown", why: "it is not known where this filter is used" };
}

/** A statement that puts a filter in its place: the comparison of the places has judged it. */
const PLACING = /\b(access-(group|class)|traffic-filter|inbound|outbound)\b/i;

/** True where all that the item says stands in filters that were compared. A list that SNMP or a translation asks is in
 *  the way of no packet that was looked at. */
function isPlaced(item: DriftItem, { lines }: FilterDrift): boolean {
  if (PLACING.test(item.path.at(-1) ?? "")) return true;
  const texts = [item.applied, item.running].flatMap((text) => text?.split("\n") ?? []);
  const said = texts.map((text) => text.trim()).filter((text) => text !== "" && text !== item.path[0]);
  return said.length > 0 && said.every((text) => lines.has(bare(text)));
}

function holds(item: DriftItem, line: string | undefined): boolean {
  if (line === undefined || item.running === undefined) return false;
  const wanted = bare(line);
  return [...item.path, ...item.running.split("\n")].some((text) => bare(text) === wanted);
}

/** A line without its number and spaces: platforms write both as they like. */
function bare(line: string): string {
  return line
    .trim()
    .replace(/^(rule )?\d+ /, "$1")
    .replaceAll(/\s+/g, " ");
}

/** True where a line only got another comment or another prefix in the log. */
function onlyWords(item: DriftItem, items: readonly DriftItem[]): boolean {
  if (item.kind === "changed") return wordless(item.applied) === wordless(item.running);
  const before = item.path.slice(0, -1).join("\u0000");
  const text = wordless(item.running ?? item.applied);
  return items.some(
    (other) =>
      other.kind !== item.kind &&
      (other.kind === "added" || other.kind === "removed") &&
      other.path.slice(0, -1).join("\u0000") === before &&
      wordless(other.running ?? other.applied) === text,
  );
}

function wordless(text: string | undefined): string {
  return (text ?? "").replaceAll(/\s*\b(comment|log prefix) "[^"]*"/g, "").trim();
}
