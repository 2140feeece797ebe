import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, FilterIntent } from "../../model/intent.ts";
import { type AccessEntry, accessRules, prefixOf } from "../render/access-entries.ts";
import type { Refusals } from "../render/refusals.ts";
import { icmpName, isIpv6, matchIpv4, matchIpv6, portName, protocolName } from "./names.ts";

/** A packet filter with numbered lines; runs of lines from one rule share an origin. */
export interface FilterView {
  readonly name: string;
  readonly origin: FileWhere;
  readonly runs: readonly { readonly origin: FileWhere; readonly lines: readonly string[] }[];
}

/** Distance between the numbers of a list, the device's own default. */
const STEP = 10;

/** Longest remark that IOS-XE keeps. */
const REMARK_CHARS = 100;

/** The name of the list that guards the terminal lines. */
export const MANAGEMENT_FILTER = "MGMT-IN";

/** The IPv4 filters that are bound to interfaces of this device. */
export function filterViews(intent: DeviceIntent, refusals: Refusals): readonly FilterView[] {
  return intent.filters.map((filter) => filterView(intent, filter, 4, refusals));
}

/** The IPv6 twins of filters that are bound where IPv6 is spoken: without one, that traffic would pass unseen. */
export function filter6Views(intent: DeviceIntent, refusals: Refusals): readonly FilterView[] {
  const bound = new Set(
    intent.gateways
      .filter((gateway) => gateway.addresses.some(isIpv6))
      .flatMap((gateway) => [gateway.filterIn, gateway.filterOut]),
  );
  return intent.filters
    .filter((filter) => bound.has(filter.name))
    .map((filter) => filterView(intent, filter, 6, refusals));
}

function filterView(
  intent: DeviceIntent,
  filter: FilterIntent,
  family: 4 | 6,
  refusals: Refusals,
): FilterView {
  let number = 0;
  const numbered = (text: string): string => {
    number += STEP;
    return family === 4 ? `${number} ${text}` : `sequence ${number} ${text}`;
  };
  const runs = accessRules(filter, family).map((rule) => {
    const remark = refusals.text(rule.remark, "a rule's remark", rule.origin, {
      asciiOnly: true,
      maxChars: REMARK_CHARS,
    });
    return {
      origin: rule.origin,
      lines: [
        numbered(`remark ${remark}`),
        ...rule.entries
          .flatMap((entry) => stateless(entry, rule.origin, refusals))
          .map((entry) => numbered(entryText(entry, family))),
      ],
    };
  });
  const last = numbered(`${filter.default} ${family === 4 ? "ip" : "ipv6"} any any`);
  return {
    name: family === 4 ? filter.name : `${filter.name}-V6`,
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
  const match = family === 4 ? matchIpv4 : matchIpv6;
  const words = [entry.action, protocolText(entry, family), match(entry.source), match(entry.destination)];
  const { ports, protocol } = entry;
  if (ports && (protocol === "tcp" || protocol === "udp")) {
    const names = ports.map((port) => portName(protocol, port));
    words.push(ports[0] === ports[1] ? `eq ${names[0]}` : `range ${names.join(" ")}`);
  }
  if (entry.icmpType !== undefined)
    words.push(family === 4 ? icmpName(entry.icmpType) : String(entry.icmpType));
  if (entry.established && protocol === "tcp") words.push("established");
  if (entry.log) words.push("log");
  return words.join(" ");
}

function protocolText(entry: AccessEntry, family: 4 | 6): string {
  const { protocol } = entry;
  if (protocol === "any") return family === 4 ? "ip" : "ipv6";
  if (protocol === "icmp6") return "icmp";
  return typeof protocol === "number" ? protocolName(protocol) : protocol;
}

/** The list of addresses that may log in: lines of a standard list, and of its IPv6 twin. */
export function managementFilter(intent: DeviceIntent): { four: readonly string[]; six: readonly string[] } {
  const { allowedFrom } = intent.management;
  const four = allowedFrom
    .filter((text) => !isIpv6(text))
    .map((text, index) => `${(index + 1) * STEP} permit ${matchIpv4(prefixOf(text)).replace(/^host /, "")}`);
  const six = allowedFrom
    .filter(isIpv6)
    .map((text, index) => `sequence ${(index + 1) * STEP} permit ipv6 ${matchIpv6(prefixOf(text))} any`);
  return { four, six };
}
