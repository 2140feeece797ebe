import { formatAddress, formatInterfaceAddress } from "../../model/address.ts";
import { compareText } from "../../model/finding.ts";
import type { GatewayIntent, RoutedInterfaceIntent, RouteIntent } from "../../model/intent.ts";
import { parseSecretRef } from "../../model/secret.ts";
import { rateBps } from "../units.ts";
import type { SiteBase } from "./base.ts";
import type { DhcpPlan } from "./dhcp.ts";
import type { DeviceDraft } from "./machines.ts";
import { pick } from "./port-intents.ts";
import type { RouterPlan } from "./routers.ts";
import { gatewayOf, routerAddresses } from "./routers.ts";
import type { RoutePlan } from "./routes.ts";
import type { WanPlan } from "./wan.ts";

/** What making a device's layer-3 interfaces needs. */
export interface Layer3Sources {
  readonly device: DeviceDraft;
  readonly base: SiteBase;
  readonly routers: ReadonlyMap<string, readonly RouterPlan[]>;
  readonly dhcp: ReadonlyMap<string, DhcpPlan>;
  readonly wan: readonly WanPlan[];
  readonly routes: readonly RoutePlan[];
  /** Name of the filter of a network's gateway here, where it has one. */
  readonly filterOf: (network: string) => string | undefined;
}

/** Gateways of VLANs on this device, its management interface among them; sorted by VLAN. */
export function gatewayIntents(sources: Layer3Sources): GatewayIntent[] {
  const { device, base } = sources;
  const managementName = managementNetworkOf(device);
  const gateways: GatewayIntent[] = [];
  for (const plans of sources.routers.values()) {
    for (const plan of plans)
      if (plan.device === device) gateways.push(...gatewayIntent(plan, plans, managementName, sources));
  }
  const management = managementName === undefined ? undefined : base.networks.get(managementName);
  if (
    management?.data.vlan !== undefined &&
    !gateways.some((gateway) => gateway.network === management.name)
  ) {
    const addresses = [
      ...(device.address && management.prefix4
        ? [formatInterfaceAddress(device.address, management.prefix4)]
        : []),
      ...(device.address6 && management.prefix6
        ? [formatInterfaceAddress(device.address6, management.prefix6)]
        : []),
    ];
    gateways.push({
      network: management.name,
      vlan: management.data.vlan,
      description: management.data.description ?? management.name,
      ...pick("vrf", management.data.vrf),
      ...pick("zone", management.data.zone),
      addresses,
      dhcpRelay: [],
      routerAdvertisement: "off",
      management: true,
      origin: device.data.management ? device.places.of(device.data.management) : device.at,
    });
  }
  return gateways.sort((a, b) => a.vlan - b.vlan || compareText(a.network, b.network));
}

/** The network that a device is managed in. */
export function managementNetworkOf(device: DeviceDraft): string | undefined {
  const own =
    device.data.management ??
    Object.values(device.data.members ?? {}).find((member) => member.management)?.management;
  return own?.network;
}

function gatewayIntent(
  plan: RouterPlan,
  plans: readonly RouterPlan[],
  managementName: string | undefined,
  sources: Layer3Sources,
): GatewayIntent[] {
  const { network } = plan;
  const { vlan } = network.data;
  if (vlan === undefined) return [];
  const group = network.data.gateway?.group;
  const dhcp = sources.dhcp.get(network.name);
  const filter = sources.filterOf(network.name);
  const vrrp =
    group === undefined || !network.gateway4
      ? undefined
      : {
          group,
          address: formatAddress(network.gateway4),
          ...pick("address6", network.gateway6 && formatAddress(network.gateway6)),
          priority: plan.priority ?? 100,
          preempt: network.data.gateway?.preempt ?? true,
        };
  return [
    {
      network: network.name,
      vlan,
      description: network.data.description ?? network.name,
      ...pick("vrf", network.data.vrf),
      ...pick("zone", network.data.zone),
      addresses: routerAddresses(plan),
      ...pick("vrrp", plans.length > 1 || group !== undefined ? vrrp : undefined),
      dhcpRelay: dhcp?.relays ?? [],
      routerAdvertisement: network.data.routerAdvertisement ?? "off",
      ...pick("filterIn", filter),
      management: network.name === managementName,
      origin: network.at,
    },
  ];
}

/** WAN links of this device. */
export function wanIntents(sources: Layer3Sources): RoutedInterfaceIntent[] {
  return sources.wan
    .filter((link) => link.device === sources.device.name)
    .map((link): RoutedInterfaceIntent => {
      const credentials =
        link.method === "pppoe" && link.data.credentials ? parseSecretRef(link.data.credentials) : undefined;
      return {
        name: link.interface,
        description: [link.name, link.data.provider, link.data.circuit].filter(Boolean).join(" "),
        kind: "wan",
        ...pick("zone", link.data.zone),
        ...pick("vlan", link.data.vlan),
        addresses: [link.address, link.address6].flatMap((own) =>
          own ? [formatInterfaceAddress(own.address, own.prefix)] : [],
        ),
        ...pick("pppoe", credentials && { credentials }),
        ...pick("gateway", link.gateway && formatAddress(link.gateway)),
        priority: link.data.priority ?? 1,
        ...pick("upBps", link.data.up === undefined ? undefined : rateBps(link.data.up)),
        ...pick("downBps", link.data.down === undefined ? undefined : rateBps(link.data.down)),
        origin: link.at,
      };
    })
    .sort((a, b) => compareText(a.name, b.name));
}

/** Static routes of this device: as written, and the way out of a switch that only has a management address.
 *  Default routes of WAN links on Linux follow from the links themselves (`gateway`, `priority`). */
export function routeIntents(sources: Layer3Sources): RouteIntent[] {
  const { device, base } = sources;
  const routes: RouteIntent[] = sources.routes
    .filter((route) => route.device === device.name)
    .map((route) => ({
      prefix: route.prefix,
      nextHop: route.nextHop,
      ...pick("vrf", route.vrf),
      ...pick("distance", route.distance),
      name: route.name,
      origin: route.origin,
    }));
  const linux =
    device.data.platform === "nftables" ||
    (device.data.platform === undefined && device.model.data.platform === "nftables");
  for (const link of linux ? [] : sources.wan.filter((one) => one.device === device.name)) {
    const distance = link.data.priority ?? 1;
    if (link.gateway)
      routes.push({
        prefix: "0.0.0.0/0",
        nextHop: formatAddress(link.gateway),
        distance,
        name: link.name,
        origin: link.at,
      });
    if (link.gateway6)
      routes.push({
        prefix: "::/0",
        nextHop: formatAddress(link.gateway6),
        distance,
        name: link.name,
        origin: link.at,
      });
  }
  const wayOut =
    routes.some((route) => route.prefix === "0.0.0.0/0") ||
    sources.wan.some((link) => link.device === device.name);
  const management = base.networks.get(managementNetworkOf(device) ?? "");
  if (!wayOut && management) {
    const plans = sources.routers.get(management.name) ?? [];
    const gateway = plans.some((plan) => plan.device === device) ? undefined : gatewayOf(management, plans);
    if (gateway)
      routes.push({
        prefix: "0.0.0.0/0",
        nextHop: formatAddress(gateway),
        ...pick("vrf", management.data.vrf),
        name: "management",
        origin: management.at,
      });
  }
  return routes.sort(
    (a, b) =>
      compareText(a.vrf ?? "", b.vrf ?? "") ||
      compareText(a.prefix, b.prefix) ||
      (a.distance ?? 1) - (b.distance ?? 1),
  );
}
