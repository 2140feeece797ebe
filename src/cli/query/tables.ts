import { freeAddresses } from "../../inventory/free-addresses.ts";
import type { DeviceIntent, PortIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";

/** One line of an answer, by column; a column may be empty. */
export type Row = Readonly<Record<string, string | number | boolean | undefined>>;

/** A question that can be asked of sites. */
interface Table {
  /** In the order in which they are shown; a filter may name each. */
  readonly columns: readonly string[];
  readonly summary: string;
  /** @param chosen - ids of the devices that the selectors named */
  readonly rows: (site: Site, chosen: ReadonlySet<string>) => readonly Row[];
}

/** What `sitewright query` knows, by the word that asks for it. */
export const TABLES: Readonly<Record<string, Table>> = {
  devices: {
    columns: ["device", "kind", "platform", "model", "role", "address", "asset", "serial", "location"],
    summary: "device, platform, model, role, management address, asset",
    rows: (site, chosen) => devicesOf(site, chosen).map(deviceRow),
  },
  ports: {
    columns: ["device", "port", "mode", "vlan", "tagged", "profile", "peer", "description"],
    summary: "each port of each switch: mode, VLANs, profile, what is plugged in",
    rows: (site, chosen) => devicesOf(site, chosen).flatMap((device) => device.ports.map(portRow(device))),
  },
  "free-ports": {
    columns: ["device", "port", "mode", "vlan", "tagged", "profile", "peer", "description"],
    summary: "ports that nothing uses",
    rows: (site, chosen) =>
      devicesOf(site, chosen).flatMap((device) => device.ports.filter(isFree).map(portRow(device))),
  },
  networks: {
    columns: ["site", "network", "vlan", "zone", "ipv4", "ipv6", "gateway"],
    summary: "network, VLAN, zone, prefixes, gateway",
    rows: (site) =>
      site.networks.map((network) => ({
        site: site.id,
        network: network.name,
        vlan: network.vlan,
        zone: network.zone,
        ipv4: network.ipv4,
        ipv6: network.ipv6,
        gateway: network.gateway,
      })),
  },
  addresses: {
    columns: ["site", "address", "name", "kind", "network", "zone", "mac", "port"],
    summary: "who has which address, with MAC and port",
    rows: (site) =>
      site.hosts.map((host) => ({
        site: site.id,
        address: host.address ?? host.address6,
        name: host.name,
        kind: host.kind,
        network: host.network,
        zone: host.zone,
        mac: host.mac,
        port: host.port,
      })),
  },
  "free-addresses": {
    columns: ["site", "network", "from", "to", "count"],
    summary: "runs of addresses that neither a host, a router nor DHCP has",
    rows: (site) =>
      site.networks.flatMap((network) =>
        freeAddresses(site, network).map(({ from, to, count }) => ({
          site: site.id,
          network: network.name,
          from,
          to,
          count: Number(count),
        })),
      ),
  },
  rules: {
    columns: [
      "site",
      "rule",
      "action",
      "from",
      "to",
      "services",
      "owner",
      "ticket",
      "review",
      "expires",
      "source",
    ],
    summary: "firewall rules in their order, with owner, ticket and review date",
    rows: (site) =>
      site.rules.map((rule) => ({
        site: site.id,
        rule: rule.id,
        action: rule.action,
        from: rule.from.map(({ ref }) => ref).join(" "),
        to: rule.to.map(({ ref }) => ref).join(" "),
        services: rule.services.join(" "),
        owner: rule.owner,
        ticket: rule.ticket,
        review: rule.review,
        expires: rule.expires,
        source: rule.source,
      })),
  },
};

function devicesOf(site: Site, chosen: ReadonlySet<string>): DeviceIntent[] {
  return site.devices.filter((device) => chosen.has(device.id));
}

function deviceRow(device: DeviceIntent): Row {
  return {
    device: device.id,
    kind: device.kind,
    platform: device.platform,
    model: device.model,
    role: device.role,
    address: device.management.address,
    asset: device.asset,
    serial: device.assetFields.serial,
    location: device.assetFields.location,
  };
}

function portRow(device: DeviceIntent): (port: PortIntent) => Row {
  return (port) => ({
    device: device.id,
    port: port.name,
    mode: port.mode,
    vlan: port.accessVlan ?? port.nativeVlan,
    tagged: port.taggedVlans.join(" "),
    profile: port.profile,
    peer: port.peer,
    description: port.description,
  });
}

function isFree(port: PortIntent): boolean {
  return port.mode === "unused" && port.peer === undefined;
}
