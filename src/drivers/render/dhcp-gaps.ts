import {
  type Address,
  firstOf,
  formatAddress,
  lastOf,
  parseAddress,
  parsePrefix,
} from "../../model/address.ts";

/** The addresses of a prefix that a DHCP server may not hand out: what lies outside the ranges, as inclusive spans.
 *  Network and broadcast address are left out, no server hands those out. */
export function dhcpGaps(
  prefixText: string,
  ranges: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const prefix = parsePrefix(prefixText)?.prefix;
  if (prefix?.version !== 4) return [];
  const spans = ranges
    .map(([low, high]) => [parseAddress(low)?.value, parseAddress(high)?.value] as const)
    .filter((span): span is readonly [bigint, bigint] => span[0] !== undefined && span[1] !== undefined)
    .sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const gaps: (readonly [string, string])[] = [];
  let next = firstOf(prefix).value + 1n;
  const last = lastOf(prefix).value - 1n;
  const add = (low: bigint, high: bigint): void => {
    if (low <= high) gaps.push([spell(low), spell(high)]);
  };
  for (const [low, high] of spans) {
    add(next, low - 1n);
    if (high + 1n > next) next = high + 1n;
  }
  add(next, last);
  return gaps;
}

function spell(value: bigint): string {
  const address: Address = { version: 4, value };
  return formatAddress(address);
}
