import type { FileWhere } from "../../model/finding.ts";
import { compareText } from "../../model/finding.ts";
import type { LagIntent, PortIntent, VlanIntent } from "../../model/intent.ts";
import { percent } from "../units.ts";
import type { NetworkDraft, SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";
import type { DeviceDraft } from "./machines.ts";
import type { VlanPlan } from "./needed-vlans.ts";
import type { DevicePorts } from "./plan-ports.ts";
import type { PortPlan } from "./port-plan.ts";
import { spellEnd } from "./port-plan.ts";

/** What making a device's ports needs. */
export interface PortSources {
  readonly device: DeviceDraft;
  readonly ports: DevicePorts;
  readonly vlans: VlanPlan;
  readonly base: SiteBase;
  readonly findings: Findings;
}

/** Ports in the order of the model, those that nothing uses shut and parked; aggregations; VLANs. */
export function portIntents(sources: PortSources): {
  ports: PortIntent[];
  lags: LagIntent[];
  vlans: VlanIntent[];
} {
  const { device } = sources;
  const parking = networkOf(sources.base, "parking");
  const nativeDefault = networkOf(sources.base, "native");
  const ports: PortIntent[] = [];
  for (const model of device.modelPorts.values()) {
    const plan = sources.ports.get(model.name);
    if (plan) ports.push(portIntent(plan, sources, parking));
    else if (!model.management) ports.push(parkedPort(model.fullName, parking, device.at));
  }
  const lags = lagIntents(sources, parking);
  const vlans =
    device.model.data.kind === "switch" ? vlanIntents(sources, ports, [parking, nativeDefault]) : [];
  return { ports, lags, vlans };
}

function networkOf(base: SiteBase, purpose: "parking" | "native"): NetworkDraft | undefined {
  return [...base.networks.values()].find((network) => network.data.purpose === purpose);
}

function parkedPort(name: string, parking: NetworkDraft | undefined, origin: FileWhere): PortIntent {
  const vlan = parking?.data.vlan;
  return {
    name,
    description: "",
    enabled: false,
    mode: "unused",
    ...(vlan === undefined ? {} : { accessVlan: vlan }),
    taggedVlans: [],
    edge: false,
    bpduGuard: false,
    rootGuard: false,
    dhcpTrust: false,
    dot1x: false,
    origin,
  };
}

function portIntent(plan: PortPlan, sources: PortSources, parking: NetworkDraft | undefined): PortIntent {
  if (plan.mode === "unused") {
    const description = plan.data.description ?? "";
    return {
      ...parkedPort(plan.fullName, parking, plan.at),
      description,
      ...(plan.data.profile === undefined ? {} : { profile: plan.data.profile }),
    };
  }
  const base = layer2Of(plan, sources);
  if (plan.lag) return { ...base, name: plan.fullName, mode: "lag-member", lag: plan.lag.id };
  return { ...base, name: plan.fullName, mode: plan.mode };
}

function layer2Of(plan: PortPlan, sources: PortSources): Omit<PortIntent, "name" | "mode" | "lag"> {
  const { data } = plan;
  const peer = plan.far && spellEnd(plan.far.name, plan.far.port);
  const tagged = sources.vlans.tagged.get(plan) ?? [];
  const native = plan.mode === "trunk" ? plan.native : undefined;
  return {
    description: data.description ?? peer ?? "",
    enabled: data.enabled ?? true,
    ...pick("accessVlan", plan.mode === "access" ? plan.access?.data.vlan : undefined),
    ...pick("voiceVlan", plan.voice?.data.vlan),
    ...pick("nativeVlan", native?.data.vlan),
    taggedVlans: tagged.flatMap((network) => (network.data.vlan === undefined ? [] : [network.data.vlan])),
    edge: data.edge ?? false,
    bpduGuard: data.bpduGuard ?? false,
    rootGuard: data.rootGuard ?? false,
    dhcpTrust: data.dhcpTrust ?? false,
    ...pick("macLimit", data.macLimit),
    ...pick("stormControlPercent", data.stormControl === undefined ? undefined : percent(data.stormControl)),
    dot1x: data.dot1x ?? false,
    ...pick("speed", data.speed),
    ...pick("mtuBytes", data.mtu),
    ...pick("peer", peer),
    ...pick("profile", data.profile),
    origin: plan.at,
  };
}

/** A key only where there is a value: absent and undefined differ in the contract. */
export function pick<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]?: V });
}

function lagIntents(sources: PortSources, parking: NetworkDraft | undefined): LagIntent[] {
  void parking;
  const { device, findings } = sources;
  const groups = new Map<number, PortPlan[]>();
  for (const model of device.modelPorts.values()) {
    const plan = sources.ports.get(model.name);
    if (!plan?.lag || plan.mode === "unused") continue;
    groups.set(plan.lag.id, [...(groups.get(plan.lag.id) ?? []), plan]);
  }
  const lags: LagIntent[] = [];
  for (const [id, members] of [...groups].sort(([a], [b]) => a - b)) {
    const first = members[0];
    if (!first?.lag || first.mode === "unused") continue;
    checkLag(id, members, sources);
    const name = device.model.data.lag?.name.replace("#", String(id));
    const { min, max } = { min: device.model.data.lag?.first ?? 0, max: device.model.data.lag?.max ?? 0 };
    if (name === undefined || id < min || id > max) {
      const allowed =
        name === undefined
          ? "the model has no aggregations: use single ports"
          : `numbers of this model: ${min} to ${max}`;
      findings.report("LAG-NUMBER", first.at, `${device.name} cannot have aggregation ${id}`, allowed);
      continue;
    }
    const layer2 = layer2Of(first, sources);
    const peers = [...new Set(members.map((plan) => plan.far?.name).filter((far) => far !== undefined))];
    lags.push({
      ...layer2,
      description: first.data.description ?? peers.join(" "),
      ...pick("peer", peers.length > 0 ? peers.join(" ") : undefined),
      name,
      id,
      mode: first.mode,
      lacp: first.lag.lacp,
      members: members.map((plan) => plan.fullName).sort(compareText),
    });
  }
  return lags;
}

function checkLag(id: number, members: readonly PortPlan[], sources: PortSources): void {
  const { device, findings, vlans } = sources;
  const [first] = members;
  if (!first) return;
  const far = new Set(members.map((plan) => plan.far?.name ?? ""));
  if (far.size > 1) {
    findings.report(
      "LAG-SPLIT",
      first.at,
      `aggregation ${id} of ${device.name} ends on ${[...far].sort().join(" and ")}`,
      "an aggregation ends on one device; a stack is one device with members",
    );
  }
  const shape = (plan: PortPlan): string =>
    JSON.stringify([
      plan.mode,
      plan.access?.name,
      plan.native?.name,
      (vlans.tagged.get(plan) ?? []).map((network) => network.name),
      plan.lag?.lacp,
      plan.data.mtu,
    ]);
  for (const plan of members) {
    if (shape(plan) === shape(first)) continue;
    findings.report(
      "LAG-MEMBERS",
      plan.at,
      `${spellEnd(device.name, plan.name)} differs from the other members of aggregation ${id}`,
      "give all members the same mode, networks, LACP mode and MTU",
      { related: [first.at] },
    );
  }
  if (members.length === 1) {
    findings.report(
      "RED-006",
      first.at,
      `aggregation ${id} of ${device.name} has a single member`,
      "add a second port, or take `lag` away",
      { severity: "warning" },
    );
  }
}

function vlanIntents(
  sources: PortSources,
  ports: readonly PortIntent[],
  always: readonly (NetworkDraft | undefined)[],
): VlanIntent[] {
  const wanted = new Set<NetworkDraft>(sources.vlans.ofDevice.get(sources.device.name) ?? []);
  for (const network of always) if (network) wanted.add(network);
  const used = new Set<number>();
  for (const port of ports) {
    for (const vlan of [port.accessVlan, port.voiceVlan, port.nativeVlan, ...port.taggedVlans])
      if (vlan !== undefined) used.add(vlan);
  }
  for (const network of sources.base.networks.values()) {
    if (network.data.vlan !== undefined && used.has(network.data.vlan)) wanted.add(network);
  }
  return [...wanted]
    .flatMap((network): VlanIntent[] => {
      const { vlan } = network.data;
      if (vlan === undefined) return [];
      const purpose = network.data.purpose === "transit" ? "data" : (network.data.purpose ?? "data");
      return [
        {
          id: vlan,
          name: network.name,
          purpose,
          dhcpSnooping: snoops(network, sources.device),
          origin: network.at,
        },
      ];
    })
    .sort((a, b) => a.id - b.id);
}

/** DHCP snooping is on where the network hands out addresses and the model can, unless the network says otherwise. */
function snoops(network: NetworkDraft, device: DeviceDraft): boolean {
  const can = (device.model.data.features ?? []).includes("dhcp-snooping");
  return network.data.dhcpSnooping ?? (can && network.data.dhcp !== undefined);
}
