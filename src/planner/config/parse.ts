import type { Finding } from "../../model/finding.ts";
import { type CanonicalLine, canonicalLine, wordsOf } from "./canonical.ts";
import { type CompiledDialect, compileDialect, sequenceOf } from "./compile.ts";
import type { Dialect, RawText, SequenceSyntax } from "./dialect.ts";
import { formOf } from "./forms/form.ts";
import { type CleanText, cleanLines, indentOf } from "./lines.ts";
import type { RuleMatch } from "./pattern.ts";
import type { ConfigNode, ConfigTree } from "./types.ts";

/** A node with what the dialect made of it; internal to the engine. */
export interface ParsedNode extends ConfigNode {
  readonly children: readonly ParsedNode[];
  readonly match: RuleMatch | undefined;
  readonly negated: boolean;
  /** Context of the node itself. */
  readonly context: string;
}

/** Levels that are followed; no configuration nests deeper, and hostile input shall not exhaust the stack. */
const DEEPEST = 64;

interface OpenNode extends ParsedNode {
  readonly children: OpenNode[];
}

interface Level {
  readonly indent: number;
  readonly nodes: OpenNode[];
  readonly context: string;
}

/** Parses a configuration into a tree without losing a line.
 *  @param text - as printed by the device or kept in a file; CR, NUL and pager remains are taken away */
export function parseConfig(dialect: Dialect, text: string): ConfigTree {
  const compiled = compileDialect(dialect);
  const form = formOf(dialect);
  if (form) return form.parse(compiled, text);
  const clean = cleanLines(compiled, text);
  const findings: Finding[] = [];
  const unknown: { line: number; text: string }[] = [];
  const root: OpenNode[] = [];
  const stack: Level[] = [{ indent: -1, nodes: root, context: "root" }];
  const raw = new RawReader(dialect, clean, findings);
  for (let i = 0; i < clean.lines.length; i++) {
    const line = clean.lines[i] as string;
    const number = clean.numbers[i] as number;
    const indent = indentOf(line);
    const body = indent === 0 ? line : line.slice(indent);
    while (stack.length > 1 && (stack.at(-1) as Level).indent >= indent) stack.pop();
    const parent = stack.at(-1) as Level;
    const role = roleOf(dialect, body);
    if (role !== "statement") {
      const level = body === "" ? ((stack.at(-1) as Level) ?? parent) : parent;
      level.nodes.push(plainNode(line, body, number, role, level.context));
      continue;
    }
    const last = raw.endOf(i, line);
    const node = statementNode(
      compiled,
      parent.context,
      body,
      clean.lines.slice(i, last + 1).join("\n"),
      number,
    );
    parent.nodes.push(node);
    if (!node.understood) unknown.push({ line: number, text: body });
    if (last > i) {
      i = last;
      continue;
    }
    if (stack.length < DEEPEST) stack.push({ indent, nodes: node.children, context: childContext(node) });
  }
  return {
    platform: dialect.platform,
    nodes: root,
    lines: clean.lines.length + clean.removed,
    understood: clean.lines.length - unknown.length,
    removed: clean.removed,
    unknown,
    findings,
  };
}

function roleOf(dialect: Dialect, body: string): ConfigNode["role"] {
  if (body === "") return "comment";
  for (const comment of dialect.comments) if (body.startsWith(comment)) return "comment";
  return dialect.closers.includes(body) ? "close" : "statement";
}

function plainNode(
  text: string,
  key: string,
  line: number,
  role: ConfigNode["role"],
  context: string,
): OpenNode {
  return { key, text, line, children: [], understood: true, role, match: undefined, negated: false, context };
}

function statementNode(
  compiled: CompiledDialect,
  context: string,
  body: string,
  text: string,
  line: number,
): OpenNode {
  const sequence = sequenceOf(compiled, context);
  const entry = sequence !== undefined && isEntry(sequence, body);
  const multi = text.includes("\n");
  const canonical: CanonicalLine | undefined = entry ? undefined : canonicalLine(compiled, context, body);
  const head = entry ? wordsOf(body).join(" ") : (canonical?.key ?? body);
  return {
    key: multi ? `${head}${text.slice(text.indexOf("\n"))}` : head,
    text,
    line,
    children: [],
    understood: entry || multi || canonical?.match !== undefined,
    role: "statement",
    match: canonical?.match,
    negated: canonical?.negated ?? false,
    context,
  };
}

/** Context of the lines below a node: named by its rule, `unknown` where no rule knows it. */
function childContext(node: ParsedNode): string {
  return node.match?.rule.block ?? "unknown";
}

/** Tells whether a line of a list block is one of its numbered entries. */
export function isEntry(sequence: SequenceSyntax, body: string): boolean {
  const words = wordsOf(body);
  let at = 0;
  if (sequence.word !== undefined) {
    if (words[0] === sequence.word) at = /^\d+$/.test(words[1] ?? "") ? 2 : 1;
    else if (sequence.note !== undefined) return false;
  } else if (/^\d+$/.test(words[0] ?? "")) at = 1;
  const first = words[at] ?? "";
  return (
    sequence.entries.includes(first) || (sequence.note !== undefined && at === 2 && first === sequence.note)
  );
}

/** Finds the last line of statements that run over several lines. */
class RawReader {
  readonly #dialect: Dialect;
  readonly #clean: CleanText;
  readonly #findings: Finding[];
  /** Ends that were sought to the end of the text in vain: sought once only, so that time stays linear. */
  readonly #vain = new Set<string>();

  constructor(dialect: Dialect, clean: CleanText, findings: Finding[]) {
    this.#dialect = dialect;
    this.#clean = clean;
    this.#findings = findings;
  }

  endOf(index: number, line: string): number {
    for (const form of this.#dialect.raw) {
      const match = form.start.exec(line);
      if (!match) continue;
      const end = this.#find(form, index, line, match);
      if (end !== undefined) return end;
      this.#findings.push({
        code: "CFG-UNTERMINATED",
        severity: "warning",
        message: `a text of several lines that begins here is never closed: ${line.trim().slice(0, 40)}`,
        hint: "Check that the file is complete.",
        where: { device: "", line: this.#clean.numbers[index] ?? 1, text: line.trim() },
      });
      return index;
    }
    return index;
  }

  #find(form: RawText, index: number, line: string, match: RegExpExecArray): number | undefined {
    const { lines } = this.#clean;
    if (form.end !== "delimiter")
      return this.#seek(String(form.end), index, (text) => (form.end as RegExp).test(text));
    const delimiter = match[1] ?? "";
    const after = line.slice(match.index + match[0].length);
    if (after.includes(delimiter)) return index;
    return lines.length > index + 1
      ? this.#seek(delimiter, index, (text) => text.includes(delimiter))
      : undefined;
  }

  #seek(name: string, index: number, isEnd: (text: string) => boolean): number | undefined {
    if (this.#vain.has(name)) return undefined;
    const { lines } = this.#clean;
    for (let i = index + 1; i < lines.length; i++) if (isEnd(lines[i] as string)) return i;
    this.#vain.add(name);
    return undefined;
  }
}

/** Gives back the text of a tree: the source without CR, trailing blanks and noise lines. */
export function renderTree(tree: ConfigTree): string {
  const lines: string[] = [];
  collect(tree.nodes, lines);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function collect(nodes: readonly ConfigNode[], lines: string[]): void {
  for (const node of nodes) {
    lines.push(node.text);
    collect(node.children, lines);
  }
}
