import type { Dialect } from "./dialect.ts";
import type { RuleMatch } from "./pattern.ts";
import type { Block, Statement } from "./state.ts";

/** Names that a statement brings into being and names that it leans on, as `namespace:name`. */
export interface References {
  readonly defines: readonly string[];
  readonly uses: readonly string[];
}

const NONE: References = { defines: [], uses: [] };

/** Reads the references of one statement, without what stands below it and without the elements of sets.
 *  @param scope - path of the enclosing block, for names that live within it */
export function referencesOf(dialect: Dialect, statement: Statement, scope: string): References {
  if (!statement.match?.rule.referential) return NONE;
  const known = remembered.get(statement);
  if (known?.scope === scope && known.dialect === dialect) return known.references;
  const references = readReferences(dialect, statement, statement.match, scope);
  remembered.set(statement, { dialect, scope, references });
  return references;
}

/** Statements never change, so what was read from one holds as long as it lives. */
const remembered = new WeakMap<Statement, { dialect: Dialect; scope: string; references: References }>();

function readReferences(dialect: Dialect, statement: Statement, match: RuleMatch, scope: string): References {
  const { rule } = match;
  if (statement.negated) return negatedReferences(statement, scope);
  const defined = new Set(rule.defines);
  const defines: string[] = [];
  const uses: string[] = [];
  for (const constant of rule.defines ?? [])
    if (constant.includes("=")) defines.push(constantName(constant, statement, scope));
  for (const constant of rule.needs ?? []) uses.push(constantName(constant, statement, scope));
  for (const capture of match.captures) {
    if (!Object.hasOwn(dialect.namespaces, capture.type) || rule.set?.of === capture.type) continue;
    (defined.has(capture.type) ? defines : uses).push(referenceName(dialect, capture.type, capture.text));
  }
  if (rule.textUses) uses.push(...usesInText(dialect, rule.textUses, statement.text));
  return { defines, uses: uses.filter((name) => !isBuiltin(dialect, name)) };
}

function negatedReferences(statement: Statement, scope: string): References {
  const names = statement.match?.rule.negated?.defines;
  return names ? { defines: names.map((name) => constantName(name, statement, scope)), uses: [] } : NONE;
}

/** Names that hold where a statement does not stand, and that its standing takes away. */
export function referencesOfAbsence(statement: Statement, scope: string): string[] {
  if (!statement.negated) return [];
  return (statement.match?.rule.negated?.undefines ?? []).map((name) => constantName(name, statement, scope));
}

/** `if=Vlan$1` becomes `if:Vlan10`; `local:…` names live within one block. */
function constantName(constant: string, statement: Statement, scope: string): string {
  const filled = constant.replace(
    /\$(\d)/g,
    (_, n: string) => statement.match?.captures[Number(n) - 1]?.text ?? "",
  );
  const name = filled.replace("=", ":");
  return name.startsWith("local:") ? `${scope}|${name}` : name;
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
  for (const [word, namespace] of Object.entries(table)) {
    if (!text.includes(word)) continue;
    const words = text.split(" ");
    for (const [i, part] of words.entries()) {
      const name = words[i + 1];
      if (part === word && name !== undefined) uses.push(referenceName(dialect, namespace, name));
    }
  }
  return uses.filter((name) => !isBuiltin(dialect, name));
}
