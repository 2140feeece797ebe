import type { Finding, Severity } from "../../model/finding.ts";
import { partialConflicts } from "../flows/conflicts.ts";
import { deadRules } from "../flows/dead-rules.ts";
import { packetWords } from "../flows/packet-words.ts";
import type { DeadRule, FlowOptions, PartialConflict } from "../flows/types.ts";
import type { Enforcement } from "./enforcement.ts";

const SEVERITY: Readonly<Record<DeadRule["code"], Severity>> = {
  "RUL-001": "error",
  "RUL-002": "warning",
  "RUL-016": "warning",
  "RUL-017": "warning",
};

/** Finds rules of one device that do nothing (RUL-001, -002, -016, -017) and pairs that overlap in part (RUL-003).
 *  Only rules that somebody wrote are judged: the order of entries that we compile is ours.
 *  @param written - ids of the site's rules */
export function checkRules(
  enforcement: Enforcement,
  written: ReadonlySet<string>,
  options: FlowOptions = {},
): Finding[] {
  const isWritten = (id: string): boolean => written.has(id.split("/").at(-1) ?? id);
  const dead = deadRules(enforcement.filter, options);
  const conflicts = partialConflicts(enforcement.filter, options);
  return [
    ...dead.dead
      .filter((rule) => enforcement.origins.has(rule.rule))
      .map((rule) => deadFinding(enforcement, rule)),
    ...dead.unknown
      .filter(({ rule }) => isWritten(rule))
      .map(({ rule, reason }) => unknownFinding(enforcement, rule, reason)),
    ...conflicts.conflicts
      .filter(({ earlier, later }) => isWritten(earlier) && isWritten(later))
      .map((conflict) => conflictFinding(enforcement, conflict)),
  ];
}

function deadFinding(enforcement: Enforcement, dead: DeadRule): Finding {
  const covering = dead.covering.join(", ");
  const text = {
    "RUL-001": `${dead.rule} never decides: ${covering} take all its packets and decide otherwise`,
    "RUL-002": `${dead.rule} changes nothing: ${covering || "the default"} would decide the same`,
    "RUL-016": `${dead.rule} is the same as ${covering}`,
    "RUL-017": `${dead.rule} matches no packet at all`,
  }[dead.code];
  return {
    code: dead.code,
    severity: SEVERITY[dead.code],
    message: text,
    hint:
      dead.code === "RUL-001"
        ? `put \`before: ${dead.covering[0]}\` into ${dead.rule}, or remove it`
        : `remove ${dead.rule}`,
    where: enforcement.origins.get(dead.rule) ?? enforcement.device.origin,
    ...relatedTo(enforcement, dead.covering),
  };
}

function unknownFinding(enforcement: Enforcement, rule: string, reason: string): Finding {
  return {
    code: "RUL-001",
    severity: "warning",
    message: `whether ${rule} ever decides is unknown (${reason})`,
    hint: "split the rules around it into narrower ones",
    where: enforcement.origins.get(rule) ?? enforcement.device.origin,
  };
}

function conflictFinding(enforcement: Enforcement, conflict: PartialConflict): Finding {
  return {
    code: "RUL-003",
    severity: "info",
    message: `${conflict.earlier} and ${conflict.later} overlap and decide otherwise: ${packetWords(conflict.witness)}`,
    hint: `say which comes first: \`before: ${conflict.later}\` in ${conflict.earlier}`,
    where: enforcement.origins.get(conflict.later) ?? enforcement.device.origin,
    ...relatedTo(enforcement, [conflict.earlier]),
  };
}

function relatedTo(enforcement: Enforcement, rules: readonly string[]) {
  const places = rules.map((rule) => enforcement.origins.get(rule)).filter((place) => place !== undefined);
  return places.length === 0 ? {} : { related: places };
}
