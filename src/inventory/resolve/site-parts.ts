import { formatAddress, formatInterfaceAddress, formatPrefix, parseMac } from "../../model/address.ts";
import { compareText } from "../../model/finding.ts";
import type { ChangeWindow, Contact, Freeze, Host, Link, Network, Site, WanLink } from "../../model/site.ts";
import { rateBps } from "../units.ts";
import type { SiteBase } from "./base.ts";
import type { DhcpPlan } from "./dhcp.ts";
import { managementNetworkOf } from "./gateway-intents.ts";
import type { Cabling } from "./link-ports.ts";
import type { DeviceDraft } from "./machines.ts";
import type { VlanPlan } from "./needed-vlans.ts";
import { pick } from "./port-intents.ts";
import type { PortPlan } from "./port-plan.ts";
import { spellEnd } from "./port-plan.ts";
import type { RouterPlan } from "./routers.ts";
import { gatewayOf } from "./routers.ts";
import type { WanPlan } from "./wan.ts";

/** The networks of a site as reports and proofs see them. */
export function siteNetworks(
  base: SiteBase,
  routers: ReadonlyMap<string, readonly RouterPlan[]>,
  dhcp: ReadonlyMap<string, DhcpPlan>,
): Network[] {
  const networks = [...base.networks.values()].map((draft): Network => {
    const plans = routers.get(draft.name) ?? [];
    const gateway = gatewayOf(draft, plans);
    const gateway6 =
      draft.gateway6 ?? plans.map((plan) => plan.address6).find((address) => address !== undefined);
    const served = dhcp.get(draft.name);
    return {
      name: draft.name,
      ...pick("description", draft.data.description),
      purpose: draft.data.purpose ?? "data",
      ...pick("vlan", draft.data.vlan),
      ...pick("zone", draft.data.zone),
      ...pick("vrf", draft.data.vrf),
      ...pick("ipv4", draft.prefix4 && formatPrefix(draft.prefix4)),
      ...pick("ipv6", draft.prefix6 && formatPrefix(draft.prefix6)),
      secondary: draft.secondary.map(formatPrefix),
      ...pick("gateway", gateway && formatAddress(gateway)),
      ...pick("gateway6", gateway6 && formatAddress(gateway6)),
      routers: plans.map((plan) => ({
        device: plan.device.name,
        address: plan.address ? formatAddress(plan.address) : "",
        ...pick("priority", plan.priority),
      })),
      ...pick(
        "dhcp",
        served && {
          server: served.server,
          ranges: served.ranges.map(([from, to]) => [formatAddress(from), formatAddress(to)] as const),
          relays: served.relays,
        },
      ),
      pools: draft.pools,
      reuse: draft.data.reuse ?? false,
      origin: draft.at,
    };
  });
  return networks.sort((a, b) => compareText(a.name, b.name));
}

/** Everything with an address: foreign hosts, servers' interfaces, devices. */
export function siteHosts(
  base: SiteBase,
  devices: ReadonlyMap<string, DeviceDraft>,
  cabling: Cabling,
): Host[] {
  const out: Host[] = [];
  const zoneOf = (network: string | undefined): string | undefined =>
    network === undefined ? undefined : base.networks.get(network)?.data.zone;
  for (const host of base.hosts.values()) {
    const mac = host.data.mac === undefined ? undefined : parseMac(host.data.mac);
    out.push({
      name: host.name,
      kind: "host",
      ...pick("description", host.data.description),
      ...pick("network", host.data.network),
      ...pick("zone", host.data.zone ?? zoneOf(host.data.network)),
      ...pick("address", host.address && formatAddress(host.address)),
      ...pick("address6", host.address6 && formatAddress(host.address6)),
      ...pick("mac", mac),
      ...pick("port", host.data.port),
      ...pick("owner", host.data.owner),
      origin: host.at,
    });
  }
  const plugged = new Map<string, string>();
  for (const ports of cabling.ports.values())
    for (const plan of ports.values())
      if (plan.far?.kind === "server")
        plugged.set(spellEnd(plan.far.name, plan.far.port), spellEnd(plan.device.name, plan.name));
  for (const server of base.servers.values()) {
    for (const one of server.interfaces) {
      const mac = server.data.interfaces?.[one.name]?.mac;
      out.push({
        name: server.name,
        kind: "server",
        description: one.name,
        network: one.network,
        ...pick("zone", zoneOf(one.network)),
        ...pick("address", one.address && formatAddress(one.address)),
        ...pick("address6", one.address6 && formatAddress(one.address6)),
        ...pick("mac", mac === undefined ? undefined : parseMac(mac)),
        ...pick("port", plugged.get(spellEnd(server.name, one.name))),
        ...pick("owner", server.data.owner),
        origin: one.at,
      });
    }
  }
  for (const device of devices.values()) {
    const network = managementNetworkOf(device);
    out.push({
      name: device.name,
      kind: "device",
      ...pick("network", network),
      ...pick("zone", zoneOf(network)),
      ...pick("address", device.address && formatAddress(device.address)),
      ...pick("address6", device.address6 && formatAddress(device.address6)),
      ...pick("owner", device.data.owner),
      origin: device.at,
    });
  }
  return out.sort(
    (a, b) => compareText(a.name, b.name) || compareText(a.description ?? "", b.description ?? ""),
  );
}

/** Cables, between devices and to servers, each once. */
export function siteLinks(cabling: Cabling, vlans: VlanPlan): Link[] {
  const links: Link[] = [];
  const endOf = (plan: PortPlan): Link["a"] => ({
    device: plan.device.name,
    port: plan.name,
    ...pick("lag", plan.lag?.id),
  });
  const carried = (plan: PortPlan): number[] => {
    const networks =
      plan.mode === "trunk" ? [...(vlans.tagged.get(plan) ?? []), plan.native] : [plan.access, plan.voice];
    const ids = networks.flatMap((network) => network?.data.vlan ?? []);
    return [...new Set(ids)].sort((a, b) => a - b);
  };
  for (const link of cabling.links) {
    const ends = [endOf(link.a), endOf(link.b)].sort(
      (a, b) => compareText(a.device, b.device) || compareText(a.port, b.port),
    );
    const [a, b] = ends;
    if (a && b) links.push({ a, b, vlans: carried(link.a), origin: link.at });
  }
  for (const ports of cabling.ports.values()) {
    for (const plan of ports.values()) {
      if (plan.far?.kind !== "server") continue;
      const ends = [endOf(plan), { device: plan.far.name, port: plan.far.port ?? "" }].sort((a, b) =>
        compareText(a.device, b.device),
      );
      const [a, b] = ends;
      if (a && b) links.push({ a, b, vlans: carried(plan), origin: plan.at });
    }
  }
  return links.sort(
    (a, b) =>
      compareText(`${a.a.device} ${a.a.port}`, `${b.a.device} ${b.a.port}`) ||
      compareText(a.b.device, b.b.device),
  );
}

/** WAN links as reports see them. */
export function siteWan(wan: readonly WanPlan[]): WanLink[] {
  return wan.map((link) => ({
    name: link.name,
    device: link.device,
    interface: link.interface,
    zone: link.data.zone,
    method: link.method,
    ...pick("ipv4", link.address && formatInterfaceAddress(link.address.address, link.address.prefix)),
    ...pick("gateway", link.gateway && formatAddress(link.gateway)),
    ...pick("ipv6", link.address6 && formatInterfaceAddress(link.address6.address, link.address6.prefix)),
    ...pick("gateway6", link.gateway6 && formatAddress(link.gateway6)),
    priority: link.data.priority ?? 1,
    ...pick("upBps", link.data.up === undefined ? undefined : rateBps(link.data.up)),
    ...pick("downBps", link.data.down === undefined ? undefined : rateBps(link.data.down)),
    ...pick("probe", link.data.probe),
    ...pick("provider", link.data.provider),
    ...pick("circuit", link.data.circuit),
    origin: link.at,
  }));
}

/** People, windows and freezes. */
export function siteCalendar(base: SiteBase): Pick<Site, "contacts" | "changeWindows" | "freezes"> {
  const { settings, places } = base;
  const contacts = Object.entries(settings.contacts ?? {}).map(
    ([id, contact]): Contact => ({ ...contact, name: contact.name ?? id }),
  );
  const windows = settings.changeWindows ?? {};
  const changeWindows = Object.entries(windows).map(
    ([name, window]): ChangeWindow => ({
      name,
      days: window.days ?? [],
      from: window.from,
      to: window.to,
      origin: places.key(windows, name),
    }),
  );
  const spans = settings.freezes ?? {};
  const freezes = Object.entries(spans).map(
    ([name, span]): Freeze => ({
      name,
      from: span.from,
      to: span.to,
      ...pick("reason", span.reason),
      origin: places.key(spans, name),
    }),
  );
  const byName = (a: { name: string }, b: { name: string }): number => compareText(a.name, b.name);
  return {
    contacts: contacts.sort(byName),
    changeWindows: changeWindows.sort(byName),
    freezes: freezes.sort(byName),
  };
}
