import { formatAddress, maskOf } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, DhcpPoolIntent, Layer2Intent, VlanIntent } from "../../model/intent.ts";
import { prefixOf } from "../render/access-entries.ts";
import { dhcpGaps } from "../render/dhcp-gaps.ts";
import { type Maybe, maybe, when } from "../render/optional.ts";
import type { Refusals } from "../render/refusals.ts";
import { macText, vlanList } from "./names.ts";

/** The VLAN table. */
export interface VlanView {
  readonly origin: FileWhere;
  readonly id: number;
  readonly name: string;
}

/** Longest VLAN name that IOS-XE keeps. */
const VLAN_NAME_CHARS = 32;

/** The VLANs beside VLAN 1, which always exists. */
export function vlanViews(intent: DeviceIntent, refusals: Refusals): readonly VlanView[] {
  return intent.vlans
    .filter((vlan) => vlan.id !== 1)
    .map((vlan) => ({ origin: vlan.origin, id: vlan.id, name: vlanName(vlan, refusals) }));
}

function vlanName(vlan: VlanIntent, refusals: Refusals): string {
  return refusals.text(vlan.name, "a VLAN's name", vlan.origin, {
    asciiOnly: true,
    word: true,
    maxChars: VLAN_NAME_CHARS,
  });
}

/** Guards of the switched network. */
export interface Layer2View {
  readonly mode: string;
  readonly priority: Maybe<string>;
  readonly snooping: Maybe<string>;
  readonly inspection: Maybe<string>;
}

/** Settles spanning tree, snooping and inspection. */
export function layer2View(intent: DeviceIntent, refusals: Refusals): Layer2View {
  const { spanningTree, dhcpSnooping, arpInspection } = intent.layer2;
  return {
    mode: treeMode(spanningTree, intent, refusals),
    priority: when(
      spanningTree.priority !== undefined && intent.vlans.length > 0,
      () => `${vlanList([1, ...intent.vlans.map((vlan) => vlan.id)])} priority ${spanningTree.priority}`,
    ),
    snooping: when(dhcpSnooping.length > 0, () => vlanList(dhcpSnooping)),
    inspection: when(arpInspection.length > 0, () => vlanList(arpInspection)),
  };
}

function treeMode(tree: Layer2Intent["spanningTree"], intent: DeviceIntent, refusals: Refusals): string {
  if (tree.mode === "mstp") {
    const hint =
      "Write `mode: rapid-pvst` for Cisco switches; it works with the others' RSTP on untagged VLANs.";
    refusals.refuse("MSTP without regions", hint, intent.origin);
  }
  return "rapid-pvst";
}

/** One DHCP pool, with the addresses that it must keep back and one small pool for each reservation. */
interface PoolView {
  readonly origin: FileWhere;
  readonly name: string;
  readonly network: string;
  readonly gateway: string;
  readonly dns: Maybe<string>;
  readonly domain: Maybe<string>;
  readonly lease: Maybe<string>;
  readonly vrf: Maybe<string>;
}

/** The DHCP server's sections. */
interface DhcpView {
  readonly excluded: readonly { readonly origin: FileWhere; readonly span: string }[];
  readonly pools: readonly PoolView[];
  readonly hosts: readonly {
    readonly origin: FileWhere;
    readonly name: string;
    readonly address: string;
    readonly client: string;
  }[];
}

const DAY_SECONDS = 86_400;

/** Settles what the DHCP server hands out. */
export function dhcpView(intent: DeviceIntent, refusals: Refusals): DhcpView {
  const pools = intent.dhcpPools;
  return {
    excluded: pools.flatMap((pool) =>
      dhcpGaps(pool.prefix, pool.ranges).map(([low, high]) => ({
        origin: pool.origin,
        span: low === high ? low : `${low} ${high}`,
      })),
    ),
    pools: pools.map((pool) => poolView(intent, pool, refusals)),
    hosts: pools.flatMap((pool) =>
      pool.reservations.map((host) => ({
        origin: pool.origin,
        name: refusals.text(host.name, "a reservation's name", pool.origin, { asciiOnly: true, word: true }),
        address: `${host.address} ${maskOf(prefixOf(pool.prefix).length)}`,
        // RFC 2132 §9.14: the hardware type, 01 for Ethernet, before the address.
        client: macText(`01${host.mac}`),
      })),
    ),
  };
}

function poolView(intent: DeviceIntent, pool: DhcpPoolIntent, refusals: Refusals): PoolView {
  const prefix = prefixOf(pool.prefix);
  const gateway = intent.gateways.find((candidate) => candidate.vlan === pool.vlan);
  return {
    origin: pool.origin,
    name: refusals.text(pool.network, "a network's name", pool.origin, { asciiOnly: true, word: true }),
    network: `${formatAddress({ version: 4, value: prefix.base })} ${maskOf(prefix.length)}`,
    gateway: pool.gateway,
    dns: when(pool.dns.length > 0, () => pool.dns.join(" ")),
    domain: maybe(pool.domain),
    lease: when(pool.leaseSeconds !== DAY_SECONDS, () => leaseText(pool.leaseSeconds)),
    vrf: maybe(gateway?.vrf),
  };
}

function leaseText(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const parts = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  while (parts.length > 1 && parts.at(-1) === 0) parts.pop();
  return parts.join(" ");
}
