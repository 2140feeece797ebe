import { type Piece, parsePattern } from "./pattern.ts";

/** A word of a typed line; `at` is its column, starting at 0. */
interface Token {
  readonly text: string;
  readonly at: number;
}

/** Reads an argument at a token; `count` tokens are used up and `value` is the canonical spelling. */
export type ArgReader = (
  tokens: readonly Token[],
  index: number,
  line: string,
) => { readonly value: string; readonly count: number } | undefined;

/** The argument types a platform knows, by name. */
export type ArgTypes = Readonly<Record<string, ArgReader>>;

interface Node {
  readonly words: { readonly word: string; readonly name?: string; readonly to: Node }[];
  readonly args: { readonly name: string; readonly read: ArgReader; readonly to: Node }[];
  readonly free: Node[];
  accept: boolean;
}

/** A command of a view: compiled once, matched often. */
export interface Command<T> {
  readonly start: Node;
  /** Words that it can start with; undefined where it can start with a value. */
  readonly heads: readonly string[] | undefined;
  readonly payload: T;
}

/** A line that a view understands. */
export interface Match<T> {
  readonly payload: T;
  readonly values: Readonly<Record<string, string>>;
  /** The line with every keyword spelled out. */
  readonly text: string;
}

/** Why a line is not understood; `at` is the column of the offending word, `parameter` tells that a value was
 *  expected there, `surplus` that the command was already complete. */
export interface Mismatch {
  readonly kind: "unknown" | "ambiguous" | "incomplete";
  readonly at: number;
  readonly depth: number;
  readonly parameter: boolean;
  readonly surplus: boolean;
}

interface Path<T> {
  readonly node: Node;
  readonly payload: T;
  readonly next: number;
  readonly values: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

/** Compiles a pattern into a command.
 *  @param types - readers for the arguments that the pattern names
 *  @throws Error where a pattern names an unknown type */
export function command<T>(pattern: string | Piece, types: ArgTypes, payload: T): Command<T> {
  const piece = typeof pattern === "string" ? parsePattern(pattern) : pattern;
  const end = emptyNode();
  end.accept = true;
  return { start: build(piece, end, types), heads: headsOf(piece), payload };
}

function headsOf(piece: Piece): readonly string[] | undefined {
  switch (piece.kind) {
    case "word":
      return [piece.word.toLowerCase()];
    case "arg":
      return piece.choices?.map((choice) => choice.toLowerCase());
    case "opt":
      return undefined;
    case "seq":
      return piece.parts[0] === undefined ? undefined : headsOf(piece.parts[0]);
    case "any": {
      const all = piece.parts.map(headsOf);
      return all.includes(undefined) ? undefined : all.flatMap((heads) => heads ?? []);
    }
  }
}

function emptyNode(): Node {
  return { words: [], args: [], free: [], accept: false };
}

function build(piece: Piece, to: Node, types: ArgTypes): Node {
  switch (piece.kind) {
    case "word": {
      const node = emptyNode();
      node.words.push({ word: piece.word, to });
      return node;
    }
    case "arg": {
      const node = emptyNode();
      for (const word of piece.choices ?? []) node.words.push({ word, name: piece.name, to });
      if (piece.choices !== undefined) return node;
      node.args.push({ name: piece.name, read: readerOf(piece.type, types), to });
      return node;
    }
    case "seq": {
      let node = to;
      for (const part of [...piece.parts].reverse()) node = build(part, node, types);
      return node;
    }
    case "any": {
      const node = emptyNode();
      for (const part of piece.parts) node.free.push(build(part, to, types));
      return node;
    }
    case "opt": {
      const node = emptyNode();
      node.free.push(build(piece.part, to, types), to);
      return node;
    }
  }
}

function readerOf(type: string, types: ArgTypes): ArgReader {
  const range = /^(\d+)-(\d+)$/.exec(type);
  if (range !== null) return integer(Number(range[1]), Number(range[2]));
  const reader = types[type] ?? COMMON_ARGS[type];
  if (reader === undefined) throw new Error(`unknown argument type: ${type}`);
  return reader;
}

/** Splits a line into words; quotes do not group, as on both platforms' parsers of plain words. */
function tokenize(line: string): Token[] {
  return [...line.matchAll(/\S+/g)].map((found) => ({ text: found[0], at: found.index }));
}

/** Finds the command that a line means, abbreviations included. */
export function matchLine<T>(line: string, commands: readonly Command<T>[]): Match<T> | Mismatch {
  const tokens = tokenize(line);
  const first = (tokens[0]?.text ?? "").toLowerCase();
  const possible = commands.filter(
    (one) => one.heads === undefined || one.heads.some((head) => head.startsWith(first)),
  );
  if (possible.length === 0) {
    return { kind: "unknown", at: tokens[0]?.at ?? 0, depth: 0, parameter: false, surplus: false };
  }
  let paths: Path<T>[] = possible.flatMap((one) =>
    spread({ node: one.start, payload: one.payload, next: 0, values: {}, words: [] }),
  );
  for (const [index, token] of tokens.entries()) {
    const here = paths.filter((path) => path.next === index);
    if (here.length === 0) continue;
    const later = paths.filter((path) => path.next > index);
    const stepped = step(here, tokens, index, line);
    if (stepped === "ambiguous") return mismatch("ambiguous", token.at, index, here);
    if (stepped.length === 0 && later.length === 0) return mismatch("unknown", token.at, index, here);
    paths = [...later, ...stepped];
  }
  const whole = paths.find((path) => path.node.accept && path.next === tokens.length);
  if (whole === undefined) return mismatch("incomplete", line.trimEnd().length, tokens.length, paths);
  return { payload: whole.payload, values: whole.values, text: whole.words.join(" ") };
}

/** Lists what may follow a line that is still being typed: the rest of a half word, or the next words; `<cr>` where
 *  the line is a command already; undefined where no command starts so. */
export function nextWords<T>(line: string, commands: readonly Command<T>[]): readonly string[] | undefined {
  const tokens = tokenize(line);
  const half = tokens.length > 0 && !/\s$/.test(line) ? tokens.at(-1) : undefined;
  const whole = half === undefined ? tokens : tokens.slice(0, -1);
  let paths: Path<T>[] = commands.flatMap((one) =>
    spread({ node: one.start, payload: one.payload, next: 0, values: {}, words: [] }),
  );
  for (const index of whole.keys()) {
    const here = paths.filter((path) => path.next === index);
    const stepped = here.length === 0 ? [] : step(here, whole, index, line);
    if (stepped === "ambiguous") return undefined;
    paths = [...paths.filter((path) => path.next > index), ...stepped];
  }
  const typed = half?.text.toLowerCase() ?? "";
  const words = paths.flatMap((path) => path.node.words.map((edge) => edge.word));
  const values =
    half === undefined ? paths.flatMap((path) => path.node.args.map((edge) => edge.name.toUpperCase())) : [];
  const ends = half === undefined && paths.some((path) => path.node.accept) ? ["<cr>"] : [];
  const fitting = words.filter((word) => word.toLowerCase().startsWith(typed));
  const all = [...new Set([...fitting, ...values])].sort();
  return all.length + ends.length === 0 ? undefined : [...all, ...ends];
}

function mismatch<T>(kind: Mismatch["kind"], at: number, depth: number, paths: readonly Path<T>[]): Mismatch {
  return {
    kind,
    at,
    depth,
    parameter: paths.some((path) => path.node.args.length > 0),
    surplus: paths.length > 0 && paths.every((path) => path.node.words.length + path.node.args.length === 0),
  };
}

function step<T>(
  here: readonly Path<T>[],
  tokens: readonly Token[],
  index: number,
  line: string,
): Path<T>[] | "ambiguous" {
  const typed = (tokens[index]?.text ?? "").toLowerCase();
  const hits = new Set<string>();
  for (const path of here) {
    for (const edge of path.node.words) if (edge.word.toLowerCase().startsWith(typed)) hits.add(edge.word);
  }
  const exact = [...hits].filter((word) => word.toLowerCase() === typed);
  const chosen = exact.length > 0 ? exact : [...hits];
  const [only] = chosen;
  if (chosen.length === 1 && only !== undefined) return here.flatMap((path) => takeWord(path, only));
  const byArgs = here.flatMap((path) => takeArgs(path, tokens, index, line));
  return byArgs.length === 0 && chosen.length > 1 ? "ambiguous" : byArgs;
}

function takeWord<T>(path: Path<T>, word: string): Path<T>[] {
  return path.node.words
    .filter((edge) => edge.word === word)
    .flatMap((edge) =>
      spread({
        ...path,
        node: edge.to,
        next: path.next + 1,
        values: edge.name === undefined ? path.values : { ...path.values, [edge.name]: word },
        words: [...path.words, word],
      }),
    );
}

function takeArgs<T>(path: Path<T>, tokens: readonly Token[], index: number, line: string): Path<T>[] {
  return path.node.args.flatMap((edge) => {
    const read = edge.read(tokens, index, line);
    if (read === undefined) return [];
    return spread({
      ...path,
      node: edge.to,
      next: index + read.count,
      values: { ...path.values, [edge.name]: read.value },
      words: [...path.words, read.value],
    });
  });
}

function spread<T>(path: Path<T>): Path<T>[] {
  return [path, ...path.node.free.flatMap((node) => spread({ ...path, node }))];
}

/** Tells a match from a mismatch. */
export function isMatch<T>(result: Match<T> | Mismatch): result is Match<T> {
  return "payload" in result;
}

/** Reads a whole number within bounds. */
function integer(low: number, high: number): ArgReader {
  return pattern(/^\d+$/, (text) => {
    const value = Number(text);
    return value >= low && value <= high ? String(value) : undefined;
  });
}

/** Reads one word of a given form. */
export function pattern(
  form: RegExp,
  canonical: (text: string) => string | undefined = (text) => text,
): ArgReader {
  return (tokens, index) => {
    const text = tokens[index]?.text ?? "";
    if (!form.test(text)) return undefined;
    const value = canonical(text);
    return value === undefined ? undefined : { value, count: 1 };
  };
}

/** Reads the rest of the line as it was typed. */
export const restOfLine: ArgReader = (tokens, index, line) => {
  const token = tokens[index];
  if (token === undefined) return undefined;
  return { value: line.slice(token.at).trimEnd(), count: tokens.length - index };
};

const COMMON_ARGS: ArgTypes = {
  word: pattern(/^\S+$/),
  line: restOfLine,
  ipv4: pattern(/^\d{1,3}(\.\d{1,3}){3}$/, (text) => {
    const parts = text.split(".").map(Number);
    return parts.every((part) => part <= 255) ? parts.join(".") : undefined;
  }),
};
