/** A question that a device asks in place of its prompt, matched against its last line, and what to type. */
export interface CliAnswer {
  readonly pattern: RegExp;
  readonly answer: string;
  /** False where one key press answers (pagers, `[confirm]`); default true. */
  readonly newline?: boolean;
}

/** How a vendor's command line behaves: data, so that one conversation serves all. */
export interface CliTable {
  /** What ends a typed line. */
  readonly newline: string;
  /** Any device's prompt; group `host` is the name that it shows. Used once, at login. */
  readonly anyPrompt: RegExp;
  /** Source of the prompt's pattern around a device's name, `%h` in its place; group `mode` tells the mode. */
  readonly prompt: string;
  /** So many characters of a long name stay in every mode's prompt. */
  readonly promptNameChars: number;
  readonly pagers: readonly CliAnswer[];
  /** Questions that may be answered without thinking, also at login. */
  readonly questions: readonly CliAnswer[];
  /** Any other question: never answered, the command counts as refused. */
  readonly anyQuestion: RegExp;
  /** Lines of a reply that mean that the command was not taken. */
  readonly failures: readonly RegExp[];
  /** Lines that look like failures and are none. */
  readonly harmless: readonly RegExp[];
  /** Log messages that a device throws into any output. */
  readonly noise: readonly RegExp[];
  /** A command that renames the device; group 1 is the new name. */
  readonly rename: RegExp;
  /** What stops a running question or command. */
  readonly interrupt: string;
  /** How to type a question mark without asking for help; undefined where it cannot be typed. */
  readonly questionMark: string | undefined;
}
