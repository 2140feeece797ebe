import type { SectionReader, SectionText } from "./section-reader.ts";
import type { Block, Statement } from "./state.ts";

/** A section of the first text with what was read from it. */
export interface SharedSection extends SectionText {
  /** The statement of its header, with the block below it. */
  readonly statement: Statement;
}

/** The sections that two texts have in common. What the second text repeats of the first word for word is not read
 *  again: an intended configuration is the running one but for a few lines. */
export class SharedSections {
  readonly #byLine = new Map<string, SharedSection>();
  /** Blocks that say more or less than one section does. */
  readonly #spoilt = new Set<unknown>();
  readonly #taken = new Map<unknown, number>();
  #offered: Statement | undefined;
  #offers = 0;
  #isReading = true;

  /** Notes what a header of the first text was read as. */
  offer(statement: Statement): void {
    this.#offered = statement;
    this.#offers++;
  }

  /** Keeps what was offered while a section was read, if that was one block. */
  keep(line: string | undefined, reader: SectionReader): void {
    const statement = this.#offers === 1 ? this.#offered : undefined;
    this.#offers = 0;
    if (!this.#isReading || line === undefined || statement === undefined) return;
    const { text, lines } = reader.lastText();
    if (lines > 1) this.#byLine.set(line, { text, lines, statement });
  }

  /** Ends the first text. One that is never closed may swallow sections that stand by themselves in the second. */
  close(isComplete: boolean): void {
    this.#isReading = false;
    if (!isComplete) this.#byLine.clear();
  }

  /** The section of the first text that begins with a line. */
  find(line: string): SharedSection | undefined {
    const section = this.#byLine.get(line);
    return section === undefined || this.#spoilt.has(section.statement.block) ? undefined : section;
  }

  /** Notes that a block stands in both states, so many lines later in the second. */
  take({ block }: Statement, shift: number): void {
    this.#taken.set(block, shift);
  }

  /** A block that goes on with a second section is not what the first one says. */
  spoil(block: Block): void {
    if (this.#isReading) this.#spoilt.add(block);
  }

  /** The lines that a block is shifted by that was taken over; undefined for a block of its own. */
  shiftOf(block: unknown): number | undefined {
    return this.#taken.get(block);
  }
}
