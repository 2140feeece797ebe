import type { Dialect } from "./dialect.ts";
import type { References, RuleMatch, UnplacedReferences } from "./pattern.ts";
import type { Block, Statement } from "./state.ts";

const NONE: UnplacedReferences = { defines: [], uses: [], local: false };

/** Reads the references of one statement, without what stands below it and without the elements of sets.
 *  @param scope - path of the enclosing block, for names that live within it */
export function referencesOf(dialect: Dialect, statement: Statement, scope: string): References {
  const names = unplacedReferences(dialect, statement);
  if (!names.local) return names;
  const place = (name: string) => placeName(name, scope);
  return { defines: names.defines.map(place), uses: names.uses.map(place) };
}

/** Reads the references of one statement as they are wherever it stands. */
export function unplacedReferences(dialect: Dialect, statement: Statement): UnplacedReferences {
  const { match } = statement;
  if (!match?.rule.referential) return NONE;
  if (statement.negated) return unplaced(negatedNames(statement, "defines"), []);
  // What is read out of the text differs among statements of one match.
  if (match.rule.textUses) return readReferences(dialect, match, statement.text);
  match.references ??= readReferences(dialect, match, statement.text);
  return match.references;
}

function unplaced(defines: readonly string[], uses: readonly string[]): UnplacedReferences {
  const isLocal = (name: string) => name.startsWith(LOCAL);
  return { defines, uses, local: defines.some(isLocal) || uses.some(isLocal) };
}

function readReferences(dialect: Dialect, match: RuleMatch, text: string): UnplacedReferences {
  const { rule } = match;
  const defines: string[] = [];
  const uses: string[] = [];
  for (const constant of rule.defines ?? [])
    if (constant.includes("=")) defines.push(constantName(constant, match));
  for (const constant of rule.needs ?? []) uses.push(constantName(constant, match));
  for (const capture of match.captures) {
    if (!Object.hasOwn(dialect.namespaces, capture.type) || rule.set?.of === capture.type) continue;
    const names = rule.defines?.includes(capture.type) ? defines : uses;
    names.push(referenceName(dialect, capture.type, capture.text));
  }
  if (rule.textUses) uses.push(...usesInText(dialect, rule.textUses, text));
  return unplaced(
    defines,
    uses.filter((name) => !isBuiltin(dialect, name)),
  );
}

function negatedNames(statement: Statement, side: "defines" | "undefines"): string[] {
  const { match } = statement;
  return match ? (match.rule.negated?.[side] ?? []).map((name) => constantName(name, match)) : [];
}

/** Names that hold where a statement does not stand, and that its standing takes away. */
export function referencesOfAbsence(statement: Statement, scope: string): string[] {
  if (!statement.negated) return [];
  return negatedNames(statement, "undefines").map((name) => placeName(name, scope));
}

/** How names begin that live within one block. */
const LOCAL = "local:";

/** Spells a name in full: with the path of its block, where it lives within that block only. */
export function placeName(name: string, scope: string): string {
  return name.startsWith(LOCAL) ? `${scope}|${name}` : name;
}

/** The block that a placed name lives in; undefined where it is known everywhere. */
export function scopeOfName(name: string): string | undefined {
  const at = name.lastIndexOf(`|${LOCAL}`);
  return at < 0 ? undefined : name.slice(0, at);
}

/** `if=Vlan$1` becomes `if:Vlan10`. */
function constantName(constant: string, match: RuleMatch): string {
  const filled = constant.includes("$")
    ? constant.replace(/\$(\d)/g, (_, n: string) => match.captures[Number(n) - 1]?.text ?? "")
    : constant;
  return filled.replace("=", ":");
}

/** Spells a reference; names fold case where the namespace says so. */
export function referenceName(dialect: Dialect, namespace: string, name: string): string {
  return `${namespace}:${dialect.namespaces[namespace]?.foldCase ? name.toLowerCase() : name}`;
}

function isBuiltin(dialect: Dialect, reference: string): boolean {
  const at = reference.indexOf(":");
  return dialect.namespaces[reference.slice(0, at)]?.builtin?.test(reference.slice(at + 1)) ?? false;
}

/** Reads the references of a statement and of all that stands below it. */
export function deepReferences(dialect: Dialect, statement: Statement, scope: string): References {
  const own = referencesOf(dialect, statement, scope);
  if (!statement.block) return own;
  const inner = `${scope}/${statement.slot}`;
  const defines = [...own.defines];
  const uses = [...own.uses];
  for (const child of statement.block.items.values()) {
    const below = deepReferences(dialect, child, inner);
    defines.push(...below.defines);
    uses.push(...below.uses);
  }
  for (const reference of entryReferences(dialect, statement.block)) uses.push(reference);
  return { defines, uses };
}

/** Names that the entries of a list lean on (object groups). */
export function entryReferences(dialect: Dialect, block: Block): string[] {
  const uses: string[] = [];
  for (const entry of block.entries ?? []) uses.push(...usesOfEntry(dialect, entry.text));
  return uses;
}

/** Names that one entry leans on: the word behind a word that names a namespace (`object-group X`). */
export function usesOfEntry(dialect: Dialect, text: string): string[] {
  return dialect.entryUses ? usesInText(dialect, dialect.entryUses, text) : [];
}

function usesInText(dialect: Dialect, table: Readonly<Record<string, string>>, text: string): string[] {
  const uses: string[] = [];
  for (const word of Object.keys(table)) {
    if (!text.includes(word)) continue;
    const words = text.split(" ");
    for (const [i, part] of words.entries()) {
      const name = words[i + 1];
      if (part === word && name !== undefined) uses.push(referenceName(dialect, table[word] ?? "", name));
    }
  }
  return uses.length === 0 ? uses : uses.filter((name) => !isBuiltin(dialect, name));
}
