import type { Finding } from "../../model/finding.ts";
import { canonicalIn } from "./canonical.ts";
import type { CompiledDialect } from "./compile.ts";
import { isEntry } from "./entry-lines.ts";
import type { CanonicalLine } from "./line-memory.ts";
import { LineCursor } from "./lines.ts";
import { NO_CHILDREN, OpenHeaders, type OpenNode, type ParsedNode } from "./open-headers.ts";
import { RawReader } from "./raw-text.ts";
import type { ConfigNode } from "./types.ts";
import { wordsOf } from "./words.ts";

/** A line at the left edge with what is indented below it, as it stands in the text. */
export interface SectionText {
  readonly text: string;
  readonly lines: number;
}

/** Reads a text section by section: a line at root with all that stands below it. Who needs the meaning only
 *  drops each section before the next one is read. */
export class SectionReader {
  readonly #compiled: CompiledDialect;
  readonly #cursor: LineCursor;
  readonly #headers: OpenHeaders;
  readonly #raw: RawReader;
  /** True where the cursor stands on a line that no section has taken yet. */
  #isHeld = false;
  #start = 0;
  #firstNumber = 0;
  #end = 0;
  #lastNumber = 0;
  readonly findings: Finding[] = [];
  readonly unknown: { line: number; text: string }[] = [];

  constructor(compiled: CompiledDialect, text: string) {
    this.#compiled = compiled;
    this.#cursor = new LineCursor(compiled, text);
    this.#headers = new OpenHeaders(compiled);
    this.#raw = new RawReader(compiled.dialect, this.#cursor, this.findings);
  }

  /** Lines that were read, and those of them that were noise. */
  get lines(): number {
    return this.#cursor.count;
  }

  get removed(): number {
    return this.#cursor.removed;
  }

  /** The line that the next section begins with; undefined at the end and where it does not stand at the left edge. */
  peek(): string | undefined {
    if (!this.#hold()) return undefined;
    return this.#cursor.indent === 0 ? this.#cursor.line : undefined;
  }

  /** The number of the line that the next section begins with. */
  get number(): number {
    return this.#cursor.number;
  }

  /** Passes over the next section where it is the given one, word for word and to its end. */
  skip({ text, lines }: SectionText): boolean {
    const cursor = this.#cursor;
    if (!this.#hold() || !cursor.goesOnWith(text)) return false;
    const { line, number, start, removed, count } = cursor;
    cursor.skip(text, lines);
    // What comes next may be noise and then more of this section.
    this.#isHeld = cursor.next();
    if (!this.#isHeld || cursor.indent === 0) return true;
    cursor.reset({ end: start, number: number - 1, removed, count: count - 1 });
    this.#isHeld = cursor.next() && cursor.line === line;
    return false;
  }

  /** The next section; undefined at the end of the text. */
  next(): OpenNode | undefined {
    if (!this.#hold()) return undefined;
    const cursor = this.#cursor;
    const headers = this.#headers;
    headers.leaveTo(0);
    this.#start = cursor.start;
    this.#firstNumber = cursor.number;
    const root = this.#readNode();
    for (;;) {
      this.#end = cursor.end;
      this.#lastNumber = cursor.number;
      this.#isHeld = cursor.next();
      if (!this.#isHeld) return root;
      headers.leaveTo(cursor.indent);
      if (headers.isEmpty) return root;
      // The header is asked for before the line is read, since a line may become a header itself.
      this.#readNode();
    }
  }

  /** The section that `next` gave last, as it stands in the text. */
  lastText(): SectionText {
    return {
      text: this.#cursor.textBetween(this.#start, this.#end),
      lines: this.#lastNumber - this.#firstNumber + 1,
    };
  }

  #hold(): boolean {
    if (!this.#isHeld) this.#isHeld = this.#cursor.next();
    return this.#isHeld;
  }

  /** Makes a node of the line at the cursor and puts it below the innermost header. */
  #readNode(): OpenNode {
    const { line, indent, number } = this.#cursor;
    const headers = this.#headers;
    const body = indent === 0 ? line : line.slice(indent);
    const role = roleOf(this.#compiled, body);
    if (role !== "statement") {
      const node = nodeOf(body, line, number, role, SAYS_NOTHING, body);
      headers.add(node);
      return node;
    }
    const { table } = headers;
    const { sequence } = table;
    if (sequence !== undefined && isEntry(sequence, body)) {
      const key = body.includes("  ") ? wordsOf(body).join(" ") : body;
      const node = nodeOf(key, line, number, role, SAYS_NOTHING, body);
      headers.add(node);
      headers.enter(node, indent);
      return node;
    }
    const spelled = canonicalIn(this.#compiled, table, body);
    const rest = spelled.opensText ? this.#raw.rest() : undefined;
    if (rest !== undefined) {
      const node = textNode(spelled, line, rest.join("\n"), number);
      headers.add(node);
      return node;
    }
    const source = spelled.asTyped ? spelled.key : body;
    const node = nodeOf(spelled.key, line, number, role, spelled, source);
    if (!node.understood) this.unknown.push({ line: number, text: body });
    headers.add(node);
    headers.enter(node, indent);
    return node;
  }
}

const SAYS_NOTHING: CanonicalLine = {
  negated: false,
  match: undefined,
  key: "",
  asTyped: true,
  secretive: false,
  opensText: false,
};

function roleOf({ dialect }: CompiledDialect, body: string): ConfigNode["role"] {
  if (body === "") return "comment";
  for (const comment of dialect.comments) if (body.startsWith(comment)) return "comment";
  return dialect.closers.includes(body) ? "close" : "statement";
}

function nodeOf(
  key: string,
  text: string,
  line: number,
  role: ConfigNode["role"],
  spelled: CanonicalLine,
  source: string,
): OpenNode {
  return {
    key,
    text,
    line,
    children: NO_CHILDREN,
    understood: spelled === SAYS_NOTHING || spelled.match !== undefined,
    role,
    spelled,
    source,
  };
}

/** A statement that runs over several lines. */
function textNode(spelled: CanonicalLine, first: string, rest: string, line: number): OpenNode {
  const text = `${first}\n${rest}`;
  return {
    key: `${spelled.key}\n${rest}`,
    text,
    line,
    children: NO_CHILDREN,
    understood: true,
    role: "statement",
    spelled: { ...spelled, secretive: true },
    source: text.trim(),
  };
}

/** A line that is read in place of another one: one of the elements that it names. */
export function nodeInPlace(node: ParsedNode, spelled: CanonicalLine, text: string): ParsedNode {
  return { ...node, key: spelled.key, text, spelled, source: text };
}
