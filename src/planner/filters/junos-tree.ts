import type { RuleLine } from "./types.ts";

/** A word of a Junos configuration with what stands below it. */
export interface JunosNode {
  readonly children: Map<string, JunosNode>;
  /** Where the word first stands. */
  readonly at: RuleLine;
}

/** Reads a Junos configuration, in braces or as `set` lines, as one tree of words. `inactive:` and `deactivate` take
 *  statements away; comments are skipped. */
export function junosTree(text: string): JunosNode {
  const root: JunosNode = { children: new Map(), at: { line: 1, text: "" } };
  const lines = text.split("\n");
  if (lines.some((line) => /^\s*set \S/.test(line))) readSetLines(root, lines);
  else readBraces(root, lines);
  return root;
}

/** The node at a path, if it is there. */
export function nodeAt(node: JunosNode | undefined, ...path: readonly string[]): JunosNode | undefined {
  let here = node;
  for (const word of path) here = here?.children.get(word);
  return here;
}

/** Words right below a node, in the order of the text. */
export function wordsBelow(node: JunosNode | undefined, ...path: readonly string[]): string[] {
  return [...(nodeAt(node, ...path)?.children.keys() ?? [])];
}

function add(root: JunosNode, path: readonly string[], at: RuleLine): void {
  let here = root;
  for (const word of path) {
    const known = here.children.get(word);
    const next = known ?? { children: new Map(), at };
    if (known === undefined) here.children.set(word, next);
    here = next;
  }
}

function readSetLines(root: JunosNode, lines: readonly string[]): void {
  for (const [index, raw] of lines.entries()) {
    const text = raw.trim();
    const [verb, ...words] = tokens(text);
    const at = { line: index + 1, text };
    if (verb === "set") for (const path of spread(words)) add(root, path, at);
    else if ((verb === "deactivate" || verb === "delete") && words.length > 0) remove(root, words);
  }
}

function remove(root: JunosNode, path: readonly string[]): void {
  nodeAt(root, ...path.slice(0, -1))?.children.delete(path.at(-1) ?? "");
}

/** `protocol [ tcp udp ]` says two things. */
function spread(words: readonly string[]): string[][] {
  const open = words.indexOf("[");
  if (open < 0) return [[...words]];
  const close = words.indexOf("]", open);
  const members = words.slice(open + 1, close < 0 ? undefined : close);
  const rest = close < 0 ? [] : words.slice(close + 1);
  return members.map((member) => [...words.slice(0, open), member, ...rest]);
}

function tokens(line: string): string[] {
  return (line.match(/"[^"]*"|[[\]{};]|[^\s[\]{};"]+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, "$1"));
}

interface Token {
  readonly word: string;
  readonly at: RuleLine;
}

function readBraces(root: JunosNode, lines: readonly string[]): void {
  let comment = false;
  const all: Token[] = [];
  for (const [index, raw] of lines.entries()) {
    let text = raw;
    if (comment) {
      const end = text.indexOf("*/");
      if (end < 0) continue;
      text = text.slice(end + 2);
      comment = false;
    }
    text = text.replace(/\/\*.*?\*\//g, " ");
    if (text.includes("/*")) {
      comment = true;
      text = text.slice(0, text.indexOf("/*"));
    }
    const bare = text.replace(/(^|\s)##?.*$/, "");
    const at = { line: index + 1, text: raw.trim() };
    for (const word of tokens(bare)) all.push({ word, at });
  }
  readStatements(root, all);
}

/** Levels that are followed; no configuration nests deeper. */
const DEEPEST = 64;

interface Level {
  readonly path: readonly string[];
  /** Within something that is switched off, or too deep. */
  readonly off: boolean;
}

function readStatements(root: JunosNode, all: readonly Token[]): void {
  const stack: Level[] = [{ path: [], off: false }];
  let words: Token[] = [];
  for (const token of all) {
    const level = stack.at(-1) ?? { path: [], off: true };
    if (token.word === "}") {
      if (stack.length > 1) stack.pop();
      words = [];
      continue;
    }
    if (token.word !== ";" && token.word !== "{") {
      words.push(token);
      continue;
    }
    const inactive = words[0]?.word === "inactive:";
    const own = words
      .map(({ word }) => word)
      .filter((word) => !/^(?:inactive|replace|protect|active):$/.test(word));
    const place = words.find(({ word }) => !/^\w+:$/.test(word))?.at ?? token.at;
    const off = level.off || inactive || stack.length > DEEPEST;
    if (!off) for (const each of spread(own)) add(root, [...level.path, ...each], place);
    if (token.word === "{") stack.push({ path: off ? [] : [...level.path, ...own], off });
    words = [];
  }
}
