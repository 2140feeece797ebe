import type { Rule, SequenceSyntax } from "./dialect.ts";
import type { Intervals } from "./intervals.ts";
import type { Entry, Statement } from "./state.ts";

/** A header on the way to a statement. */
export interface Header {
  readonly slot: string;
  /** Canonical text, for paths and scopes. */
  readonly text: string;
  /** As it is typed. */
  readonly source: string;
}

/** The element that a block's header adds to a set: `vlan 30` to `vlan batch`. */
export interface ImpliedElement {
  readonly slot: string;
  readonly element: number;
  /** The set's statement in the intended state. */
  readonly statement: Statement;
}

/** What an operation makes of the device's state. */
export type Effect =
  | {
      readonly kind: "put";
      readonly statement: Statement;
      readonly clears: readonly string[];
      readonly wipes: Rule["wipes"];
    }
  | { readonly kind: "open"; readonly statement: Statement; readonly implied: ImpliedElement | undefined }
  | { readonly kind: "drop"; readonly also: readonly string[] }
  | {
      readonly kind: "set";
      readonly statement: Statement;
      readonly added: Intervals;
      readonly removed: Intervals;
      readonly alsoDrop: readonly string[];
    }
  /** A block leaves its place and stands before another one, or at the end. */
  | { readonly kind: "move"; readonly before: string | undefined }
  /** An entry comes under its number, and takes the place of the one that has it. */
  | { readonly kind: "insert"; readonly entry: Entry }
  /** An entry goes, by its number where that is known. */
  | { readonly kind: "take"; readonly number: number | undefined; readonly text: string }
  | { readonly kind: "note"; readonly number: number; readonly note: string | undefined }
  | {
      readonly kind: "renumber";
      readonly first: number;
      readonly step: number;
      /** The line that holds the step, where the platform has one; undefined takes it away. */
      readonly stepLine?: { readonly slot: string; readonly statement: Statement | undefined };
    };

/** What an edit of a list waits for within that list. */
interface Chain {
  readonly list: string;
  readonly rank: number;
  /** No other order was looked at. */
  readonly fixed?: true;
  /** Blocks that keep an order: what this one comes to stand before, "" at the end, undefined while it is to move on.
   *  Those of one goal keep their order. */
  readonly goal?: string | undefined;
}

/** How the name of a block begins that is complete before the next one of its list is begun: a habit, no need. */
export const COMPLETE = "filled:next of ";

/** One command with its effect and all that decides its place in the order. */
export interface Operation {
  /** Enclosing headers, outermost first. */
  readonly path: readonly Header[];
  readonly slot: string;
  /** Canonical text of the statement, for reports. */
  readonly text: string;
  /** What is typed; several lines for banners. */
  readonly command: string;
  /** Where it is typed: in the block of `path`, or at root (then the header is left first). */
  readonly place: "block" | "root";
  readonly effect: Effect;
  /** Statements of the enclosing headers by slot, so that implicit blocks can be brought into being. */
  readonly headers: ReadonlyMap<string, Statement>;
  /** The header that the device is in after the command, where that opens a block or writes its header anew. */
  readonly enters: Header | undefined;
  readonly defines: readonly string[];
  readonly undefines: readonly string[];
  readonly gains: readonly string[];
  readonly drops: readonly string[];
  /** Names whose content it changes. */
  readonly touches: readonly string[];
  /** Names that must exist while it is typed, without being used by it. */
  readonly leans: readonly string[];
  /** Things that only one line may hold, as it takes and gives them up. */
  readonly takes: readonly string[];
  readonly releases: readonly string[];
  /** How the line begins, where its table does not tell whether another like it stands beside it or in its place. */
  readonly unsure: string | undefined;
  /** Top blocks whose changes come before it, or behind it. */
  readonly behind: RegExp | undefined;
  readonly ahead: RegExp | undefined;
  /** VLANs that a list of a trunk gains and loses. */
  readonly setGains: Intervals;
  readonly setDrops: Intervals;
  readonly setOf: string | undefined;
  /** Taking the old line away alone, where only that undoes a circle: two lines that swap what one may hold. */
  readonly split: Operation | undefined;
  /** True where it only takes away. */
  readonly removes: boolean;
  /** Order within the edits of one list; they are typed in this order. */
  readonly chain: Chain | undefined;
  /** What the step does to routes that neither end does, where the list is in use. */
  readonly stray: string | undefined;
  readonly reason: string;
}

/** A block's header, as it is typed. */
export function headerOf(statement: Statement): Header {
  return { slot: statement.slot, text: statement.text, source: statement.source };
}

/** An empty operation to spread from. */
export const NO_EFFECTS = {
  place: "block",
  headers: new Map<string, Statement>(),
  enters: undefined,
  defines: [],
  undefines: [],
  gains: [],
  drops: [],
  touches: [],
  leans: [],
  takes: [],
  releases: [],
  unsure: undefined,
  behind: undefined,
  ahead: undefined,
  setGains: [],
  setDrops: [],
  setOf: undefined,
  split: undefined,
  removes: false,
  chain: undefined,
  stray: undefined,
} as const satisfies Partial<Operation>;

/** The syntax of one list, where its entries are typed with its name. */
export function namedSequence(sequence: SequenceSyntax, name: string): SequenceSyntax {
  if (sequence.typedAt === undefined) return sequence;
  const named = (template: string) => template.replace("$name", () => name);
  return { ...sequence, add: named(sequence.add), remove: named(sequence.remove) };
}

/** Spells the command that adds an entry. */
export function entryCommand(sequence: SequenceSyntax, number: number | undefined, source: string): string {
  const spelled =
    number === undefined
      ? sequence.add.replace(sequence.typedAt ? `${sequence.word} $seq ` : "$seq ", "")
      : sequence.add.replace("$seq", String(number));
  return spelled.replace("$entry", () => source);
}

/** The canonical path of an operation, headers and statement. */
export function operationPath(operation: Operation): string[] {
  return [...operation.path.map((header) => header.text), operation.text];
}

/** Commands as typed, with the number of operations that have taken effect after each. */
export interface Emitted {
  readonly commands: readonly string[];
  /** For each command: how many operations are done once the device took it. */
  readonly done: readonly number[];
}
