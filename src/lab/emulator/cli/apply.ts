import { isMatch, type Match, type Mismatch, matchLine } from "./grammar.ts";
import { DONE, type Outcome } from "./outcome.ts";
import type { Section } from "./section.ts";
import { type RuleCall, type RuleUse, ruleId, type View } from "./view.ts";

/** What a line did: the outcome, and the block that it opened. */
export interface Applied {
  readonly outcome: Outcome;
  readonly opened: readonly Section[];
}

/** Understands a configuration line within a view.
 *  @param negation - the platform's word: `no` or `undo`; abbreviations of it count from `shortest` letters on */
export function understand<S>(
  line: string,
  view: View<S>,
  negation: string,
  shortest: number,
): Match<RuleUse<S>> | Mismatch {
  const first = /^\s*(\S+)\s*/.exec(line);
  const word = (first?.[1] ?? "").toLowerCase();
  const negated = word.length >= shortest && negation.startsWith(word);
  if (!negated) return matchLine(line, view.positive);
  const length = first?.[0].length ?? 0;
  const shifted = matchLine(" ".repeat(length) + line.slice(length), view.negative);
  if (isMatch(shifted)) return shifted;
  return { ...shifted, depth: shifted.depth + 1 };
}

/** Carries an understood line out on a block. */
export function applyUse<S>(state: S, section: Section, match: Match<RuleUse<S>>, negation: string): Applied {
  const { rule, negative } = match.payload;
  const key = (rule.keys ?? []).map((name) => match.values[name] ?? "").join(" ");
  const call: RuleCall<S> = { state, section, values: match.values, text: match.text, key, rule };
  if (negative) {
    const outcome = rule.unset === undefined ? takeAway(call, negation) : (rule.unset(call) ?? DONE);
    return { outcome, opened: [] };
  }
  if (rule.set !== undefined) {
    const outcome = rule.set(call) ?? DONE;
    return openedBy(call, outcome);
  }
  if (rule.action !== true && rule.enter === undefined) keep(call);
  if (rule.enter !== undefined) section.open(ruleId(rule), key, rule.enter, match.text);
  return openedBy(call, DONE);
}

function openedBy<S>(call: RuleCall<S>, outcome: Outcome): Applied {
  if (outcome.refused === true) return { outcome, opened: [] };
  if (outcome.opened !== undefined) return { outcome, opened: outcome.opened };
  const opened = call.section.block(ruleId(call.rule), call.key);
  return { outcome, opened: opened === undefined || call.rule.enter === undefined ? [] : [opened] };
}

/** Keeps a line as it reads; a default is kept by keeping nothing. */
export function keep<S>(call: RuleCall<S>, text = call.text): void {
  const { section, rule, key } = call;
  if (rule.on === true || rule.standard?.includes(text) === true) section.drop(ruleId(rule), key);
  else section.put(ruleId(rule), text, key);
}

/** Takes a line away, or keeps the negation of what is on by default. */
export function takeAway<S>(call: RuleCall<S>, negation: string): Outcome {
  const { section, rule, key } = call;
  const id = ruleId(rule);
  if (rule.on === true) section.put(id, `${negation} ${call.text}`, key);
  else if (rule.enter !== undefined) section.close(id, key);
  else if (rule.keys === undefined) section.dropAll(id);
  else section.drop(id, key);
  return DONE;
}
