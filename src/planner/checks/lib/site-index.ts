import type { DeviceIntent, PortIntent } from "../../../model/intent.ts";
import type { Zone } from "../../../model/policy.ts";
import type { Host, Network, Site } from "../../../model/site.ts";

/** Look-ups of one site, made once. */
export interface SiteIndex {
  readonly networks: ReadonlyMap<string, Network>;
  readonly byVlan: ReadonlyMap<number, readonly Network[]>;
  readonly zones: ReadonlyMap<string, Zone>;
  readonly devices: ReadonlyMap<string, DeviceIntent>;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly networkDevices: readonly DeviceIntent[];
  readonly switches: readonly DeviceIntent[];
  readonly firewalls: readonly DeviceIntent[];
  readonly servers: readonly DeviceIntent[];
}

const known = new WeakMap<Site, SiteIndex>();

/** Gives the look-ups of a site. */
export function indexOf(site: Site): SiteIndex {
  const before = known.get(site);
  if (before) return before;
  const byVlan = new Map<number, Network[]>();
  for (const network of site.networks) {
    if (network.vlan === undefined) continue;
    const list = byVlan.get(network.vlan);
    if (list) list.push(network);
    else byVlan.set(network.vlan, [network]);
  }
  const index: SiteIndex = {
    networks: new Map(site.networks.map((network) => [network.name, network])),
    byVlan,
    zones: new Map(site.policy.zones.map((zone) => [zone.name, zone])),
    devices: new Map(site.devices.map((device) => [device.name, device])),
    hosts: new Map(site.hosts.map((host) => [host.name, host])),
    networkDevices: site.devices.filter((device) => device.kind !== "server"),
    switches: site.devices.filter((device) => device.kind === "switch"),
    firewalls: site.devices.filter((device) => device.firewall !== undefined || device.kind === "firewall"),
    servers: site.devices.filter((device) => device.kind === "server"),
  };
  known.set(site, index);
  return index;
}

/** The zone of a network, where both are known. */
export function zoneOfNetwork(site: Site, name: string | undefined): Zone | undefined {
  if (name === undefined) return undefined;
  const { networks, zones } = indexOf(site);
  return zones.get(networks.get(name)?.zone ?? "");
}

/** The networks that a VLAN id means at a site. */
export function networksOfVlan(site: Site, vlan: number | undefined): readonly Network[] {
  return vlan === undefined ? [] : (indexOf(site).byVlan.get(vlan) ?? []);
}

/** The device or host behind a port, without its interface. */
export function peerName(port: Pick<PortIntent, "peer">): string | undefined {
  return port.peer?.split(":")[0];
}

/** Whether a network device of ours is behind a port. */
export function leadsToDevice(site: Site, port: Pick<PortIntent, "peer">): boolean {
  const names = port.peer?.split(" ").map((peer) => peer.split(":")[0] ?? "") ?? [];
  return names.some((name) => {
    const device = indexOf(site).devices.get(name);
    return device !== undefined && device.kind !== "server";
  });
}

/** Whether a server of ours is behind a port. */
export function leadsToServer(site: Site, port: Pick<PortIntent, "peer">): boolean {
  return indexOf(site).devices.get(peerName(port) ?? "")?.kind === "server";
}

/** Ports of a switch where end systems are plugged in. */
export function hostPorts(site: Site, device: DeviceIntent): PortIntent[] {
  if (device.kind !== "switch") return [];
  return device.ports.filter((port) => port.enabled && port.mode === "access" && !leadsToDevice(site, port));
}

/** Host ports where people plug things in: in a network of a user zone, no server behind. */
export function userPorts(site: Site, device: DeviceIntent): PortIntent[] {
  return hostPorts(site, device).filter(
    (port) => !leadsToServer(site, port) && isUserVlan(site, port.accessVlan),
  );
}

/** Whether a VLAN carries people's machines; one that no zone claims counts as such. */
export function isUserVlan(site: Site, vlan: number | undefined): boolean {
  const zones = networksOfVlan(site, vlan).map((network) => zoneOfNetwork(site, network.name));
  return zones.length === 0 || zones.some((zone) => zone === undefined || zone.kind === "user");
}

/** Trunks of a switch, aggregations in place of their members. */
export function trunksOf(device: DeviceIntent): Omit<PortIntent, "mode" | "lag">[] {
  return [...device.ports, ...device.lags].filter((port) => port.enabled && port.mode === "trunk");
}
