import { type ArgReader, type ArgTypes, pattern } from "../cli/grammar.ts";
import { writeRuns } from "../cli/ranges.ts";
import { isNetmask, netmaskOf } from "../ipv4.ts";
import { ipv6Arg, ipv6PrefixArg } from "../ipv6.ts";
import { interfaceArg } from "./names.ts";

const dotted = /^\d{1,3}(\.\d{1,3}){3}$/;
const MAX_VLAN = 4094;

/** Reads `10 20 to 30`: numbers and runs up to the end of the line. */
const vlanWords: ArgReader = (tokens, index) => {
  const words = tokens.slice(index).map((token) => token.text.toLowerCase());
  const numbers = readVlans(words);
  return numbers === undefined ? undefined : { value: numbers.join(","), count: words.length };
};

function readVlans(words: readonly string[]): number[] | undefined {
  const numbers: number[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const first = vlanOf(words[at]);
    if (first === undefined) return undefined;
    let last = first;
    if (words[at + 1] !== undefined && "to".startsWith(words[at + 1] ?? "-")) {
      const end = vlanOf(words[at + 2]);
      if (end === undefined || end < first) return undefined;
      last = end;
      at += 2;
    }
    for (let vlan = first; vlan <= last; vlan += 1) numbers.push(vlan);
  }
  return numbers.length === 0 ? undefined : numbers;
}

function vlanOf(word: string | undefined): number | undefined {
  if (word === undefined || !/^\d{1,4}$/.test(word)) return undefined;
  const vlan = Number(word);
  return vlan >= 1 && vlan <= MAX_VLAN ? vlan : undefined;
}

/** Splits what `vlans` arguments give back. */
export function vlanNumbers(value: string | undefined): number[] {
  return value === undefined || value === "" ? [] : value.split(",").map(Number);
}

/** Runs on one line of a VLAN list. */
const RUNS_A_LINE = 10;

/** Prints a list of VLANs behind a command, ten runs a line. */
export function vlanLines(command: string, vlans: Iterable<number>): string[] {
  const runs = writeRuns(vlans, " to ", 2);
  const lines: string[] = [];
  for (let at = 0; at < runs.length; at += RUNS_A_LINE) {
    lines.push(`${command} ${runs.slice(at, at + RUNS_A_LINE).join(" ")}`);
  }
  return lines;
}

/** Argument types of the VRP tables. */
export const VRP_ARGS: ArgTypes = {
  iface: interfaceArg,
  ipv6: ipv6Arg,
  prefix6: ipv6PrefixArg,
  vlans: vlanWords,
  /** A mask in dots or as a length; printed in dots. */
  mask: pattern(/^[\d.]+$/, (text) => {
    if (dotted.test(text)) return isNetmask(text) ? text : undefined;
    return /^\d{1,2}$/.test(text) && Number(text) <= 32 ? netmaskOf(Number(text)) : undefined;
  }),
  /** A wildcard mask; `0` is a single host. */
  wild: pattern(/^(0|\d{1,3}(\.\d{1,3}){3})$/, (text) => (text === "0.0.0.0" ? "0" : text)),
  host: pattern(/^(?!\d+$)[A-Za-z0-9][A-Za-z0-9.:_-]*$/),
};
