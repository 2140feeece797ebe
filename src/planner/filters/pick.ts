import type { Family } from "../flows/types.ts";
import type { ExtractedFilter } from "./types.ts";

/** The filter that a name means, or the names that there are. */
export type Picked =
  | { readonly filter: ExtractedFilter }
  | { readonly known: readonly string[]; readonly ambiguous: boolean };

/** Finds a filter by any of its names; `:` may stand for `->`. Where a list of each family has the name, the packet's
 *  family decides. */
export function pickFilter(filters: readonly ExtractedFilter[], name: string, family?: Family): Picked {
  const wanted = spell(name);
  const named = filters.filter((filter) =>
    [filter.name, ...filter.aliases].some((own) => spell(own) === wanted),
  );
  const fitting = named.filter(
    (filter) => filter.family === undefined || family === undefined || filter.family === family,
  );
  const [only] = fitting.length > 0 ? fitting : named;
  if (only !== undefined && (fitting.length === 1 || named.length === 1)) return { filter: only };
  if (named.length > 1)
    return { known: named.map((filter) => filter.aliases[0] ?? filter.name), ambiguous: true };
  return { known: [...new Set(filters.map((filter) => filter.name))].sort(), ambiguous: false };
}

function spell(name: string): string {
  return name
    .trim()
    .replace(/\s+/g, " ")
    .replace(/^([^:\s]+):([^:\s]+)$/, "$1->$2")
    .replace(/\s*->\s*/, "->");
}
