/** Reads a dotted address as an unsigned number. */
export function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Writes an unsigned number as a dotted address. */
function toDotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

/** Clears the bits of an address that a wildcard mask leaves open. */
export function underWildcard(address: string, wildcard: string): string {
  return toDotted((toNumber(address) & ~toNumber(wildcard)) >>> 0);
}

/** Tells whether an address agrees with another in all bits that a wildcard mask does not leave open. */
export function matchesWildcard(address: string, base: string, wildcard: string): boolean {
  const fixed = ~toNumber(wildcard);
  return ((toNumber(address) ^ toNumber(base)) & fixed) === 0;
}

/** Tells whether a dotted text is a netmask: ones, then zeros. */
export function isNetmask(text: string): boolean {
  const inverted = ~toNumber(text) >>> 0;
  return (inverted & (inverted + 1)) === 0;
}

/** Writes a prefix length as a netmask. */
export function netmaskOf(length: number): string {
  return toDotted(length === 0 ? 0 : (~0 << (32 - length)) >>> 0);
}

/** Counts the ones of a netmask. */
export function lengthOf(netmask: string): number {
  return toNumber(netmask).toString(2).replace(/0/g, "").length;
}

/** Tells whether two prefixes share an address. */
export function overlaps(a: string, maskA: string, b: string, maskB: string): boolean {
  const common = toNumber(maskA) & toNumber(maskB);
  return ((toNumber(a) ^ toNumber(b)) & common) === 0;
}
