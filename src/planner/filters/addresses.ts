import { parseAddress, parsePrefix } from "../../model/address.ts";
import { everyAddress, prefixRange } from "../flows/ranges.ts";
import type { AddressRange, AddressWildcard, Family } from "../flows/types.ts";

/** Reads `10.1.0.0/16`, `2001:db8::/32` or one address; undefined where the text is neither. */
export function readPrefix(text: string): AddressRange | undefined {
  const single = parseAddress(text);
  if (single !== undefined) return { family: single.version, lo: single.value, hi: single.value };
  const parsed = parsePrefix(text)?.prefix;
  return parsed && prefixRange(parsed.version, parsed.base, parsed.length);
}

/** Reads `A-B`, a prefix or an address. */
export function readSpan(text: string): AddressRange | undefined {
  const dash = text.indexOf("-");
  if (dash < 0) return readPrefix(text);
  return rangeBetween(text.slice(0, dash), text.slice(dash + 1));
}

/** All addresses from one to another; undefined where a text is none or they are of two families. */
export function rangeBetween(from: string, to: string): AddressRange | undefined {
  const lo = parseAddress(from);
  const hi = parseAddress(to);
  if (lo === undefined || hi === undefined || lo.version !== hi.version) return undefined;
  return { family: lo.version, lo: lo.value, hi: hi.value };
}

/** Reads address and wildcard mask (`0.0.0.255`; also `0`, Huawei's for a host). */
export function readWildcard(address: string, wildcard: string): AddressWildcard | undefined {
  const base = parseAddress(address);
  const mask = wildcard === "0" ? { version: 4, value: 0n } : parseAddress(wildcard);
  if (base?.version !== 4 || mask?.version !== 4) return undefined;
  return { family: 4, value: base.value & ~mask.value, wildcard: mask.value };
}

/** Reads address and subnet mask (`255.255.255.0`; non-contiguous ones too). */
export function readMasked(address: string, mask: string): AddressWildcard | undefined {
  const base = parseAddress(address);
  const bits = parseAddress(mask);
  if (base?.version !== 4 || bits?.version !== 4) return undefined;
  const wildcard = ~bits.value & 0xffff_ffffn;
  return { family: 4, value: base.value & bits.value, wildcard };
}

/** Every address of a family, as a list of one. */
export function every(family: Family): readonly AddressRange[] {
  return [everyAddress(family)];
}
