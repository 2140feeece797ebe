import { parseAddress } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, GatewayIntent } from "../../model/intent.ts";
import type { Site, WanLink } from "../../model/site.ts";
import { legOf } from "../policy/placements.ts";
import { rangeOf } from "../policy/zones.ts";
import { covers, networkOf, type Point } from "./ends.ts";

/** Where a device sends a packet. */
export interface Route {
  readonly prefix: string;
  readonly text: string;
  /** As the packet filters call the interface; undefined where the inventory does not tell. */
  readonly egress: string | undefined;
  readonly gateway?: GatewayIntent;
  readonly wan?: WanLink;
  /** Absent for what is connected. */
  readonly nextHop?: string;
  readonly where: FileWhere;
}

interface Candidate extends Route {
  readonly length: number;
  readonly distance: number;
}

/** Chooses a device's route to an address: the longest prefix, then the least distance, as its kernel would.
 *  @param wan - the link that stands in for the default route, where a reader asked for one
 *  @returns undefined where it has none */
export function routeTo(
  site: Site,
  device: DeviceIntent,
  point: Point,
  options: { readonly vrf: string | undefined; readonly wan: string | undefined },
): Route | undefined {
  const all = [
    ...connected(site, device, options.vrf),
    ...written(site, device, options.vrf),
    ...defaults(site, device, options.wan),
  ];
  const fitting = all.filter(({ prefix }) => covers(prefix, point));
  return fitting.toSorted((a, b) => b.length - a.length || a.distance - b.distance)[0];
}

/** The gateway of a device whose networks hold an address. */
function gatewayFor(site: Site, device: DeviceIntent, point: Point): GatewayIntent | undefined {
  const network = networkOf(site, point)?.name;
  return device.gateways.find((gateway) => gateway.network === network);
}

/** As the filters of a device call the interface of a gateway: `eth2.20` of a firewall, `Vlan20` of a switch. */
export function interfaceOf(device: DeviceIntent, gateway: GatewayIntent): string | undefined {
  return device.firewall === undefined ? `vlan${gateway.vlan}` : legOf(device, gateway);
}

function connected(site: Site, device: DeviceIntent, vrf: string | undefined): Candidate[] {
  const gateways = device.gateways.filter((gateway) => gateway.vrf === vrf);
  const inside = gateways.flatMap((gateway) => {
    const network = site.networks.find(({ name }) => name === gateway.network);
    const prefixes = [network?.ipv4, network?.ipv6, ...(network?.secondary ?? [])];
    return prefixes
      .filter((prefix) => prefix !== undefined)
      .map((prefix) => ({
        ...candidate(prefix, 0, gateway.origin),
        text: `${prefix} is connected (${gateway.network}, VLAN ${gateway.vlan})`,
        egress: interfaceOf(device, gateway),
        gateway,
      }));
  });
  const outside = ownLinks(site, device).flatMap((wan) =>
    [wan.ipv4, wan.ipv6]
      .filter((prefix) => prefix !== undefined)
      .map((prefix) => ({
        ...candidate(prefix, 0, wan.origin),
        text: `${prefix} is connected (WAN link ${wan.name})`,
        egress: wan.interface,
        wan,
      })),
  );
  return [...inside, ...outside];
}

function written(site: Site, device: DeviceIntent, vrf: string | undefined): Candidate[] {
  return device.routes
    .filter((route) => route.vrf === vrf)
    .flatMap((route) => {
      const parsed = parseAddress(route.nextHop);
      if (parsed === undefined) return [];
      const hop = { family: parsed.version, value: parsed.value };
      const gateway = gatewayFor(site, device, hop);
      const wan = ownLinks(site, device).find((link) => covers(link.ipv4, hop) || covers(link.ipv6, hop));
      if (gateway === undefined && wan === undefined) return [];
      const { prefix, nextHop } = route;
      return {
        ...candidate(prefix, route.distance ?? 1, route.origin),
        text: `${prefix} by ${nextHop}${route.name === undefined ? "" : ` (route ${route.name})`}`,
        egress: gateway === undefined ? wan?.interface : interfaceOf(device, gateway),
        nextHop,
        ...(gateway === undefined ? {} : { gateway }),
        ...(wan === undefined ? {} : { wan }),
      };
    });
}

/** The default routes of WAN links, the best priority first. */
function defaults(site: Site, device: DeviceIntent, wanted: string | undefined): Candidate[] {
  return ownLinks(site, device)
    .filter((wan) => wanted === undefined || wan.name === wanted)
    .flatMap((wan) =>
      (
        [
          ["0.0.0.0/0", wan.gateway],
          ["::/0", wan.gateway6],
        ] as const
      ).flatMap(([prefix, nextHop]) =>
        nextHop === undefined
          ? []
          : {
              ...candidate(prefix, wan.priority * 10, wan.origin),
              text: `${prefix} by ${nextHop} (WAN link ${wan.name}${others(site, device, wan)})`,
              egress: wan.interface,
              nextHop,
              wan,
            },
      ),
    );
}

function others(site: Site, device: DeviceIntent, used: WanLink): string {
  const rest = ownLinks(site, device).filter(({ name }) => name !== used.name);
  return rest.length === 0 ? "" : `; ${rest.map(({ name }) => name).join(", ")} stands by: --wan`;
}

function ownLinks(site: Site, device: DeviceIntent): readonly WanLink[] {
  return site.wan.filter((link) => link.device === device.name);
}

function candidate(prefix: string, distance: number, where: FileWhere) {
  const network = networkText(prefix);
  return { prefix: network, length: Number(network.split("/")[1] ?? 0), distance, where };
}

/** An interface's address with length covers what its prefix covers. */
function networkText(prefix: string): string {
  return rangeOf(prefix) === undefined ? `${prefix}/32` : prefix;
}
