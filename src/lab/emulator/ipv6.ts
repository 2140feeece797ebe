import { isIPv6 } from "node:net";
import type { ArgReader } from "./cli/grammar.ts";

/** Writes an IPv6 address as both vendors print it: upper case, the longest run of zeros left out (RFC 5952). */
function ipv6Text(text: string): string | undefined {
  if (!isIPv6(text)) return undefined;
  const host = new URL(`http://[${text}]/`).hostname;
  return host.slice(1, -1).toUpperCase();
}

/** Reads an IPv6 address. */
export const ipv6Arg: ArgReader = (tokens, index) => {
  const value = ipv6Text(tokens[index]?.text ?? "");
  return value === undefined ? undefined : { value, count: 1 };
};

/** Reads an IPv6 prefix, `2001:db8::/64`. */
export const ipv6PrefixArg: ArgReader = (tokens, index) => {
  const [address = "", length = "", more] = (tokens[index]?.text ?? "").split("/");
  const value = ipv6Text(address);
  if (value === undefined || more !== undefined || !/^\d{1,3}$/.test(length) || Number(length) > 128)
    return undefined;
  return { value: `${value}/${Number(length)}`, count: 1 };
};
