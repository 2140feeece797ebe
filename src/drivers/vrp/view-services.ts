import { formatAddress, maskOf } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, DhcpPoolIntent } from "../../model/intent.ts";
import { prefixOf } from "../render/access-entries.ts";
import { dhcpGaps } from "../render/dhcp-gaps.ts";
import { flag, type Maybe, maybe, when } from "../render/optional.ts";
import type { Refusals } from "../render/refusals.ts";
import { macText, vlanSpans } from "./names.ts";

/** A VLAN's own view, beside its place in `vlan batch`. */
export interface VlanView {
  readonly origin: FileWhere;
  readonly id: number;
  readonly description: string;
  readonly snooping: Maybe<true>;
  readonly inspection: Maybe<true>;
}

/** Spans that one `vlan batch` line takes. */
const SPANS_A_LINE = 10;

/** The VLANs beside VLAN 1, which always exists: the batch lines and each one's own view. */
export function vlanViews(
  intent: DeviceIntent,
  refusals: Refusals,
): { readonly batches: readonly string[]; readonly vlans: readonly VlanView[] } {
  const ours = intent.vlans.filter((vlan) => vlan.id !== 1);
  const spans = vlanSpans(ours.map((vlan) => vlan.id));
  const batches: string[] = [];
  for (let at = 0; at < spans.length; at += SPANS_A_LINE)
    batches.push(spans.slice(at, at + SPANS_A_LINE).join(" "));
  const vlans = ours.map((vlan) => ({
    origin: vlan.origin,
    id: vlan.id,
    description: refusals.text(vlan.name, "a VLAN's name", vlan.origin, { maxChars: 80 }),
    snooping: flag(intent.layer2.dhcpSnooping.includes(vlan.id)),
    inspection: flag(intent.layer2.arpInspection.includes(vlan.id)),
  }));
  return { batches, vlans };
}

/** Guards of the switched network. */
export interface Layer2View {
  readonly treeMode: Maybe<string>;
  readonly treePriority: Maybe<number>;
  readonly bpduGuard: Maybe<true>;
  readonly dhcpEnable: Maybe<true>;
  readonly snoopingEnable: Maybe<true>;
}

/** Spanning-tree modes as VRP calls them; MSTP is what it runs without being told. */
const TREE_MODES: Readonly<Record<DeviceIntent["layer2"]["spanningTree"]["mode"], Maybe<string>>> = {
  rstp: ["rstp"],
  "rapid-pvst": ["vbst"],
  mstp: [],
};

/** Settles spanning tree and snooping. BPDU protection is one switch for all edge ports on this platform. */
export function layer2View(intent: DeviceIntent): Layer2View {
  const { spanningTree, dhcpSnooping, arpInspection } = intent.layer2;
  const snoops = dhcpSnooping.length > 0 || arpInspection.length > 0;
  const serves =
    intent.dhcpPools.length > 0 || intent.gateways.some((gateway) => gateway.dhcpRelay.length > 0);
  return {
    treeMode: TREE_MODES[spanningTree.mode],
    treePriority: maybe(spanningTree.priority),
    bpduGuard: flag(intent.ports.some((port) => port.edge && port.bpduGuard)),
    dhcpEnable: flag(snoops || serves),
    snoopingEnable: flag(snoops),
  };
}

/** One DHCP pool. */
export interface PoolView {
  readonly origin: FileWhere;
  readonly name: string;
  readonly instance: Maybe<string>;
  readonly gateway: string;
  readonly network: string;
  readonly excluded: readonly string[];
  readonly bindings: readonly { readonly address: string; readonly mac: string }[];
  readonly lease: Maybe<string>;
  readonly dns: Maybe<string>;
  readonly domain: Maybe<string>;
}

const DAY_SECONDS = 86_400;

/** Settles what the DHCP server hands out. */
export function poolViews(intent: DeviceIntent, refusals: Refusals): readonly PoolView[] {
  return intent.dhcpPools.map((pool) => poolView(intent, pool, refusals));
}

function poolView(intent: DeviceIntent, pool: DhcpPoolIntent, refusals: Refusals): PoolView {
  const prefix = prefixOf(pool.prefix);
  const own = intent.gateways.find((gateway) => gateway.vlan === pool.vlan);
  // The gateway is kept back by itself and a bound address must not be excluded: both stand outside the spans.
  const bound = [pool.gateway, ...pool.reservations.map((host) => host.address)];
  const ranges = [...pool.ranges, ...bound.map((address) => [address, address] as const)];
  return {
    origin: pool.origin,
    name: refusals.text(pool.network, "a network's name", pool.origin, {
      asciiOnly: true,
      word: true,
      maxChars: 64,
    }),
    instance: maybe(own?.vrf),
    gateway: pool.gateway,
    network: `${formatAddress({ version: 4, value: prefix.base })} mask ${maskOf(prefix.length)}`,
    excluded: dhcpGaps(pool.prefix, ranges).map(([low, high]) => (low === high ? low : `${low} ${high}`)),
    bindings: pool.reservations.map((host) => ({ address: host.address, mac: macText(host.mac) })),
    lease: when(pool.leaseSeconds !== DAY_SECONDS, () => leaseText(pool.leaseSeconds)),
    dns: when(pool.dns.length > 0, () => pool.dns.join(" ")),
    domain: maybe(pool.domain),
  };
}

function leaseText(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return `day ${Math.floor(minutes / 1440)} hour ${Math.floor((minutes % 1440) / 60)} minute ${minutes % 60}`;
}
