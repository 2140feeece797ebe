import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, FilterIntent } from "../../model/intent.ts";
import { type AccessEntry, accessRules, prefixOf } from "../render/access-entries.ts";
import { type Refusals, sortBy } from "../render/refusals.ts";
import { icmpName, isIpv6, matchText, portName, protocolName } from "./names.ts";

/** A packet filter: its number, what it is called, and its rules with their descriptions. */
export interface FilterView {
  readonly number: number;
  readonly name: string;
  readonly origin: FileWhere;
  readonly runs: readonly { readonly origin: FileWhere; readonly lines: readonly string[] }[];
}

/** Numbers of advanced lists. */
const FIRST_NUMBER = 3000;
const NUMBERS = 1000;

/** Distance between the numbers of rules, the device's own default. */
const STEP = 5;

/** Longest description of a rule. */
const REMARK_CHARS = 127;

/** Numbers of the lists that guard logins and SNMP. */
export const MANAGEMENT_FILTER = 2000;
export const SNMP_FILTER = 2001;

/** Gives each filter a number that depends on its name, so that a new filter does not renumber the others. */
export function filterNumbers(intent: DeviceIntent): ReadonlyMap<string, number> {
  const taken = new Map<number, string>();
  for (const { name } of sortBy(intent.filters, (filter) => filter.name)) {
    let slot = hashOf(name) % NUMBERS;
    for (let tries = 0; taken.has(slot) && tries < NUMBERS; tries += 1) slot = (slot + 1) % NUMBERS;
    taken.set(slot, name);
  }
  return new Map([...taken].map(([slot, name]) => [name, FIRST_NUMBER + slot]));
}

/** FNV-1a, enough to spread names over numbers. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

/** The filters of one family; IPv6 twins only of filters that are bound where IPv6 is spoken. */
export function filterViews(intent: DeviceIntent, family: 4 | 6, refusals: Refusals): readonly FilterView[] {
  const numbers = filterNumbers(intent);
  const spoken = new Set(
    intent.gateways
      .filter((gateway) => gateway.addresses.some(isIpv6))
      .flatMap((gateway) => [gateway.filterIn, gateway.filterOut]),
  );
  const wanted = intent.filters.filter((filter) => family === 4 || spoken.has(filter.name));
  const views = wanted.map((filter) =>
    filterView(intent, filter, family, numbers.get(filter.name) ?? FIRST_NUMBER, refusals),
  );
  return [...views].sort((a, b) => a.number - b.number);
}

function filterView(
  intent: DeviceIntent,
  filter: FilterIntent,
  family: 4 | 6,
  number: number,
  refusals: Refusals,
): FilterView {
  let next = 0;
  const runs = accessRules(filter, family).map((rule) => {
    const remark = refusals.text(rule.remark, "a rule's remark", rule.origin, { maxChars: REMARK_CHARS });
    const entries = rule.entries.flatMap((entry) => stateless(entry, rule.origin, refusals));
    const lines = entries.flatMap((entry) => {
      next += STEP;
      return [`rule ${next} ${entryText(entry, family)}`, `rule ${next} description ${remark}`];
    });
    return { origin: rule.origin, lines };
  });
  next += STEP;
  const last = `rule ${next} ${filter.default} ${family === 4 ? "ip" : "ipv6"}`;
  return {
    number,
    name: filter.name,
    origin: intent.origin,
    runs: [...runs, { origin: intent.origin, lines: [last] }],
  };
}

/** "Established" is a matter of TCP flags here; for other protocols the device keeps no state, and letting every
 *  answer in would be more than was asked for. */
function stateless(entry: AccessEntry, origin: FileWhere, refusals: Refusals): readonly AccessEntry[] {
  if (!entry.established || entry.protocol === "tcp") return [entry];
  if (entry.protocol === "any") return [{ ...entry, protocol: "tcp" }];
  const hint = "Route this flow through a stateful firewall, or write a rule for the answers.";
  refusals.refuse(`answers to ${entry.protocol} connections in a stateless filter`, hint, origin);
  return [];
}

function entryText(entry: AccessEntry, family: 4 | 6): string {
  const { ports, protocol } = entry;
  const words: string[] = [entry.action, protocolText(entry, family)];
  const source = matchText(entry.source);
  const destination = matchText(entry.destination);
  if (source !== undefined) words.push("source", source);
  if (destination !== undefined) words.push("destination", destination);
  if (ports && (protocol === "tcp" || protocol === "udp")) {
    const names = ports.map((port) => portName(protocol, port));
    words.push("destination-port", ports[0] === ports[1] ? `eq ${names[0]}` : `range ${names.join(" ")}`);
  }
  if (entry.established && protocol === "tcp") words.push("tcp-flag established");
  if (entry.icmpType !== undefined)
    words.push(family === 4 ? "icmp-type" : "icmp6-type", icmpName(entry.icmpType));
  if (entry.log) words.push("logging");
  return words.join(" ");
}

function protocolText(entry: AccessEntry, family: 4 | 6): string {
  const { protocol } = entry;
  if (protocol === "any") return family === 4 ? "ip" : "ipv6";
  if (protocol === "icmp6") return "icmpv6";
  return typeof protocol === "number" ? protocolName(protocol) : protocol;
}

/** Rules of a basic list that permits these sources. */
export function basicRules(sources: readonly string[]): readonly string[] {
  return sources
    .filter((text) => !isIpv6(text))
    .map((text, index) => `rule ${(index + 1) * STEP} permit source ${matchText(prefixOf(text)) ?? "any"}`);
}
