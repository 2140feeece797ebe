import type { Dialect, SetSyntax } from "./dialect.ts";
import { formOf } from "./forms/form-of.ts";
import {
  formatIntervals,
  formatRanges,
  type Intervals,
  sameIntervals,
  subtractIntervals,
  unionIntervals,
} from "./intervals.ts";
import { captureValues, fillTemplate, type RuleMatch } from "./pattern.ts";
import { absentSet, type Statement } from "./state.ts";

/** Spells the command that takes a statement away. */
export function removalCommand(dialect: Dialect, statement: Statement): string {
  const form = formOf(dialect);
  if (form) return form.removal(statement);
  const { match } = statement;
  const firstLine = statement.source.split("\n")[0] ?? "";
  if (statement.negated) return firstLine.slice(dialect.negation.length + 1);
  if (!match) return `${dialect.negation} ${firstLine}`;
  const { rule } = match;
  if (rule.remove !== undefined) {
    const values = { ...captureValues(match.captures), line: firstLine, slot: match.slot };
    return fillTemplate(rule.remove, values).trim();
  }
  if (dialect.removal === "line" || match.slot === "") return `${dialect.negation} ${firstLine}`;
  return `${dialect.negation} ${match.slot}`;
}

/** Spells the command that makes one statement of another. */
export function putCommand(dialect: Dialect, old: Statement | undefined, next: Statement): string {
  return formOf(dialect)?.put(old, next) ?? next.source;
}

/** One command that changes a set, and the set after it. */
export interface SetStep {
  readonly command: string;
  readonly set: Intervals;
  readonly removes: boolean;
}

/** Spells the commands that lead from one set to another: arithmetic where it is shorter, one line where it replaces. */
export function setCommands(
  syntax: SetSyntax,
  match: RuleMatch,
  before: Intervals,
  after: Intervals,
): SetStep[] {
  if (sameIntervals(before, after)) return [];
  const values = captureValues(match.captures.slice(0, -1));
  const spell = (template: string, set: string) => fillTemplate(template, { ...values, set });
  const added = subtractIntervals(after, before);
  const removed = subtractIntervals(before, after);
  if (syntax.reset !== undefined && sameIntervals(after, absentSet(syntax))) {
    return [{ command: spell(syntax.reset, ""), set: after, removes: true }];
  }
  if (syntax.none !== undefined && after.length === 0) {
    return [{ command: spell(syntax.none, ""), set: after, removes: true }];
  }
  if (syntax.assign !== undefined && added.length > 0 && removed.length > 0) {
    const whole = chunks(syntax, syntax.assign, after);
    if (whole.length === 1)
      return [
        { command: spell(syntax.assign, formatIntervals(after, syntax.style)), set: after, removes: false },
      ];
  }
  if (syntax.assign !== undefined && sameIntervals(before, absentSet(syntax)) && before.length > 0) {
    return assignInChunks(syntax, after, spell);
  }
  const steps: SetStep[] = [];
  let set = before;
  for (const part of chunks(syntax, syntax.add, added)) {
    set = unionIntervals(set, part);
    steps.push({ command: spell(syntax.add, formatIntervals(part, syntax.style)), set, removes: false });
  }
  for (const part of chunks(syntax, syntax.remove, removed)) {
    set = subtractIntervals(set, part);
    steps.push({ command: spell(syntax.remove, formatIntervals(part, syntax.style)), set, removes: true });
  }
  return steps;
}

function assignInChunks(
  syntax: SetSyntax,
  after: Intervals,
  spell: (template: string, set: string) => string,
): SetStep[] {
  const steps: SetStep[] = [];
  let set: Intervals = [];
  for (const [i, part] of chunks(syntax, syntax.assign ?? syntax.add, after).entries()) {
    set = unionIntervals(set, part);
    const template = i === 0 ? (syntax.assign ?? syntax.add) : syntax.add;
    steps.push({ command: spell(template, formatIntervals(part, syntax.style)), set, removes: false });
  }
  return steps;
}

/** Cuts a set into parts that one line takes. */
function chunks(syntax: SetSyntax, template: string, set: Intervals): Intervals[] {
  const parts: [number, number][][] = [];
  let part: [number, number][] = [];
  let chars = template.length;
  for (const [low, high] of set) {
    const spelled = formatRanges([[low, high]], syntax.style).join(",").length + 1;
    const items = part.length + 1;
    if (part.length > 0 && (items > (syntax.maxItems ?? 1e9) || chars + spelled > (syntax.maxChars ?? 1e9))) {
      parts.push(part);
      part = [];
      chars = template.length;
    }
    part.push([low, high]);
    chars += spelled;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** Spells a set as configuration lines. */
export function setLines(syntax: SetSyntax, match: RuleMatch, set: Intervals): string[] {
  const absent = absentSet(syntax);
  if (syntax.assign !== undefined) return setCommands(syntax, match, absent, set).map((step) => step.command);
  return setCommands(syntax, match, absent, set)
    .sort((a, b) => Number(b.removes) - Number(a.removes))
    .map((step) => step.command);
}
