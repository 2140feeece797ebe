import type { Severity } from "../../model/finding.ts";
import { partialConflicts } from "../flows/conflicts.ts";
import { deadRules } from "../flows/dead-rules.ts";
import type { DeadRule, FlowOptions } from "../flows/types.ts";
import type { VerdictCounts } from "../flows/verdict-counts.ts";
import { spellPacket } from "./spell.ts";
import type { ExtractedFilter, RuleLine } from "./types.ts";

/** What is wrong with the rules of a filter. */
export interface FilterProblem extends RuleLine {
  readonly code: "RUL-001" | "RUL-002" | "RUL-003" | "RUL-016" | "RUL-017";
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
  /** The lines that cover a dead rule, or the other side of a conflict, in order. */
  readonly covering: readonly RuleLine[];
  /** A packet that shows it, in the spelling that `filter test` takes. */
  readonly witness?: string;
}

/** A last line that repeats the default says it aloud, and may log: that is good practice. */
function isFinalWord(filter: ExtractedFilter, dead: DeadRule): boolean {
  const last = filter.list.rules.at(-1);
  return dead.because === "later" && dead.covering.length === 0 && last?.id === dead.rule;
}

const TEXT = {
  "RUL-001": [
    "never matches: earlier lines take all its packets, and decide otherwise",
    "move it before the lines that cover it, or delete it",
  ],
  "RUL-002": ["changes nothing: the verdicts are the same without it", "delete it"],
  "RUL-016": ["says what an earlier line says", "delete one of them"],
  "RUL-017": ["matches no packet at all", "correct its conditions, they exclude each other"],
} as const;

/** What is wrong with a filter, and how many of its lines were decided. */
export interface FilterReport {
  readonly problems: readonly FilterProblem[];
  /** Lines that were proved to decide something, those that do nothing, and those where that is unknown. */
  readonly lines: VerdictCounts;
}

/** Finds rules that do nothing, and pairs that contradict each other in part. A line that stands for several rules (in
 *  a chain that is reached by several ways) is dead only where all of them are. */
export function checkFilter(filter: ExtractedFilter, options: FlowOptions = {}): FilterReport {
  const report = deadRules(filter.list, options);
  const byRule = new Map(report.dead.map((rule) => [rule.rule, rule]));
  const problems: FilterProblem[] = [];
  const byLine = rulesByLine(filter);
  for (const [at, ids] of byLine) {
    const found = ids.map((id) => byRule.get(id)).filter((rule) => rule !== undefined);
    const [first] = found;
    if (first === undefined || found.length < ids.length || at === filter.defaultLine) continue;
    if (isFinalWord(filter, first)) continue;
    // Shadowed on one way and redundant on another comes to redundant: it decides something, and need not.
    const worst = found.find((rule) => rule.code !== "RUL-001") ?? first;
    const [message, hint] = TEXT[worst.code];
    problems.push({
      ...at,
      code: worst.code,
      severity: worst.code === "RUL-001" ? "error" : "warning",
      message: `line ${at.line} ${message}`,
      hint,
      covering: linesOf(
        filter,
        found.flatMap((rule) => rule.covering),
        at,
      ),
      ...(worst.witness === undefined ? {} : { witness: spellPacket(worst.witness.packet, filter) }),
    });
  }
  const dead = new Set(problems.map(({ line }) => line));
  const open = new Set<number>();
  for (const { rule, reason } of report.unknown) {
    const at = filter.lines.get(rule);
    if (at === undefined || open.has(at.line)) continue;
    open.add(at.line);
    problems.push({
      ...at,
      code: "RUL-001",
      severity: "warning",
      message: `whether line ${at.line} ever decides is unknown (${reason})`,
      hint: "It rests on a condition that is not modelled, or is too wide: look at it by hand.",
      covering: [],
    });
  }
  const sorted = [...problems, ...conflictsOf(filter, options)].sort(
    (a, b) => a.line - b.line || (a.code < b.code ? -1 : 1),
  );
  return { problems: sorted, lines: countLines(filter, [...byLine.keys()], dead, open) };
}

/** A line that asks for what is not modelled may never come to decide: it is unknown, where it is not dead for sure. */
function countLines(
  filter: ExtractedFilter,
  lines: readonly RuleLine[],
  dead: ReadonlySet<number>,
  open: ReadonlySet<number>,
): VerdictCounts {
  const unsure = new Set(open);
  for (const { id, exact } of filter.list.rules) {
    const at = filter.lines.get(id);
    if (at !== undefined && !exact) unsure.add(at.line);
  }
  const violated = lines.filter(({ line }) => dead.has(line)).length;
  const unknown = lines.filter(({ line }) => unsure.has(line) && !dead.has(line)).length;
  return { proved: lines.length - violated - unknown, violated, unknown };
}

function conflictsOf(filter: ExtractedFilter, options: FlowOptions): FilterProblem[] {
  const seen = new Set<string>();
  return partialConflicts(filter.list, options).conflicts.flatMap((conflict): FilterProblem[] => {
    const earlier = filter.lines.get(conflict.earlier);
    const later = filter.lines.get(conflict.later);
    const key = `${earlier?.line} ${later?.line}`;
    if (earlier === undefined || later === undefined || seen.has(key) || later === filter.defaultLine)
      return [];
    seen.add(key);
    return [
      {
        ...later,
        code: "RUL-003",
        severity: "info",
        message: `line ${later.line} and line ${earlier.line} decide differently where they overlap`,
        hint: "The earlier line wins; make sure that this is meant.",
        covering: [earlier],
        witness: spellPacket(conflict.witness, filter),
      },
    ];
  });
}

function rulesByLine(filter: ExtractedFilter): Map<RuleLine, string[]> {
  const byLine = new Map<number, { at: RuleLine; ids: string[] }>();
  for (const { id } of filter.list.rules) {
    const at = filter.lines.get(id);
    if (at === undefined) continue;
    const entry = byLine.get(at.line) ?? { at, ids: [] };
    entry.ids.push(id);
    byLine.set(at.line, entry);
  }
  return new Map([...byLine.values()].map(({ at, ids }) => [at, ids]));
}

function linesOf(filter: ExtractedFilter, ids: readonly string[], own: RuleLine): RuleLine[] {
  const lines = ids
    .map((id) => filter.lines.get(id))
    .filter((line) => line !== undefined && line.line !== own.line);
  const unique = new Map(lines.flatMap((line) => (line === undefined ? [] : [[line.line, line] as const])));
  return [...unique.values()].sort((a, b) => a.line - b.line);
}
