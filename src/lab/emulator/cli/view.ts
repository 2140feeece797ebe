import { type ArgTypes, type Command, command } from "./grammar.ts";
import type { Outcome } from "./outcome.ts";
import { negativePiece, parsePattern } from "./pattern.ts";
import type { Section } from "./section.ts";

/** What a rule's hook gets to work with. */
export interface RuleCall<S> {
  readonly state: S;
  readonly section: Section;
  readonly values: Readonly<Record<string, string>>;
  /** The line as understood: keywords spelled out, without `no`/`undo`. */
  readonly text: string;
  /** Identifies the instance: the key arguments joined. */
  readonly key: string;
  readonly rule: Rule<S>;
}

/** A block as it is about to print. */
export interface PrintedBlock {
  readonly key: string;
  readonly header: string;
  readonly lines: readonly string[];
}

/** One kind of configuration line of a view. The table's order is the order in which the device prints. */
export interface Rule<S> {
  /** Name under which lines are kept; left out, the pattern. */
  readonly id?: string;
  /** What is typed (and printed); see `parsePattern`. */
  readonly p: string;
  /** Arguments that tell instances apart; none: one line of this kind. */
  readonly keys?: readonly string[];
  /** What follows `no`/`undo`; left out, derived from `p`; `null`: cannot be negated. */
  readonly no?: string | null;
  /** True where the positive form is the default: it does not print, its negation does. */
  readonly on?: boolean;
  /** Texts that are the default and therefore do not print. */
  readonly standard?: readonly string[];
  /** View that the line opens; its header is the line. */
  readonly enter?: string;
  /** Order among instances; left out, as they were set. */
  readonly sort?: (a: string, b: string) => number;
  /** Carries the line out; left out, it is kept as it reads. An outcome with `refused` changes nothing. */
  readonly set?: (call: RuleCall<S>) => Outcome | undefined;
  /** Carries the negation out; left out, the line is taken away. */
  readonly unset?: (call: RuleCall<S>) => Outcome | undefined;
  /** How a kept line prints; left out, as it reads. */
  readonly print?: (text: string, key: string) => readonly string[];
  /** What prints where no line of this rule is kept. */
  readonly absent?: (section: Section) => readonly string[];
  /** How the blocks of this rule print where they differ: headers and the lines below them. */
  readonly arrange?: (blocks: readonly PrintedBlock[]) => readonly PrintedBlock[];
  /** Line that follows each block. */
  readonly mark?: string;
  /** Typed here but kept nowhere: an alias of other rules or an action. */
  readonly action?: boolean;
}

/** A view's table: rules in print order; "!" marks where the device prints a separator. */
export type ViewTable<S> = readonly (Rule<S> | "!")[];

/** A line's meaning within a view. */
export interface RuleUse<S> {
  readonly rule: Rule<S>;
  readonly negative: boolean;
}

/** A view ready for use. */
export interface View<S> {
  readonly name: string;
  readonly table: ViewTable<S>;
  readonly positive: readonly Command<RuleUse<S>>[];
  readonly negative: readonly Command<RuleUse<S>>[];
}

/** Compiles a view's table.
 *  @param types - argument types that its patterns use */
export function compileView<S>(name: string, table: ViewTable<S>, types: ArgTypes): View<S> {
  const positive: Command<RuleUse<S>>[] = [];
  const negative: Command<RuleUse<S>>[] = [];
  for (const rule of table) {
    if (rule === "!") continue;
    positive.push(command(rule.p, types, { rule, negative: false }));
    const piece = negativeOf(rule);
    if (piece !== undefined) negative.push(command(piece, types, { rule, negative: true }));
  }
  return { name, table, positive, negative };
}

function negativeOf<S>(rule: Rule<S>) {
  if (rule.no === null) return undefined;
  if (rule.no !== undefined) return parsePattern(rule.no);
  return negativePiece(parsePattern(rule.p), rule.keys ?? []);
}

/** Names the place where a rule's lines are kept. */
export function ruleId<S>(rule: Rule<S>): string {
  return rule.id ?? rule.p;
}

/** Prints the lines of a block, without its header.
 *  @param views - all views of the platform, for blocks below
 *  @param mark - what stands where the table has "!"; empty: nothing
 *  @param without - rules to leave out */
export function printSection<S>(
  section: Section,
  views: ReadonlyMap<string, View<S>>,
  mark = "",
  without: readonly string[] = [],
): string[] {
  const view = views.get(section.view);
  if (view === undefined) throw new Error(`no such view: ${section.view}`);
  const lines: string[] = [];
  for (const rule of view.table) {
    if (rule === "!") {
      if (mark !== "") lines.push(mark);
      continue;
    }
    if (without.includes(ruleId(rule))) continue;
    lines.push(...printLines(section, rule));
    lines.push(...printBlocks(section, rule, views));
  }
  return lines;
}

function printLines<S>(section: Section, rule: Rule<S>): string[] {
  const kept = [...section.all(ruleId(rule))];
  if (kept.length === 0) return [...(rule.absent?.(section) ?? [])];
  if (rule.sort !== undefined) kept.sort(([a], [b]) => rule.sort?.(a, b) ?? 0);
  return kept.flatMap(([key, text]) => rule.print?.(text, key) ?? text.split("\n"));
}

function printBlocks<S>(section: Section, rule: Rule<S>, views: ReadonlyMap<string, View<S>>): string[] {
  const kept = [...section.blocks(ruleId(rule))];
  if (rule.sort !== undefined) kept.sort(([a], [b]) => rule.sort?.(a, b) ?? 0);
  const blocks = kept.map(([key, block]) => ({
    key,
    header: block.header,
    lines: printSection(block, views).map((line) => ` ${line}`),
  }));
  const mark = rule.mark === undefined ? [] : [rule.mark];
  return (rule.arrange?.(blocks) ?? blocks).flatMap((block) => [block.header, ...block.lines, ...mark]);
}
