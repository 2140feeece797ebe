import type { YAMLMap, YAMLSeq, Node as YamlNode } from "yaml";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { FileWhere, Finding } from "../../model/finding.ts";
import type { Entry, MapNode, Node } from "./node.ts";
import { emptyMap } from "./node.ts";
import { syntaxFinding } from "./syntax-finding.ts";

/** How many values a file may stand for once its anchors are followed: what bounds a billion-laughs file. */
const MAX_EXPANDED_VALUES = 200_000;
/** How deep maps and lists may nest. */
const MAX_DEPTH = 64;

/** What parsing gave: a map (empty where the file has errors or nothing in it) and what is wrong. */
export interface ParsedYaml {
  readonly root: MapNode;
  readonly findings: readonly Finding[];
  /** Whether the syntax is sound; a broken file is not judged further. */
  readonly sound: boolean;
}

/** Parses one YAML file to a tree that keeps the place of every key and value. Never throws. */
export function parseYaml(file: string, text: string): ParsedYaml {
  const start: FileWhere = { file, line: 1, column: 1 };
  const lines = new LineCounter();
  let document: ReturnType<typeof parseDocument>;
  try {
    // The package looks for duplicate keys in quadratic time; the walk below does it in linear time.
    document = parseDocument(text, {
      lineCounter: lines,
      uniqueKeys: false,
      prettyErrors: false,
      keepSourceTokens: false,
      logLevel: "error",
    });
  } catch (cause) {
    // The parser recurses: absurd nesting ends in a RangeError, which is the author's mistake and not a bug.
    if (!(cause instanceof RangeError)) throw cause;
    return broken(start, tooDeep(start));
  }
  const place = (offset: number): FileWhere => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const first = document.errors[0];
  if (first) {
    // One mistake of indentation makes the parser stumble many times: only the first says something true.
    return broken(start, syntaxFinding(first.code, first.message, place(first.pos[0]), text, first.pos[0]));
  }
  const walker = new Walker(place, text);
  const root = document.contents ? walker.walk(document.contents, 0) : undefined;
  if (walker.fatal) return { root: emptyMap(start), findings: walker.findings, sound: false };
  if (!root || (root.kind === "scalar" && root.value === null)) {
    return broken(start, {
      code: "INV-EMPTY-FILE",
      severity: "error",
      message: "the file is empty",
      hint: "write the keys that docs/inventory.md lists for this file, or delete the file",
      where: start,
    });
  }
  if (root.kind === "map") return { root, findings: walker.findings, sound: !walker.duplicates };
  return broken(root.at, {
    code: "INV-TYPE",
    severity: "error",
    message: `the file holds ${root.kind === "scalar" ? "one value" : "a list"}; it must hold keys`,
    hint: "write `key: value` lines; a list needs a key above it",
    where: root.at,
  });
}

function broken(at: FileWhere, finding: Finding): ParsedYaml {
  return { root: emptyMap(at), findings: [finding], sound: false };
}

function tooDeep(where: FileWhere): Finding {
  return {
    code: "INV-TOO-DEEP",
    severity: "error",
    message: `values nest deeper than ${MAX_DEPTH} levels`,
    hint: "no inventory file needs that: look for brackets that are never closed",
    where,
  };
}

/** Turns the package's tree into ours: follows anchors and merge keys within bounds, finds duplicate keys. */
class Walker {
  readonly findings: Finding[] = [];
  fatal = false;
  duplicates = false;
  readonly #anchors = new Map<string, Node>();
  readonly #weights = new Map<Node, number>();
  readonly #place: (offset: number) => FileWhere;
  readonly #text: string;

  constructor(place: (offset: number) => FileWhere, text: string) {
    this.#place = place;
    this.#text = text;
  }

  walk(source: YamlNode, depth: number): Node {
    const at = this.#place(source.range?.[0] ?? 0);
    if (depth > MAX_DEPTH) return this.#stop(at, tooDeep(at));
    if (isAlias(source)) return this.#follow(source.source, at);
    const node = this.#convert(source, at, depth);
    if ("anchor" in source && source.anchor) this.#anchors.set(source.anchor, node);
    return node;
  }

  #convert(source: YamlNode, at: FileWhere, depth: number): Node {
    if (isMap(source)) return this.#map(source as YAMLMap, at, depth);
    if (isSeq(source)) return this.#list(source as YAMLSeq, at, depth);
    if (!isScalar(source)) return this.#leaf({ kind: "scalar", at, value: null, source: "", plain: true });
    const raw = source.value;
    const text = source.source ?? (raw === null ? "" : String(raw));
    this.#warnLostHash(source, at);
    const value =
      typeof raw === "string" || typeof raw === "number" || typeof raw === "boolean" || raw === null
        ? raw
        : text;
    return this.#leaf({ kind: "scalar", at, value, source: text, plain: source.type === "PLAIN" });
  }

  #leaf(node: Node): Node {
    this.#weights.set(node, 1);
    return node;
  }

  #list(source: YAMLSeq, at: FileWhere, depth: number): Node {
    const items: Node[] = [];
    for (const item of source.items) {
      if (this.fatal) break;
      items.push(this.#joinAddress(this.walk(item as YamlNode, depth + 1)));
    }
    return this.#weigh({ kind: "list", at, items }, items);
  }

  #map(source: YAMLMap, at: FileWhere, depth: number): Node {
    const entries = new Map<string, Entry>();
    const merged: Node[] = [];
    for (const pair of source.items) {
      if (this.fatal) break;
      const key = pair.key as YamlNode;
      const keyAt = this.#place(key.range?.[0] ?? 0);
      if (!isScalar(key)) {
        this.#refuseKey(keyAt);
        continue;
      }
      const name = key.source ?? String(key.value ?? "");
      const value = pair.value
        ? this.walk(pair.value as YamlNode, depth + 1)
        : this.#leaf({ kind: "scalar", at: keyAt, value: null, source: "", plain: true });
      if (name === "<<" && key.type === "PLAIN") merged.push(value);
      else this.#put(entries, name, { keyAt, value });
    }
    for (const node of merged) this.#mergeInto(entries, node);
    return this.#weigh(
      patchOf(at, entries) ?? { kind: "map", at, entries },
      [...entries.values()].map((e) => e.value),
    );
  }

  #put(entries: Map<string, Entry>, name: string, entry: Entry): void {
    const known = entries.get(name);
    if (!known) {
      entries.set(name, entry);
      return;
    }
    this.duplicates = true;
    this.findings.push({
      code: "INV-DUPLICATE-KEY",
      severity: "error",
      message: `the key "${name}" stands twice in this map, first in line ${known.keyAt.line}`,
      hint: "keep one of the two; after a merge of branches, decide which value is meant",
      where: entry.keyAt,
      related: [known.keyAt],
    });
  }

  #mergeInto(entries: Map<string, Entry>, node: Node): void {
    const sources = node.kind === "list" ? node.items : [node];
    for (const source of sources) {
      if (source.kind !== "map") {
        this.findings.push({
          code: "INV-MERGE-KEY",
          severity: "error",
          message: "the merge key << takes a map, or a list of maps",
          hint: "write `<<: *name` where &name marks a map above",
          where: source.at,
        });
        continue;
      }
      for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry);
    }
  }

  #refuseKey(where: FileWhere): void {
    this.findings.push({
      code: "INV-KEY",
      severity: "error",
      message: "a key must be a word, here it is a map, a list or an alias",
      hint: 'quote the key if it holds special characters, e.g. "*":',
      where,
    });
  }

  #follow(name: string, at: FileWhere): Node {
    const target = this.#anchors.get(name);
    if (target) return target;
    return this.#stop(at, {
      code: "INV-ALIAS",
      severity: "error",
      message: `*${name} refers to no anchor above it`,
      hint: `quote it if the text is meant ("*${name}"), or mark a value above with &${name}`,
      where: at,
    });
  }

  #weigh(node: Node, children: readonly Node[]): Node {
    let weight = 1;
    for (const child of children) weight += this.#weights.get(child) ?? 1;
    this.#weights.set(node, weight);
    if (weight <= MAX_EXPANDED_VALUES) return node;
    return this.#stop(node.at, {
      code: "INV-TOO-MANY-VALUES",
      severity: "error",
      message: `the value stands for more than ${MAX_EXPANDED_VALUES} values once its aliases are followed`,
      hint: "split the file, and write repetition as ranges, roles and profiles rather than as aliases",
      where: node.at,
    });
  }

  #stop(at: FileWhere, finding: Finding): Node {
    if (!this.fatal) this.findings.push(finding);
    this.fatal = true;
    return { kind: "scalar", at, value: null, source: "", plain: true };
  }

  /** `[fe80::]` is read as a map with the key `fe80:`. */
  #joinAddress(node: Node): Node {
    if (node.kind !== "map" || node.entries.size !== 1) return node;
    const [key] = node.entries.keys();
    if (!key || !/^[0-9a-f:]+:$/i.test(key)) return node;
    this.findings.push({
      code: "INV-SPLIT-ADDRESS",
      severity: "error",
      message: `the IPv6 address ${key}: at the end of a list entry is read as a key`,
      hint: `quote it: "${key}:"`,
      where: node.at,
    });
    return this.#leaf({ kind: "scalar", at: node.at, value: `${key}:`, source: `${key}:`, plain: true });
  }

  /** `reason: fix #12` loses its number: a comment that starts right after the hash is seldom meant as one. */
  #warnLostHash(source: YamlNode, where: FileWhere): void {
    if (!isScalar(source) || source.type !== "PLAIN" || !source.comment || !source.range) return;
    const [, valueEnd, nodeEnd] = source.range;
    const tail = this.#text.slice(valueEnd, nodeEnd);
    if (!/^[ \t]+#[^\s#]/.test(tail)) return;
    this.findings.push({
      code: "INV-LOST-TEXT",
      severity: "warning",
      message: `the value ends before "#${source.comment.slice(0, 20)}", which YAML takes for a comment`,
      hint: "quote the whole value, or put a blank after # if a comment is meant",
      where,
    });
  }
}

function patchOf(at: FileWhere, entries: ReadonlyMap<string, Entry>): Node | undefined {
  if (entries.size === 0 || entries.size > 2) return undefined;
  const add = entries.get("add")?.value;
  const remove = entries.get("remove")?.value;
  const known = (add ? 1 : 0) + (remove ? 1 : 0);
  if (known !== entries.size) return undefined;
  if ((add && add.kind !== "list") || (remove && remove.kind !== "list")) return undefined;
  return {
    kind: "patch",
    at,
    add: add?.kind === "list" ? add.items : [],
    remove: remove?.kind === "list" ? remove.items : [],
  };
}
