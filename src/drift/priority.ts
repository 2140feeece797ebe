import { PRIORITIES, type Priority } from "../model/alert.ts";
import type { DeviceIntent } from "../model/intent.ts";
import type { FoundFlow, ItemEffect } from "./exposure.ts";
import type { DriftItem } from "./items.ts";

/** How much a drift matters, the sentence that explains it, and the packet that proves it. */
export interface Grade {
  readonly priority: Priority;
  readonly reason: string;
  /** A packet that passes now and did not before. */
  readonly witness: string | undefined;
}

/** Priority of a drift: urgency × impact, as service providers' handbooks grade incidents. Impact 1: firewall, router or
 *  core; 2: server or distribution; 3: an access switch; 4: one access port. Urgency A: exposure (access, accounts,
 *  opened flows); B: availability (VLANs, trunks, routes, closed flows); C: the rest; D: text only.
 *  @param effect - what it does to packets, where it is about packet filters; everything else is graded by its words */
export function priorityOf(
  device: Pick<DeviceIntent, "kind" | "role">,
  item: Pick<DriftItem, "path" | "kind">,
  effect?: ItemEffect,
): Grade {
  const impact = impactOf(device, item);
  if (effect !== undefined && !isText(item)) return gradeOf(effect, impact);
  const urgency = urgencyOf(item);
  const reason = `${urgency.reason}; ${IMPACT_TEXT[impact]}`;
  return { priority: MATRIX[impact][urgency.grade], reason, witness: undefined };
}

/** A remark within a filter says nothing about packets. */
function isText(item: Pick<DriftItem, "path" | "kind">): boolean {
  return TEXT_ONLY.test((item.path.at(-1) ?? "").replace(/^\d+ /, ""));
}

function gradeOf(effect: ItemEffect, impact: Impact): Grade {
  const where = IMPACT_TEXT[impact];
  switch (effect.kind) {
    case "opens": {
      const flow = worstOf(effect.flows);
      const more = effect.flows.length > 1 ? ` and ${effect.flows.length - 1} more` : "";
      // Reaching servers or management weighs the same wherever it was opened; downward there is less to win.
      const weight = flow.upward ? (flow.reaches ? 1 : impact) : 3;
      const priority = PRIORITIES[Math.min(PRIORITIES.indexOf(MATRIX[weight].A), 1)] ?? "P1";
      const reason = `opens ${flow.from} to ${flow.to}: ${flow.flow}${more}; ${where}`;
      return { priority, reason, witness: flow.witness };
    }
    case "closes": {
      const [flow] = effect.flows;
      const what = flow === undefined ? "" : `: no more ${flow.witness}`;
      return { priority: MATRIX[impact].B, reason: `stops traffic${what}; ${where}`, witness: undefined };
    }
    case "unknown": {
      const reason = `a packet filter changed, and what it opens is not known: ${effect.why}; ${where}`;
      return { priority: MATRIX[impact].A, reason, witness: undefined };
    }
    case "nothing": {
      const weight: Impact = impact < 3 ? 3 : impact;
      const reason = `proved: no packet passes or is stopped that was not before; ${where}`;
      return { priority: MATRIX[weight].C, reason, witness: undefined };
    }
    case "words":
      return { priority: MATRIX[impact].D, reason: `text only; ${where}`, witness: undefined };
  }
}

/** The flow that matters most: into what is important first, then upward, then what opens a connection. */
function worstOf(flows: readonly FoundFlow[]): FoundFlow {
  const weight = (flow: FoundFlow): number =>
    (flow.upward && flow.reaches ? 4 : 0) +
    (flow.upward ? 2 : 0) +
    (/\b(established|related|invalid|untracked)\b/.test(flow.witness) ? 0 : 1);
  const [first, ...rest] = flows;
  if (first === undefined) throw new Error("an opened flow was promised");
  return rest.reduce((best, flow) => (weight(flow) > weight(best) ? flow : best), first);
}

type Impact = 1 | 2 | 3 | 4;
type Urgency = "A" | "B" | "C" | "D";

const MATRIX: Readonly<Record<Impact, Readonly<Record<Urgency, Priority>>>> = {
  1: { A: "P1", B: "P1", C: "P2", D: "P4" },
  2: { A: "P1", B: "P2", C: "P3", D: "P4" },
  3: { A: "P2", B: "P3", C: "P3", D: "P4" },
  4: { A: "P3", B: "P3", C: "P4", D: "P4" },
};

const IMPACT_TEXT: Readonly<Record<Impact, string>> = {
  1: "firewall, router or core device",
  2: "server or distribution device",
  3: "access switch",
  4: "a single access port",
};

const TEXT_ONLY =
  /^(no |undo )?(description|name|alias|remark|banner|header|snmp-server (location|contact))\b/i;

/** Words at the start of a statement that tell what a change touches, over all platforms; first match wins. */
const URGENCY_TABLE: readonly (readonly [RegExp, Urgency, string])[] = [
  [TEXT_ONLY, "D", "text only"],
  [
    /^(no |undo )?(line |user-interface|username|local-user|aaa|enable|ssh|ip ssh|stelnet|telnet|transport|sshd|account|snmp)/i,
    "A",
    "access to the device changed",
  ],
  [
    /(bpduguard|bpdu-protection|snooping|port-security|arp inspection|dot1x)/i,
    "A",
    "a port protection changed",
  ],
  [
    /^(no |undo )?(vlan|switchport|port |trunk|tag|interface|ip route|ip address|route|standby|vrrp|spanning-tree|stp|channel-group|eth-trunk|service|shutdown)/i,
    "B",
    "connectivity changed",
  ],
];

function urgencyOf(item: Pick<DriftItem, "path" | "kind">): {
  readonly grade: Urgency;
  readonly reason: string;
} {
  if (item.kind === "unsaved") return { grade: "B", reason: "a reboot would lose the running configuration" };
  // The innermost statement says what changed; only if it tells nothing does its block.
  for (const statement of [...item.path].reverse()) {
    const row = URGENCY_TABLE.find(([pattern]) => pattern.test(statement));
    if (row) return { grade: row[1], reason: row[2] };
  }
  return { grade: "C", reason: "no exposure known" };
}

function impactOf(device: Pick<DeviceIntent, "kind" | "role">, item: Pick<DriftItem, "path">): Impact {
  if (device.kind === "firewall" || device.kind === "router" || device.role === "core") return 1;
  if (device.kind === "server" || device.role === "distribution") return 2;
  const onePort = /^(interface \S*ethernet|port )/i.test(item.path[0] ?? "");
  return onePort ? 4 : 3;
}
