import type { Criticality } from "../../model/site.ts";
import type { ConfigItem } from "../config/types.ts";
import type { ChangeClass, DevicePlan, PlanFlows, PlanRisk } from "./types.ts";

/** What a change's class is judged by. */
export interface ClassInput {
  readonly devices: readonly DevicePlan[];
  readonly flows: PlanFlows;
  readonly risk: PlanRisk;
  /** Of the site; unknown counts as the highest. */
  readonly criticality: Criticality | undefined;
}

/** Blocks of one port that leads to one place; gateways and tunnels are none. */
const PORT_PATTERN = /^(?:interface (?!vlan|loopback|tunnel|dialer|null|nve|port-channel|eth-trunk)|port )/i;

/** What is agreed once and for all for such a port: its label, its VLAN, that it is up. */
const ROUTINE_PATTERN =
  /^(?:(?:no |undo )?(?:description|switchport access vlan|switchport voice vlan|port default vlan|voice-vlan)\b|switchport mode access\b|port link-type access\b|(?:no|undo) shutdown\b|tag\b)/i;

/** Reasons of a risk that make a change special by themselves. */
const SPECIAL_REASONS: ReadonlySet<string> = new Set([
  "RISK-UNSAFE-STEP",
  "RISK-OPENS-FLOW",
  "RISK-CLOSES-FLOW",
  "RISK-MANAGEMENT",
  "RISK-MOVES",
  "RISK-FILTER",
]);

/** Sorts a change: `special` (特殊) wants two persons, `normal` (常规) one. Normal is what is known to be harmless: a plan
 *  that sends nothing, and labels and access VLANs of ports that open no flow at a site of low or medium criticality.
 *  Everything else is special, also what nobody thought of. */
export function classOfChange({ devices, flows, risk, criticality }: ClassInput): ChangeClass {
  if (flows.opened.length > 0 || flows.closed.length > 0) return "special";
  const changed = devices.filter((device) => device.commands.length > 0);
  if (changed.length === 0) return "normal";
  if (criticality !== "low" && criticality !== "medium") return "special";
  if (risk.level === "high" || risk.level === "critical") return "special";
  if (risk.reasons.some(({ code }) => SPECIAL_REASONS.has(code))) return "special";
  return changed.every(isRoutine) ? "normal" : "special";
}

/** Commands without an item say nothing of what they do. */
function isRoutine({ items }: DevicePlan): boolean {
  const ours = items.filter((item) => item.managed);
  return ours.length > 0 && ours.every(isRoutineItem);
}

function isRoutineItem({ path, kind }: ConfigItem): boolean {
  const [block = "", ...statement] = path;
  if (!PORT_PATTERN.test(block)) return false;
  const words = statement.join(" ");
  return ROUTINE_PATTERN.test(words) || (kind === "removed" && words === "shutdown");
}
