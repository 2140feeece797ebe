/** Line for `ip -batch` that sets one address. `nodad`: in a lab nobody else can have it, and waiting costs 1 s. */
export function addressLine(address: string, name: string): string {
  return `addr replace ${address} dev ${name}${address.includes(":") ? " nodad" : ""}`;
}
