import { containsAddress, parseAddress, parseInterfaceAddress } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, RoutedInterfaceIntent } from "../../model/intent.ts";
import type { BlockView } from "../linux-common/host-view.ts";
import type { Refusals } from "../render/refusals.ts";

/** An interface of the firewall with its addresses. */
export interface Leg {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly network?: string | undefined;
  readonly zone?: string | undefined;
  readonly wan?: RoutedInterfaceIntent;
  readonly origin: FileWhere;
}

/** Interfaces by name: routed ones as they are, gateways of VLANs on the port that carries them. */
export function legsOf(intent: DeviceIntent, refusals: Refusals): Leg[] {
  const legs = new Map<string, Leg>();
  for (const routed of intent.interfaces) {
    if (routed.pppoe)
      refusals.refuse(
        `PPPoE on ${routed.name}`,
        "Put a router in front, or give the link an address.",
        routed.origin,
      );
    legs.set(routed.name, {
      name: routed.name,
      addresses: routed.addresses,
      network: routed.network,
      zone: routed.zone,
      origin: routed.origin,
      ...(routed.kind === "wan" ? { wan: routed } : {}),
    });
  }
  for (const gateway of intent.gateways) {
    const name = carrierOf(intent, gateway.network, gateway.vlan);
    if (gateway.vrrp)
      refusals.refuse(`VRRP on ${gateway.network}`, "Give the network one gateway.", gateway.origin);
    if (gateway.vrf)
      refusals.refuse(`VRF ${gateway.vrf}`, "Leave vrf out for this firewall.", gateway.origin);
    if (gateway.routerAdvertisement !== "off")
      refusals.refuse(
        `router advertisements on ${gateway.network}`,
        "Write routerAdvertisement: off.",
        gateway.origin,
      );
    if (gateway.dhcpRelay.length > 0)
      refusals.refuse(
        `a DHCP relay on ${gateway.network}`,
        "Serve DHCP on the firewall itself.",
        gateway.origin,
      );
    if (name === undefined) {
      refusals.refuse(
        `the gateway of ${gateway.network}: no port carries VLAN ${gateway.vlan}`,
        "Give the firewall a port with this network, or a trunk that carries it.",
        gateway.origin,
      );
      continue;
    }
    const known = legs.get(name);
    const addresses = [...new Set([...(known?.addresses ?? []), ...gateway.addresses])];
    legs.set(name, {
      ...known,
      name,
      addresses,
      network: gateway.network,
      zone: gateway.zone,
      origin: gateway.origin,
    });
  }
  return [...legs.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The interface that a VLAN's gateway lives on: an access port or routed interface of that network, else a
 *  subinterface of a trunk or an aggregation. */
export function carrierOf(intent: DeviceIntent, network: string, vlan: number): string | undefined {
  const routed = intent.interfaces.find(
    (each) => each.network === network || (vlan > 0 && each.vlan === vlan),
  );
  if (routed) return routed.name;
  const ports = [...intent.lags, ...intent.ports];
  const access = ports.find((port) => port.mode === "access" && port.accessVlan === vlan);
  if (access) return access.name;
  const native = ports.find((port) => port.mode === "trunk" && port.nativeVlan === vlan);
  if (native) return native.name;
  const trunk = ports.find((port) => port.mode === "trunk" && port.taggedVlans.includes(vlan));
  return trunk && `${trunk.name}.${vlan}`;
}

/** Blocks of interfaces, routes and forwarding. */
export function networkBlocks(intent: DeviceIntent, legs: readonly Leg[], refusals: Refusals): BlockView[] {
  return [...legs.map(legBlock), ...routeBlocks(intent, legs, refusals), ...forwarding(intent, legs)];
}

function legBlock({ name, addresses, origin }: Leg): BlockView {
  return {
    header: `interface ${name}`,
    lines: [...addresses.map((text) => `address ${text}`), "up"],
    origin,
  };
}

interface Way {
  readonly prefix: string;
  readonly nextHop: string;
  readonly metric: number | undefined;
  readonly origin: FileWhere;
}

function routeBlocks(intent: DeviceIntent, legs: readonly Leg[], refusals: Refusals): BlockView[] {
  const links = legs.flatMap(({ wan }) => (wan?.gateway === undefined ? [] : [wan]));
  const several = links.length > 1;
  const ways: Way[] = [
    ...links.map((wan) => ({
      prefix: wan.gateway?.includes(":") ? "::/0" : "0.0.0.0/0",
      nextHop: wan.gateway ?? "",
      metric: several ? (wan.priority ?? 1) * 10 : undefined,
      origin: wan.origin,
    })),
    ...intent.routes.map((route) => {
      if (route.vrf)
        refusals.refuse(`a route in VRF ${route.vrf}`, "Leave vrf out for this firewall.", route.origin);
      return { prefix: route.prefix, nextHop: route.nextHop, metric: route.distance, origin: route.origin };
    }),
  ];
  const blocks = ways.flatMap((way) => {
    const leg = legs.find(({ addresses }) => isOnLink(addresses, way.nextHop));
    if (leg === undefined) {
      refusals.refuse(
        `a route to ${way.prefix} by ${way.nextHop}: no interface reaches it`,
        "Name a next hop in a prefix of one of the firewall's interfaces.",
        way.origin,
      );
      return [];
    }
    const metric = way.metric === undefined ? "" : ` metric ${way.metric}`;
    return [
      {
        header: `route ${way.prefix} via ${way.nextHop} dev ${leg.name}${metric}`,
        lines: [],
        origin: way.origin,
      },
    ];
  });
  return [...new Map(blocks.map((block) => [block.header, block])).values()];
}

function isOnLink(addresses: readonly string[], nextHop: string): boolean {
  const host = parseAddress(nextHop);
  if (host === undefined) return false;
  return addresses.some((text) => {
    const parsed = parseInterfaceAddress(text);
    return parsed !== undefined && containsAddress(parsed.prefix, host);
  });
}

/** A firewall forwards, and drops packets whose source could not have come that way: strictly with one way out,
 *  loosely with several, where answers may take another one. */
function forwarding(intent: DeviceIntent, legs: readonly Leg[]): BlockView[] {
  const wans = legs.filter(({ wan }) => wan !== undefined).length;
  const hasIpv6 = legs.some(({ addresses }) => addresses.some((text) => text.includes(":")));
  const setting = (name: string, value: number) => ({
    header: `sysctl ${name} ${value}`,
    lines: [],
    origin: intent.origin,
  });
  return [
    setting("net.ipv4.conf.all.rp_filter", wans > 1 ? 2 : 1),
    setting("net.ipv4.ip_forward", 1),
    ...(hasIpv6 ? [setting("net.ipv6.conf.all.forwarding", 1)] : []),
  ];
}
