import type { Finding } from "../../model/finding.ts";
import { type DevicePlan, type PlanFlows, type PlanRisk, RISK_LEVELS, type RiskLevel } from "./types.ts";

/** What a plan's risk is judged by. */
export interface RiskInput {
  readonly devices: readonly DevicePlan[];
  readonly flows: PlanFlows;
  readonly findings: readonly Finding[];
}

interface RiskRule {
  readonly code: string;
  readonly level: RiskLevel;
  /** The reason in words; undefined where the rule does not apply. */
  readonly reason: (input: RiskInput) => string | undefined;
}

/** From how many changed devices on a plan counts as wide. */
const WIDE_DEVICES = 10;

/** Statements whose change can take the operator's own way to a device away. */
const MANAGEMENT_PATTERN =
  /^(?:line vty|user-interface vty|ssh|stelnet|ip ssh|aaa|username|local-user|sshd|accounts?)\b/i;

const FILTER_PATTERN =
  /^(?:ip(?:v6)? access-(?:list|group)|access-list|acl|traffic-filter|table|chain|rule)\b/i;

/** Each rule is one reason that a reviewer may read; the highest level counts. */
const RISK_RULES: readonly RiskRule[] = [
  {
    code: "RISK-UNSAFE-STEP",
    level: "critical",
    reason: ({ findings }) =>
      countOf(findings.filter((f) => f.severity === "error").length, "finding of severity error"),
  },
  {
    code: "RISK-OPENS-FLOW",
    level: "high",
    reason: ({ flows }) => countOf(flows.opened.length, "flow opened"),
  },
  {
    code: "RISK-CLOSES-FLOW",
    level: "medium",
    reason: ({ flows }) => countOf(flows.closed.length, "flow closed"),
  },
  {
    code: "RISK-MANAGEMENT",
    level: "high",
    reason: ({ devices }) =>
      countOf(touching(devices, MANAGEMENT_PATTERN), "device whose management access is touched"),
  },
  {
    code: "RISK-MOVES",
    level: "high",
    reason: ({ devices }) => movesOf(devices),
  },
  {
    code: "RISK-FILTER",
    level: "medium",
    reason: ({ devices }) => countOf(touching(devices, FILTER_PATTERN), "device whose packet filters change"),
  },
  {
    code: "RISK-FIRST-PUSH",
    level: "medium",
    reason: ({ devices }) =>
      countOf(devices.filter((d) => d.state === "unadopted").length, "device pushed for the first time"),
  },
  {
    code: "RISK-WIDE",
    level: "medium",
    reason: ({ devices }) => {
      const changed = devices.filter((device) => device.commands.length > 0).length;
      return changed >= WIDE_DEVICES ? `${changed} devices change at once` : undefined;
    },
  },
  {
    code: "RISK-UNSAVED",
    level: "medium",
    reason: ({ devices }) =>
      countOf(
        devices.filter((d) => d.saved === "differs").length,
        "device with unsaved changes that a push saves",
      ),
  },
];

/** Judges a plan: `low` unless a rule says more; reasons in the order of the table. */
export function assessRisk(input: RiskInput): PlanRisk {
  const hits = RISK_RULES.flatMap((rule) => {
    const text = rule.reason(input);
    return text === undefined ? [] : [{ level: rule.level, code: rule.code, text }];
  });
  const rank = Math.max(0, ...hits.map((hit) => RISK_LEVELS.indexOf(hit.level)));
  return { level: RISK_LEVELS[rank] ?? "critical", reasons: hits.map(({ code, text }) => ({ code, text })) };
}

function touching(devices: readonly DevicePlan[], pattern: RegExp): number {
  return devices.filter((device) =>
    device.items.some((item) => item.managed && pattern.test(item.path[0] ?? "")),
  ).length;
}

/** A move cuts the way that it is made by: whoever reviews it reads from where to where. */
function movesOf(devices: readonly DevicePlan[]): string | undefined {
  const moves = devices.flatMap(({ device, moves }) =>
    moves === undefined ? [] : [`${device} moves from ${moves.from} to ${moves.to}`],
  );
  if (moves.length === 0) return undefined;
  return `${moves.join(", ")}: its session ends with that, and unless it answers at the new address it goes back by itself`;
}

/** `3 devices pushed for the first time`: the first word of `what` takes the plural. */
function countOf(count: number, what: string): string | undefined {
  if (count === 0) return undefined;
  return count === 1 ? `1 ${what}` : `${count} ${what.replace(/^\w+/, (word) => `${word}s`)}`;
}
