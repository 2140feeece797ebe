import { firstOf, formatAddress, lastOf, parseAddress, parsePrefix } from "../../model/address.ts";

/** Addresses of one family, as nftables spells them; `undefined` text means every address of the family. */
export interface AddressSet {
  readonly family: 4 | 6;
  readonly text: string | undefined;
}

interface Span {
  readonly from: bigint;
  readonly to: bigint;
}

/** Spells the addresses of one family as nft prints them back: overlapping and adjacent ones merged, sorted, prefixes
 *  where they fit, a set only where there are several.
 *  @returns undefined where the list has no address of the family */
export function spellAddresses(list: readonly string[], family: 4 | 6): AddressSet | undefined {
  const spans = merge(list.flatMap((text) => spanOf(text, family)));
  if (spans.length === 0) return undefined;
  const max = family === 4 ? 0xffff_ffffn : (1n << 128n) - 1n;
  if (spans[0]?.from === 0n && spans[0].to === max) return { family, text: undefined };
  const spelled = spans.map((span) => spellSpan(span, family));
  return { family, text: spelled.length === 1 ? spelled[0] : `{ ${spelled.join(", ")} }` };
}

function spanOf(text: string, family: 4 | 6): Span[] {
  const prefix = parsePrefix(text)?.prefix;
  if (prefix !== undefined) {
    if (prefix.version !== family) return [];
    return [{ from: firstOf(prefix).value, to: lastOf(prefix).value }];
  }
  const address = parseAddress(text);
  if (address === undefined || address.version !== family) return [];
  return [{ from: address.value, to: address.value }];
}

function merge(spans: readonly Span[]): Span[] {
  const sorted = [...spans].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.to + 1n) {
      merged[merged.length - 1] = { from: last.from, to: span.to > last.to ? span.to : last.to };
    } else merged.push(span);
  }
  return merged;
}

function spellSpan({ from, to }: Span, family: 4 | 6): string {
  const address = (value: bigint) => formatAddress({ version: family, value });
  if (from === to) return address(from);
  const size = to - from + 1n;
  const bits = family === 4 ? 32 : 128;
  const isBlock = (size & (size - 1n)) === 0n && from % size === 0n;
  if (isBlock) return `${address(from)}/${bits - (size.toString(2).length - 1)}`;
  return `${address(from)}-${address(to)}`;
}

/** Spells port ranges, merged and sorted; undefined means all ports. */
export function spellPorts(ranges: readonly (readonly [number, number])[]): string | undefined {
  if (ranges.length === 0) return undefined;
  const spans = merge(ranges.map(([from, to]) => ({ from: BigInt(from), to: BigInt(to) })));
  const spelled = spans.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  return spelled.length === 1 ? spelled[0] : `{ ${spelled.join(", ")} }`;
}

/** Spells interface names, quoted; undefined where there are none. */
export function spellInterfaces(names: readonly string[]): string | undefined {
  const quoted = [...new Set(names)].sort().map((name) => `"${name}"`);
  if (quoted.length === 0) return undefined;
  return quoted.length === 1 ? quoted[0] : `{ ${quoted.join(", ")} }`;
}
