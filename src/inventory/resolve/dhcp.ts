import type { Address } from "../../model/address.ts";
import {
  containsAddress,
  formatAddress,
  formatPrefix,
  isUsableHost,
  nthHost,
  parseAddress,
  parseMac,
} from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import { compareText } from "../../model/finding.ts";
import type { DhcpPoolIntent } from "../../model/intent.ts";
import { durationSeconds } from "../units.ts";
import type { AddressUse } from "./address-book.ts";
import { spanOf } from "./addressing.ts";
import type { NetworkDraft, SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";
import type { Names } from "./names.ts";
import { addressesOf } from "./names.ts";
import { pick } from "./port-intents.ts";
import type { RouterPlan } from "./routers.ts";
import { gatewayOf } from "./routers.ts";

/** DHCP of one network, settled. */
export interface DhcpPlan {
  readonly network: NetworkDraft;
  /** Who answers, by name. */
  readonly server: string;
  /** Whether one of our network devices answers. */
  readonly onDevice: boolean;
  readonly ranges: readonly (readonly [Address, Address])[];
  /** Where gateways forward requests to; empty where the gateway answers itself. */
  readonly relays: readonly string[];
  readonly pool: DhcpPoolIntent | undefined;
}

const DEFAULT_LEASE = "8h";

/** What settling DHCP needs. */
export interface DhcpSources {
  readonly base: SiteBase;
  readonly routers: ReadonlyMap<string, readonly RouterPlan[]>;
  readonly names: Names;
  readonly book: readonly AddressUse[];
  /** Addresses of the site's DNS servers. */
  readonly dns: readonly string[];
  readonly findings: Findings;
}

/** Settles DHCP of every network that has it, and checks ranges against gateways and statics (IPP-003, IPP-004). */
export function planDhcp(sources: DhcpSources): Map<string, DhcpPlan> {
  const out = new Map<string, DhcpPlan>();
  const byNetwork = new Map<string, AddressUse[]>();
  for (const use of sources.book) {
    if (use.network === undefined) continue;
    const known = byNetwork.get(use.network);
    if (known) known.push(use);
    else byNetwork.set(use.network, [use]);
  }
  for (const network of sources.base.networks.values()) {
    const plan = planOne(network, sources, byNetwork.get(network.name) ?? []);
    if (plan) out.set(network.name, plan);
  }
  return out;
}

function planOne(
  network: NetworkDraft,
  sources: DhcpSources,
  uses: readonly AddressUse[],
): DhcpPlan | undefined {
  const { base, findings } = sources;
  const dhcp = network.data.dhcp;
  if (!dhcp?.ranges) return undefined;
  const where = base.places.key(network.data, "dhcp");
  const { prefix4 } = network;
  if (!prefix4) {
    if (network.data.ipv4 === undefined)
      findings.report(
        "IPP-003",
        where,
        `${network.name} has DHCP and no ipv4 prefix`,
        "give the network ipv4: …, or take dhcp away",
      );
    return undefined;
  }
  const ranges: (readonly [Address, Address])[] = [];
  dhcp.ranges.forEach((text, index) => {
    const range = readRange(text, network, base.places.value(dhcp.ranges, index), uses, findings);
    if (range) ranges.push(range);
  });
  ranges.sort((a, b) => (a[0].value < b[0].value ? -1 : 1));
  for (let index = 1; index < ranges.length; index++) {
    const before = ranges[index - 1];
    const here = ranges[index];
    if (before && here && here[0].value <= before[1].value)
      findings.report("IPP-003", where, `two DHCP ranges of ${network.name} overlap`, "join them into one");
  }
  const routers = sources.routers.get(network.name) ?? [];
  const server = dhcp.on ?? routers[0]?.device.name;
  if (server === undefined) {
    if (network.data.gateway?.on !== undefined) return undefined;
    findings.report(
      "IPP-019",
      where,
      `nobody answers DHCP in ${network.name}: it has no gateway`,
      "say `on:`, or give the network a gateway",
    );
    return undefined;
  }
  const isRouter = routers.some((router) => router.device.name === server);
  const found = isRouter ? undefined : sources.names.find(server, base.places.value(dhcp, "on"));
  if (!isRouter && !found) return undefined;
  const relays = found
    ? addressesOf(found)
        .filter((address) => address.version === 4)
        .slice(0, 1)
        .map(formatAddress)
    : [];
  if (found && relays.length === 0)
    findings.report(
      "REF-NO-ADDRESS",
      base.places.value(dhcp, "on"),
      `"${server}" answers DHCP and has no IPv4 address`,
      "give it one where it is defined",
      { about: server },
    );
  const onDevice = isRouter || found?.kind === "device";
  const gateway = gatewayOf(network, routers);
  const pool =
    onDevice && gateway && ranges.length > 0 ? poolIntent(network, gateway, ranges, sources) : undefined;
  return { network, server, onDevice, ranges, relays, pool };
}

function readRange(
  text: string,
  network: NetworkDraft,
  where: FileWhere,
  uses: readonly AddressUse[],
  findings: Findings,
): readonly [Address, Address] | undefined {
  const { prefix4 } = network;
  if (!prefix4) return undefined;
  const ends = text.split("-").map((part) => {
    const trimmed = part.trim();
    return /^\d+$/.test(trimmed) ? nthHost(prefix4, Number(trimmed)) : parseAddress(trimmed);
  });
  const [from, to] = ends;
  if (!from || !to || !containsAddress(prefix4, from) || !containsAddress(prefix4, to)) {
    findings.report(
      "IPP-003",
      where,
      `the DHCP range ${text} is not in ${network.name} (${formatPrefix(prefix4)})`,
      `hosts are ${spanOf(prefix4)}`,
    );
    return undefined;
  }
  if (to.value < from.value) {
    findings.report(
      "IPP-003",
      where,
      `the DHCP range ${text} runs backwards`,
      `write ${formatAddress(to)}-${formatAddress(from)}`,
    );
    return undefined;
  }
  if (!isUsableHost(prefix4, from) || !isUsableHost(prefix4, to)) {
    findings.report(
      "IPP-003",
      where,
      `the DHCP range ${text} holds the network or broadcast address`,
      `hosts are ${spanOf(prefix4)}`,
    );
    return undefined;
  }
  const holds = (address: Address): boolean =>
    address.version === 4 && address.value >= from.value && address.value <= to.value;
  if (network.gateway4 && holds(network.gateway4)) {
    findings.report(
      "IPP-003",
      where,
      `the DHCP range ${text} holds the gateway ${formatAddress(network.gateway4)}`,
      "move the range, or the gateway",
      { related: [network.at] },
    );
  }
  for (const use of uses) {
    if (use.reserved || !holds(use.address) || use.address.value === network.gateway4?.value) continue;
    findings.report(
      "IPP-004",
      use.at,
      `${use.who} has ${formatAddress(use.address)}, which DHCP hands out (${text})`,
      "move the range or the address; a host with a MAC may say `reserve: true`",
      { related: [where] },
    );
  }
  return [from, to];
}

function poolIntent(
  network: NetworkDraft,
  gateway: Address,
  ranges: readonly (readonly [Address, Address])[],
  sources: DhcpSources,
): DhcpPoolIntent | undefined {
  const { base, findings } = sources;
  const dhcp = network.data.dhcp;
  if (!network.prefix4 || !dhcp || network.data.vlan === undefined) return undefined;
  const options = dhcp.options;
  const dns = options?.dns
    ? options.dns.flatMap((ref, index) =>
        sources.names.addresses(ref, base.places.value(options.dns ?? [], index)).map(formatAddress),
      )
    : sources.dns;
  const reservations: { name: string; address: string; mac: string }[] = [];
  for (const host of base.hosts.values()) {
    if (host.data.network !== network.name || !host.data.reserve) continue;
    const mac = host.data.mac === undefined ? undefined : parseMac(host.data.mac);
    if (!mac || !host.address) {
      findings.report(
        "IPP-004",
        host.at,
        `${host.name} is to be reserved and lacks a MAC or an address`,
        "give it `mac` and `address`",
      );
      continue;
    }
    reservations.push({ name: host.name, address: formatAddress(host.address), mac });
  }
  return {
    network: network.name,
    vlan: network.data.vlan,
    prefix: formatPrefix(network.prefix4),
    ranges: ranges.map(([from, to]) => [formatAddress(from), formatAddress(to)] as const),
    gateway: formatAddress(gateway),
    dns: dns.filter((address) => !address.includes(":")),
    ...pick("domain", options?.domain ?? base.settings.domain),
    leaseSeconds: durationSeconds(dhcp.lease ?? DEFAULT_LEASE),
    reservations: reservations.sort((a, b) => compareText(a.name, b.name)),
    origin: base.places.key(network.data, "dhcp"),
  };
}
