/** What a line led to: text to print, perhaps a question or a text still to be read before it takes effect. */
export interface Outcome {
  readonly output?: string;
  /** True where the device refused the line. */
  readonly refused?: boolean;
  /** A question to put; `then` gets what was typed. `key` asks for one key instead of a line. */
  readonly question?: {
    readonly text: string;
    readonly key?: boolean;
    /** The answer that lets the line take effect, for files that are loaded without a person. */
    readonly yes: string;
    readonly then: (answer: string) => Outcome;
  };
  /** Lines to read as they come, until one holds the delimiter. */
  readonly collect?: { readonly until: string; readonly then: (text: string) => Outcome };
}

/** Nothing to say. */
export const DONE: Outcome = {};

/** A refusal with the vendor's words. */
export function refusal(output: string): Outcome {
  return { output, refused: true };
}
