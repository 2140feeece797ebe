import type { Range } from "../flows/types.ts";
import type { ExtractedFilter } from "./types.ts";

/** Numbers for the interfaces that a ruleset names. `eth*` stands for every other interface that begins so. */
export class Interfaces {
  readonly #seen = new Set<string>();
  readonly #numbers: ReadonlyMap<string, number> | undefined;

  /** @param names - sorted; absent while names are still collected */
  constructor(names?: readonly string[]) {
    this.#numbers = names && new Map(names.map((name, index) => [name, index + 1]));
  }

  /** Names asked for so far. */
  get seen(): ReadonlySet<string> {
    return this.#seen;
  }

  /** Numbers of the interfaces that a name or pattern means. */
  rangesOf(text: string): Range[] {
    const name = text.replaceAll('"', "");
    this.#seen.add(name);
    if (this.#numbers === undefined) return [{ lo: 1, hi: 1 }];
    if (name === "*") return [{ lo: 0, hi: 65535 }];
    const begin = name.endsWith("*") ? name.slice(0, -1) : undefined;
    return [...this.#numbers].flatMap(([known, number]) => {
      const meant = begin === undefined ? known === name : known.startsWith(begin);
      return meant ? [{ lo: number, hi: number }] : [];
    });
  }
}

/** The number of an interface within a filter: its own, that of the pattern that it falls under, or "any other". */
export function interfaceNumber(filter: ExtractedFilter, name: string): number {
  const exact = filter.interfaces.indexOf(name);
  if (exact >= 0) return exact + 1;
  const fitting = filter.interfaces
    .filter((known) => known.endsWith("*") && name.startsWith(known.slice(0, -1)))
    .sort((a, b) => b.length - a.length);
  return fitting[0] === undefined ? 0 : filter.interfaces.indexOf(fitting[0]) + 1;
}
