import { type ArgTypes, pattern, restOfLine } from "../cli/grammar.ts";
import { readCommaRanges, writeRuns } from "../cli/ranges.ts";
import { isNetmask } from "../ipv4.ts";
import { ipv6Arg, ipv6PrefixArg } from "../ipv6.ts";
import { interfaceArg, interfaceRange } from "./names.ts";

const dotted = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Writes VLANs as a switch does: runs of three or more with a hyphen, pairs with a comma. */
export function vlanText(vlans: Iterable<number>): string {
  return writeRuns(vlans, "-", 3).join(",");
}

/** Argument types of the IOS tables. */
export const IOS_ARGS: ArgTypes = {
  iface: interfaceArg,
  ipv6: ipv6Arg,
  prefix6: ipv6PrefixArg,
  ifaces: (tokens, index, line) => {
    const rest = restOfLine(tokens, index, line);
    return rest === undefined || interfaceRange(rest.value) === undefined ? undefined : rest;
  },
  netmask: pattern(dotted, (text) => (isNetmask(text) ? text : undefined)),
  vlans: pattern(/^[\d,-]+$/, (text) => {
    const numbers = readCommaRanges(text, 1, 4094);
    return numbers === undefined ? undefined : vlanText(numbers);
  }),
  host: pattern(/^(?!\d+$)[A-Za-z0-9][A-Za-z0-9.:_-]*$/),
  /** A VLAN or interface number with blanks around the hyphen is read by `ifaces` only. */
  percent: pattern(/^\d{1,3}(\.\d{1,2})?$/, (text) =>
    Number(text) <= 100 ? Number(text).toFixed(2) : undefined,
  ),
};
