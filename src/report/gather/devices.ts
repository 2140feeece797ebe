import type { DeviceIntent, PortIntent } from "../../model/intent.ts";
import type { Host, Network, Site } from "../../model/site.ts";
import type { SiteFacts } from "../../planner/checks/types.ts";
import { mergeRanges } from "../../planner/flows/ranges.ts";
import type { ReportDevice, ReportPort } from "../report-types.ts";

/** Lists the devices of a site with every port. */
export function gatherDevices(site: Site, facts: SiteFacts | undefined): ReportDevice[] {
  const networks = networkByVlan(site.networks);
  const plugged = pluggedHosts(site.hosts);
  return site.devices.map((device) => ({
    name: device.name,
    asset: device.asset,
    kind: device.kind,
    role: device.role ?? null,
    platform: device.platform,
    model: device.model,
    serial: device.assetFields.serial ?? null,
    owner: device.assetFields.owner ?? null,
    location: device.assetFields.location ?? null,
    warranty: device.assetFields.warranty ?? null,
    firmware: device.assetFields.firmware ?? null,
    endOfLife: facts?.devices.get(device.name)?.endOfLife ?? null,
    management: device.management.address,
    members: device.members.map(({ name, asset, serial }) => ({ name, asset, serial: serial ?? null })),
    ports: device.ports.map((port) => gatherPort(device, port, networks, plugged)),
  }));
}

function networkByVlan(networks: readonly Network[]): Map<number, Network> {
  return new Map(
    networks.flatMap((network) => (network.vlan === undefined ? [] : [[network.vlan, network]])),
  );
}

/** Hosts by where they are plugged in, `sw-1f 7`: files may spell a port shorter than the device does. */
function pluggedHosts(hosts: readonly Host[]): Map<string, Host> {
  return new Map(hosts.flatMap((host) => (host.port === undefined ? [] : [[portKey(host.port), host]])));
}

function portKey(place: string): string {
  const [device = "", port = ""] = place.split(":");
  const initial = /^[a-z]/i.exec(port)?.[0]?.toLowerCase() ?? "";
  return `${device} ${initial}${/\d[\d/]*$/.exec(port)?.[0] ?? port}`;
}

function gatherPort(
  device: DeviceIntent,
  port: PortIntent,
  networks: ReadonlyMap<number, Network>,
  plugged: ReadonlyMap<string, Host>,
): ReportPort {
  const network = port.mode === "access" ? networks.get(port.accessVlan ?? -1) : undefined;
  const routed =
    port.mode === "routed" ? device.interfaces.find(({ name }) => name === port.name) : undefined;
  const host = plugged.get(portKey(`${device.name}:${port.name}`));
  const peer = port.peer ?? host?.name ?? null;
  return {
    name: port.name,
    mode: port.mode,
    enabled: port.enabled,
    vlan: port.accessVlan ?? null,
    voiceVlan: port.voiceVlan ?? null,
    nativeVlan: port.nativeVlan ?? null,
    tagged: spellVlans(port.taggedVlans),
    lag: port.lag ?? null,
    network: network?.name ?? routed?.network ?? null,
    zone: network?.zone ?? routed?.zone ?? null,
    profile: port.profile ?? null,
    peer,
    description: port.description === "" || port.description === peer ? null : port.description,
  };
}

/** Spells VLAN ids short: `10-12,99`. */
export function spellVlans(vlans: readonly number[]): string {
  return mergeRanges(vlans.map((vlan) => ({ lo: vlan, hi: vlan })))
    .map(({ lo, hi }) => (lo === hi ? `${lo}` : hi === lo + 1 ? `${lo},${hi}` : `${lo}-${hi}`))
    .join(",");
}
