import { applyEqualities, canonicalLine, isNumber, wordsOf } from "./canonical.ts";
import { type CompiledDialect, compileDialect, sequenceOf } from "./compile.ts";
import { delimitedText } from "./delimited.ts";
import type { Dialect, SequenceSyntax, SetSyntax } from "./dialect.ts";
import { formOf } from "./forms/form.ts";
import {
  ALL_VLANS,
  elementsOf,
  formatIntervals,
  type Intervals,
  normalizeIntervals,
  parseIntervals,
  sameIntervals,
  subtractIntervals,
  unionIntervals,
} from "./intervals.ts";
import { isEntry, type ParsedNode, parsePair } from "./parse.ts";
import { captureValues, fillTemplate, type RuleMatch } from "./pattern.ts";
import { maskSecrets, type SecretText } from "./secrets.ts";
import { childrenOf, copyShifted, SharedBlocks } from "./shared.ts";
import type { ConfigTree } from "./types.ts";

/** One statement by its meaning: two statements of one slot overwrite each other. */
export interface Statement {
  readonly slot: string;
  /** Canonical spelling with secrets masked; what equality compares. */
  readonly text: string;
  /** As it is typed, without indentation. */
  readonly source: string;
  readonly negated: boolean;
  readonly line: number;
  readonly match: RuleMatch | undefined;
  readonly secret: SecretText | undefined;
  readonly set: Intervals | undefined;
  readonly block: Block | undefined;
  /** Where the block was taken over from another text: how many lines later it stands in this one. */
  readonly shift?: number;
}

/** One entry of an ordered list. */
export interface Entry {
  readonly number: number | undefined;
  readonly text: string;
  /** As typed, without its number. */
  readonly source: string;
  readonly line: number;
  readonly note: string | undefined;
}

/** What stands below a header, or at root. */
export interface Block {
  readonly context: string;
  readonly items: ReadonlyMap<string, Statement>;
  readonly entries: readonly Entry[] | undefined;
}

interface OpenBlock extends Block {
  readonly items: Map<string, Statement>;
  readonly entries: Entry[] | undefined;
  /** Entries by number, where lines are added to an entry later; only of lists. */
  readonly numbered: Map<number, number> | undefined;
  /** Blocks that another state has too; only at root. */
  readonly shared?: SharedBlocks;
}

/** Reads the meaning of a tree.
 *  @param shared - blocks of the other tree of a pair, which take over what both trees hold */
export function stateOf(dialect: Dialect, tree: ConfigTree, shared?: SharedBlocks): Block {
  const compiled = compileDialect(dialect);
  const form = formOf(dialect);
  const root = (form?.state(compiled, tree) as OpenBlock | undefined) ?? {
    ...openBlock(compiled, "root"),
    ...(shared && { shared }),
  };
  if (!form) addNodes(compiled, root, tree.nodes as readonly ParsedNode[]);
  dropAbsent(dialect, root, shared);
  return root;
}

/** Reads the meaning of two texts. Sections that both hold are one and the same block in both states. */
export function readStates(dialect: Dialect, first: string, second: string): readonly [Block, Block] {
  const [one, two] = parsePair(dialect, first, second);
  const shared = new SharedBlocks();
  return [stateOf(dialect, one, shared), stateOf(dialect, two, shared)];
}

function openBlock(compiled: CompiledDialect, context: string): OpenBlock {
  const isList = sequenceOf(compiled, context) !== undefined;
  return {
    context,
    items: new Map(),
    entries: isList ? [] : undefined,
    numbered: isList ? new Map() : undefined,
  };
}

function addNodes(compiled: CompiledDialect, block: OpenBlock, nodes: readonly ParsedNode[]): void {
  const sequence = sequenceOf(compiled, block.context);
  for (const node of nodes) {
    if (node.role !== "statement") continue;
    const body = node.key;
    if (sequence && isEntry(sequence, body)) addEntry(compiled, sequence, block, body, node.line);
    else addStatement(compiled, block, node);
  }
}

function addStatement(compiled: CompiledDialect, block: OpenBlock, node: ParsedNode): void {
  const match = node.match;
  const rule = match?.rule;
  const { dialect } = compiled;
  if (match && rule?.entryOf && !node.negated) {
    addListEntry(compiled, block, node, match);
    return;
  }
  if (
    match &&
    (rule?.each === "span" || (rule?.each === "vlans" && !/^\d+$/.test(match.captures[0]?.text ?? "")))
  ) {
    addEach(compiled, block, node, match);
    return;
  }
  if (match && rule?.set) {
    addToSet(dialect, block, node, match, rule.set);
    return;
  }
  if (match && rule?.implies !== undefined) addImplied(compiled, block, match, rule.implies, node);
  const plain = node.negated ? node.key.slice(dialect.negation.length + 1) : node.key;
  const slot = match?.slot ?? plain;
  const delimited = delimitedText(dialect, node.text);
  const masked = delimited ? { text: delimited.text, secret: undefined } : maskedLine(dialect, node);
  const source = delimited?.source ?? sourceOf(node);
  const hasLines = node.children.some((child) => child.role === "statement");
  const isBlock = hasLines || (rule?.block !== undefined && rule.life !== "optional");
  const known = block.items.get(slot);
  const taken = isBlock && !node.negated && !known?.block ? block.shared?.take(node) : undefined;
  const inner =
    taken === undefined && isBlock && !node.negated
      ? mergeBlock(compiled, block, known, rule?.block ?? "unknown", node)
      : taken;
  block.items.set(slot, {
    slot,
    text: rule?.compare === "slot" ? slot : masked.text,
    source,
    negated: node.negated,
    line: node.line,
    match,
    secret: masked.secret,
    set: undefined,
    block: inner,
    ...(taken && node.shift !== undefined && { shift: node.shift }),
  });
}

/** A line as it is typed: most lines are typed as they are compared, and one text does for both. */
function sourceOf({ key, text }: ParsedNode): string {
  const source = text.trim();
  return source === key ? key : source;
}

/** The spelling of a line without its secret, where it may hold one. */
function maskedLine(dialect: Dialect, node: ParsedNode): { text: string; secret: SecretText | undefined } {
  return node.secretive ? maskSecrets(dialect, node.key) : { text: node.key, secret: undefined };
}

/** A header that comes twice continues its block. */
function mergeBlock(
  compiled: CompiledDialect,
  parent: OpenBlock,
  known: Statement | undefined,
  context: string,
  node: ParsedNode,
): Block {
  const block = known?.block ? ownBlock(parent, known.block) : openBlock(compiled, context);
  addNodes(compiled, block, childrenOf(node));
  if (!known?.block) parent.shared?.offer(node, block);
  return block;
}

/** A known block to go on with; one that is shared with another state is copied first. */
function ownBlock(parent: OpenBlock, block: Block): OpenBlock {
  parent.shared?.spoil(block);
  const shift = parent.shared?.shiftOf(block);
  return shift === undefined ? (block as OpenBlock) : copyShifted(block as OpenBlock, shift);
}

function addEntry(
  compiled: CompiledDialect,
  sequence: SequenceSyntax,
  block: OpenBlock,
  body: string,
  line: number,
): void {
  let words: readonly string[] = wordsOf(body);
  if (sequence.word !== undefined && words[0] === sequence.word) words = words.slice(1);
  const number = isNumber(words[0]) ? Number(words[0]) : undefined;
  if (number !== undefined) words = words.slice(1);
  const entries = block.entries as Entry[];
  if (number !== undefined && words[0] === sequence.note) {
    const at = block.numbered?.get(number);
    const entry = at === undefined ? undefined : entries[at];
    if (entry && at !== undefined) entries[at] = { ...entry, note: words.slice(1).join(" ") };
    return;
  }
  const canonical = applyEqualities(compiled.equalities.get(block.context) ?? [], words);
  const source = words.join(" ");
  if (number !== undefined) block.numbered?.set(number, entries.length);
  entries.push({
    number,
    // One text for both where they are the same: long lists are held twice otherwise.
    text: canonical === words ? source : canonical.join(" "),
    source,
    line,
    note: undefined,
  });
}

/** `access-list 10 permit any` is an entry of the list `ip access-list standard 10`. */
function addListEntry(compiled: CompiledDialect, block: OpenBlock, node: ParsedNode, match: RuleMatch): void {
  const name = match.captures[0]?.text ?? "";
  const entry = match.captures[1]?.text ?? "";
  const form = match.rule.entryOf?.find((item) => item.when.test(name));
  if (!form) return;
  const header = fillTemplate(form.header, { "1": name });
  const list = blockFor(compiled, block, header, node.line);
  const sequence = sequenceOf(compiled, list.context);
  if (sequence && isEntry(sequence, entry)) addEntry(compiled, sequence, list, entry, node.line);
}

/** Finds or makes the block of a header. */
function blockFor(compiled: CompiledDialect, parent: OpenBlock, header: string, line: number): OpenBlock {
  const canonical = canonicalLine(compiled, parent.context, header);
  const slot = canonical.match?.slot ?? header;
  const known = parent.items.get(slot);
  if (known?.block) {
    const own = ownBlock(parent, known.block);
    if (own !== known.block) parent.items.set(slot, { ...known, block: own, shift: 0 });
    return own;
  }
  const block = openBlock(compiled, canonical.match?.rule.block ?? "unknown");
  parent.items.set(slot, {
    slot,
    text: canonical.key,
    source: header,
    negated: false,
    line,
    match: canonical.match,
    secret: undefined,
    set: undefined,
    block,
  });
  return block;
}

/** `vlan 10,20`, `vlan 2 to 5` and `spanning-tree vlan 10,20 priority 4096` are one statement for each element. */
function addEach(compiled: CompiledDialect, block: OpenBlock, node: ParsedNode, match: RuleMatch): void {
  const [first = "", second = ""] = match.captures.map((capture) => capture.text);
  const listed = match.rule.each === "span" ? `${first} to ${second}` : first;
  const list = parseIntervals(listed, match.rule.each === "span" ? "huawei" : "cisco") ?? [];
  let budget = 4094;
  for (const element of elementsOf(list)) {
    if (budget-- <= 0) return;
    const line = node.key.replace(listed, String(element));
    if (match.rule.block !== undefined) {
      if (!node.negated) addNodes(compiled, blockFor(compiled, block, line, node.line), childrenOf(node));
      continue;
    }
    const canonical = canonicalLine(compiled, block.context, line);
    addStatement(compiled, block, { ...node, key: canonical.key, text: line, match: canonical.match });
  }
}

function addImplied(
  compiled: CompiledDialect,
  block: OpenBlock,
  match: RuleMatch,
  slot: string,
  node: ParsedNode,
): void {
  const canonical = canonicalLine(compiled, block.context, `${slot} ${match.captures[0]?.text ?? ""}`);
  const syntax = canonical.match?.rule.set;
  if (!syntax || !canonical.match || node.negated) return;
  addToSet(compiled.dialect, block, { ...node, key: canonical.key, negated: false }, canonical.match, syntax);
}

function addToSet(
  dialect: Dialect,
  block: OpenBlock,
  node: ParsedNode,
  match: RuleMatch,
  syntax: SetSyntax,
): void {
  const slot = match.slot;
  const known = block.items.get(slot);
  const absent = absentSet(syntax);
  const set = changedSet(syntax, known?.set, absent, match.captures.at(-1)?.text ?? "", node.negated);
  if (set === undefined) {
    // Not a list of numbers: kept as a plain statement.
    const text = node.key;
    block.items.set(text, plainStatement(dialect, node, text));
    return;
  }
  block.items.set(slot, {
    slot,
    text: `${slot} ${formatIntervals(set, syntax.style) || "none"}`,
    source: node.text.trim(),
    negated: false,
    line: known?.line ?? node.line,
    match,
    secret: undefined,
    set,
    block: undefined,
  });
}

function plainStatement(dialect: Dialect, node: ParsedNode, slot: string): Statement {
  const masked = maskedLine(dialect, node);
  return {
    slot,
    text: masked.text,
    source: sourceOf(node),
    negated: node.negated,
    line: node.line,
    match: undefined,
    secret: masked.secret,
    set: undefined,
    block: undefined,
  };
}

/** The set that holds where no line stands. */
export function absentSet(syntax: SetSyntax): Intervals {
  return syntax.absent === "all" ? ALL_VLANS : (parseIntervals(syntax.absent, syntax.style) ?? []);
}

function changedSet(
  syntax: SetSyntax,
  known: Intervals | undefined,
  absent: Intervals,
  list: string,
  negated: boolean,
): Intervals | undefined {
  const [word = "", ...rest] = list.split(" ");
  if (list === "" && negated) return syntax.plain === "assign" ? absent : [];
  if (word === "all") return negated ? [] : ALL_VLANS;
  if (word === "none" && !negated) return [];
  if (word === "add" || word === "remove" || word === "except") {
    const change = parseIntervals(rest.join(" "), syntax.style);
    if (change === undefined) return undefined;
    if (word === "except") return subtractIntervals(ALL_VLANS, change);
    const base = known ?? absent;
    return word === "add" ? unionIntervals(base, change) : subtractIntervals(base, change);
  }
  const named = parseIntervals(list, syntax.style);
  if (named === undefined) return undefined;
  if (negated) return subtractIntervals(known ?? absent, named);
  if (syntax.plain === "assign") return normalizeIntervals(named);
  return unionIntervals(known ?? absent, named);
}

/** Leaves out what says the same as no line. */
function dropAbsent(dialect: Dialect, block: OpenBlock, shared?: SharedBlocks): void {
  for (const [slot, statement] of block.items) {
    // A block that was taken over is read to its end already.
    const isTaken =
      statement.shift !== undefined && statement.block && shared?.shiftOf(statement.block) !== undefined;
    if (statement.block && !isTaken) dropAbsent(dialect, statement.block as OpenBlock);
    if (isAbsent(dialect, statement)) block.items.delete(slot);
  }
}

/** Tells whether a statement says what would hold without it. */
export function isAbsent(dialect: Dialect, statement: Statement): boolean {
  const rule = statement.match?.rule;
  if (statement.set && rule?.set) return sameIntervals(statement.set, absentSet(rule.set));
  if (statement.block) return isEmptyBlock(statement.block) && livesByItself(dialect, statement);
  if (!rule?.absent) return false;
  const values = captureValues(statement.match?.captures ?? []);
  return rule.absent.some((line) => fillTemplate(line, values) === statement.text);
}

/** Tells whether a block exists without its header having been typed. */
export function livesByItself(dialect: Dialect, statement: Statement): boolean {
  const life = statement.match?.rule.life;
  if (life === "implicit") return true;
  return (
    life === "interface" && dialect.interfaceNames.physical.test(statement.match?.captures[0]?.text ?? "")
  );
}

/** Tells whether nothing stands below a header. */
export function isEmptyBlock(block: Block): boolean {
  return block.items.size === 0 && (block.entries === undefined || block.entries.length === 0);
}
