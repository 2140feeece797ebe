import type { Block } from "./expand.ts";
import { expandMatches } from "./expand.ts";
import type { Space } from "./space.ts";
import { addressAxis, cubesIn, spaceOf, writeBlock } from "./space.ts";
import type { Action, AddressRange, FilterList, FilterRule, FlowOptions, UnknownReason } from "./types.ts";

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
export const defaultConditionAxes = 32;

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
  options: Pick<FlowOptions, "conditionAxes">,
  extra: readonly AddressRange[] = [],
): CompiledFilter[] {
  const known = new Map<FilterRule, Draft>();
  const drafts = filters.map((filter) => filter.rules.map((rule) => draftOf(rule, known)));
  const conditions = chooseConditions(drafts.flat()).slice(0, options.conditionAxes ?? defaultConditionAxes);
  const blocks = blocksOf([...known.values()]);
  const space = spaceOf(addressAxis(rangesOf(blocks, extra)), blocks, conditions);
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
  return [...uses].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([condition]) => condition);
}

function blocksOf(drafts: readonly Draft[]): Block[] {
  const blocks: Block[] = [];
  for (const draft of drafts) for (const block of draft.blocks) blocks.push(block);
  return blocks;
}

function rangesOf(blocks: readonly Block[], extra: readonly AddressRange[]): AddressRange[] {
  const ranges = [...extra];
  for (const block of blocks) {
    for (const range of block.src) ranges.push(range);
    for (const range of block.dst) ranges.push(range);
  }
  return ranges;
}

function assemble(space: Space, filter: FilterList, drafts: readonly Draft[]): CompiledFilter {
  const stride = space.dims * 2;
  let total = 0;
  for (const draft of drafts) for (const block of draft.blocks) total += cubesIn(block);
  const data = new Int32Array(total * stride);
  let next = 0;
  const start = new Int32Array(drafts.length + 1);
  const permits = new Uint8Array(drafts.length);
  const loose = new Uint8Array(drafts.length);
  let inexact: UnknownReason | undefined;
  for (const [place, draft] of drafts.entries()) {
    const axis = draft.condition === undefined ? -1 : space.conditions.indexOf(draft.condition);
    for (const block of draft.blocks) next = writeBlock(space, block, axis, data, next);
    start[place + 1] = next / stride;
    permits[place] = draft.rule.action === "permit" ? 1 : 0;
    loose[place] = draft.condition !== undefined && axis < 0 ? 1 : 0;
    inexact ??= draft.reason;
  }
  const ruleOf = new Int32Array(total);
  for (let place = 0; place < drafts.length; place += 1) ruleOf.fill(place, start[place], start[place + 1]);
  return {
    space,
    rules: filter.rules,
    defaultAction: filter.defaultAction,
    data,
    count: total,
    ruleOf,
    start,
    permits,
    loose,
    inexact,
  };
}
