import { isWildcard } from "../flows/ranges.ts";
import type { AddressTerm, Match, Range } from "../flows/types.ts";
import type { AddressSet } from "./address-sets.ts";
import { subtractAddresses } from "./address-sets.ts";
import { every, rangeBetween, readMasked, readPrefix } from "./addresses.ts";
import { FORTI_SERVICES } from "./fortios-services.ts";
import type { FortiNode } from "./fortios-tree.ts";

/** Services of a policy, and the names of those that are not modelled. */
export interface ServiceSet {
  readonly matches: readonly Match[];
  readonly open: readonly string[];
}

/** Addresses behind names; groups and their exclusions are followed. @param six - the IPv6 tables */
export function fortiAddresses(vdom: FortiNode, names: readonly string[], six: boolean): AddressSet {
  const sets = names.map((name) => addressOf(vdom, name, six, []));
  return { terms: sets.flatMap((set) => set.terms), open: sets.flatMap((set) => set.open) };
}

function addressOf(vdom: FortiNode, name: string, six: boolean, above: readonly string[]): AddressSet {
  const ending = six ? "6" : "";
  const family = six ? 6 : 4;
  const own = vdom.tables.get(`firewall address${ending}`)?.entries.get(name);
  if (own !== undefined) return readAddress(own, name, six);
  if (name === "all") return { terms: every(family), open: [] };
  if (name === "none") return { terms: [], open: [] };
  const group = vdom.tables.get(`firewall addrgrp${ending}`)?.entries.get(name);
  if (group === undefined || above.includes(name)) return { terms: [], open: [name] };
  const below = [...above, name];
  const members = (group.settings.get("member") ?? []).map((member) => addressOf(vdom, member, six, below));
  const set = { terms: members.flatMap((each) => each.terms), open: members.flatMap((each) => each.open) };
  if (group.settings.get("exclude")?.[0] !== "enable") return set;
  const out = (group.settings.get("exclude-member") ?? []).map((member) =>
    addressOf(vdom, member, six, below),
  );
  const holes = out.flatMap((each) => each.terms).map(asRange);
  const ranges = set.terms.map(asRange);
  const odd = out.some((each) => each.open.length > 0) || [...holes, ...ranges].includes(undefined);
  if (odd || set.open.length > 0) return { terms: [], open: [name] };
  const known = (list: readonly ReturnType<typeof asRange>[]) => list.filter((range) => range !== undefined);
  return { terms: subtractAddresses(known(ranges), known(holes), family), open: [] };
}

function readAddress(node: FortiNode, name: string, six: boolean): AddressSet {
  const get = (key: string) => node.settings.get(key) ?? [];
  const [type = "ipmask"] = get("type");
  const listed = node.tables.get("list");
  let term: AddressTerm | undefined;
  if (type === "iprange") term = rangeBetween(get("start-ip")[0] ?? "", get("end-ip")[0] ?? "");
  else if (type === "wildcard" && !six) term = readMasked(get("wildcard")[0] ?? "", get("wildcard")[1] ?? "");
  else if (six && (type === "ipmask" || type === "ipprefix")) term = readPrefix(get("ip6")[0] ?? "::/0");
  else if (!six && (type === "ipmask" || type === "subnet" || type === "interface-subnet")) {
    const [address = "0.0.0.0", mask = "0.0.0.0"] = get("subnet");
    term = address.includes("/") ? readPrefix(address) : readMasked(address, mask);
  }
  if (term === undefined || listed !== undefined) return { terms: [], open: [name] };
  return { terms: [asRange(term) ?? term], open: [] };
}

/** A contiguous mask is a range. */
function asRange(term: AddressTerm) {
  if (!isWildcard(term)) return term;
  const size = term.wildcard + 1n;
  return (size & term.wildcard) === 0n
    ? { family: term.family, lo: term.value, hi: term.value + term.wildcard }
    : undefined;
}

/** Services behind names, with groups. */
export function fortiServices(vdom: FortiNode, names: readonly string[]): ServiceSet {
  const sets = names.map((name) => serviceOf(vdom, name, []));
  return { matches: sets.flatMap((set) => set.matches), open: sets.flatMap((set) => set.open) };
}

function serviceOf(vdom: FortiNode, name: string, above: readonly string[]): ServiceSet {
  const own = vdom.tables.get("firewall service custom")?.entries.get(name);
  if (own !== undefined) {
    const matches = readService(own);
    return matches === undefined ? { matches: [], open: [name] } : { matches, open: [] };
  }
  const group = vdom.tables.get("firewall service group")?.entries.get(name);
  if (group !== undefined && !above.includes(name)) {
    const members = (group.settings.get("member") ?? []).map((member) =>
      serviceOf(vdom, member, [...above, name]),
    );
    return { matches: members.flatMap((each) => each.matches), open: members.flatMap((each) => each.open) };
  }
  const known = Object.hasOwn(FORTI_SERVICES, name) ? FORTI_SERVICES[name] : undefined;
  return known === undefined
    ? { matches: [], open: [name] }
    : { matches: known.flatMap(predefined), open: [] };
}

/** Settings that ask for more than protocol and ports. */
const BEYOND = ["iprange", "fqdn", "app-category", "application", "app-service-type"];

function readService(node: FortiNode): Match[] | undefined {
  const get = (key: string) => node.settings.get(key) ?? [];
  const strange = BEYOND.some((key) => {
    const [value] = get(key);
    return value !== undefined && value !== "0.0.0.0" && value !== "disable" && value !== "";
  });
  if (strange || node.settings.get("proxy")?.[0] === "enable") return undefined;
  const protocol = get("protocol").join(" ") || "TCP/UDP/SCTP";
  if (protocol === "ALL") return [{}];
  if (protocol === "IP") {
    const number = Number(get("protocol-number")[0] ?? 0);
    return number === 0 ? [{}] : [{ protocols: [{ lo: number, hi: number }] }];
  }
  if (protocol === "ICMP" || protocol === "ICMP6") {
    const number = protocol === "ICMP" ? 1 : 58;
    const [type] = get("icmptype");
    const [code] = get("icmpcode");
    return [
      {
        protocols: [{ lo: number, hi: number }],
        ...(type === undefined ? {} : { icmpTypes: [single(type)] }),
        ...(code === undefined ? {} : { icmpCodes: [single(code)] }),
      },
    ];
  }
  const matches: Match[] = [];
  for (const [key, number] of [
    ["tcp-portrange", 6],
    ["udp-portrange", 17],
    ["sctp-portrange", 132],
    ["udplite-portrange", 136],
  ] as const) {
    for (const text of get(key)) {
      const match = readPortRange(text, number);
      if (match === undefined) return undefined;
      matches.push(match);
    }
  }
  return matches;
}

function single(text: string): Range {
  return { lo: Number(text), hi: Number(text) };
}

/** `80`, `8000-8010`, `53:1024-65535` (destination, then source). */
function readPortRange(text: string, protocol: number): Match | undefined {
  const [destination, source] = text.split(":").map((part) => {
    const [low = "", high = low] = part.split("-");
    const range = { lo: Number(low), hi: Number(high) };
    return Number.isInteger(range.lo) && Number.isInteger(range.hi) && range.hi <= 65535 ? range : undefined;
  });
  if (destination === undefined || (text.includes(":") && source === undefined)) return undefined;
  return {
    protocols: [{ lo: protocol, hi: protocol }],
    dstPorts: [destination],
    ...(source === undefined ? {} : { srcPorts: [source] }),
  };
}

/** `tcp 80 443`, `icmp 8`, `ip 47`, `any`. */
function predefined(text: string): Match[] {
  const [name = "", ...values] = text.split(" ");
  if (name === "any") return [{}];
  const number =
    name === "ip" ? Number(values[0]) : ({ tcp: 6, udp: 17, sctp: 132, icmp: 1, icmp6: 58 }[name] ?? 0);
  const protocols = [{ lo: number, hi: number }];
  if (name === "ip" || values.length === 0) return [{ protocols }];
  if (name.startsWith("icmp")) return [{ protocols, icmpTypes: values.map(single) }];
  return values.flatMap((value) => readPortRange(value, number) ?? []);
}
