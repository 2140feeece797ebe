import type { CompiledDialect, ContextTable } from "./compile.ts";
import type { Equality } from "./dialect.ts";
import type { CanonicalLine } from "./line-memory.ts";

/** Reads a line that is one word and free text behind it (`description …`). No two ports say the same, so such a line is
 *  neither split into words nor remembered.
 *  @returns nothing for any other line, and where the text could be more than text */
export function freeTextLine(
  { opensText }: CompiledDialect,
  table: ContextTable,
  text: string,
): CanonicalLine | undefined {
  if (table.freeText.size === 0) return undefined;
  const end = text.indexOf(" ");
  if (end < 0) return undefined;
  const word = text.slice(0, end);
  const rule = table.freeText.get(word);
  if (rule === undefined || text.includes("  ", end) || opensText(text)) return undefined;
  for (const equality of table.equalities) if (mayRewrite(equality, text)) return undefined;
  const captures = [{ type: "text", text: text.slice(end + 1) }];
  return {
    negated: false,
    match: { rule, slot: word, captures, references: undefined },
    key: text,
    asTyped: true,
    secretive: false,
    opensText: false,
  };
}

/** Tells whether an equality can change a line of free text; yes where that is not plain. */
function mayRewrite(equality: Equality, text: string): boolean {
  if (equality.kind === "sequence") {
    const first = equality.from[0];
    return first === undefined || first === "<ip>" || text.includes(first);
  }
  if (equality.kind !== "hook") return true;
  return equality.hook === "area-form" ? text.includes("area") : true;
}
