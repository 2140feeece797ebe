import { formatAddress, maskOf } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, GatewayIntent, RoutedInterfaceIntent } from "../../model/intent.ts";
import { prefixOf } from "../render/access-entries.ts";
import { flag, type Maybe, maybe, when } from "../render/optional.ts";
import type { Refusals } from "../render/refusals.ts";
import { addressAndMask, interfaceName, ipv6Text, isIpv6 } from "./names.ts";
import { describe } from "./view-ports.ts";

/** An interface with addresses: a VLAN's, or a routed port. */
export interface RoutedView {
  readonly origin: FileWhere;
  readonly name: string;
  readonly description: Maybe<string>;
  readonly unswitched: Maybe<true>;
  readonly vrf: Maybe<string>;
  readonly addresses: readonly string[];
  readonly noAddress: Maybe<true>;
  readonly filterIn: Maybe<string>;
  readonly filterOut: Maybe<string>;
  readonly helpers: readonly string[];
  readonly hardened: Maybe<true>;
  readonly groups: readonly VrrpView[];
  readonly shutdown: Maybe<true>;
  readonly addresses6: readonly string[];
  readonly suppressed: Maybe<true>;
  readonly managed: Maybe<true>;
  readonly filter6In: Maybe<string>;
  readonly filter6Out: Maybe<string>;
}

/** One VRRPv3 group of an interface. */
interface VrrpView {
  readonly group: number;
  readonly priority: Maybe<number>;
  readonly noPreempt: Maybe<true>;
  readonly address: string;
}

/** The priority that VRRP takes without being told (RFC 5798 §5.2.4); the device does not print it. */
const VRRP_PRIORITY = 100;

/** The interfaces of the device's VLANs, `Vlan1` shut among them: nothing is to answer in the factory's VLAN. */
export function gatewayViews(intent: DeviceIntent, refusals: Refusals): readonly RoutedView[] {
  const views = intent.gateways.map((gateway) => gatewayView(intent, gateway, refusals));
  const parked = intent.gateways.some((gateway) => gateway.vlan === 1) || intent.kind !== "switch";
  return parked
    ? views
    : [{ ...EMPTY, origin: intent.origin, name: "Vlan1", noAddress: [true], shutdown: [true] }, ...views];
}

/** The routed ports: WAN links and links between routers. */
export function routedViews(intent: DeviceIntent, refusals: Refusals): readonly RoutedView[] {
  return intent.interfaces.flatMap((face) => routedView(intent, face, refusals));
}

const EMPTY: Omit<RoutedView, "name" | "origin"> = {
  description: [],
  unswitched: [],
  vrf: [],
  addresses: [],
  noAddress: [],
  filterIn: [],
  filterOut: [],
  helpers: [],
  hardened: [],
  groups: [],
  shutdown: [],
  addresses6: [],
  suppressed: [],
  managed: [],
  filter6In: [],
  filter6Out: [],
};

function gatewayView(intent: DeviceIntent, gateway: GatewayIntent, refusals: Refusals): RoutedView {
  const { vrrp } = gateway;
  if (vrrp?.address6 !== undefined) {
    const hint =
      "Leave the IPv6 gateway to one device, or let hosts learn it by router advertisement from both.";
    refusals.refuse("VRRP for IPv6", hint, gateway.origin);
  }
  const advertises = gateway.addresses.some(isIpv6) && gateway.routerAdvertisement;
  return {
    ...EMPTY,
    ...addressLines(gateway.addresses),
    origin: gateway.origin,
    name: `Vlan${gateway.vlan}`,
    description: describe(gateway.description, gateway.origin, refusals),
    vrf: maybe(gateway.vrf),
    filterIn: maybe(gateway.filterIn),
    filterOut: maybe(gateway.filterOut),
    helpers: gateway.dhcpRelay,
    hardened: [true],
    groups: vrrp ? [vrrpView(vrrp)] : [],
    suppressed: flag(advertises === "off"),
    managed: flag(advertises === "managed"),
    filter6In: when(
      usesIpv6(intent, gateway) && gateway.filterIn !== undefined,
      () => `${gateway.filterIn}-V6`,
    ),
    filter6Out: when(
      usesIpv6(intent, gateway) && gateway.filterOut !== undefined,
      () => `${gateway.filterOut}-V6`,
    ),
  };
}

function usesIpv6(_intent: DeviceIntent, gateway: GatewayIntent): boolean {
  return gateway.addresses.some(isIpv6);
}

function vrrpView(vrrp: NonNullable<GatewayIntent["vrrp"]>): VrrpView {
  return {
    group: vrrp.group,
    priority: when(vrrp.priority !== VRRP_PRIORITY, () => vrrp.priority),
    noPreempt: flag(!vrrp.preempt),
    address: vrrp.address,
  };
}

function routedView(
  intent: DeviceIntent,
  face: RoutedInterfaceIntent,
  refusals: Refusals,
): readonly RoutedView[] {
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
      ...EMPTY,
      ...addressLines(face.addresses),
      origin: face.origin,
      name: interfaceName(face.name),
      description: describe(face.description, face.origin, refusals),
      unswitched: flag(intent.kind === "switch"),
      hardened: [true],
      suppressed: flag(face.addresses.some(isIpv6)),
    },
  ];
}

function addressLines(
  addresses: readonly string[],
): Pick<RoutedView, "addresses" | "noAddress" | "addresses6"> {
  const four = addresses.map(addressAndMask).filter((text) => text !== undefined);
  return {
    addresses: four.map((text, index) => (index === 0 ? text : `${text} secondary`)),
    noAddress: flag(four.length === 0),
    addresses6: addresses.filter(isIpv6).map(ipv6Text),
  };
}

/** A static route, or the default gateway of a switch that does not route. */
export interface RouteView {
  readonly origin: FileWhere;
  readonly line: string;
}

/** Static routes of both families. A switch that does not route gets its default gateway in place of a default route. */
export function routeViews(
  intent: DeviceIntent,
  refusals: Refusals,
): { four: RouteView[]; six: RouteView[]; gateways: RouteView[] } {
  const four: RouteView[] = [];
  const six: RouteView[] = [];
  const gateways: RouteView[] = [];
  for (const route of intent.routes) {
    const prefix = prefixOf(route.prefix);
    const distance = route.distance === undefined || route.distance === 1 ? "" : ` ${route.distance}`;
    const name =
      route.name === undefined
        ? ""
        : ` name ${refusals.text(route.name, "a route's name", route.origin, { asciiOnly: true, word: true })}`;
    const vrf = route.vrf === undefined ? "" : `vrf ${route.vrf} `;
    if (prefix.version === 6) {
      const target = `${ipv6Text(formatAddress({ version: 6, value: prefix.base }))}/${prefix.length}`;
      six.push({
        origin: route.origin,
        line: `${vrf}${target} ${ipv6Text(route.nextHop)}${distance}${name}`,
      });
    } else if (!isRouter(intent) && prefix.length === 0 && vrf === "") {
      gateways.push({ origin: route.origin, line: route.nextHop });
    } else {
      const target = `${formatAddress({ version: 4, value: prefix.base })} ${maskOf(prefix.length)}`;
      four.push({ origin: route.origin, line: `${vrf}${target} ${route.nextHop}${distance}${name}` });
    }
  }
  return { four, six, gateways };
}

/** Tells whether the device routes between networks, rather than only being managed over one. */
export function isRouter(intent: DeviceIntent): boolean {
  return (
    intent.kind !== "switch" ||
    intent.interfaces.length > 0 ||
    intent.gateways.some((gateway) => !gateway.management)
  );
}
