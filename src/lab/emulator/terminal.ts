/** What a terminal talks through: an SSH channel, seen as bytes. */
export interface Wire {
  send(text: string): void;
  close(exitCode?: number): void;
}

/** How a platform pauses long output. */
export interface Pager {
  /** Shown at the foot of a page. */
  readonly more: string;
  /** What wipes it out again. */
  readonly wipe: string;
}

/** A line as typed; `interrupt` tells that Ctrl-C or Ctrl-Z ended it. */
export interface TypedLine {
  readonly text: string;
  readonly interrupt?: "ctrl-c" | "ctrl-z";
}

/** How a line is read. */
export interface LineOptions {
  /** Show what is typed (default true). */
  readonly echo?: boolean;
  /** Columns after which the line scrolls sideways, as IOS does; 0 or none: it just goes on. */
  readonly width?: number;
  /** What a question mark brings up; left out, it is a letter like others. */
  readonly help?: (typed: string) => string;
}

/** How far a line is pushed aside when it reaches the edge of the terminal. */
const SCROLL = 20;

/** The line discipline of a device's terminal: echo, erase keys, paging, type-ahead. */
export class Terminal {
  readonly #wire: Wire;
  #typed = "";
  #open = true;
  #afterReturn = false;
  #wake: (() => void) | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Takes what the client sent. */
  feed(text: string): void {
    this.#typed += text;
    this.#wake?.();
  }

  /** Marks the client as gone: whoever waits for input gets `undefined`. */
  hangUp(): void {
    this.#open = false;
    this.#wake?.();
  }

  /** Tells whether the client is still there. */
  isOpen(): boolean {
    return this.#open;
  }

  /** Ends the session from the device's side. */
  close(exitCode = 0): void {
    if (!this.#open) return;
    this.#wire.close(exitCode);
    this.hangUp();
  }

  /** Prints text; line feeds become carriage return and line feed. */
  print(text: string): void {
    if (this.#open && text !== "") this.#wire.send(text.replace(/\r?\n/g, "\r\n"));
  }

  /** Reads one key; `undefined` when the client is gone. */
  async readKey(): Promise<string | undefined> {
    while (this.#typed === "") {
      if (!this.#open) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    const key = this.#typed.slice(0, 1);
    this.#typed = this.#typed.slice(1);
    const second = this.#afterReturn && key === "\n";
    this.#afterReturn = key === "\r";
    return second ? this.readKey() : key;
  }

  /** Prints a prompt and reads a line with echo; `undefined` when the client is gone. */
  async readLine(prompt: string, options: LineOptions = {}): Promise<TypedLine | undefined> {
    const { echo = true, width = 0, help } = options;
    this.print(prompt);
    let text = "";
    let shown = 0;
    let literal = false;
    for (;;) {
      const key = await this.readKey();
      if (key === undefined) return undefined;
      if (key === "\u0016") {
        literal = true;
        continue;
      }
      if (key === "?" && help !== undefined && !literal) {
        this.print(`?\n${help(text)}${prompt}${text}`);
        shown = text.length;
        continue;
      }
      literal = false;
      if (key === "\r" || key === "\n") {
        this.print("\n");
        return { text };
      }
      if (key === "\u0003") return this.#interrupted("", "^C", "ctrl-c");
      if (key === "\u001a") return this.#interrupted(text, "^Z", "ctrl-z");
      if (key === "\b" || key === "\u007f") {
        if (text !== "" && echo) this.print("\b \b");
        text = text.slice(0, -1);
      } else if (key === "\u0015") {
        if (echo) this.print("\b \b".repeat(text.length));
        text = "";
      } else if (key >= " " || key === "\t") {
        const letter = key === "\t" ? " " : key;
        text += letter;
        if (!echo) continue;
        this.print(letter);
        shown += 1;
        if (width === 0 || prompt.length + shown < width - 1) continue;
        const tail = text.slice(-Math.min(SCROLL, text.length));
        const blanks = Math.max(0, shown - tail.length - 1);
        this.print(`${"\b".repeat(shown)}$${tail}${" ".repeat(blanks)}${"\b".repeat(blanks)}`);
        shown = tail.length + 1;
      }
    }
  }

  #interrupted(text: string, shown: string, interrupt: "ctrl-c" | "ctrl-z"): TypedLine {
    this.print(`${shown}\n`);
    return { text, interrupt };
  }

  /** Prints text a page at a time: space goes on by a page, return by a line, anything else ends it.
   *  @param length - lines of a page; 0: no pauses */
  async page(text: string, length: number, pager: Pager): Promise<void> {
    const lines = text.replace(/\n$/, "").split("\n");
    let room = length === 0 ? Number.POSITIVE_INFINITY : length - 1;
    for (const [index, line] of lines.entries()) {
      if (index > 0 && room === 0) {
        this.print(pager.more);
        const key = await this.readKey();
        if (key === undefined) return;
        this.print(pager.wipe);
        if (key === " ") room = length - 1;
        else if (key === "\r" || key === "\n") room = 1;
        else return;
      }
      this.print(`${line}\n`);
      room -= 1;
    }
  }
}
