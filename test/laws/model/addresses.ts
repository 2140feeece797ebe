import { Refused, type Shelf } from "./device.ts";

/** The network of an address under a mask. */
export function networkOf(address: string, mask: string): string {
  const bits = mask.split(".").map(Number);
  return address
    .split(".")
    .map((octet, i) => Number(octet) & (bits[i] ?? 0))
    .join(".");
}

/** `24` as a mask. */
export function maskOf(length: number): string {
  const bits = "1".repeat(length).padEnd(32, "0");
  return [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join(".");
}

/** Address and wildcard with the bits under the wildcard cleared, in a whole entry. */
export function clearBases(text: string): string {
  return text.replace(
    /(\d+\.\d+\.\d+\.\d+) (\d+\.\d+\.\d+\.\d+)/g,
    (_, address: string, wild: string) => `${networkOf(address, inverse(wild))} ${wild}`,
  );
}

/** A mask as a wildcard, or the other way round. */
export function inverse(mask: string): string {
  return mask
    .split(".")
    .map((octet) => 255 - Number(octet))
    .join(".");
}

/** An interface's own addresses go. */
export function wipeAddresses(shelf: Shelf): void {
  for (const [name, held] of [...shelf]) if (/^ip(v6)? address/.test(held.line)) shelf.delete(name);
}

/** Refuses a network that another interface of the same routing table holds.
 *  @param read - address and mask of a line; undefined where it holds none */
export function refuseOverlap(
  root: Shelf,
  own: { readonly name: string; readonly shelf: Shelf; readonly line: string },
  read: (line: string) => readonly [string, string] | undefined,
): void {
  const wanted = read(own.line);
  if (!wanted) return;
  for (const [name, held] of root) {
    if (!name.startsWith("interface ") || name === own.name) continue;
    if (held.below?.get("vrf")?.line !== own.shelf.get("vrf")?.line) continue;
    for (const other of held.below?.values() ?? []) {
      const found = read(other.line);
      if (found && networkOf(found[0], wanted[1]) === networkOf(wanted[0], wanted[1]))
        throw new Refused(`overlaps with ${name}`);
    }
  }
}
