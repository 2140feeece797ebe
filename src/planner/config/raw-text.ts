import type { Finding } from "../../model/finding.ts";
import type { Dialect, RawText } from "./dialect.ts";
import type { LineCursor } from "./lines.ts";

/** Reads statements that run over several lines: banners, certificates. */
export class RawReader {
  readonly #dialect: Dialect;
  readonly #cursor: LineCursor;
  readonly #findings: Finding[];
  /** Ends that were sought to the end of the text in vain: sought once only, so that time stays linear. */
  readonly #vain = new Set<string>();

  constructor(dialect: Dialect, cursor: LineCursor, findings: Finding[]) {
    this.#dialect = dialect;
    this.#cursor = cursor;
    this.#findings = findings;
  }

  /** Reads the lines that belong to the one at the cursor and come after it; undefined where none do. */
  rest(): readonly string[] | undefined {
    const { line, number } = this.#cursor;
    for (const form of this.#dialect.raw) {
      const match = form.start.exec(line);
      if (!match) continue;
      const lines = this.#read(form, line, match);
      if (lines !== undefined) return lines.length === 0 ? undefined : lines;
      this.#findings.push({
        code: "CFG-UNTERMINATED",
        severity: "warning",
        message: `a text of several lines that begins here is never closed: ${line.trim().slice(0, 40)}`,
        hint: "Check that the file is complete.",
        where: { device: "", line: number, text: line.trim() },
      });
      return undefined;
    }
    return undefined;
  }

  /** @returns undefined where the text has no end */
  #read(form: RawText, line: string, match: RegExpExecArray): readonly string[] | undefined {
    const { end } = form;
    if (end !== "delimiter") return this.#seek(String(end), (text) => end.test(text));
    const delimiter = match[1] ?? "";
    const after = line.slice(match.index + match[0].length);
    return after.includes(delimiter) ? [] : this.#seek(delimiter, (text) => text.includes(delimiter));
  }

  #seek(name: string, isEnd: (text: string) => boolean): readonly string[] | undefined {
    if (this.#vain.has(name)) return undefined;
    const cursor = this.#cursor;
    const mark = cursor.mark();
    const lines: string[] = [];
    while (cursor.next()) {
      lines.push(cursor.line);
      if (isEnd(cursor.line)) return lines;
    }
    this.#vain.add(name);
    cursor.reset(mark);
    return undefined;
  }
}
