import type { Finding, Where } from "../../model/finding.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";
import { spellFlow, spellPacket } from "../filters/spell.ts";
import type { ExtractedFilter } from "../filters/types.ts";
import { compareFilters } from "../flows/compare.ts";
import { testPacket } from "../flows/test-packet.ts";
import type { FilterComparison, Flow, FlowBox, FlowOptions } from "../flows/types.ts";
import { chooseWitness } from "../flows/witness.ts";
import { witnessHints } from "../policy/hints.ts";
import { zonePartition } from "../policy/zones.ts";
import type { DeviceFlows } from "./closing-first.ts";
import type { PlanFlow, PlanFlows } from "./types.ts";
import { joinZones, ZoneNames } from "./zone-names.ts";

/** The packet filters of one device before and after a change. Interfaces must be numbered alike in both. */
export interface FilterChange {
  readonly device: DeviceIntent;
  readonly before: readonly ExtractedFilter[];
  readonly after: readonly ExtractedFilter[];
  /** Where in the YAML a line of the new configuration comes from, by its text. */
  readonly originOf: (text: string) => Where | undefined;
}

/** Flows that a change opens and closes, and what could not be decided. */
export interface FlowsOfChange {
  readonly flows: PlanFlows;
  readonly findings: readonly Finding[];
  /** The same for each device that changes a filter, for the order between them. */
  readonly byDevice: readonly DeviceFlows[];
}

/** Flows listed for one place; what is more is counted in a finding. */
const MOST_FLOWS = 100;

/** Compares what the filters of devices let through before and after a change, place by place: at the hooks of a
 *  firewall, at the interfaces and terminal lines of a switch. A packet passes a place when every filter there permits. */
export function flowsOfChange(
  site: Site,
  changes: readonly FilterChange[],
  limits: FlowOptions = {},
): FlowsOfChange {
  const names = new ZoneNames(site, zonePartition(site));
  const options = { ...limits, hints: limits.hints ?? witnessHints(site) };
  const opened: PlanFlow[] = [];
  const closed: PlanFlow[] = [];
  const findings: Finding[] = [];
  const byDevice: DeviceFlows[] = [];
  for (const change of changes) {
    const found = placesOf(change).map((place) => compareAt(change, place, { names, options }));
    opened.push(...found.flatMap(({ flows }) => flows.opened));
    closed.push(...found.flatMap(({ flows }) => flows.closed));
    findings.push(...found.flatMap((place) => place.findings));
    byDevice.push({
      device: change.device.name,
      opened: found.flatMap(({ boxes }) => boxes.opened),
      closed: found.flatMap(({ boxes }) => boxes.closed),
      known: found.every(({ known }) => known),
    });
  }
  return { flows: { opened, closed }, findings, byDevice };
}

/** What changes at one place. */
interface PlaceFlows {
  readonly flows: PlanFlows;
  readonly findings: readonly Finding[];
  readonly boxes: { readonly opened: readonly FlowBox[]; readonly closed: readonly FlowBox[] };
  readonly known: boolean;
}

interface Place {
  readonly where: string;
  readonly direction: ExtractedFilter["bindings"][number]["direction"];
  readonly before: readonly ExtractedFilter[];
  readonly after: readonly ExtractedFilter[];
}

function placesOf(change: FilterChange): Place[] {
  const places = new Map<string, Place>();
  for (const side of ["before", "after"] as const) {
    for (const filter of change[side]) {
      for (const { place: where, direction } of filter.bindings) {
        const key = `${where} ${direction} ${filter.family ?? ""}`;
        const known = places.get(key) ?? { where, direction, before: [], after: [] };
        places.set(key, { ...known, [side]: [...known[side], filter] });
      }
    }
  }
  return [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}

interface Tools {
  readonly names: ZoneNames;
  readonly options: FlowOptions;
}

function compareAt(change: FilterChange, place: Place, tools: Tools): PlaceFlows {
  const [before] = place.before;
  const [after] = place.after;
  const where = { device: change.device.id };
  if (place.before.length > 1 || place.after.length > 1)
    return sameLists(place) ? NOTHING : undecided(where, place, "several filters stand there");
  if (after === undefined || before === undefined)
    return appeared(change, place, after ?? before, after !== undefined, tools);
  if (filtersAlike(before, after)) return NOTHING;
  const result = compareFilters(before.list, after.list, tools.options);
  const spell = (flow: Flow) => planFlow(change, place, after, flow, tools);
  const flows = {
    opened: result.opened.slice(0, MOST_FLOWS).map(spell),
    closed: result.closed.slice(0, MOST_FLOWS).map(spell),
  };
  const findings: Finding[] = [];
  if (result.verdict === "unknown")
    findings.push(...undecided(where, place, `not certain (${result.reason})`).findings);
  const more = result.opened.length + result.closed.length - flows.opened.length - flows.closed.length;
  if (more > 0) findings.push(...undecided(where, place, `${more} more flows`).findings);
  return { flows, findings, boxes: boxesOf(result), known: result.verdict !== "unknown" };
}

function boxesOf({ opened, closed }: Pick<FilterComparison, "opened" | "closed">): PlaceFlows["boxes"] {
  return { opened: opened.map(({ box }) => box), closed: closed.map(({ box }) => box) };
}

const NOTHING: PlaceFlows = {
  flows: { opened: [], closed: [] },
  findings: [],
  boxes: { opened: [], closed: [] },
  known: true,
};

function undecided(where: Where, place: Place, why: string): PlaceFlows {
  const finding: Finding = {
    code: "PLAN-FLOWS-UNKNOWN",
    severity: "warning",
    message: `flows opened and closed at ${place.where} are not all known: ${why}`.slice(0, 100),
    hint: "read the commands of this device before you approve",
    where,
  };
  return { ...NOTHING, findings: [finding], known: false };
}

function sameLists(place: Place): boolean {
  return (
    place.before.length === place.after.length &&
    place.before.every((filter, i) => filtersAlike(filter, place.after[i]))
  );
}

function filtersAlike(a: ExtractedFilter, b: ExtractedFilter | undefined): boolean {
  const spell = (filter: ExtractedFilter | undefined) =>
    JSON.stringify(
      filter && [filter.list.defaultAction, filter.list.rules.map(({ id: _, ...rule }) => rule)],
      (_, value) => (typeof value === "bigint" ? value.toString() : value),
    );
  return spell(a) === spell(b);
}

/** A place that had no filter let everything through; one that loses its filter does so from now on. */
function appeared(
  change: FilterChange,
  place: Place,
  filter: ExtractedFilter | undefined,
  added: boolean,
  tools: Tools,
): PlaceFlows {
  if (filter === undefined) return NOTHING;
  const open = { rules: [], defaultAction: "permit" } as const;
  const result = added
    ? compareFilters(open, filter.list, tools.options)
    : compareFilters(filter.list, open, tools.options);
  const [example] = added ? result.closed : result.opened;
  if (example === undefined) return NOTHING;
  const ends = endsOf(change.device, place, filter, example.box, tools.names);
  const flow: PlanFlow = {
    from: joinZones(ends.from),
    to: joinZones(ends.to),
    flow: `everything that ${filter.name} does not permit`,
    witness: witnessOf(example.box, ends, filter, tools),
  };
  return {
    flows: { opened: added ? [] : [flow], closed: added ? [flow] : [] },
    findings: [],
    boxes: boxesOf(result),
    known: result.verdict !== "unknown",
  };
}

interface Ends {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

function endsOf(
  device: DeviceIntent,
  place: Place,
  filter: ExtractedFilter,
  box: FlowBox,
  names: ZoneNames,
): Ends {
  const firewall = filter.hook !== undefined;
  const own = names.atPlace(device, place.where);
  const sender = firewall
    ? names.onFirewall(device, filter.interfaces, box.ingress, box.src)
    : names.byAddress(box.src);
  const target = firewall
    ? names.onFirewall(device, filter.interfaces, box.egress, box.dst)
    : names.byAddress(box.dst);
  if (place.direction === "local") return { from: sender, to: [device.name] };
  if (place.direction === "in" && own !== undefined) return { from: [own], to: target };
  if (place.direction === "out" && own !== undefined) return { from: sender, to: [own] };
  return { from: sender, to: target };
}

function planFlow(
  change: FilterChange,
  place: Place,
  after: ExtractedFilter,
  flow: Flow,
  tools: Tools,
): PlanFlow {
  const ends = endsOf(change.device, place, after, flow.box, tools.names);
  const decided = testPacket(after.list, flow.witness);
  const at = decided.rule === undefined ? undefined : after.lines.get(decided.rule);
  const line = at && change.originOf(at.text);
  // People think of connections: what opens one is not spelled with its state.
  const states: FlowBox["states"] = ["new", "established", "related", "invalid", "untracked"];
  const box = flow.box.states.includes("new") ? { ...flow.box, states } : flow.box;
  return {
    from: joinZones(ends.from),
    to: joinZones(ends.to),
    flow: `${spellFlow(box, after)}${flow.certain ? "" : " (may)"}`,
    witness: witnessOf(flow.box, ends, after, tools),
    ...(line === undefined ? {} : { line }),
  };
}

function witnessOf(box: FlowBox, ends: Ends, filter: ExtractedFilter, tools: Tools): string {
  return spellPacket(
    chooseWitness(tools.names.realistic(box, ends.from, ends.to), tools.options.hints),
    filter,
  );
}
