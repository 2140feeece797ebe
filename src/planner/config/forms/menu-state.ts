import { type CompiledDialect, findRule, tableOf } from "../compile.ts";
import { maskBase, maskOfLength } from "../words.ts";
import { emptyBlock, enterBlock, type OpenBlock, putLine } from "./build.ts";
import { splitWords } from "./rows.ts";
import type { Chunk } from "./text-nodes.ts";
import { canonicalWord, canonicalWords, unquote } from "./words.ts";

/** The meaning of a RouterOS export. */
export interface MenuReading {
  readonly root: OpenBlock;
  readonly unknown: ReadonlySet<number>;
  /** Rows that go on where nothing follows, or with a quote that is never closed. */
  readonly open: readonly number[];
  readonly chunks: readonly Chunk[];
}

/** A property as compared and as typed. */
interface Property {
  readonly name: string;
  readonly text: string;
  readonly source: string;
}

/** An `add` line, until it is known which properties tell it from its neighbours. */
interface Added {
  readonly menu: OpenBlock;
  readonly properties: readonly Property[];
  readonly row: number;
}

const VERBS = new Set(["add", "set", "enable", "disable", "remove", "unset", "move", "print", "export"]);
/** Properties that never tell entries apart. */
const LOOSE = new Set(["comment", "disabled"]);
/** Lines that a continued line may run over. */
const LONGEST = 400;

/** Reads the lines of an export. */
export function readMenus(compiled: CompiledDialect, lines: readonly string[]): MenuReading {
  const root = emptyBlock("root");
  const unknown = new Set<number>();
  const open: number[] = [];
  const chunks: Chunk[] = [];
  const added: Added[] = [];
  let menu = "";
  for (let row = 0; row < lines.length; ) {
    const endRow = lastRow(lines, row);
    const text = joinRows(lines, row, endRow);
    if (/\\$/.test(lines[endRow] as string) || (text.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1)
      open.push(row);
    const isComment = text === "" || text.startsWith("#");
    chunks.push({ row, endRow, role: isComment ? "comment" : "statement", key: text, closes: 0, opens: 0 });
    if (!isComment) {
      const words = splitWords(text);
      if (words[0]?.startsWith("/")) menu = takeMenu(words);
      if (!readLine(compiled, root, menu, words, row, added)) unknown.add(row);
    }
    row = endRow + 1;
  }
  placeAdded(compiled, added);
  return { root, unknown, open, chunks };
}

/** A line that ends in a backslash goes on in the next one. */
function lastRow(lines: readonly string[], row: number): number {
  let end = row;
  const limit = Math.min(lines.length - 1, row + LONGEST);
  if ((lines[row] as string).trimStart().startsWith("#")) return row;
  while (end < limit && (lines[end] as string).endsWith("\\")) end++;
  return end;
}

function joinRows(lines: readonly string[], row: number, endRow: number): string {
  const parts = [(lines[row] as string).trimStart()];
  for (let i = row + 1; i <= endRow; i++) parts.push((lines[i] as string).trimStart());
  return parts.map((part, i) => (i < parts.length - 1 ? part.replace(/\\$/, "") : part)).join("");
}

/** Takes the words of the menu off a line. */
function takeMenu(words: string[]): string {
  const at = words.findIndex((word, i) => i > 0 && (VERBS.has(word) || word.includes("=")));
  return words
    .splice(0, at < 0 ? words.length : at)
    .join(" ")
    .replaceAll(/(?<=.)\//g, " ");
}

function readLine(
  compiled: CompiledDialect,
  root: OpenBlock,
  menu: string,
  words: readonly string[],
  row: number,
  added: Added[],
): boolean {
  const [verb, ...rest] = words;
  if (menu === "") return false;
  const known = findRule(tableOf(compiled, "root"), menu.split(" "), false) !== undefined;
  if (verb === undefined) return known;
  const { block } = enterBlock(compiled, root, menu.split(" "), { source: menu, line: row + 1 });
  const properties = rest.flatMap((word) => propertyOf(compiled, block, word));
  if (verb === "add") {
    if (properties.length !== rest.length || rest.length === 0) return false;
    added.push({ menu: block, properties, row });
    return known;
  }
  if (verb === "enable" || verb === "disable") {
    const flag = { name: "disabled", text: `disabled=${verb === "disable" ? "yes" : "no"}` };
    for (const name of rest.join("").split(","))
      if (name !== "") setEntry(compiled, block, [name], [{ ...flag, source: flag.text }], row);
    return known;
  }
  if (verb !== "set") return false;
  const named = rest.slice(0, rest.length - properties.length);
  if (rest.slice(0, named.length).some((word) => propertyOf(compiled, block, word).length > 0)) return false;
  if (named.length === 0) for (const property of properties) putProperty(compiled, block, property, row);
  else setEntry(compiled, block, named, properties, row);
  return known;
}

/** `name=value` as compared: quotes settled, lists of which the order does not count sorted. */
function propertyOf(compiled: CompiledDialect, menu: OpenBlock, word: string): Property[] {
  const match = /^(!?[a-z0-9.][\w.-]*)(?:=(.*))?$/is.exec(word);
  const [, name = "", value] = match ?? [];
  if (!match || (value === undefined && !name.startsWith("!"))) return [];
  if (value === undefined) return [{ name, text: name, source: word }];
  const plain = `${name}=${canonicalWord(unquote(value))}`;
  const [text = plain] = canonicalWords(compiled, menu.context, [plain]);
  const type = findRule(tableOf(compiled, `${menu.context} entry`), [text], false)?.captures[0]?.type;
  if (type !== "set") return [{ name, text, source: word }];
  const list = text
    .slice(name.length + 1)
    .split(",")
    .sort();
  return [{ name, text: `${name}=${list.join(",")}`, source: word }];
}

/** `set ssh …` and `set [ find default-name=ether1 ] …` change what exists by itself. */
function setEntry(
  compiled: CompiledDialect,
  menu: OpenBlock,
  named: readonly string[],
  properties: readonly Property[],
  row: number,
): void {
  const name = named
    .join(" ")
    .replace(/^\[\s*find\s+(?:where\s+)?/, "")
    .replace(/\s*\]$/, "");
  const source = `set ${named.join(" ")}`;
  const { block } = enterBlock(compiled, menu, ["set", ...name.split(/\s+/)], { source, line: row + 1 });
  for (const property of properties) putProperty(compiled, block, property, row);
}

function putProperty(compiled: CompiledDialect, block: OpenBlock, property: Property, row: number): void {
  putLine(compiled, block, [property.text], {
    source: property.source,
    line: row + 1,
    slot: property.text.startsWith("!") ? property.text : `${property.name}=`,
  });
}

/** Names each `add` line by the first group of properties that no other line of its menu has; else by all of them. */
function placeAdded(compiled: CompiledDialect, added: readonly Added[]): void {
  const counts = new Map<OpenBlock, Map<string, number>>();
  for (const { menu, properties } of added) {
    const own = counts.get(menu) ?? new Map<string, number>();
    counts.set(menu, own);
    for (const key of keysOf(compiled, menu, properties)) {
      const name = nameOf(key);
      own.set(name, (own.get(name) ?? 0) + 1);
    }
  }
  const taken = new Map<OpenBlock, Map<string, number>>();
  for (const { menu, properties: typed, row } of added) {
    const properties = typed.filter((property) => !isDerived(compiled, menu, property, typed));
    const own = counts.get(menu);
    const key =
      keysOf(compiled, menu, properties).find((group) => own?.get(nameOf(group)) === 1) ??
      properties.filter((property) => !LOOSE.has(property.name));
    const header = key.length > 0 ? key : properties;
    const used = taken.get(menu) ?? new Map<string, number>();
    taken.set(menu, used);
    const nth = (used.get(nameOf(header)) ?? 0) + 1;
    used.set(nameOf(header), nth);
    const words = [...header.map((property) => property.text).sort(), ...(nth > 1 ? [`#${nth}`] : [])];
    const source = header.map((property) => property.source).join(" ");
    const { block } = enterBlock(compiled, menu, words, { source, line: row + 1 }, `${menu.context} entry`);
    for (const property of properties)
      if (!header.includes(property)) putProperty(compiled, block, property, row);
  }
}

/** Tells whether the device works a property out by itself: the network of an address. */
function isDerived(
  compiled: CompiledDialect,
  menu: OpenBlock,
  property: Property,
  all: readonly Property[],
): boolean {
  if (property.name !== compiled.dialect.menus?.[menu.context]?.network) return false;
  const address = all.find((other) => other.name === "address")?.text.slice("address=".length) ?? "";
  const [ip = "", length = ""] = address.split("/");
  if (!/^(?:[12]?\d|3[0-2])$/.test(length)) return false;
  return property.text === `${property.name}=${maskBase(ip, maskOfLength(Number(length)))}`;
}

function keysOf(compiled: CompiledDialect, menu: OpenBlock, properties: readonly Property[]): Property[][] {
  return (compiled.dialect.menus?.[menu.context]?.keys ?? []).flatMap((names) => {
    const group = names.map((name) => properties.find((property) => property.name === name));
    return group.every((property) => property !== undefined) ? [group as Property[]] : [];
  });
}

function nameOf(properties: readonly Property[]): string {
  return properties
    .map((property) => property.text)
    .sort()
    .join(" ");
}
