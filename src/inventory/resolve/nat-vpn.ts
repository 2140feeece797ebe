import { formatAddress, formatPrefix } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import { compareText } from "../../model/finding.ts";
import type { Rule, SiteNat, SiteVpn } from "../../model/site.ts";
import type { Vpn, VpnsFile } from "../schema/types.gen.ts";
import { Places } from "../shape/plain.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { SiteBase } from "./base.ts";
import { reportNetwork } from "./build-base.ts";
import { addressesOf } from "./names.ts";
import type { RuleEnds, RuleSources } from "./rules.ts";
import { keep, listOf, prefixesOf } from "./rules.ts";
import { secretOf } from "./system.ts";
import type { WanPlan } from "./wan.ts";

/** Settles address translation. Each port forward implies a rule, so that the matrix judges it like any other flow. */
export function planNat(
  sources: RuleSources,
  ends: RuleEnds,
  wan: readonly WanPlan[],
): { nat: SiteNat; rules: Rule[] } {
  const { base, findings } = sources;
  const { places } = base;
  const written = base.settings.nat;
  const links = new Map(wan.map((link) => [link.name, link]));
  const outbound = Object.entries(written?.outbound ?? {}).map(([name, entry]) => {
    const networks = listOf(entry.from).flatMap((ref, index) => {
      const network = base.networks.get(ref);
      if (!network) reportNetwork(ref, listPlace(entry, "from", index, places), base.networks, findings);
      return network ? [network] : [];
    });
    const via = listOf(entry.via).filter(
      (ref, index) =>
        links.has(ref) || reportWan(ref, listPlace(entry, "via", index, places), links.keys(), sources),
    );
    return {
      name,
      from: networks.map((network) => network.name),
      via,
      source: networks
        .flatMap((network) => (network.prefix4 ? [formatPrefix(network.prefix4)] : []))
        .sort(compareText),
      origin: places.key(written?.outbound ?? {}, name),
    };
  });
  const forwards: SiteNat["forwards"][number][] = [];
  const rules: Rule[] = [];
  const used = new Map<string, FileWhere>();
  for (const [name, entry] of Object.entries(written?.forwards ?? {})) {
    const origin = places.key(written?.forwards ?? {}, name);
    const link = links.get(entry.on);
    if (!link) {
      if (entry.on !== undefined) reportWan(entry.on, places.value(entry, "on"), links.keys(), sources);
      continue;
    }
    const protocol = entry.protocol ?? "tcp";
    const key = `${entry.on} ${protocol} ${entry.port}`;
    const known = used.get(key);
    if (known)
      findings.report(
        "NAT-TWICE",
        places.value(entry, "port"),
        `${protocol} port ${entry.port} of ${entry.on} is forwarded twice`,
        "take another port outside",
        { related: [known] },
      );
    used.set(key, origin);
    const found = sources.names.find(entry.to, places.value(entry, "to"));
    const target = found && addressesOf(found).find((address) => address.version === 4);
    if (found && !target)
      findings.report(
        "REF-NO-ADDRESS",
        places.value(entry, "to"),
        `"${entry.to}" has no IPv4 address to forward to`,
        "name a host or a server",
        { about: entry.to },
      );
    const toEnd = found && target ? ends.end(entry.to, places.value(entry, "to")) : undefined;
    if (!target || !toEnd) continue;
    const fromRefs = entry.from === undefined ? [`zone:${link.data.zone}`] : listOf(entry.from);
    const from = fromRefs.flatMap(
      (ref, index) =>
        ends.end(ref, entry.from === undefined ? origin : listPlace(entry, "from", index, places)) ?? [],
    );
    const rule = `nat-${name}`;
    forwards.push({
      name,
      wan: entry.on,
      device: link.device,
      protocol,
      port: entry.port,
      to: entry.to,
      toAddress: formatAddress(target),
      toPort: entry.toPort ?? entry.port,
      rule,
      origin,
    });
    sources.policy.services.matches(entry.service, places.value(entry, "service"), findings);
    const inner = `${formatAddress(target)}/32`;
    rules.push({
      id: rule,
      action: "permit",
      from,
      to: [{ ...toEnd, prefixes: [inner] }],
      services: [entry.service],
      matches: [{ protocol, ports: [[entry.toPort ?? entry.port, entry.toPort ?? entry.port]] }],
      log: true,
      ...keep(entry, ["owner", "ticket", "reason", "review"]),
      inspection: [],
      before: [],
      source: "implied",
      origin,
    });
  }
  const byName = (a: { name: string }, b: { name: string }): number => compareText(a.name, b.name);
  return { nat: { outbound: outbound.sort(byName), forwards: forwards.sort(byName) }, rules };
}

function listPlace<K extends string>(
  entry: { readonly [key in K]?: string | readonly string[] },
  key: K,
  index: number,
  places: Places,
): FileWhere {
  const value: unknown = entry[key];
  return typeof value === "object" && value !== null ? places.value(value, index) : places.value(entry, key);
}

function reportWan(name: string, where: FileWhere, known: Iterable<string>, sources: RuleSources): false {
  const names = [...known];
  const near = suggest(name, names);
  sources.findings.report(
    "REF-WAN",
    where,
    `there is no WAN link "${name}" at this site`,
    near ? `did you mean ${near}?` : `links: ${listNames(names) || "none"}`,
  );
  return false;
}

/** What settling a client's VPNs for one of its sites needs. */
export interface VpnSources extends RuleSources {
  readonly sister: (site: string) => SiteBase | undefined;
  readonly siteNames: readonly string[];
  readonly wan: readonly WanPlan[];
}

/** Settles the VPNs that end at this site. */
export function planVpns(sources: VpnSources): SiteVpn[] {
  const doc = sources.documents.get(`inventory/${sources.base.client}/vpns.yaml`);
  if (!doc) return [];
  sources.findings.addAll(doc.findings);
  const places = new Places();
  const data = places.read<VpnsFile>(doc.root);
  const out: SiteVpn[] = [];
  for (const [name, vpn] of Object.entries(data)) {
    const planned = planVpn(name, vpn, places, places.key(data, name), sources);
    if (planned) out.push(planned);
  }
  return out.sort((a, b) => compareText(a.name, b.name));
}

function planVpn(
  name: string,
  vpn: Vpn,
  places: Places,
  origin: FileWhere,
  sources: VpnSources,
): SiteVpn | undefined {
  const { base, findings } = sources;
  const sites = Object.keys(vpn.ends ?? {});
  for (const site of sites) {
    if (sources.siteNames.includes(site)) continue;
    const near = suggest(site, sources.siteNames);
    findings.report(
      "REF-SITE",
      places.key(vpn.ends, site),
      `the client has no site "${site}"`,
      near ? `did you mean ${near}?` : `sites of this client: ${listNames(sources.siteNames)}`,
    );
    return undefined;
  }
  if (sites.length !== 2) {
    findings.report(
      "VPN-ENDS",
      origin,
      `the VPN ${name} names ${sites.length === 1 ? "one site" : `${sites.length} sites`}; it must join two`,
      "name two sites, each with its WAN link",
    );
    return undefined;
  }
  if (!sites.includes(base.site)) return undefined;
  const peerName = sites.find((site) => site !== base.site) ?? "";
  const peer = sources.sister(peerName);
  const local = wanOf(vpn.ends[base.site], base, places.value(vpn.ends, base.site), sources);
  const remote = peer && wanOf(vpn.ends[peerName], peer, places.value(vpn.ends, peerName), sources);
  const psk = secretOf(vpn.psk);
  if (!peer || !local || !remote || !psk) return undefined;
  const mine = networksOf(vpn, base.site, base, places, sources);
  const theirs = networksOf(vpn, peerName, peer, places, sources);
  return {
    name,
    device: local.device,
    wan: local.name,
    peerSite: peer.id,
    peerDevice: remote.device,
    localAddress: local.address,
    remoteAddress: remote.address,
    localNetworks: mine.names,
    remoteNetworks: theirs.names,
    localPrefixes: mine.prefixes,
    remotePrefixes: theirs.prefixes,
    psk,
    origin,
  };
}

function wanOf(
  name: string | undefined,
  base: SiteBase,
  where: FileWhere,
  sources: VpnSources,
): { name: string; device: string; address: string } | undefined {
  const links = base.settings.wan ?? {};
  const link = name === undefined ? undefined : links[name];
  if (!link || name === undefined) {
    reportWan(name ?? "", where, Object.keys(links), sources);
    return undefined;
  }
  const address = /^[0-9.]+(?=\/)/.exec(link.ipv4 ?? "")?.[0];
  if (address === undefined) {
    sources.findings.report(
      "VPN-ENDS",
      where,
      `${base.site}/${name} has no fixed address for a VPN to end at`,
      "name a link with a fixed address",
    );
    return undefined;
  }
  return { name, device: link.on.split(":")[0] ?? "", address };
}

function networksOf(
  vpn: Vpn,
  site: string,
  base: SiteBase,
  places: Places,
  sources: VpnSources,
): { names: string[]; prefixes: string[] } {
  const written = vpn.networks?.[site];
  if (written === undefined) {
    sources.findings.report(
      "VPN-ENDS",
      places.of(vpn.networks ?? vpn),
      `the VPN names no networks of ${site}`,
      `add ${site}: [networks that the other end may reach]`,
    );
    return { names: [], prefixes: [] };
  }
  const networks = listOf(written).flatMap((name, index) => {
    const network = base.networks.get(name);
    const where =
      typeof written === "object" ? places.value(written, index) : places.value(vpn.networks, site);
    if (!network) reportNetwork(name, where, base.networks, sources.findings);
    return network ? [network] : [];
  });
  return {
    names: networks.map((network) => network.name),
    prefixes: networks.flatMap(prefixesOf).map(formatPrefix).sort(compareText),
  };
}
