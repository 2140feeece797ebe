import type { DeviceIntent, GatewayIntent } from "../../model/intent.ts";
import type { Network, Site } from "../../model/site.ts";

/** A switch's own management address makes it no router. */
export function isOwnManagement(device: DeviceIntent, gateway: GatewayIntent): boolean {
  return gateway.management && device.kind === "switch" && gateway.vrrp === undefined;
}

/** The legs by which a device reaches a network that another router of the site serves: what it shares with that router.
 *  None where it serves the network itself. */
export function legsTowards(site: Site, device: DeviceIntent, network: Network): GatewayIntent[] {
  if (device.gateways.some((gateway) => gateway.network === network.name)) return [];
  const routers = new Set(network.routers.map((router) => router.device));
  const neighbours = site.devices.filter(({ name }) => routers.has(name));
  const theirs = new Set(
    neighbours.flatMap((each) =>
      each.gateways.filter((gateway) => !isOwnManagement(each, gateway)).map((gateway) => gateway.network),
    ),
  );
  return device.gateways.filter(
    (gateway) => theirs.has(gateway.network) && !isOwnManagement(device, gateway),
  );
}

/** Zones of the networks that other routers serve next to a device, and of the WAN links that these have; sorted. */
export function zonesBeyond(site: Site, device: DeviceIntent): string[] {
  const networks = site.networks.filter((network) => legsTowards(site, device, network).length > 0);
  const routers = new Set(networks.flatMap((network) => network.routers.map((router) => router.device)));
  const links = site.wan.filter((link) => routers.has(link.device)).map((link) => link.zone);
  const zones = [...networks.map(({ zone }) => zone), ...links].filter((zone) => zone !== undefined);
  return [...new Set(zones)].sort();
}
