import { formatPrefix, lengthOfMask, parseAddress, prefixAround } from "../../model/address.ts";

/** What one entry of a prefix list says of routes. */
interface RouteRange {
  readonly permits: boolean;
  readonly base: bigint;
  readonly length: number;
  /** Lengths of the routes that it names. */
  readonly min: number;
  readonly max: number;
}

/** A prefix list as it decides, from the top down; what no entry names is denied. */
export interface RouteList {
  readonly family: 4 | 6;
  readonly ranges: readonly RouteRange[];
}

const WORDS = { slash: ["ge", "le"], words: ["greater-equal", "less-equal"] } as const;

/** Reads the entries of a prefix list; undefined where one of them says more than prefix and lengths. */
export function readRoutes(
  spelling: "slash" | "words",
  entries: readonly { readonly text: string }[],
): RouteList | undefined {
  const ranges: RouteRange[] = [];
  let family: 4 | 6 | undefined;
  for (const { text } of entries) {
    const range = readRange(spelling, text, family);
    if (!range || (range.family !== undefined && family !== undefined && range.family !== family))
      return undefined;
    family ??= range.family;
    ranges.push(range.range);
  }
  return { family: family ?? 4, ranges };
}

function readRange(
  spelling: "slash" | "words",
  text: string,
  family: 4 | 6 | undefined,
): { readonly family: 4 | 6 | undefined; readonly range: RouteRange } | undefined {
  const [action = "", ...words] = text.split(" ");
  const permits = action === "permit";
  if (!permits && action !== "deny") return undefined;
  if (words.length === 1 && words[0] === "any") {
    const max = family === 6 ? 128 : 32;
    return { family: undefined, range: { permits, base: 0n, length: 0, min: 0, max } };
  }
  const [base = "", size = ""] = spelling === "slash" ? (words[0]?.split("/") ?? []) : words;
  const address = parseAddress(base);
  const length = /^\d{1,3}$/.test(size) ? Number(size) : lengthOfMask(size);
  if (!address || length === undefined) return undefined;
  const bits = address.version === 4 ? 32 : 128;
  const bounds = boundsOf(spelling, words.slice(spelling === "slash" ? 1 : 2));
  if (!bounds || length > bits) return undefined;
  const min = bounds.from ?? length;
  const max = bounds.to ?? (bounds.from === undefined ? length : bits);
  if (min < length || max > bits || min > max) return undefined;
  return {
    family: address.version,
    range: { permits, base: cut(address.value, length, bits), length, min, max },
  };
}

function boundsOf(
  spelling: "slash" | "words",
  words: readonly string[],
): { readonly from: number | undefined; readonly to: number | undefined } | undefined {
  const [atLeast, atMost] = WORDS[spelling];
  let from: number | undefined;
  let to: number | undefined;
  for (let i = 0; i < words.length; i += 2) {
    const value = words[i + 1] ?? "";
    if (!/^\d{1,3}$/.test(value)) return undefined;
    if (words[i] === atLeast && from === undefined) from = Number(value);
    else if (words[i] === atMost && to === undefined) to = Number(value);
    else return undefined;
  }
  return { from, to };
}

function cut(value: bigint, length: number, bits: number): bigint {
  const shift = BigInt(bits - length);
  return (value >> shift) << shift;
}

/** Routes that between them meet every combination of entries of some lists: for each length at which an entry begins or
 *  ceases to match, one in each prefix that is in none of the longer prefixes below it. */
export class RouteProbes {
  readonly #bits: number;
  readonly #family: 4 | 6;
  readonly #routes: readonly { readonly base: bigint; readonly length: number }[];

  constructor(lists: readonly RouteList[]) {
    this.#family = lists.find((list) => list.ranges.length > 0)?.family ?? 4;
    this.#bits = this.#family === 4 ? 32 : 128;
    const ranges = lists.flatMap((list) => list.ranges);
    const lengths = new Set([0, ...ranges.flatMap(({ min, max }) => [min, max + 1])]);
    this.#routes = [...lengths]
      .filter((length) => length <= this.#bits)
      .sort((a, b) => a - b)
      .flatMap((length) => this.#routesOf(ranges, length));
  }

  #routesOf(ranges: readonly RouteRange[], length: number): { base: bigint; length: number }[] {
    const nodes = new Map([["0/0", { base: 0n, length: 0 }]]);
    for (const range of ranges)
      if (range.min <= length && length <= range.max) nodes.set(`${range.base}/${range.length}`, range);
    return [...nodes.values()].flatMap((node) => {
      const base = this.#freeIn(node, [...nodes.values()], length);
      return base === undefined ? [] : [{ base, length }];
    });
  }

  /** A place for a route of a length in one prefix and in none of those below it. */
  #freeIn(
    node: { readonly base: bigint; readonly length: number },
    all: readonly { readonly base: bigint; readonly length: number }[],
    length: number,
  ): bigint | undefined {
    const size = (of: number) => 1n << BigInt(this.#bits - of);
    const end = node.base + size(node.length);
    const inner = all
      .filter((other) => other.length > node.length && other.base >= node.base && other.base < end)
      .sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : a.length - b.length));
    let free = node.base;
    for (const other of inner) {
      if (other.base > free) break;
      const behind = other.base + size(other.length);
      if (behind > free) free = behind;
    }
    return free < end && free + size(length) <= end ? free : undefined;
  }

  /** What a list does with each of them. */
  decide(list: RouteList): readonly boolean[] {
    return this.#routes.map(({ base, length }) => {
      const hit = list.ranges.find(
        (range) =>
          range.min <= length && length <= range.max && cut(base, range.length, this.#bits) === range.base,
      );
      return hit?.permits ?? false;
    });
  }

  /** The first route that a list on the way decides as neither end does. */
  stray(before: readonly boolean[], after: readonly boolean[], now: readonly boolean[]): string | undefined {
    const at = now.findIndex((permits, i) => permits !== before[i] && permits !== after[i]);
    const route = this.#routes[at];
    if (!route) return undefined;
    const prefix = formatPrefix(prefixAround({ version: this.#family, value: route.base }, route.length));
    return `${now[at] ? "permits" : "drops"} the route ${prefix}; before and after do not`;
  }
}
