import pc from "picocolors";

/** How text comes out: colours only where the stream is a terminal and nobody said no. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** Where a command prints; the only way to stdout and stderr in the whole product. */
export interface Printer {
  readonly style: Style;
  /** A line of the answer itself, to stdout. */
  line(text?: string): void;
  /** Empties the screen where a person looks at one. */
  clear(): void;
  /** A note for whoever watches, to stderr; silent with -q. */
  note(text: string): void;
  /** Progress: overwritten in place on a terminal, one line a tenth in a file or CI. */
  progress(label: string, done: number, total: number): void;
}

export interface PrintOptions {
  readonly quiet: boolean;
  readonly color: boolean;
  /** With --json stdout holds one document and nothing else. */
  readonly json: boolean;
}

/** Makes the printer of this process. */
export function createPrinter(options: PrintOptions): Printer {
  const colors = pc.createColors(options.color);
  const moving = process.stderr.isTTY === true && !options.quiet;
  let live = false;
  const clear = (): void => {
    if (!live) return;
    process.stderr.write("\r\u001b[K");
    live = false;
  };
  return {
    style: {
      bold: colors.bold,
      dim: colors.dim,
      red: colors.red,
      green: colors.green,
      yellow: colors.yellow,
      cyan: colors.cyan,
    },
    clear() {
      if (process.stdout.isTTY === true) process.stdout.write("\u001b[2J\u001b[H");
    },
    line(text = "") {
      clear();
      if (!options.json) process.stdout.write(`${text}\n`);
    },
    note(text) {
      clear();
      if (!options.quiet) process.stderr.write(`${text}\n`);
    },
    progress(label, done, total) {
      if (!moving) return;
      process.stderr.write(`\r\u001b[K${colors.dim(`${label} ${done}/${total}`)}`);
      live = true;
      if (done >= total) clear();
    },
  };
}

/** Whether colours are wanted: never in a pipe, with NO_COLOR, or with --no-color. */
export function wantsColor(flag: boolean | undefined): boolean {
  if (flag === false || process.env.NO_COLOR) return false;
  if (process.env.FORCE_COLOR) return true;
  return process.stdout.isTTY === true;
}
