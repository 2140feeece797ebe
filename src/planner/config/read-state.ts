import { canonicalLine } from "./canonical.ts";
import { type CompiledDialect, compileDialect, tableOf, UNKNOWN } from "./compile.ts";
import { delimitedText } from "./delimited.ts";
import type { Dialect } from "./dialect.ts";
import { isEntry } from "./entry-lines.ts";
import { formOf } from "./forms/form-of.ts";
import { elementsOf, parseIntervals } from "./intervals.ts";
import { copyShifted, type OpenBlock, openBlock, type ReplacedLine } from "./open-block.ts";
import type { ParsedNode } from "./open-headers.ts";
import { parseConfig } from "./parse.ts";
import { fillTemplate, type RuleMatch } from "./pattern.ts";
import { addEntry, addNamedEntry } from "./read-entries.ts";
import { addToSet, type SetLine } from "./read-sets.ts";
import { maskSecrets, type SecretText } from "./secrets.ts";
import { nodeInPlace, SectionReader } from "./section-reader.ts";
import { type SharedSection, SharedSections } from "./shared-sections.ts";
import { type Block, givenSlots, isAbsent, type Statement } from "./state.ts";
import type { ConfigTree } from "./types.ts";

/** Reads the meaning of a tree. */
export function stateOf(dialect: Dialect, tree: ConfigTree): Block {
  const compiled = compileDialect(dialect);
  const form = formOf(dialect);
  const root = (form?.state(compiled, tree) as OpenBlock | undefined) ?? openBlock(compiled, "root", []);
  if (!form) addNodes(compiled, root, tree.nodes as readonly ParsedNode[]);
  dropAbsent(dialect, root, undefined);
  return root;
}

/** Reads the meaning of two texts. Sections that both hold are one and the same block in both states. */
export function readStates(dialect: Dialect, first: string, second: string): readonly [Block, Block] {
  if (formOf(dialect))
    return [stateOf(dialect, parseConfig(dialect, first)), stateOf(dialect, parseConfig(dialect, second))];
  const compiled = compileDialect(dialect);
  const shared = new SharedSections();
  return [readText(compiled, first, shared), readText(compiled, second, shared)];
}

/** Reads a text section by section; no tree of it is held. */
function readText(compiled: CompiledDialect, text: string, shared: SharedSections): Block {
  const reader = new SectionReader(compiled, text);
  const root = openBlock(compiled, "root", [], shared);
  for (;;) {
    const line = reader.peek();
    if (line !== undefined && takeSection(compiled, root, reader, shared.find(line))) continue;
    const node = reader.next();
    if (node === undefined) break;
    addNode(compiled, root, node);
    shared.keep(line, reader);
  }
  shared.close(reader.findings.length === 0);
  dropAbsent(compiled.dialect, root, shared);
  return root;
}

/** Takes over what the same section of the other text was read as. */
function takeSection(
  compiled: CompiledDialect,
  root: OpenBlock,
  reader: SectionReader,
  section: SharedSection | undefined,
): boolean {
  if (section === undefined) return false;
  const { statement } = section;
  if (root.items.get(statement.slot)?.block !== undefined) return false;
  const line = reader.number;
  if (!reader.skip(section)) return false;
  const shift = line - statement.line;
  const { match } = statement;
  if (match?.rule.implies !== undefined)
    addImplied(compiled, root, match, match.rule.implies, { source: statement.source, line });
  root.shared?.take(statement, shift);
  root.hasDefaults = true;
  root.items.set(statement.slot, shift === 0 ? statement : { ...statement, line, shift });
  return true;
}

function addNodes(compiled: CompiledDialect, block: OpenBlock, nodes: readonly ParsedNode[]): void {
  for (const node of nodes) addNode(compiled, block, node);
}

function addNode(compiled: CompiledDialect, block: OpenBlock, node: ParsedNode): void {
  if (node.role !== "statement") return;
  const sequence = block.entries && tableOf(compiled, block.context).sequence;
  if (sequence && isEntry(sequence, node.key)) addEntry(compiled, sequence, block, node.key, node.line);
  else addStatement(compiled, block, node);
}

function addStatement(compiled: CompiledDialect, block: OpenBlock, node: ParsedNode): void {
  const { match, negated } = node.spelled;
  const { dialect } = compiled;
  if (match) {
    const { rule } = match;
    if (rule.entryOf && !negated && addListEntry(compiled, block, node, match)) return;
    if (rule.each === "span" || (rule.each === "vlans" && !/^\d+$/.test(match.captures[0]?.text ?? ""))) {
      addEach(compiled, block, node, match);
      return;
    }
    if (rule.set) {
      addToSet(dialect, block, setLine(node), match, rule.set);
      return;
    }
    if (rule.implies !== undefined && !negated) addImplied(compiled, block, match, rule.implies, node);
  }
  addPlain(compiled, block, node);
}

function setLine({ key, source, line, spelled: { negated, secretive } }: ParsedNode): SetLine {
  return { key, source, line, negated, secretive };
}

/** A line that stands for itself, with what stands below it. */
function addPlain(compiled: CompiledDialect, block: OpenBlock, node: ParsedNode): void {
  const { dialect } = compiled;
  const { match, negated, secretive, opensText } = node.spelled;
  const slot = match?.slot ?? (negated ? node.key.slice(dialect.negation.length + 1) : node.key);
  let text = node.key;
  let source = node.source;
  let secret: SecretText | undefined;
  const delimited = opensText ? delimitedText(dialect, node.text) : undefined;
  if (delimited !== undefined) ({ text, source } = delimited);
  else if (secretive) ({ text, secret } = maskSecrets(dialect, node.key));
  const known = block.items.get(slot);
  const isBlock = !negated && opensBlock(node, match);
  const statement: Statement = {
    slot,
    text: match?.rule.compare === "slot" ? slot : text,
    source,
    negated,
    line: node.line,
    match,
    secret,
    set: undefined,
    block: isBlock ? mergeBlock(compiled, block, known, match?.rule.block ?? UNKNOWN, node) : undefined,
    shift: 0,
  };
  if (known && !isBlock && isReplaced(known, statement))
    block.replaced.push({ line: known.line, by: node.line, text: known.text });
  block.items.set(slot, statement);
  if (isBlock || match?.rule.absent !== undefined) block.hasDefaults = true;
  if (isBlock && known?.block === undefined) block.shared?.offer(statement);
}

/** Tells whether a line takes the place of one that says something else, as no device shows it; another secret is something else. */
function isReplaced(known: Statement, next: Statement): boolean {
  if (known.block !== undefined || known.negated || next.negated) return false;
  return known.text !== next.text || (next.secret !== undefined && known.source !== next.source);
}

/** Lines of a text that was read whose place later lines took. */
export function replacedLines(root: Block): readonly ReplacedLine[] {
  return (root as Partial<OpenBlock>).replaced ?? [];
}

/** Tells whether a line is the header of a block: something stands below it, or its rule says so. */
function opensBlock({ children }: ParsedNode, match: RuleMatch | undefined): boolean {
  const rule = match?.rule;
  if (rule?.block !== undefined && rule.life !== "optional") return true;
  for (const child of children) if (child.role === "statement") return true;
  return false;
}

/** A header that comes twice continues its block. */
function mergeBlock(
  compiled: CompiledDialect,
  parent: OpenBlock,
  known: Statement | undefined,
  context: string,
  node: ParsedNode,
): Block {
  const block = known?.block
    ? ownBlock(parent, known.block as OpenBlock)
    : openBlock(compiled, context, parent.replaced);
  addNodes(compiled, block, node.children);
  return block;
}

/** A known block to go on with; one that is shared with another state is copied first. */
function ownBlock(parent: OpenBlock, block: OpenBlock): OpenBlock {
  parent.shared?.spoil(block);
  const shift = parent.shared?.shiftOf(block);
  return shift === undefined ? block : copyShifted(block, shift, parent.replaced);
}

/** `access-list 10 permit any` is an entry of the list `ip access-list standard 10`.
 *  @returns whether it is one */
function addListEntry(
  compiled: CompiledDialect,
  block: OpenBlock,
  node: ParsedNode,
  match: RuleMatch,
): boolean {
  const name = match.captures[0]?.text ?? "";
  const entry = match.captures[1]?.text ?? "";
  const form = match.rule.entryOf?.find((item) => item.when.test(name));
  if (!form) return false;
  const header = fillTemplate(form.header, { "1": name });
  const list = blockFor(compiled, block, header, node.line);
  const { sequence } = tableOf(compiled, list.context);
  if (!sequence || !isEntry(sequence, entry)) return false;
  if (sequence.typedAt) addNamedEntry(compiled, sequence, list, entry, node, header);
  else addEntry(compiled, sequence, list, entry, node.line);
  return true;
}

/** Finds or makes the block of a header. */
function blockFor(compiled: CompiledDialect, parent: OpenBlock, header: string, line: number): OpenBlock {
  const direct = knownBlock(parent, header);
  if (direct) return direct;
  const canonical = canonicalLine(compiled, parent.context, header);
  const slot = canonical.match?.slot ?? header;
  const known = knownBlock(parent, slot);
  if (known) return known;
  const block = openBlock(compiled, canonical.match?.rule.block ?? UNKNOWN, parent.replaced);
  parent.hasDefaults = true;
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
    shift: 0,
  });
  return block;
}

function knownBlock(parent: OpenBlock, slot: string): OpenBlock | undefined {
  const known = parent.items.get(slot);
  if (!known?.block) return undefined;
  const own = ownBlock(parent, known.block as OpenBlock);
  if (own !== known.block) parent.items.set(slot, { ...known, block: own, shift: 0 });
  return own;
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
      if (!node.spelled.negated)
        addNodes(compiled, blockFor(compiled, block, line, node.line), node.children);
      continue;
    }
    addStatement(compiled, block, nodeInPlace(node, canonicalLine(compiled, block.context, line), line));
  }
}

/** An element that the header of a block adds to a list: `vlan 30` to `vlan batch`. */
function addImplied(
  compiled: CompiledDialect,
  block: OpenBlock,
  match: RuleMatch,
  slot: string,
  { source, line }: Pick<Statement, "source" | "line">,
): void {
  const canonical = canonicalLine(compiled, block.context, `${slot} ${match.captures[0]?.text ?? ""}`);
  const { key, secretive } = canonical;
  const syntax = canonical.match?.rule.set;
  if (!syntax || !canonical.match) return;
  addToSet(
    compiled.dialect,
    block,
    { key, source, line, negated: false, secretive },
    canonical.match,
    syntax,
  );
}

/** Leaves out what says the same as no line. */
function dropAbsent(dialect: Dialect, block: OpenBlock, shared: SharedSections | undefined): void {
  // A block of another form than indentation has not noted whether it has any.
  if (block.hasDefaults === false) return;
  for (const [slot, statement] of block.items) {
    const inner = statement.block;
    // A block that was taken over is read to its end already.
    if (inner && shared?.shiftOf(inner) === undefined) dropAbsent(dialect, inner as OpenBlock, undefined);
    for (const given of givenSlots(dialect, statement)) (inner as OpenBlock).items.delete(given);
    if (isAbsent(dialect, statement)) block.items.delete(slot);
  }
}
