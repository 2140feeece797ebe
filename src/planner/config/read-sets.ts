import type { Dialect, SetSyntax } from "./dialect.ts";
import {
  ALL_VLANS,
  formatIntervals,
  type Intervals,
  normalizeIntervals,
  parseIntervals,
  subtractIntervals,
  unionIntervals,
} from "./intervals.ts";
import type { OpenBlock } from "./open-block.ts";
import type { RuleMatch } from "./pattern.ts";
import { maskSecrets } from "./secrets.ts";
import { absentSet, type Statement } from "./state.ts";

/** A line that names elements of a set. */
export interface SetLine {
  readonly key: string;
  readonly source: string;
  readonly line: number;
  readonly negated: boolean;
  readonly secretive: boolean;
}

/** Adds what a line says of a set to the set's statement; a list that is none of numbers is kept as a plain line. */
export function addToSet(
  dialect: Dialect,
  block: OpenBlock,
  line: SetLine,
  match: RuleMatch,
  syntax: SetSyntax,
): void {
  const { slot } = match;
  const known = block.items.get(slot);
  const list = match.captures.at(-1)?.text ?? "";
  const set = changedSet(syntax, known?.set, absentSet(syntax), list, line.negated);
  if (set === undefined) {
    block.items.set(line.key, plainStatement(dialect, line));
    return;
  }
  block.hasDefaults = true;
  block.items.set(slot, {
    slot,
    text: `${slot} ${formatIntervals(set, syntax.style) || "none"}`,
    source: line.source,
    negated: false,
    line: known?.line ?? line.line,
    match,
    secret: undefined,
    set,
    block: undefined,
    shift: 0,
  });
}

function plainStatement(dialect: Dialect, line: SetLine): Statement {
  const { text, secret } = line.secretive
    ? maskSecrets(dialect, line.key)
    : { text: line.key, secret: undefined };
  return {
    slot: line.key,
    text,
    source: line.source,
    negated: line.negated,
    line: line.line,
    match: undefined,
    secret,
    set: undefined,
    block: undefined,
    shift: 0,
  };
}

function changedSet(
  syntax: SetSyntax,
  known: Intervals | undefined,
  absent: Intervals,
  list: string,
  negated: boolean,
): Intervals | undefined {
  const [word = "", ...rest] = list.split(" ");
  if (list === "" && negated) return syntax.plain === "assign" ? absent : [];
  if (word === "all") return negated ? [] : ALL_VLANS;
  if (word === "none" && !negated) return [];
  if (word === "add" || word === "remove" || word === "except") {
    const change = parseIntervals(rest.join(" "), syntax.style);
    if (change === undefined) return undefined;
    if (word === "except") return subtractIntervals(ALL_VLANS, change);
    const base = known ?? absent;
    return word === "add" ? unionIntervals(base, change) : subtractIntervals(base, change);
  }
  const named = parseIntervals(list, syntax.style);
  if (named === undefined) return undefined;
  if (negated) return subtractIntervals(known ?? absent, named);
  if (syntax.plain === "assign") return normalizeIntervals(named);
  return unionIntervals(known ?? absent, named);
}
