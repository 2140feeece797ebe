import type { Section } from "./section.ts";

/** What a line led to: text to print, perhaps a question or a text still to be read before it takes effect. */
export interface Outcome {
  readonly output?: string;
  /** True where the device refused the line. */
  readonly refused?: boolean;
  /** Column within the line (as spelled out in full) at which the device found fault. */
  readonly caret?: number;
  /** True where the line ends its view. */
  readonly leave?: boolean;
  /** Blocks that the line opened, where they are not the one that its rule names. */
  readonly opened?: readonly Section[];
  /** A question to put; `answered` gets what was typed. `key` asks for one key instead of a line. */
  readonly question?: {
    readonly text: string;
    readonly key?: boolean;
    /** True where what is typed is not shown. */
    readonly secret?: boolean;
    /** The answer that lets the line take effect, for files that are loaded without a person. */
    readonly yes: string;
    readonly answered: (answer: string) => Outcome;
  };
  /** Lines to read as they come, until one holds the delimiter. */
  readonly collect?: { readonly until: string; readonly answered: (text: string) => Outcome };
}

/** Nothing to say. */
export const DONE: Outcome = {};

/** A refusal with the vendor's words. */
export function refusal(output: string): Outcome {
  return { output, refused: true };
}
