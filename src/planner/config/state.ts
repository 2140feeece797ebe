import type { Dialect, SetSyntax } from "./dialect.ts";
import { ALL_VLANS, type Intervals, parseIntervals, sameIntervals } from "./intervals.ts";
import { captureValues, fillTemplate, type RuleMatch } from "./pattern.ts";
import type { SecretText } from "./secrets.ts";

/** One statement by its meaning: two statements of one slot overwrite each other. */
export interface Statement {
  readonly slot: string;
  /** Canonical spelling with secrets masked; what equality compares. */
  readonly text: string;
  /** As it is typed, without indentation. */
  readonly source: string;
  readonly negated: boolean;
  readonly line: number;
  readonly match: RuleMatch | undefined;
  readonly secret: SecretText | undefined;
  readonly set: Intervals | undefined;
  readonly block: Block | undefined;
  /** Where the block was taken over from another text: how many lines later it stands in this one. */
  readonly shift?: number;
}

/** One entry of an ordered list. */
export interface Entry {
  readonly number: number | undefined;
  readonly text: string;
  /** As typed, without its number. */
  readonly source: string;
  readonly line: number;
  readonly note: string | undefined;
}

/** What stands below a header, or at root. */
export interface Block {
  readonly context: string;
  readonly items: ReadonlyMap<string, Statement>;
  readonly entries: readonly Entry[] | undefined;
  /** What was found out about it, once somebody asked. */
  facts?: BlockFacts | undefined;
}

/** What the proofs ask of a block again and again, found by one look at its lines. */
export interface BlockFacts {
  /** The block that this was read from; a copy of a block starts anew. */
  readonly of: Block;
  /** Lines that may define or use a name, and those with a block below them. */
  readonly naming: readonly Statement[];
  /** Names that the entries of a list use. */
  readonly entryUses: readonly string[];
  /** Lines that may bind a filter. */
  readonly binding: readonly Statement[];
}

/** The set that holds where no line stands. */
export function absentSet(syntax: SetSyntax): Intervals {
  return syntax.absent === "all" ? ALL_VLANS : (parseIntervals(syntax.absent, syntax.style) ?? []);
}

/** Tells whether a statement says what would hold without it. */
export function isAbsent(dialect: Dialect, statement: Statement): boolean {
  const rule = statement.match?.rule;
  if (statement.set && rule?.set) return sameIntervals(statement.set, absentSet(rule.set));
  if (statement.block) return isEmptyBlock(statement.block) && livesByItself(dialect, statement);
  if (!rule?.absent) return false;
  const { text } = statement;
  const captures = statement.match?.captures ?? [];
  return rule.absent.some(
    (line) => line === text || (line.includes("$") && fillTemplate(line, captureValues(captures)) === text),
  );
}

/** Tells whether a block exists without its header having been typed. */
export function livesByItself(dialect: Dialect, statement: Statement): boolean {
  const life = statement.match?.rule.life;
  if (life === "implicit" || life === "entries") return true;
  return life === "interface" && isPhysical(dialect, statement);
}

function isPhysical(
  { interfaceNames: { physical, virtual } }: Dialect,
  { match, block }: Statement,
): boolean {
  if (!physical.test(match?.captures[0]?.text ?? "")) return false;
  return virtual === undefined || ![...(block?.items.values() ?? [])].some(({ text }) => virtual.test(text));
}

/** Slots of the lines that a physical interface has by itself. */
export function givenSlots(dialect: Dialect, statement: Statement): readonly string[] {
  const { given } = dialect.interfaceNames;
  if (given === undefined || statement.match?.rule.life !== "interface") return [];
  if (!livesByItself(dialect, statement)) return [];
  return [...(statement.block?.items ?? [])].flatMap(([slot, { text }]) => (given.test(text) ? [slot] : []));
}

/** Tells whether nothing stands below a header. */
export function isEmptyBlock(block: Block): boolean {
  return block.items.size === 0 && (block.entries === undefined || block.entries.length === 0);
}
