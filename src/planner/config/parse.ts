import type { Finding } from "../../model/finding.ts";
import { canonicalLine, isNumber, wordsOf } from "./canonical.ts";
import { type CompiledDialect, compileDialect, sequenceOf } from "./compile.ts";
import type { Dialect, RawText, SequenceSyntax } from "./dialect.ts";
import { formOf } from "./forms/form.ts";
import { type CleanText, cleanLines, indentOf } from "./lines.ts";
import type { RuleMatch } from "./pattern.ts";
import { KnownSections } from "./shared.ts";
import type { ConfigNode, ConfigTree } from "./types.ts";

/** A node with what the dialect made of it; internal to the engine. */
export interface ParsedNode extends ConfigNode {
  readonly children: readonly ParsedNode[];
  readonly match: RuleMatch | undefined;
  readonly negated: boolean;
  /** True where the line may hold a secret, so that it is looked for. */
  readonly secretive: boolean;
  /** Where the children were taken over from another text: how many lines later they stand in this one. */
  readonly shift?: number;
}

/** Levels that are followed; no configuration nests deeper, and hostile input shall not exhaust the stack. */
const DEEPEST = 64;

/** Most lines have nothing below them: they share one list, and get one of their own with the first line that has. */
const NO_CHILDREN: ParsedNode[] = [];

interface OpenNode extends ParsedNode {
  children: ParsedNode[];
}

/** The headers around the line that is read, outermost first. Three rows of values in place of an object for each line. */
class OpenHeaders {
  readonly #nodes: (OpenNode | undefined)[] = [undefined];
  readonly #indents: number[] = [-1];
  readonly #contexts: string[] = ["root"];
  readonly #root: ParsedNode[];
  #depth = 0;

  constructor(root: ParsedNode[]) {
    this.#root = root;
  }

  /** The context of what stands below the innermost header. */
  get context(): string {
    return this.#contexts[this.#depth] as string;
  }

  /** True where a line stands at root. */
  get isEmpty(): boolean {
    return this.#depth === 0;
  }

  /** Leaves the headers that a line of this indentation does not stand below. */
  leaveTo(indent: number): void {
    while (this.#depth > 0 && (this.#indents[this.#depth] as number) >= indent) this.#depth--;
  }

  /** Puts a line below the innermost header. */
  add(node: ParsedNode): void {
    const header = this.#nodes[this.#depth];
    if (header === undefined) this.#root.push(node);
    else if (header.children === NO_CHILDREN) header.children = [node];
    else header.children.push(node);
  }

  /** Makes a line the innermost header. */
  enter(node: OpenNode, indent: number): void {
    if (this.#depth + 1 >= DEEPEST) return;
    this.#depth++;
    this.#nodes[this.#depth] = node;
    this.#indents[this.#depth] = indent;
    // Named by its rule, `unknown` where no rule knows it.
    this.#contexts[this.#depth] = node.match?.rule.block ?? "unknown";
  }
}

/** Parses a configuration into a tree without losing a line.
 *  @param text - as printed by the device or kept in a file; CR, NUL and pager remains are taken away */
export function parseConfig(dialect: Dialect, text: string): ConfigTree {
  const compiled = compileDialect(dialect);
  const form = formOf(dialect);
  return form ? form.parse(compiled, text) : readLines(compiled, cleanLines(compiled, text)).tree;
}

/** Parses two texts that say nearly the same; what the second repeats of the first is read once.
 *  The trees are for reading their meaning: nodes of the second may carry the line numbers of the first. */
export function parsePair(
  dialect: Dialect,
  first: string,
  second: string,
): readonly [ConfigTree, ConfigTree] {
  if (formOf(dialect)) return [parseConfig(dialect, first), parseConfig(dialect, second)];
  const compiled = compileDialect(dialect);
  const clean = cleanLines(compiled, first);
  const { tree, nodes, starts } = readLines(compiled, clean);
  // A text that is never closed may swallow sections here that stand by themselves there.
  const known = tree.findings.length === 0 ? new KnownSections(clean, nodes, starts) : undefined;
  return [tree, readLines(compiled, cleanLines(compiled, second), known).tree];
}

interface ReadText {
  readonly tree: ConfigTree;
  readonly nodes: readonly ParsedNode[];
  /** Index of the line that each node begins with. */
  readonly starts: readonly number[];
}

function readLines(compiled: CompiledDialect, clean: CleanText, known?: KnownSections): ReadText {
  const { dialect } = compiled;
  const starts: number[] = [];
  const findings: Finding[] = [];
  const unknown: { line: number; text: string }[] = [];
  const root: ParsedNode[] = [];
  const headers = new OpenHeaders(root);
  const raw = new RawReader(dialect, clean, findings);
  for (let i = 0; i < clean.lines.length; i++) {
    const line = clean.lines[i] as string;
    const number = clean.numbers[i] as number;
    const indent = indentOf(line);
    const body = indent === 0 ? line : line.slice(indent);
    headers.leaveTo(indent);
    if (headers.isEmpty) starts.push(i);
    const repeated = indent === 0 ? known?.find(clean, i) : undefined;
    if (repeated) {
      headers.add({ ...repeated.node, line: number, shift: number - repeated.node.line });
      i += repeated.length - 1;
      continue;
    }
    const role = roleOf(dialect, body);
    if (role !== "statement") {
      headers.add(plainNode(line, body, number, role));
      continue;
    }
    const last = raw.endOf(i, line);
    const node =
      last === i
        ? statementNode(compiled, headers.context, body, line, number)
        : rawNode(compiled, headers.context, body, clean.lines.slice(i, last + 1), number);
    headers.add(node);
    if (!node.understood) unknown.push({ line: number, text: body });
    if (last === i) headers.enter(node, indent);
    i = last;
  }
  const tree: ConfigTree = {
    platform: dialect.platform,
    nodes: root,
    lines: clean.lines.length + clean.removed,
    understood: clean.lines.length - unknown.length,
    removed: clean.removed,
    unknown,
    findings,
  };
  return { tree, nodes: root, starts };
}

function roleOf(dialect: Dialect, body: string): ConfigNode["role"] {
  if (body === "") return "comment";
  for (const comment of dialect.comments) if (body.startsWith(comment)) return "comment";
  return dialect.closers.includes(body) ? "close" : "statement";
}

function plainNode(text: string, key: string, line: number, role: ConfigNode["role"]): OpenNode {
  return {
    key,
    text,
    line,
    children: NO_CHILDREN,
    understood: true,
    role,
    match: undefined,
    negated: false,
    secretive: false,
  };
}

function statementNode(
  compiled: CompiledDialect,
  context: string,
  body: string,
  text: string,
  line: number,
): OpenNode {
  const sequence = sequenceOf(compiled, context);
  if (sequence !== undefined && isEntry(sequence, body)) return entryNode(body, text, line);
  const { key, match, negated, secretive } = canonicalLine(compiled, context, body);
  return {
    key,
    text,
    line,
    children: NO_CHILDREN,
    understood: match !== undefined,
    role: "statement",
    match,
    negated,
    secretive,
  };
}

function entryNode(body: string, text: string, line: number): OpenNode {
  const key = body.includes("  ") ? wordsOf(body).join(" ") : body;
  return plainNode(text, key, line, "statement");
}

/** A statement that runs over several lines. */
function rawNode(
  compiled: CompiledDialect,
  context: string,
  body: string,
  lines: readonly string[],
  line: number,
): OpenNode {
  const first = statementNode(compiled, context, body, lines[0] ?? "", line);
  const rest = lines.slice(1).join("\n");
  return {
    ...first,
    key: `${first.key}\n${rest}`,
    text: `${first.text}\n${rest}`,
    understood: true,
    secretive: true,
  };
}

/** Tells whether a line of a list block is one of its numbered entries. */
export function isEntry(sequence: SequenceSyntax, body: string): boolean {
  const words = body.includes("  ") ? wordsOf(body) : body.split(" ", 3);
  let at = 0;
  if (sequence.word !== undefined) {
    if (words[0] === sequence.word) at = isNumber(words[1]) ? 2 : 1;
    else if (sequence.note !== undefined) return false;
  } else if (isNumber(words[0])) at = 1;
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
