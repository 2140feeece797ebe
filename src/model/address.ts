import { Address6 } from "ip-address";
import { Netmask } from "netmask";

/** An IPv4 or IPv6 address as a number, so that containment and order are arithmetic. */
export interface Address {
  readonly version: 4 | 6;
  readonly value: bigint;
}

/** A block of addresses; `base` has no host bits. */
export interface Prefix {
  readonly version: 4 | 6;
  readonly base: bigint;
  readonly length: number;
}

/** An address written with a length: the host and the block it lies in. */
export interface InterfaceAddress {
  readonly address: Address;
  readonly prefix: Prefix;
}

const IPV4_TEXT = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const LENGTH_TEXT = /^(0|[1-9]\d{0,2})$/;

/** Parses dotted IPv4 or any RFC 4291 spelling of IPv6; undefined where the text is neither.
 *  Zero-led octets (`010.1.1.1`) and zone ids (`fe80::1%eth0`) are refused: they mean different things to different tools. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(":")) return parseAddress6(text);
  const match = IPV4_TEXT.exec(text);
  if (!match) return undefined;
  let value = 0;
  for (const octet of match.slice(1, 5)) {
    if (Number(octet) > 255 || (octet.length > 1 && octet.startsWith("0"))) return undefined;
    value = value * 256 + Number(octet);
  }
  return { version: 4, value: BigInt(value) };
}

function parseAddress6(text: string): Address | undefined {
  if (text.includes("%") || text.includes("/") || !Address6.isValid(text)) return undefined;
  return { version: 6, value: new Address6(text).bigInt() };
}

/** Spells an address in canonical form (RFC 5952 for IPv6). */
export function formatAddress(address: Address): string {
  if (address.version === 6) return Address6.fromBigInt(address.value).correctForm();
  const value = Number(address.value);
  return `${Math.floor(value / 16_777_216)}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** Parses `10.1.10.12/24` keeping the host; undefined where the text is no address with a length. */
export function parseInterfaceAddress(text: string): InterfaceAddress | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const lengthText = text.slice(slash + 1);
  if (!address || !LENGTH_TEXT.test(lengthText)) return undefined;
  const length = Number(lengthText);
  if (length > bits(address.version)) return undefined;
  return { address, prefix: prefixAround(address, length) };
}

/** Parses a block; `hostBits` holds the corrected spelling where the text had bits beyond its length. */
export function parsePrefix(text: string): { prefix: Prefix; hostBits?: string } | undefined {
  const parsed = parseInterfaceAddress(text);
  if (!parsed) return undefined;
  if (parsed.address.value === parsed.prefix.base) return { prefix: parsed.prefix };
  return { prefix: parsed.prefix, hostBits: formatPrefix(parsed.prefix) };
}

/** Gives the block of the given length around an address. */
export function prefixAround(address: Address, length: number): Prefix {
  const hostBits = BigInt(bits(address.version) - length);
  return { version: address.version, base: (address.value >> hostBits) << hostBits, length };
}

/** Spells a block, `10.1.10.0/24`. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress({ version: prefix.version, value: prefix.base })}/${prefix.length}`;
}

/** Spells a host with the length of its block, `10.1.10.12/24`. */
export function formatInterfaceAddress(address: Address, prefix: Prefix): string {
  return `${formatAddress(address)}/${prefix.length}`;
}

/** The last address of a block; the broadcast address where IPv4 has one. */
export function lastOf(prefix: Prefix): Address {
  return { version: prefix.version, value: prefix.base + sizeOf(prefix) - 1n };
}

/** The first address of a block. */
export function firstOf(prefix: Prefix): Address {
  return { version: prefix.version, value: prefix.base };
}

/** How many addresses a block holds. */
export function sizeOf(prefix: Prefix): bigint {
  return 1n << BigInt(bits(prefix.version) - prefix.length);
}

/** Tells whether a block holds an address. */
export function containsAddress(prefix: Prefix, address: Address): boolean {
  if (prefix.version !== address.version) return false;
  return address.value >= prefix.base && address.value < prefix.base + sizeOf(prefix);
}

/** Tells whether `outer` holds all of `inner`. */
export function containsPrefix(outer: Prefix, inner: Prefix): boolean {
  return outer.length <= inner.length && containsAddress(outer, firstOf(inner));
}

/** Tells whether two blocks share an address. */
export function overlaps(a: Prefix, b: Prefix): boolean {
  return containsPrefix(a, b) || containsPrefix(b, a);
}

/** Orders blocks: IPv4 first, then by base, wider before narrower. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  if (a.version !== b.version) return a.version - b.version;
  if (a.base !== b.base) return a.base < b.base ? -1 : 1;
  return a.length - b.length;
}

/** Orders addresses: IPv4 first, then by number. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.version !== b.version) return a.version - b.version;
  if (a.value === b.value) return 0;
  return a.value < b.value ? -1 : 1;
}

/** The address `count` hosts into a block; undefined where the block is too small.
 *  In IPv6 the decimal digits are read as people write them: 12 is `::12`, which is 0x12. */
export function nthHost(prefix: Prefix, count: number): Address | undefined {
  const offset = prefix.version === 4 ? BigInt(count) : BigInt(`0x${count}`);
  if (offset >= sizeOf(prefix)) return undefined;
  return { version: prefix.version, value: prefix.base + offset };
}

/** Tells whether an address can be given to a host: neither network nor broadcast address, nor the router anycast of IPv6. */
export function isUsableHost(prefix: Prefix, address: Address): boolean {
  if (!containsAddress(prefix, address)) return false;
  const spare = bits(prefix.version) - prefix.length;
  if (spare <= 1) return true;
  if (address.value === prefix.base) return false;
  return prefix.version === 6 || address.value !== lastOf(prefix).value;
}

/** The mask of an IPv4 length, `24` to `255.255.255.0`. */
export function maskOf(length: number): string {
  return new Netmask(`0.0.0.0/${length}`).mask;
}

/** The inverted mask of an IPv4 length, `24` to `0.0.0.255`. */
export function wildcardOf(length: number): string {
  return new Netmask(`0.0.0.0/${length}`).hostmask;
}

/** The length of a dotted mask; undefined where its bits are not contiguous. */
export function lengthOfMask(mask: string): number | undefined {
  const address = parseAddress(mask);
  if (address?.version !== 4) return undefined;
  const text = address.value.toString(2).padStart(32, "0");
  return /^1*0*$/.test(text) ? text.lastIndexOf("1") + 1 : undefined;
}

function bits(version: 4 | 6): number {
  return version === 4 ? 32 : 128;
}

/** What a reserved block is kept for. `use` tells what may stand in an inventory's network. */
export interface ReservedBlock {
  readonly prefix: Prefix;
  readonly what: string;
  readonly use: "never" | "private" | "carrier" | "documentation";
}

/** Blocks with a meaning of their own (RFC 6890 and its registry).
 *  @see https://www.iana.org/assignments/iana-ipv4-special-registry */
export const RESERVED_BLOCKS: readonly ReservedBlock[] = (
  [
    ["0.0.0.0/8", "this network (RFC 791)", "never"],
    ["10.0.0.0/8", "private (RFC 1918)", "private"],
    ["100.64.0.0/10", "carrier-grade NAT (RFC 6598)", "carrier"],
    ["127.0.0.0/8", "loopback (RFC 1122)", "never"],
    ["169.254.0.0/16", "link-local (RFC 3927)", "never"],
    ["172.16.0.0/12", "private (RFC 1918)", "private"],
    ["192.0.0.0/24", "IETF protocols (RFC 6890)", "never"],
    ["192.0.2.0/24", "documentation (RFC 5737)", "documentation"],
    ["192.88.99.0/24", "6to4 relays (RFC 7526)", "never"],
    ["192.168.0.0/16", "private (RFC 1918)", "private"],
    ["198.18.0.0/15", "benchmarking (RFC 2544)", "never"],
    ["198.51.100.0/24", "documentation (RFC 5737)", "documentation"],
    ["203.0.113.0/24", "documentation (RFC 5737)", "documentation"],
    ["224.0.0.0/4", "multicast (RFC 5771)", "never"],
    ["240.0.0.0/4", "future use (RFC 1112)", "never"],
    ["::/8", "unspecified, loopback and mapped addresses (RFC 4291)", "never"],
    ["100::/64", "discard (RFC 6666)", "never"],
    ["2001:db8::/32", "documentation (RFC 3849)", "documentation"],
    ["2002::/16", "6to4 (RFC 3056)", "never"],
    ["fc00::/7", "unique local (RFC 4193)", "private"],
    ["fe80::/10", "link-local (RFC 4291)", "never"],
    ["ff00::/8", "multicast (RFC 4291)", "never"],
  ] as const
).map(([text, what, use]) => ({ prefix: mustParse(text), what, use }));

/** The reserved block that an address or a block lies in, if any. */
export function reservedBlockOf(prefix: Prefix): ReservedBlock | undefined {
  return RESERVED_BLOCKS.find((block) => overlaps(block.prefix, prefix));
}

function mustParse(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (!parsed) throw new Error(`${text} is no prefix`);
  return parsed.prefix;
}

const MAC_TEXT =
  /^(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}([.-])[0-9a-f]{4}\2[0-9a-f]{4})$/i;

/** Parses a MAC address in any vendor's spelling to `00:11:22:33:44:55`; undefined where the text is none. */
export function parseMac(text: string): string | undefined {
  if (!MAC_TEXT.test(text)) return undefined;
  const digits = text.replaceAll(/[:.-]/g, "").toLowerCase();
  return digits.match(/../g)?.join(":");
}
