import type { Criticality } from "../../model/site.ts";
import type { ChangeClass, DevicePlan, PlanFlows, PlanRisk } from "./types.ts";

/** What a change's class is judged by. */
export interface ClassInput {
  readonly devices: readonly DevicePlan[];
  readonly flows: PlanFlows;
  readonly risk: PlanRisk;
  /** Of the site; unknown counts as the highest. */
  readonly criticality: Criticality | undefined;
}

/** Statements that others stand on: VLANs, trunks, routing. */
const STRUCTURE_PATTERN =
  /^(?:no |undo )?(?:vlan\b|router\b|ip route|ipv6 route|ospf|bgp|rip|isis|static-route|route\b|vrf\b|vpn-instance)/i;

/** Reasons of a risk that make a change special by themselves. */
const SPECIAL_REASONS: ReadonlySet<string> = new Set([
  "RISK-UNSAFE-STEP",
  "RISK-OPENS-FLOW",
  "RISK-CLOSES-FLOW",
  "RISK-MANAGEMENT",
  "RISK-FILTER",
]);

/** Sorts a change: `special` (特殊) wants two persons, `normal` (常规) one. A change is special where it opens or closes a
 *  flow, touches packet filters, management access, VLANs or routing, or anything at a site of high criticality.
 *  A plan that sends nothing is normal. */
export function classOfChange({ devices, flows, risk, criticality }: ClassInput): ChangeClass {
  if (flows.opened.length > 0 || flows.closed.length > 0) return "special";
  const changed = devices.filter((device) => device.commands.length > 0);
  if (changed.length === 0) return "normal";
  if (criticality !== "low" && criticality !== "medium") return "special";
  if (risk.level === "high" || risk.level === "critical") return "special";
  if (risk.reasons.some(({ code }) => SPECIAL_REASONS.has(code))) return "special";
  return changed.some(touchesStructure) ? "special" : "normal";
}

function touchesStructure(device: DevicePlan): boolean {
  return device.items.some((item) => item.managed && STRUCTURE_PATTERN.test(item.path[0] ?? ""));
}
