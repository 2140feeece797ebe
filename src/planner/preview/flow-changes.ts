import { formatAddress } from "../../model/address.ts";
import { compareText, type FileWhere } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import { compareFilters } from "../flows/compare.ts";
import { formatFlow } from "../flows/flow-text.ts";
import { packetWords } from "../flows/packet-words.ts";
import { testPacket } from "../flows/test-packet.ts";
import type { Family, FilterList, Flow, FlowOptions } from "../flows/types.ts";
import type { PlanFlow, PlanFlows } from "../plan/types.ts";
import { type Enforcement, enforcementsOf } from "../policy/enforcement.ts";
import { witnessHints } from "../policy/hints.ts";
import { type ZonePartition, zonePartition } from "../policy/zones.ts";

/** What a change opens and closes, and what could not be decided. */
export interface FlowChanges {
  readonly flows: PlanFlows;
  readonly notEvaluated: readonly string[];
}

/** A device that routes nothing lets nothing through. */
const NOTHING: FilterList = { rules: [], defaultAction: "deny" };
/** More flows of one site than anyone reads. */
const MAX_FLOWS = 1_000;

const addressText = (family: Family, value: bigint): string => formatAddress({ version: family, value });

/** Compares what every routing device of a site lets through in two revisions, exactly, and names the YAML line that
 *  opens each flow. Flows that two devices open alike (a pair) are told once. */
export function flowChanges(base: Site, head: Site, limits: FlowOptions = {}): FlowChanges {
  const before = sideOf(base);
  const after = sideOf(head);
  const assets = [...new Set([...before.byAsset.keys(), ...after.byAsset.keys()])].sort(compareText);
  const options = { ...limits, hints: limits.hints ?? witnessHints(head) };
  const opened = new Map<string, PlanFlow>();
  const closed = new Map<string, PlanFlow>();
  const notEvaluated: string[] = [];
  for (const asset of assets) {
    const old = before.byAsset.get(asset);
    const next = after.byAsset.get(asset);
    const device = (next ?? old)?.device;
    const compared = compareFilters(old?.filter ?? NOTHING, next?.filter ?? NOTHING, options);
    if (compared.verdict === "unknown")
      notEvaluated.push(`flows of ${device?.id ?? asset} are not complete (${compared.reason ?? "unknown"})`);
    for (const flow of compared.opened) keep(opened, planFlow(flow, next, after.partition, device?.origin));
    for (const flow of compared.closed)
      keep(closed, planFlow(flow, decides(next, flow) ? next : old, before.partition, device?.origin));
  }
  for (const [word, flows] of [
    ["opened", opened],
    ["closed", closed],
  ] as const)
    if (flows.size > MAX_FLOWS) notEvaluated.push(`${flows.size} flows are ${word}; ${MAX_FLOWS} are listed`);
  return { flows: { opened: sorted(opened), closed: sorted(closed) }, notEvaluated };
}

interface Side {
  readonly partition: ZonePartition;
  readonly byAsset: ReadonlyMap<string, Enforcement>;
}

function sideOf(site: Site): Side {
  const partition = zonePartition(site);
  const enforcements = enforcementsOf(site, partition);
  return { partition, byAsset: new Map(enforcements.map((each) => [each.device.asset, each])) };
}

/** Whether a written rule decides the flow's packet, so that there is a line to show. */
function decides(enforcement: Enforcement | undefined, flow: Flow): boolean {
  if (enforcement === undefined) return false;
  const { rule } = testPacket(enforcement.filter, flow.witness);
  return rule !== undefined && enforcement.origins.has(rule);
}

function planFlow(
  flow: Flow,
  enforcement: Enforcement | undefined,
  partition: ZonePartition,
  device: FileWhere | undefined,
): PlanFlow {
  const { witness } = flow;
  const rule = enforcement === undefined ? undefined : testPacket(enforcement.filter, witness).rule;
  const line = (rule === undefined ? undefined : enforcement?.origins.get(rule)) ?? device;
  const maybe = flow.certain ? "" : " (depends on a condition that is not modelled)";
  return {
    from: zoneOf(partition, witness.family, witness.src),
    to: zoneOf(partition, witness.family, witness.dst),
    flow: `${formatFlow(flow.box, addressText)}${maybe}`,
    witness: packetWords(witness),
    ...(line === undefined ? {} : { line }),
  };
}

function zoneOf(partition: ZonePartition, family: Family, address: bigint): string {
  const zone = partition.zones.find(({ ranges }) =>
    ranges.some((range) => range.family === family && range.lo <= address && address <= range.hi),
  );
  return zone?.id ?? "unassigned";
}

function keep(flows: Map<string, PlanFlow>, flow: PlanFlow): void {
  const key = `${flow.from}\u0000${flow.to}\u0000${flow.flow}`;
  if (!flows.has(key)) flows.set(key, flow);
}

function sorted(flows: ReadonlyMap<string, PlanFlow>): PlanFlow[] {
  return [...flows.entries()]
    .sort(([a], [b]) => compareText(a, b))
    .slice(0, MAX_FLOWS)
    .map(([, flow]) => flow);
}
