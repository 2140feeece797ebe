import type { AddressTerm, Range } from "../flows/types.ts";
import { rangeBetween, readMasked, readPrefix } from "./addresses.ts";
import { readPorts } from "./ports.ts";
import { UnreadError, Words } from "./words.ts";

/** Lines of groups and pools without their numbers, by name. */
export type GroupLines = ReadonlyMap<string, readonly string[]>;

/** Addresses of a group (Comware) or pool (VRP); undefined where there is none, or a line of it cannot be read. */
export function addressTerms(
  groups: GroupLines,
  name: string,
  above: readonly string[] = [],
): readonly AddressTerm[] | undefined {
  const lines = groups.get(name);
  if (lines === undefined || above.includes(name)) return undefined;
  const terms: AddressTerm[] = [];
  for (const line of lines) {
    const words = new Words(line.replace(/^network (?!exclude)/, ""));
    const first = words.next();
    if (first === "description" || first === "security-zone") continue;
    const inner =
      first === "group-object"
        ? addressTerms(groups, words.next(), [...above, name])
        : listOf(readTerm(first, words));
    if (inner === undefined || !words.done) return undefined;
    terms.push(...inner);
  }
  return terms;
}

function readTerm(first: string, words: Words): AddressTerm | undefined {
  if (first === "host") return words.take("address") ? readPrefix(words.next()) : undefined;
  if (first === "range") return rangeBetween(words.next(), words.next());
  if (first !== "subnet") return undefined;
  const address = words.next();
  if (address.includes("/")) return readPrefix(address);
  const second = words.next();
  return /^\d{1,3}$/.test(second) ? readPrefix(`${address}/${second}`) : readMasked(address, second);
}

function listOf(term: AddressTerm | undefined): readonly AddressTerm[] | undefined {
  return term === undefined ? undefined : [term];
}

/** Ports of a group or pool; undefined as for addresses.
 *  @param own - names that the platform prints */
export function portRangesOf(
  groups: GroupLines,
  name: string,
  own: Readonly<Record<string, string | number>>,
): readonly Range[] | undefined {
  const lines = groups.get(name);
  if (lines === undefined) return undefined;
  const ranges: Range[] = [];
  for (const line of lines) {
    const words = new Words(line.replace(/^port /, ""));
    if (words.peek() === "description") continue;
    try {
      const ports = readPorts(words, own);
      if (ports === undefined || !words.done) return undefined;
      ranges.push(...ports);
    } catch (error) {
      if (!(error instanceof UnreadError)) throw error;
      return undefined;
    }
  }
  return ranges;
}
