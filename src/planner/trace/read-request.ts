import { formatAddress, nthHost, parseAddress, parsePrefix } from "../../model/address.ts";
import type { Host, Network, Site } from "../../model/site.ts";
import { parsePacket } from "../flows/packet-text.ts";
import type { Family } from "../flows/types.ts";
import { networkOf, ownerOf, type Point, zoneOf } from "./ends.ts";
import type { TraceProblem, TraceRequest } from "./types.ts";

/** Somebody on the internet whom nobody is (RFC 5737, RFC 3849). */
const STRANGER: Readonly<Record<Family, string>> = { 4: "198.51.100.77", 6: "2001:db8:ffff::77" };
/** Where a host of a network is meant that the inventory does not name, the place after the usual gateways. */
const SOMEBODY = 9;

/** Reads a packet whose ends may be names of the site: a host, a device, a network, a zone with one network, a WAN link,
 *  or `internet`.
 *  @returns the request, or what is wrong and what to type */
export function readTraceRequest(
  site: Site,
  text: string,
  wan: string | undefined,
): { readonly request: TraceRequest } | TraceProblem {
  if (wan !== undefined && !site.wan.some(({ name }) => name === wan))
    return {
      problem: `${site.id} has no WAN link ${wan}`,
      hint: `known: ${list(site.wan.map(({ name }) => name))}`,
    };
  const family: Family = /\[[0-9a-f:]+\]|\s[0-9a-f]*:[0-9a-f:]*:/i.test(text) ? 6 : 4;
  const words = text.replace("->", " to ").trim().split(/\s+/);
  const first = /^proto(col)?$/i.test(words[0] ?? "") ? 2 : 1;
  // Without the word between the ends there is no telling which word is one.
  const places = words[first + 1]?.toLowerCase() === "to" ? [first, first + 2] : [];
  for (const place of places) {
    const resolved = endText(site, words[place] ?? "", family);
    if (typeof resolved !== "string") return resolved;
    words[place] = resolved;
  }
  const parsed = parsePacket(words.join(" "), (address) => {
    const found = parseAddress(address);
    return found && { family: found.version, value: found.value };
  });
  if ("problem" in parsed) return parsed;
  const { packet } = parsed;
  const [src, dst] = [packet.src, packet.dst].map((value) => ({ family: packet.family, value }));
  const problem = src && dst && impossible(site, src, dst);
  return problem ?? { request: { packet, ...(wan === undefined ? {} : { wan }) } };
}

/** An end as an address, with its port as it was. */
function endText(site: Site, word: string, family: Family): string | TraceProblem {
  if (word === "" || parseAddress(word) !== undefined || /^\[|^[\d.]+(:\d+)?$/.test(word)) return word;
  const [, name = "", port = ""] = /^(.+?)(:\d+)?$/.exec(word) ?? [];
  const found = [...new Set(addressesOf(site, name.toLowerCase(), family))];
  const [address] = found;
  if (address === undefined && addressesOf(site, name.toLowerCase(), family === 4 ? 6 : 4).length > 0)
    return { problem: `${name} has no IPv${family} address`, hint: "type both ends in the same IP version" };
  if (address === undefined) {
    const similar = namesOf(site).filter((known) => known.includes(name.slice(0, 3).toLowerCase()));
    return {
      problem: `nothing at ${site.id} is called "${name}"`,
      hint: `type an address or a name: ${list(similar.length > 0 ? similar : namesOf(site))}`,
    };
  }
  if (found.length > 1)
    return { problem: `"${name}" may mean ${found.join(" or ")}`, hint: "type the address" };
  return family === 6 ? `[${address}]${port}` : `${address}${port}`;
}

function addressesOf(site: Site, name: string, family: Family): string[] {
  if (name === "internet") return [STRANGER[family]];
  const host = site.hosts.find((each) => each.name.toLowerCase() === name);
  const network = site.networks.find((each) => each.name.toLowerCase() === name);
  const wan = site.wan.find((each) => each.name.toLowerCase() === name);
  const inZone = site.networks.filter((each) => each.zone?.toLowerCase() === name);
  const meant = network ?? (inZone.length === 1 ? inZone[0] : undefined);
  return [
    family === 4 ? host?.address : host?.address6,
    meant === undefined ? undefined : somebodyIn(site, meant, family),
    (family === 4 ? wan?.ipv4 : wan?.ipv6)?.split("/")[0],
    ...(meant === undefined ? inZone.map((each) => somebodyIn(site, each, family)) : []),
  ].filter((text) => text !== undefined);
}

/** A host of the inventory, else an address that no device has. */
function somebodyIn(site: Site, network: Network, family: Family): string | undefined {
  const talks = (host: Host): boolean =>
    host.network === network.name && (host.kind === "host" || host.kind === "server");
  const known = site.hosts.filter(talks).map((host) => (family === 4 ? host.address : host.address6));
  const [first] = known.filter((address) => address !== undefined);
  if (first !== undefined) return first;
  const parsed = parsePrefix((family === 4 ? network.ipv4 : network.ipv6) ?? "");
  const free = parsed && nthHost(parsed.prefix, SOMEBODY);
  return free === undefined ? undefined : formatAddress(free);
}

function impossible(site: Site, src: Point, dst: Point): TraceProblem | undefined {
  if (src.value === dst.value)
    return { problem: "the packet goes to where it comes from", hint: "type two different addresses" };
  for (const point of [src, dst]) {
    if (zoneOf(site, point) !== "unassigned" || ownerOf(site, point) !== undefined) continue;
    const address = formatAddress({ version: point.family, value: point.value });
    const networks = site.networks.flatMap(({ name, ipv4 }) =>
      ipv4 === undefined ? [] : [`${name} ${ipv4}`],
    );
    return { problem: `${address} is in no network of ${site.id}`, hint: `known: ${list(networks)}` };
  }
  const outside = [src, dst].every((point) => !networkOf(site, point) && !ownerOf(site, point));
  if (!outside) return undefined;
  return {
    problem: `neither end of the packet is at ${site.id}`,
    hint: "one end must be an address of the site",
  };
}

function namesOf(site: Site): string[] {
  const names = [...site.hosts, ...site.networks, ...site.wan].map(({ name }) => name);
  return [...new Set([...names, "internet"])].sort();
}

function list(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(", ")}, …` : names.join(", ") || "none";
}
