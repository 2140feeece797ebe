import type { Block } from "./expand.ts";
import { expandMatches } from "./expand.ts";
import type { Space } from "./space.ts";
import { addressAxis, spaceOf, writeBlock } from "./space.ts";
import type { Action, AddressRange, FilterList, FilterRule, UnknownReason } from "./types.ts";

/** A filter as typed arrays: the cubes of all rules in list order, each rule's cubes in a row. */
export interface CompiledFilter {
  readonly space: Space;
  readonly rules: readonly FilterRule[];
  readonly defaultAction: Action;
  /** Cubes, `space.dims * 2` numbers each. */
  readonly data: Int32Array;
  readonly count: number;
  /** Rule number of each cube. */
  readonly ruleOf: Int32Array;
  /** First cube of each rule; one entry more than rules. */
  readonly start: Int32Array;
  /** 1 where the rule permits. */
  readonly permits: Uint8Array;
  /** 1 where the rule may or may not match and has no axis to say so. */
  readonly loose: Uint8Array;
  /** Why rules are inexact, if any is. */
  readonly inexact: UnknownReason | undefined;
}

/** Conditions that get an axis of their own; rules with further ones are taken as "may match". */
export const maxConditions = 32;

interface Draft {
  readonly rule: FilterRule;
  readonly blocks: readonly Block[];
  readonly condition: string | undefined;
  readonly reason: UnknownReason | undefined;
}

/** Compiles filters into one common space, so that they can be compared.
 *  @param extra - further ranges that the address axis must know whole */
export function compileFilters(
  filters: readonly FilterList[],
  extra: readonly AddressRange[] = [],
): CompiledFilter[] {
  const known = new Map<FilterRule, Draft>();
  const drafts = filters.map((filter) => filter.rules.map((rule) => draftOf(rule, known)));
  const all = drafts.flat();
  const conditions = chooseConditions(all);
  const axis = addressAxis(rangesOf(all, extra));
  const space = spaceOf(axis, blocksOf(all), conditions);
  return filters.map((filter, list) => assemble(space, filter, drafts[list] ?? []));
}

/** The same rule object in two lists is the same rule, and asks the same condition. */
function draftOf(rule: FilterRule, known: Map<FilterRule, Draft>): Draft {
  const draft = known.get(rule) ?? expandRule(rule, known.size);
  known.set(rule, draft);
  return draft;
}

function expandRule(rule: FilterRule, number: number): Draft {
  const expansion = expandMatches(rule.matches);
  if (rule.exact && expansion.exact)
    return { rule, blocks: expansion.blocks, condition: undefined, reason: undefined };
  const size = expansion.exact ? "" : `size ${spell(rule.matches)}`;
  const asked = rule.exact ? "" : (rule.condition ?? `rule ${rule.id} (${number})`);
  const reason = expansion.exact ? "condition" : "size";
  return { rule, blocks: expansion.blocks, condition: [asked, size].filter(Boolean).join(" and "), reason };
}

function spell(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? item.toString(16) : item));
}

/** The most used first: an axis pays where two rules share it. */
function chooseConditions(drafts: readonly Draft[]): string[] {
  const uses = new Map<string, number>();
  for (const draft of drafts) {
    if (draft.condition !== undefined) uses.set(draft.condition, (uses.get(draft.condition) ?? 0) + 1);
  }
  return [...uses]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, maxConditions)
    .map(([condition]) => condition);
}

function* rangesOf(drafts: readonly Draft[], extra: readonly AddressRange[]): Generator<AddressRange> {
  yield* extra;
  for (const draft of drafts) {
    for (const block of draft.blocks) {
      yield* block.src;
      yield* block.dst;
    }
  }
}

function* blocksOf(drafts: readonly Draft[]): Generator<Block> {
  for (const draft of drafts) yield* draft.blocks;
}

function assemble(space: Space, filter: FilterList, drafts: readonly Draft[]): CompiledFilter {
  const stride = space.dims * 2;
  const numbers: number[] = [];
  const start = new Int32Array(drafts.length + 1);
  const permits = new Uint8Array(drafts.length);
  const loose = new Uint8Array(drafts.length);
  let inexact: UnknownReason | undefined;
  for (const [place, draft] of drafts.entries()) {
    const axis = draft.condition === undefined ? -1 : space.conditions.indexOf(draft.condition);
    for (const block of draft.blocks) writeBlock(space, block, axis, numbers);
    start[place + 1] = numbers.length / stride;
    permits[place] = draft.rule.action === "permit" ? 1 : 0;
    loose[place] = draft.condition !== undefined && axis < 0 ? 1 : 0;
    inexact ??= draft.reason;
  }
  const data = Int32Array.from(numbers);
  const count = data.length / stride;
  const ruleOf = new Int32Array(count);
  for (let place = 0; place < drafts.length; place += 1) ruleOf.fill(place, start[place], start[place + 1]);
  return {
    space,
    rules: filter.rules,
    defaultAction: filter.defaultAction,
    data,
    count,
    ruleOf,
    start,
    permits,
    loose,
    inexact,
  };
}
