import { containsAddress, parseAddress, parseInterfaceAddress } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, LagIntent, PortIntent } from "../../model/intent.ts";
import type { Rendered } from "../driver.ts";
import { type BlockView, hostBlocks, restoreTabs } from "../linux-common/host-view.ts";
import { collectRefusals, type Refusals } from "../render/refusals.ts";
import { fillTemplate } from "../template.ts";
import { claimsOf } from "./claims.ts";
import { READ_SCRIPT } from "./reading.ts";

/** The one bridge of a switch. */
const BRIDGE = "br0";

/** What a bridge does when nobody programmed it: it learns addresses and switches. */
const PLAIN_FLOWS: BlockView = { header: `flows ${BRIDGE}`, lines: ["priority=0 actions=NORMAL"] };

/** Renders the intended configuration of an Open vSwitch switch. What it cannot express is a finding. */
export function render(intent: DeviceIntent): Rendered {
  const refusals = collectRefusals("Open vSwitch");
  refuseTheRest(intent, refusals);
  const members = intent.lags.flatMap((lag) => lag.members);
  const blocks = [
    ...hostBlocks(intent, READ_SCRIPT, refusals),
    bridgeBlock(intent, refusals),
    ...intent.ports.filter((port) => port.mode !== "lag-member").flatMap((port) => portBlock(port, refusals)),
    ...intent.lags.flatMap((lag) => lagBlock(lag, refusals)),
    ...managementBlocks(intent, refusals),
    ...(intent.ownership === "full" ? [PLAIN_FLOWS] : []),
  ];
  const filled = fillTemplate("openvswitch", "device", { blocks });
  return {
    config: restoreTabs(filled.config),
    provenance: filled.provenance,
    scope: claimsOf(blocks, members, intent.ownership),
    findings: refusals.findings(),
  };
}

function bridgeBlock(intent: DeviceIntent, refusals: Refusals): BlockView {
  const { mode, priority } = intent.layer2.spanningTree;
  if (mode !== "rstp")
    refusals.refuse(`spanning tree ${mode}`, "Write spanningTree: {mode: rstp}.", intent.origin);
  const lines = ["rstp yes", ...(priority === undefined ? [] : [`priority ${priority}`])];
  return { header: `bridge ${BRIDGE}`, lines, origin: intent.origin };
}

function portBlock(port: PortIntent, refusals: Refusals): BlockView[] {
  const { name, origin } = port;
  if (port.mode === "routed") {
    refusals.refuse(`the routed port ${name}`, "Make it an access port of a network of its own.", origin);
    return [];
  }
  refuseFeatures(port, refusals);
  if (port.speed !== undefined) refusals.refuse(`a fixed speed on ${name}`, "Leave speed out.", origin);
  const lines = [`bridge ${BRIDGE}`, ...vlanLines(port, refusals), ...commonLines(port)];
  if (port.mtuBytes !== undefined) lines.push(`mtu ${port.mtuBytes}`);
  return [{ header: `port ${name}`, lines, origin }];
}

function lagBlock(lag: LagIntent, refusals: Refusals): BlockView[] {
  const { name, origin } = lag;
  refuseFeatures(lag, refusals);
  if (
    lag.mode === "routed" ||
    lag.lacp === "static" ||
    lag.members.length < 2 ||
    lag.mtuBytes !== undefined
  ) {
    refusals.refuse(
      `the aggregation ${name}`,
      "Use LACP, two members or more, and no mtu of its own.",
      origin,
    );
    return [];
  }
  const lines = [
    `bridge ${BRIDGE}`,
    ...vlanLines(lag, refusals),
    ...commonLines(lag),
    `members ${[...lag.members].sort().join(",")}`,
    `lacp ${lag.lacp}`,
    "bond_mode balance-tcp",
  ];
  return [{ header: `port ${name}`, lines, origin }];
}

type Layer2Port = Omit<PortIntent, "mode" | "lag"> & { readonly mode: string };

function commonLines(port: Layer2Port): string[] {
  return [
    ...(port.description === "" ? [] : [`description ${JSON.stringify(port.description)}`]),
    ...(port.edge ? ["edge yes"] : []),
    `admin ${port.enabled ? "up" : "down"}`,
  ];
}

/** The columns of OVSDB that say which VLANs a port carries. An empty list of trunks would carry them all, so it is
 *  never written. */
function vlanLines(port: Layer2Port, refusals: Refusals): string[] {
  const { name, origin } = port;
  const ids = [port.accessVlan, port.voiceVlan, port.nativeVlan, ...port.taggedVlans];
  for (const id of ids) if (id !== undefined) refuseTag(id, name, origin, refusals);
  if (port.mode === "trunk") {
    const tagged = port.taggedVlans.filter((id) => id !== port.nativeVlan);
    if (port.nativeVlan !== undefined) return trunkLines(port.nativeVlan, tagged);
    if (tagged.length === 0)
      refusals.refuse(`the trunk ${name} without VLANs`, "Name its tagged networks.", origin);
    return ["vlan_mode trunk", `trunks ${sorted(tagged)}`];
  }
  if (port.accessVlan === undefined) {
    refusals.refuse(
      `the port ${name} without a VLAN`,
      "Give it a network, or park it in an unused one.",
      origin,
    );
    return [];
  }
  if (port.voiceVlan !== undefined) return trunkLines(port.accessVlan, [port.voiceVlan]);
  return ["vlan_mode access", `tag ${port.accessVlan}`];
}

function trunkLines(native: number, tagged: readonly number[]): string[] {
  return [
    "vlan_mode native-untagged",
    `tag ${native}`,
    `trunks ${sorted(tagged.length === 0 ? [native] : tagged)}`,
  ];
}

function sorted(ids: readonly number[]): string {
  return [...new Set(ids)].sort((a, b) => a - b).join(",");
}

/** OVSDB takes 0 and 4095, and means something else by them. */
function refuseTag(id: number, port: string, origin: FileWhere, refusals: Refusals): void {
  if (Number.isInteger(id) && id >= 1 && id <= 4094) return;
  refusals.refuse(`VLAN ${id} on ${port}`, "Use 1 to 4094.", origin);
}

function refuseFeatures(port: Layer2Port, refusals: Refusals): void {
  const { name, origin } = port;
  const wishes: readonly (readonly [boolean, string, string])[] = [
    [port.bpduGuard, "BPDU guard", "bpduGuard: false"],
    [port.rootGuard, "root guard", "rootGuard: false"],
    [port.macLimit !== undefined, "a MAC limit", "no macLimit"],
    [port.stormControlPercent !== undefined, "storm control", "no stormControl"],
    [port.dot1x, "802.1X", "dot1x: false"],
  ];
  for (const [wished, what, mend] of wishes)
    if (wished) refusals.refuse(`${what} on ${name}`, `Give the port a profile with ${mend}.`, origin);
}

/** A switch has one address, on its bridge, in the management VLAN. */
function managementBlocks(intent: DeviceIntent, refusals: Refusals): BlockView[] {
  const own = intent.gateways.filter((gateway) => gateway.management);
  for (const gateway of intent.gateways.filter((each) => !each.management))
    refusals.refuse(`the gateway of ${gateway.network}`, "Put it on a firewall or a router.", gateway.origin);
  const blocks: BlockView[] = own.slice(0, 1).flatMap((gateway) => {
    refuseTag(gateway.vlan, BRIDGE, gateway.origin, refusals);
    const addresses = gateway.addresses.map((text) => `address ${text}`);
    return [
      {
        header: `local ${BRIDGE}`,
        lines: [`bridge ${BRIDGE}`, "vlan_mode access", `tag ${gateway.vlan}`, "admin up"],
        origin: gateway.origin,
      },
      { header: `interface ${BRIDGE}`, lines: [...addresses, "up"], origin: gateway.origin },
    ];
  });
  const addresses = own
    .flatMap((gateway) => gateway.addresses)
    .flatMap((text) => parseInterfaceAddress(text) ?? []);
  for (const route of intent.routes) {
    const hop = parseAddress(route.nextHop);
    if (route.vrf || !hop || !addresses.some(({ prefix }) => containsAddress(prefix, hop))) {
      refusals.refuse(
        `a route to ${route.prefix} by ${route.nextHop}`,
        "Name a next hop in the management network.",
        route.origin,
      );
      continue;
    }
    const metric = route.distance === undefined ? "" : ` metric ${route.distance}`;
    blocks.push({
      header: `route ${route.prefix} via ${route.nextHop} dev ${BRIDGE}${metric}`,
      lines: [],
      origin: route.origin,
    });
  }
  return blocks;
}

function refuseTheRest(intent: DeviceIntent, refusals: Refusals): void {
  const { layer2, origin } = intent;
  if (layer2.dhcpSnooping.length > 0)
    refusals.refuse("DHCP snooping", "Leave dhcpSnooping out for this switch.", origin);
  if (layer2.arpInspection.length > 0)
    refusals.refuse("ARP inspection", "Leave arpInspection out for this switch.", origin);
  for (const filter of intent.filters)
    refusals.refuse(`the filter ${filter.name}`, "Filter on the firewall.", origin);
  for (const pool of intent.dhcpPools)
    refusals.refuse(`DHCP for ${pool.network}`, "Serve DHCP on the firewall.", pool.origin);
  for (const routed of intent.interfaces)
    refusals.refuse(
      `the routed interface ${routed.name}`,
      "Put it on a firewall or a router.",
      routed.origin,
    );
  for (const vpn of intent.vpns)
    refusals.refuse(`the VPN ${vpn.name}`, "End it on another device.", vpn.origin);
  if (intent.firewall) refusals.refuse("zones", "Put the rules on a firewall.", origin);
  if (intent.members.length > 1)
    refusals.refuse("a stack", "Describe each box as a device of its own.", origin);
}
