import type { DeviceIntent, GatewayIntent } from "../../model/intent.ts";
import type { Network, Site } from "../../model/site.ts";
import type { AddressRange } from "../flows/types.ts";
import { legsTowards } from "./neighbours.ts";
import { rangeOf, type ZonePartition } from "./zones.ts";

/** By which interfaces of a firewall the packets of a range come and go: by one of these numbers. */
export interface Placement {
  readonly range: AddressRange;
  readonly zone: string;
  readonly numbers: readonly number[];
}

/** Says for every range that a firewall serves by which interface it is reached. A zone with one interface is plain;
 *  with several, a network is known by the port or the VLAN that it stands on, and the rest may come by any. What
 *  another router serves is behind the network that the two share.
 *  @param interfaces - names behind the numbers, the first is 1 */
export function placementsOf(
  site: Site,
  partition: ZonePartition,
  device: DeviceIntent,
  interfaces: readonly string[],
): Placement[] {
  const homes = homesOf(site, device);
  const behind = behindOthers(site, device, interfaces);
  const beyond = new Set(behind.map(({ range }) => keyOf(range)));
  const near = (device.firewall?.zones ?? []).flatMap((zone) => {
    const numbers = zone.interfaces.map((name) => interfaces.indexOf(name) + 1);
    const ranges = partition.rangesOf(zone.name).filter((range) => !beyond.has(keyOf(range)));
    return ranges.map((range) => {
      const home = homes.get(keyOf(range));
      const at = home === undefined || !zone.interfaces.includes(home) ? -1 : interfaces.indexOf(home);
      return { range, zone: zone.name, numbers: numbers.length > 1 && at >= 0 ? [at + 1] : numbers };
    });
  });
  return [...near, ...behind];
}

/** Networks that another router of the site serves, by the leg towards it. */
function behindOthers(site: Site, device: DeviceIntent, interfaces: readonly string[]): Placement[] {
  return site.networks.flatMap((network) => {
    const legs = legsTowards(site, device, network).flatMap((gateway) => legOf(device, gateway) ?? []);
    const numbers = [...new Set(legs.map((leg) => interfaces.indexOf(leg) + 1))].filter(
      (number) => number > 0,
    );
    if (numbers.length === 0) return [];
    return textsOf(network).flatMap((text) => {
      const range = rangeOf(text);
      return range === undefined ? [] : [{ range, zone: network.zone ?? "", numbers }];
    });
  });
}

function textsOf({ ipv4, ipv6, secondary }: Network): string[] {
  return [ipv4, ipv6, ...secondary].filter((text) => text !== undefined);
}

/** The interface that a firewall serves a network by: a port of its own, a VLAN's subinterface, or the port that stands in
 *  that VLAN untagged. Undefined where the inventory does not tell. */
export function legOf(device: DeviceIntent, gateway: GatewayIntent): string | undefined {
  const names = new Set((device.firewall?.zones ?? []).flatMap((zone) => zone.interfaces));
  const routed = device.interfaces.find((each) => each.network === gateway.network)?.name;
  if (routed !== undefined) return routed;
  const tagged = [...names].filter((name) => name.endsWith(`.${gateway.vlan}`));
  const untagged = device.ports.filter(
    (port) => port.mode === "access" && port.accessVlan === gateway.vlan && names.has(port.name),
  );
  const found = [...tagged, ...untagged.map(({ name }) => name)];
  return found.length === 1 ? found[0] : undefined;
}

function homesOf(site: Site, device: DeviceIntent): Map<string, string> {
  const homes = new Map<string, string>();
  for (const gateway of device.gateways) {
    const network = site.networks.find((each) => each.name === gateway.network);
    const home = legOf(device, gateway);
    if (home === undefined || network === undefined) continue;
    for (const text of textsOf(network)) {
      const range = rangeOf(text);
      if (range !== undefined) homes.set(keyOf(range), home);
    }
  }
  return homes;
}

function keyOf(range: AddressRange): string {
  return `${range.family} ${range.lo} ${range.hi}`;
}
