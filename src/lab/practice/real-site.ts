import type { DeviceIntent } from "../../model/intent.ts";
import type { Host, Site } from "../../model/site.ts";
import type {
  LabDevice,
  LabDeviceKind,
  LabInterface,
  LabLinkEnd,
  LabRoute,
  LabSite,
  LabSwitch,
  LabSwitchPort,
  LabUser,
} from "../real/types.ts";
import type { RevealPractice } from "./emulated-site.ts";
import { publicKeyOf } from "./practice-secrets.ts";

const KINDS: Readonly<Record<string, LabDeviceKind>> = {
  nftables: "nftables-firewall",
  openvswitch: "openvswitch-switch",
  "linux-server": "linux-server",
};

/** Name of the host that stands for the internet behind the WAN links. */
export const OUTSIDE = "internet";

/** Whether real daemons can stand for this platform. */
export function isReal(device: Pick<DeviceIntent, "platform">): boolean {
  return KINDS[device.platform] !== undefined;
}

/** The devices and hosts of a site as real daemons, cabled as the inventory says: boxes that somebody unpacked and
 *  gave a management cable, with nothing configured yet; hosts that have their address; one host for the internet. */
export function realSite(site: Site, reveal: RevealPractice): LabSite {
  const devices = site.devices.filter(isReal).map((device) => labDevice(site, device, reveal));
  const hosts = site.hosts
    .filter((host) => host.kind === "host" && host.port !== undefined)
    .map((host) => labHost(site, host));
  const outside = outsideHost(site);
  const known = new Set([...devices, ...hosts].map((device) => device.name));
  return {
    name: site.id,
    devices: [...devices, ...hosts, ...outside.devices],
    links: [...linksOf(site, known), ...outside.links],
  };
}

/** A box with a management cable of its own. The firewall has none: its own input chain must decide who reaches it, so
 *  it is managed through the data network, from the operator's desk. */
function labDevice(site: Site, device: DeviceIntent, reveal: RevealPractice): LabDevice {
  const users = usersOf(device, reveal);
  const desk = deskOf(site);
  const inBand = device.kind === "firewall" && desk !== undefined;
  return {
    name: device.name,
    kind: KINDS[device.platform] ?? "host",
    interfaces: cabledInterfaces(site, device),
    users,
    routes: routesOf(site, device),
    files: keyFiles(device, reveal),
    ...(inBand
      ? { management: { mode: "in-band", address: device.management.address, via: desk.name } }
      : {}),
    ...(device.kind === "switch" ? { switch: commissionedSwitch(site, device) } : {}),
  };
}

/** A server's way out, set by whoever installed it. */
function routesOf(site: Site, device: DeviceIntent): LabRoute[] {
  if (device.kind !== "server") return [];
  const own = site.hosts.find((host) => host.name === device.name);
  const network = site.networks.find((candidate) => candidate.name === own?.network);
  return [network?.gateway, network?.gateway6].flatMap((via) =>
    via === undefined ? [] : [{ to: "default", via }],
  );
}

/** The host that the operator sits at: one in a management network. */
function deskOf(site: Site): Host | undefined {
  return site.hosts.find(
    (host) => host.kind === "host" && host.port !== undefined && managesFrom(site, host),
  );
}

function managesFrom(site: Site, host: Host): boolean {
  const zone = site.policy.zones.find((candidate) => candidate.name === host.zone);
  return zone?.kind === "management";
}

/** Whoever hung the switch up let the management network through, and nothing else. */
function commissionedSwitch(site: Site, device: DeviceIntent): LabSwitch {
  const vlan = site.networks.find((network) => network.name === deskOf(site)?.network)?.vlan;
  if (vlan === undefined) return {};
  const ports = device.ports.flatMap((port): [string, LabSwitchPort][] => {
    if (port.mode === "access" && port.accessVlan === vlan) return [[port.name, { access: vlan }]];
    if (port.mode === "trunk" && port.taggedVlans.includes(vlan)) return [[port.name, { trunk: [vlan] }]];
    return [];
  });
  return { ports: Object.fromEntries(ports) };
}

/** Operators' keys come with the image, in a folder beside each account's own: what the inventory says of accounts
 *  does not touch them. */
function keyFiles(device: DeviceIntent, reveal: RevealPractice): Record<string, string> {
  const files: Record<string, string> = {
    "/etc/ssh/sshd_config.d/10-image.conf":
      "AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%u\n",
  };
  for (const { user, key } of [device.management, ...readOnlyLogin(device)]) {
    const value = key === undefined ? undefined : reveal(key);
    if (value !== undefined) files[`/etc/ssh/authorized_keys.d/${user}`] = `${publicKeyOf(value)}\n`;
  }
  return files;
}

/** A switch has all its ports; of the others only what has a cable exists. Servers come with their address,
 *  because their network is the business of whoever installed them, and so does the firewall's management leg. */
function cabledInterfaces(site: Site, device: DeviceIntent): LabInterface[] {
  const names = new Set([
    ...site.links
      .flatMap((link) => [link.a, link.b])
      .filter((end) => end.device === device.name)
      .map((end) => end.port),
    ...site.wan.filter((link) => link.device === device.name).map((link) => link.interface),
    ...site.hosts.flatMap((host) => (host.kind === "host" ? portOn(device.name, host) : [])),
    ...(device.kind === "switch" ? device.ports.map((port) => port.name) : []),
  ]);
  return [...names].sort().map((name) => {
    const addressed = device.interfaces.find((candidate) => candidate.name === name);
    if (device.kind === "server" && addressed !== undefined) return { name, addresses: addressed.addresses };
    const own = device.gateways.find((gateway) => gateway.management);
    const carriesManagement = device.kind === "firewall" && isManagementPort(device, name);
    return carriesManagement && own !== undefined ? { name, addresses: own.addresses } : { name };
  });
}

function portOn(device: string, host: Host): string[] {
  const [at, port] = host.port?.split(":") ?? [];
  return at === device && port !== undefined ? [port] : [];
}

/** The firewall's leg in the management network: commissioned with its address. */
function isManagementPort(device: DeviceIntent, name: string): boolean {
  const port = device.ports.find((candidate) => candidate.name === name);
  return port?.accessVlan !== undefined && port.accessVlan === device.management.vlan;
}

function usersOf(device: DeviceIntent, reveal: RevealPractice): LabUser[] {
  const { management } = device;
  const logins = [
    { user: management.user, key: management.key, password: management.password },
    ...readOnlyLogin(device),
  ];
  return logins.map((login) => {
    const key = login.key === undefined ? undefined : reveal(login.key);
    const password = login.password === undefined ? undefined : reveal(login.password);
    return {
      name: login.user,
      sudo: true,
      ...(key === undefined ? {} : { authorizedKeys: [publicKeyOf(key)] }),
      ...(password === undefined ? {} : { password }),
    };
  });
}

function readOnlyLogin({ management }: DeviceIntent) {
  const { readOnly } = management;
  if (readOnly === undefined || readOnly.user === management.user) return [];
  return [{ user: readOnly.user, key: readOnly.key, password: readOnly.password }];
}

function labHost(site: Site, host: Host): LabDevice {
  const network = site.networks.find((candidate) => candidate.name === host.network);
  const addresses = [withLength(host.address, network?.ipv4), withLength(host.address6, network?.ipv6)];
  const gateways = [network?.gateway, network?.gateway6].filter((gateway) => gateway !== undefined);
  return {
    name: host.name,
    kind: "host",
    interfaces: [{ name: "eth0", addresses: addresses.filter((address) => address !== undefined) }],
    routes: gateways.map((via) => ({ to: "default", via })),
  };
}

function withLength(address: string | undefined, prefix: string | undefined): string | undefined {
  return address === undefined || prefix === undefined ? undefined : `${address}/${prefix.split("/")[1]}`;
}

/** Cables between devices, and from each host's port to its only interface. */
function linksOf(site: Site, known: ReadonlySet<string>): [LabLinkEnd, LabLinkEnd][] {
  const cables = site.links
    .filter((link) => known.has(link.a.device) && known.has(link.b.device))
    .map((link): [LabLinkEnd, LabLinkEnd] => [
      end(link.a.device, link.a.port),
      end(link.b.device, link.b.port),
    ]);
  const cabled = new Set(cables.flat().map((one) => `${one.device}:${one.interface}`));
  const drops = site.hosts.flatMap((host): [LabLinkEnd, LabLinkEnd][] => {
    const [device = "", port = ""] = host.port?.split(":") ?? [];
    if (host.kind !== "host" || !known.has(device) || cabled.has(`${device}:${port}`)) return [];
    return [[end(host.name, "eth0"), end(device, port)]];
  });
  return [...cables, ...drops];
}

/** One host that answers as the next hop of every WAN link. */
function outsideHost(site: Site): { devices: LabDevice[]; links: [LabLinkEnd, LabLinkEnd][] } {
  const wans = site.wan.filter((link) => link.ipv4 !== undefined && link.gateway !== undefined);
  if (wans.length === 0) return { devices: [], links: [] };
  const interfaces = wans.map((link, index) => ({
    name: `wan${index}`,
    addresses: [`${link.gateway}/${link.ipv4?.split("/")[1]}`],
  }));
  return {
    devices: [{ name: OUTSIDE, kind: "host", interfaces }],
    links: wans.map((link, index) => [end(OUTSIDE, `wan${index}`), end(link.device, link.interface)]),
  };
}

function end(device: string, port: string): LabLinkEnd {
  return { device, interface: port };
}
