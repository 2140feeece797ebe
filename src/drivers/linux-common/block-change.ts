import type { Finding } from "../../model/finding.ts";
import { compareText } from "../../model/finding.ts";
import type { Change, ChangeOptions, ChangeStep, ConfigNode, Scope } from "../../planner/config/types.ts";
import { departureOf } from "./address-steps.ts";
import { type Grammar, parseCanonical, printNodes, ruleOf } from "./canonical.ts";
import { compareTexts, keyed, textOf } from "./compare.ts";
import { ownershipOf } from "./scope.ts";

/** A block as it is and as it shall be; one of them may be missing. */
export interface BlockPair {
  readonly header: string;
  readonly before: ConfigNode | undefined;
  readonly after: ConfigNode | undefined;
}

/** How a platform turns block differences into commands. */
export interface BlockSpeller {
  readonly grammar: Grammar;
  /** Place in the push order; lower goes first. Ties go by header. */
  rank(pair: BlockPair): number;
  /** Commands that bring the device from `before` to `after`; safe to repeat. */
  commands(pair: BlockPair): readonly string[];
  /** Blocks of the running text that vanish because an intended one takes their place. */
  supersedes?(intended: string): string | undefined;
  /** Brings all steps into transactions, where the platform has them. */
  group?(steps: readonly ChangeStep[]): readonly ChangeStep[];
  /** What is to be said about a change, beside its commands. */
  remark?(pairs: readonly BlockPair[], options: ChangeOptions): readonly Finding[];
}

/** Computes the change from running to intended for a platform whose blocks can be set one by one.
 *  Blocks outside the scope stay; commands, rollback and predicted text come from the same pairs. */
export function changeBlocks(
  running: string,
  intended: string,
  options: ChangeOptions,
  speller: BlockSpeller,
): Change {
  const { grammar } = speller;
  const now = keyed(parseCanonical(running, grammar).nodes);
  const wanted = keyed(parseCanonical(intended, grammar).nodes);
  const target = merge(now, wanted, options.scope, speller);
  const predicted = printSorted(target, grammar);
  const pairs = differingPairs(now, target, speller, options);
  const steps = spell(pairs, speller, "wanted by the inventory");
  const back = spell([...pairs].reverse().map(swap), speller, "undo");
  return {
    equal: steps.length === 0,
    commands: steps.flatMap((step) => step.commands),
    rollback: back.flatMap((step) => step.commands),
    steps,
    items: compareTexts(running, predicted, options.scope, grammar),
    findings: steps.length === 0 ? [] : (speller.remark?.(pairs, options) ?? []),
    predicted,
    unmanaged: countUnmanaged(now, options.scope),
    ...departureOf(steps),
  };
}

function spell(pairs: readonly BlockPair[], speller: BlockSpeller, reason: string): readonly ChangeStep[] {
  const steps = pairs
    .filter((pair) => !isReplaced(pair, pairs, speller))
    .map((pair) => ({
      path: [pair.header],
      commands: speller.commands(pair),
      reason: reasonOf(pair, reason),
    }))
    .filter((step) => step.commands.length > 0);
  return speller.group?.(steps) ?? steps;
}

/** A block that vanishes because another takes its place is not undone: the other one does the work, and it would
 *  be undone with it. */
function isReplaced(pair: BlockPair, pairs: readonly BlockPair[], speller: BlockSpeller): boolean {
  const { supersedes } = speller;
  if (pair.after !== undefined || supersedes === undefined) return false;
  return pairs.some(
    (other) =>
      other.before === undefined &&
      (supersedes(other.header) === pair.header || supersedes(pair.header) === other.header),
  );
}

function reasonOf({ before, after }: BlockPair, word: string): string {
  if (before === undefined) return `missing on the device, ${word}`;
  if (after === undefined) return `not in the inventory, ${word}`;
  return `differs, ${word}`;
}

function swap({ header, before, after }: BlockPair): BlockPair {
  return { header, before: after, after: before };
}

function merge(
  now: ReadonlyMap<string, ConfigNode>,
  wanted: ReadonlyMap<string, ConfigNode>,
  scope: Scope,
  speller: BlockSpeller,
): Map<string, ConfigNode> {
  const target = new Map<string, ConfigNode>();
  for (const [header, node] of now) {
    const kept = keepOf(header, node, wanted.get(header), scope);
    if (kept !== undefined) target.set(header, kept);
  }
  for (const [header, node] of wanted) {
    const old = speller.supersedes?.(header);
    if (old !== undefined) target.delete(old);
    if (!now.has(header)) target.set(header, node);
  }
  return target;
}

function keepOf(
  header: string,
  now: ConfigNode,
  wanted: ConfigNode | undefined,
  scope: Scope,
): ConfigNode | undefined {
  const ownership = ownershipOf(scope, header);
  if (ownership.kind === "whole") return wanted;
  if (ownership.kind === "none") return wanted ?? now;
  const foreign = now.children.filter((child) => !ownership.owns(child.key));
  const children = [...foreign, ...(wanted?.children ?? [])];
  return children.length === 0 ? undefined : { ...now, children };
}

function differingPairs(
  now: ReadonlyMap<string, ConfigNode>,
  target: ReadonlyMap<string, ConfigNode>,
  speller: BlockSpeller,
  options: ChangeOptions,
): BlockPair[] {
  const headers = [...new Set([...now.keys(), ...target.keys()])];
  const rotated = (options.rotatedSecrets ?? []).map((reference) => `\${secret:${reference}@`);
  return headers
    .map((header) => ({ header, before: now.get(header), after: target.get(header) }))
    .filter((pair) => !isSame(pair, speller.grammar) || holdsAny(pair.after, rotated))
    .sort((a, b) => speller.rank(a) - speller.rank(b) || compareText(a.header, b.header));
}

function isSame({ before, after }: BlockPair, grammar: Grammar): boolean {
  if (before === undefined || after === undefined) return before === after;
  return bodyOf(before, grammar) === bodyOf(after, grammar);
}

function bodyOf(node: ConfigNode, grammar: Grammar): string {
  return sortChildren(node, grammar).children.map(textOf).join("\n");
}

function holdsAny(node: ConfigNode | undefined, needles: readonly string[]): boolean {
  if (node === undefined || needles.length === 0) return false;
  const text = textOf(node);
  return needles.some((needle) => text.includes(needle));
}

function countUnmanaged(now: ReadonlyMap<string, ConfigNode>, scope: Scope): number {
  let count = 0;
  for (const [header, node] of now) {
    const ownership = ownershipOf(scope, header);
    if (ownership.kind === "none") count += textOf(node).split("\n").length;
    if (ownership.kind === "part")
      count += node.children.filter((child) => !ownership.owns(child.key)).length;
  }
  return count;
}

/** Spells a text so that two readings of one state are the same bytes: blocks by header, children in order
 *  where order means something and sorted where it does not. */
export function canonicalText(text: string, grammar: Grammar): string {
  return printSorted(keyed(parseCanonical(text, grammar).nodes), grammar);
}

function printSorted(blocks: ReadonlyMap<string, ConfigNode>, grammar: Grammar): string {
  const nodes = [...blocks.values()].map((node) => sortChildren(node, grammar));
  return printNodes(nodes.sort((a, b) => compareText(a.key, b.key)));
}

function sortChildren(node: ConfigNode, grammar: Grammar): ConfigNode {
  if (ruleOf(grammar, node.key)?.ordered === true) return node;
  return { ...node, children: [...node.children].sort((a, b) => compareText(a.key, b.key)) };
}
