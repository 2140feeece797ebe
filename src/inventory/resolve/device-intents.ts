import type { Address } from "../../model/address.ts";
import { formatAddress } from "../../model/address.ts";
import { compareText } from "../../model/finding.ts";
import type { DeviceIntent, FilterIntent, MemberIntent } from "../../model/intent.ts";
import type { Rule, SiteNat, SiteVpn } from "../../model/site.ts";
import type { ServerDraft, SiteBase } from "./base.ts";
import { checkIntents } from "./checks.ts";
import { collectSecrets } from "./collect-secrets.ts";
import type { DhcpPlan } from "./dhcp.ts";
import { filterName, gatewayFilter } from "./filters.ts";
import type { Findings } from "./findings.ts";
import { firewallIntent } from "./firewall.ts";
import type { Layer3Sources } from "./gateway-intents.ts";
import { gatewayIntents, managementNetworkOf, routeIntents, wanIntents } from "./gateway-intents.ts";
import type { Cabling } from "./link-ports.ts";
import type { DeviceDraft } from "./machines.ts";
import type { Names } from "./names.ts";
import type { VlanPlan } from "./needed-vlans.ts";
import type { ClientPolicy } from "./policy.ts";
import { pick, portIntents } from "./port-intents.ts";
import type { RouterPlan } from "./routers.ts";
import type { RoutePlan } from "./routes.ts";
import { keep } from "./rules.ts";
import { serverIntent, serverInterfaces } from "./server-intents.ts";
import type { Machine, SystemSources } from "./system.ts";
import { managementIntent, systemIntent } from "./system.ts";
import type { WanPlan } from "./wan.ts";

/** Everything settled of a site, before it is cut into devices. */
export interface SitePlans {
  readonly base: SiteBase;
  readonly devices: ReadonlyMap<string, DeviceDraft>;
  readonly cabling: Cabling;
  readonly vlans: VlanPlan;
  readonly routers: ReadonlyMap<string, readonly RouterPlan[]>;
  readonly dhcp: ReadonlyMap<string, DhcpPlan>;
  readonly wan: readonly WanPlan[];
  readonly routes: readonly RoutePlan[];
  readonly rules: readonly Rule[];
  readonly nat: SiteNat;
  readonly vpns: readonly SiteVpn[];
  readonly policy: ClientPolicy;
  readonly names: Names;
  /** Blocks of the client's networks. */
  readonly inside: readonly string[];
  readonly findings: Findings;
}

/** Makes the neutral configuration of every device and server, sorted by name. */
export function deviceIntents(plans: SitePlans): DeviceIntent[] {
  const intents = [...plans.devices.values()].map((device) => deviceIntent(device, plans));
  for (const server of plans.base.servers.values()) {
    if ((server.data.state ?? "active") === "active") intents.push(serverDevice(server, plans));
  }
  return intents.sort((a, b) => compareText(a.name, b.name));
}

function deviceIntent(device: DeviceDraft, plans: SitePlans): DeviceIntent {
  const { base, findings } = plans;
  const machine: Machine = device;
  const { ports, lags, vlans } = portIntents({
    device,
    ports: plans.cabling.ports.get(device.name) ?? new Map(),
    vlans: plans.vlans,
    base,
    findings,
  });
  const kind = device.model.data.kind;
  const isFirewall = kind === "firewall" || (device.model.data.features ?? []).includes("stateful-firewall");
  const routed = isFirewall ? [] : filteredNetworks(device, plans);
  const layer3: Layer3Sources = {
    device,
    base,
    routers: plans.routers,
    dhcp: plans.dhcp,
    wan: plans.wan,
    routes: plans.routes,
    filterOf: (network) => (routed.includes(network) ? filterName(network) : undefined),
  };
  const gateways = gatewayIntents(layer3);
  const reach = {
    network: base.networks.get(managementNetworkOf(device) ?? ""),
    address: device.address && formatAddress(device.address),
    address6: device.address6 && formatAddress(device.address6),
  };
  const systemSources: SystemSources = { base, names: plans.names, policy: plans.policy.policy, findings };
  const management = managementIntent(machine, reach, systemSources);
  const system = systemIntent(
    machine,
    systemSources,
    gateways.flatMap((gateway) => gateway.addresses.map((text) => text.split("/")[0] ?? text)),
  );
  const self = {
    addresses: gateways
      .flatMap((gateway) => [...gateway.addresses, ...(gateway.vrrp ? [gateway.vrrp.address] : [])])
      .map(hostPrefix)
      .sort(compareText),
    allowedFrom: management.allowedFrom,
    port: management.port,
    timeServers: system.ntp,
    nameServers: system.dns,
  };
  const filters: FilterIntent[] = routed.flatMap((name) => {
    const network = base.networks.get(name);
    return network
      ? [
          gatewayFilter(network, {
            base,
            rules: plans.rules,
            policy: plans.policy.policy,
            dhcp: plans.dhcp,
            inside: plans.inside,
            self,
          }),
        ]
      : [];
  });
  const firewall = isFirewall
    ? firewallIntent({
        device,
        base,
        policy: plans.policy.policy,
        gateways,
        ports,
        lags,
        routes: plans.routes,
        wan: plans.wan,
        rules: plans.rules,
        nat: plans.nat,
        vpns: plans.vpns,
      })
    : undefined;
  const snooping = vlans.filter((vlan) => vlan.dhcpSnooping).map((vlan) => vlan.id);
  const intent = {
    ...common(machine, plans),
    platform: device.data.platform ?? device.model.data.platform,
    model: device.model.id,
    kind,
    origin: device.at,
    management,
    system,
    vlans,
    ports,
    lags,
    gateways,
    interfaces: wanIntents(layer3),
    routes: routeIntents(layer3),
    dhcpPools: [...plans.dhcp.values()]
      .flatMap((plan) => (plan.server === device.name && plan.pool ? [plan.pool] : []))
      .sort((a, b) => a.vlan - b.vlan),
    filters,
    layer2: {
      spanningTree: {
        mode: device.data.spanningTree?.mode ?? defaultTree(device),
        ...pick("priority", device.data.spanningTree?.priority),
      },
      dhcpSnooping: snooping,
      arpInspection: (device.model.data.features ?? []).includes("arp-inspection") ? snooping : [],
    },
    firewall,
    server: undefined,
    vpns: plans.vpns
      .filter((vpn) => vpn.device === device.name)
      .map((vpn) => ({
        name: vpn.name,
        peerSite: vpn.peerSite,
        localAddress: vpn.localAddress,
        remoteAddress: vpn.remoteAddress,
        localNetworks: vpn.localPrefixes,
        remoteNetworks: vpn.remotePrefixes,
        psk: vpn.psk,
        origin: vpn.origin,
      })),
    members: membersOf(device),
    checks: checkIntents(machine, plans.names, findings),
  };
  return { ...intent, secrets: collectSecrets(intent) };
}

/** `10.1.10.1/24` or `10.1.10.1` as the prefix of one host. */
function hostPrefix(text: string): string {
  const bare = text.split("/")[0] ?? text;
  return `${bare}/${bare.includes(":") ? 128 : 32}`;
}

/** Networks whose gateway is on this router and whose hosts are filtered there. What comes from another router was
 *  filtered by it. */
function filteredNetworks(device: DeviceDraft, plans: SitePlans): string[] {
  if (!plans.policy.hasZones) return [];
  const out: string[] = [];
  for (const [name, routers] of plans.routers) {
    const network = plans.base.networks.get(name);
    if (!network || network.data.zone === undefined || network.data.purpose === "transit") continue;
    if (routers.some((plan) => plan.device === device)) out.push(name);
  }
  return out.sort(compareText);
}

function defaultTree(device: DeviceDraft): "rapid-pvst" | "rstp" | "mstp" {
  const platform = device.data.platform ?? device.model.data.platform;
  return platform === "iosxe" || platform === "eos" ? "rapid-pvst" : "rstp";
}

function membersOf(device: DeviceDraft): MemberIntent[] {
  const addresses = new Map(device.memberAddresses.map((member) => [member.name, member.address]));
  return Object.entries(device.data.members ?? {})
    .map(([name, member]) => ({
      name,
      asset: member.asset,
      ...keep(member, ["serial", "priority"]),
      ...pick("address", formatIf(addresses.get(name))),
    }))
    .sort((a, b) => compareText(a.name, b.name));
}

function formatIf(address: Address | undefined): string | undefined {
  return address && formatAddress(address);
}

function common(
  machine: Machine,
  plans: SitePlans,
): Pick<
  DeviceIntent,
  "id" | "client" | "site" | "name" | "asset" | "role" | "assetFields" | "ownership" | "gate"
> {
  const { base } = plans;
  const { data } = machine;
  return {
    id: `${base.id}/${machine.name}`,
    client: base.client,
    site: base.site,
    name: machine.name,
    asset: data.asset ?? "",
    role: data.role,
    assetFields: keep(data, ["serial", "owner", "location", "warranty", "criticality", "firmware"]),
    ownership: data.ownership ?? "claims",
    gate: data.gate ?? "required",
  };
}

function serverDevice(server: ServerDraft, plans: SitePlans): DeviceIntent {
  const { base, findings } = plans;
  const machine: Machine = server;
  const interfaces = serverInterfaces(server, base);
  const managed =
    server.interfaces.find((one) => one.name === server.data.management?.interface) ?? server.interfaces[0];
  const reach = {
    network: managed && base.networks.get(managed.network),
    address: managed?.address && formatAddress(managed.address),
    address6: managed?.address6 && formatAddress(managed.address6),
  };
  const systemSources: SystemSources = { base, names: plans.names, policy: plans.policy.policy, findings };
  const intent = {
    ...common(machine, plans),
    platform: server.data.platform ?? "linux-server",
    model: server.data.model ?? "",
    kind: "server" as const,
    origin: server.at,
    management: managementIntent(machine, reach, systemSources),
    system: systemIntent(
      machine,
      systemSources,
      server.interfaces.flatMap((one) =>
        [one.address, one.address6].flatMap((address) => (address ? [formatAddress(address)] : [])),
      ),
    ),
    vlans: [],
    ports: [],
    lags: [],
    gateways: [],
    interfaces,
    routes: [],
    dhcpPools: [],
    filters: [],
    layer2: { spanningTree: { mode: "rstp" as const }, dhcpSnooping: [], arpInspection: [] },
    firewall: undefined,
    server: serverIntent(server, base, plans.names, findings),
    vpns: [],
    members: [],
    checks: checkIntents(machine, plans.names, findings),
  };
  return { ...intent, secrets: collectSecrets(intent) };
}
