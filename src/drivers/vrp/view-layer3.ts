import { formatAddress, maskOf } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, GatewayIntent, RoutedInterfaceIntent } from "../../model/intent.ts";
import { prefixOf } from "../render/access-entries.ts";
import { flag, type Maybe, maybe, when } from "../render/optional.ts";
import type { Refusals } from "../render/refusals.ts";
import { addressAndMask, interfaceName, ipv6Text, isIpv6 } from "./names.ts";
import { filterNumbers } from "./view-filters.ts";
import { describe } from "./view-ports.ts";

/** An interface with addresses: a VLAN's, or a routed port. */
export interface RoutedView {
  readonly origin: FileWhere;
  readonly name: string;
  readonly description: Maybe<string>;
  readonly unswitched: Maybe<true>;
  readonly instance: Maybe<string>;
  readonly ipv6: Maybe<true>;
  readonly addresses: readonly string[];
  readonly addresses6: readonly string[];
  readonly advertised: Maybe<true>;
  readonly managed: Maybe<true>;
  readonly groups: readonly VrrpView[];
  readonly dhcp: Maybe<string>;
  readonly relays: readonly string[];
  readonly filters: readonly { readonly direction: string; readonly list: string }[];
}

/** One VRRP group of an interface. */
interface VrrpView {
  readonly group: number;
  readonly address: string;
  readonly priority: readonly { readonly group: number; readonly value: number }[];
  readonly noPreempt: readonly { readonly group: number }[];
}

/** The priority that VRRP takes without being told (RFC 5798 §5.2.4); the device does not print it. */
const VRRP_PRIORITY = 100;

/** The interfaces of the device's VLANs. */
export function gatewayViews(intent: DeviceIntent, refusals: Refusals): readonly RoutedView[] {
  return intent.gateways.map((gateway) => gatewayView(intent, gateway, refusals));
}

/** The routed ports. */
export function routedViews(intent: DeviceIntent, refusals: Refusals): readonly RoutedView[] {
  return intent.interfaces.flatMap((face) => routedView(face, refusals));
}

function gatewayView(intent: DeviceIntent, gateway: GatewayIntent, refusals: Refusals): RoutedView {
  const { vrrp } = gateway;
  if (vrrp?.address6 !== undefined) {
    const hint =
      "Leave the IPv6 gateway to one device, or let hosts learn it by router advertisement from both.";
    refusals.refuse("VRRP for IPv6", hint, gateway.origin);
  }
  const serves = intent.dhcpPools.some((pool) => pool.vlan === gateway.vlan);
  if (serves && gateway.dhcpRelay.length > 0) {
    refusals.refuse("DHCP server and relay on one network", "Keep one of the two.", gateway.origin);
  }
  const relays = gateway.dhcpRelay.length > 0;
  const advertises = gateway.addresses.some(isIpv6) ? gateway.routerAdvertisement : "off";
  return {
    ...addressLines(gateway.addresses),
    origin: gateway.origin,
    name: `Vlanif${gateway.vlan}`,
    description: describe(gateway.description, gateway.origin, refusals),
    unswitched: [],
    instance: maybe(gateway.vrf),
    advertised: flag(advertises !== "off"),
    managed: flag(advertises === "managed"),
    groups: vrrp ? [vrrpView(vrrp)] : [],
    dhcp: when(serves || relays, () => (relays ? "relay" : "global")),
    relays: gateway.dhcpRelay,
    filters: bindings(intent, gateway),
  };
}

function bindings(intent: DeviceIntent, gateway: GatewayIntent): RoutedView["filters"] {
  const numbers = filterNumbers(intent);
  const families = gateway.addresses.some(isIpv6) ? ["", "ipv6 "] : [""];
  const bound = [
    ["inbound", gateway.filterIn],
    ["outbound", gateway.filterOut],
  ] as const;
  return bound.flatMap(([direction, name]) => {
    const number = name === undefined ? undefined : numbers.get(name);
    return number === undefined ? [] : families.map((family) => ({ direction, list: `${family}${number}` }));
  });
}

function vrrpView(vrrp: NonNullable<GatewayIntent["vrrp"]>): VrrpView {
  const { group } = vrrp;
  return {
    group,
    address: vrrp.address,
    priority: when(vrrp.priority !== VRRP_PRIORITY, () => ({ group, value: vrrp.priority })),
    noPreempt: when(!vrrp.preempt, () => ({ group })),
  };
}

function routedView(face: RoutedInterfaceIntent, refusals: Refusals): readonly RoutedView[] {
  if (face.pppoe) {
    refusals.refuse(
      `PPPoE on ${face.name}`,
      "Give the WAN link an address, or put a firewall before it.",
      face.origin,
    );
    return [];
  }
  if (face.vlan !== undefined) {
    const hint = "Make the VLAN a network with a gateway on this device.";
    refusals.refuse(`the tagged sub-interface ${face.name}`, hint, face.origin);
    return [];
  }
  return [
    {
      ...addressLines(face.addresses),
      origin: face.origin,
      name: interfaceName(face.name),
      description: describe(face.description, face.origin, refusals),
      unswitched: [true],
      instance: [],
      advertised: [],
      managed: [],
      groups: [],
      dhcp: [],
      relays: [],
      filters: [],
    },
  ];
}

function addressLines(addresses: readonly string[]): Pick<RoutedView, "addresses" | "ipv6" | "addresses6"> {
  const four = addresses.map(addressAndMask).filter((text) => text !== undefined);
  const six = addresses.filter(isIpv6).map(ipv6Text);
  return {
    addresses: four.map((text, index) => (index === 0 ? text : `${text} sub`)),
    ipv6: flag(six.length > 0),
    addresses6: six,
  };
}

/** A static route. */
export interface RouteView {
  readonly origin: FileWhere;
  readonly line: string;
}

/** The preference of a static route that was not told one; the device does not print it. */
const PREFERENCE = 60;

/** Static routes of both families. */
export function routeViews(
  intent: DeviceIntent,
  refusals: Refusals,
): { four: RouteView[]; six: RouteView[] } {
  const four: RouteView[] = [];
  const six: RouteView[] = [];
  for (const route of intent.routes) {
    const prefix = prefixOf(route.prefix);
    const base = formatAddress({ version: prefix.version, value: prefix.base });
    const words = [
      route.vrf === undefined ? "" : `vpn-instance ${route.vrf}`,
      prefix.version === 4 ? `${base} ${maskOf(prefix.length)}` : `${ipv6Text(base)} ${prefix.length}`,
      prefix.version === 4 ? route.nextHop : ipv6Text(route.nextHop),
      route.distance === undefined || route.distance === PREFERENCE ? "" : `preference ${route.distance}`,
      route.name === undefined
        ? ""
        : `description ${refusals.text(route.name, "a route's name", route.origin, { maxChars: 80 })}`,
    ];
    const line = words.filter((word) => word !== "").join(" ");
    (prefix.version === 4 ? four : six).push({ origin: route.origin, line });
  }
  return { four, six };
}
