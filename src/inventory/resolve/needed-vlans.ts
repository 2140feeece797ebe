import { compareText } from "../../model/finding.ts";
import type { NetworkDraft, SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";
import type { Cabling } from "./link-ports.ts";
import type { DeviceDraft } from "./machines.ts";
import type { LinkPlan, PortPlan } from "./port-plan.ts";

/** Which networks each device takes part in, and which each link carries tagged. */
export interface VlanPlan {
  /** By device: networks with a VLAN that live on it or pass through it. */
  readonly ofDevice: ReadonlyMap<string, ReadonlySet<NetworkDraft>>;
  /** By port: networks carried tagged, sorted by VLAN. */
  readonly tagged: ReadonlyMap<PortPlan, readonly NetworkDraft[]>;
}

/** Derives trunk lists from needs: a network is carried along every shortest way between where it is used and
 *  where it is routed, so that double uplinks carry it twice and a switch that does not use it stays free of it. */
export function planVlans(
  base: SiteBase,
  devices: ReadonlyMap<string, DeviceDraft>,
  cabling: Cabling,
  findings: Findings,
): VlanPlan {
  const users = usersOf(base, devices, cabling);
  const ofDevice = new Map<string, Set<NetworkDraft>>();
  for (const name of devices.keys()) ofDevice.set(name, new Set());
  const neighbours = neighboursOf(cabling.links);
  for (const network of base.networks.values()) {
    if (network.data.vlan === undefined) continue;
    const at = users.get(network) ?? new Set<string>();
    for (const name of at) ofDevice.get(name)?.add(network);
    if (at.size < 2) {
      carryNextDoor({ at, network, devices, neighbours, ofDevice });
      continue;
    }
    const routers = routerNames(network).filter((name) => at.has(name));
    const roots = routers.length > 0 ? routers : [[...at].sort(compareText)[0] ?? ""];
    for (const root of roots) carryTo({ root, at, network, devices, neighbours, ofDevice });
    if (cabling.complete) reportIslands(network, at, roots, devices, neighbours, findings);
  }
  return { ofDevice, tagged: taggedOf(cabling, ofDevice) };
}

/** The devices that route for a network, as its `gateway.on` names them. */
export function routerNames(network: NetworkDraft): string[] {
  const on = network.data.gateway?.on;
  if (on === undefined) return [];
  return typeof on === "string" ? [on] : Object.keys(on);
}

/** Where each network is used: access ports, telephones, written trunk lists towards leaves, gateways, management. */
function usersOf(
  base: SiteBase,
  devices: ReadonlyMap<string, DeviceDraft>,
  cabling: Cabling,
): Map<NetworkDraft, Set<string>> {
  const out = new Map<NetworkDraft, Set<string>>();
  const use = (network: NetworkDraft | undefined, device: string): void => {
    if (!network) return;
    const known = out.get(network);
    if (known) known.add(device);
    else out.set(network, new Set([device]));
  };
  for (const [device, ports] of cabling.ports) {
    for (const plan of ports.values()) {
      if (plan.mode === "access") use(plan.access, device);
      use(plan.voice, device);
      if (plan.mode === "trunk" && plan.far?.kind !== "device") {
        use(plan.native, device);
        for (const network of plan.tagged === "needed" ? [] : plan.tagged) use(network, device);
      }
    }
  }
  for (const network of base.networks.values()) {
    for (const router of routerNames(network)) if (devices.has(router)) use(network, router);
  }
  for (const device of devices.values()) {
    const name =
      device.data.management?.network ?? Object.values(device.data.members ?? {})[0]?.management?.network;
    if (name !== undefined) use(base.networks.get(name), device.name);
  }
  return out;
}

interface Neighbour {
  readonly name: string;
  readonly link: LinkPlan;
}

function neighboursOf(links: readonly LinkPlan[]): Map<string, Neighbour[]> {
  const out = new Map<string, Neighbour[]>();
  const add = (from: string, name: string, link: LinkPlan): void => {
    const known = out.get(from);
    if (known) known.push({ name, link });
    else out.set(from, [{ name, link }]);
  };
  for (const link of links) {
    add(link.a.device.name, link.b.device.name, link);
    add(link.b.device.name, link.a.device.name, link);
  }
  return out;
}

function canCarry(link: LinkPlan, network: NetworkDraft): boolean {
  return [link.a, link.b].every((plan) => {
    if (plan.mode === "access") return plan.access === network;
    if (plan.mode !== "trunk") return false;
    return plan.tagged === "needed" || plan.tagged.includes(network) || plan.native === network;
  });
}

interface Carry {
  readonly root: string;
  readonly at: ReadonlySet<string>;
  readonly network: NetworkDraft;
  readonly devices: ReadonlyMap<string, DeviceDraft>;
  readonly neighbours: ReadonlyMap<string, readonly Neighbour[]>;
  readonly ofDevice: ReadonlyMap<string, Set<NetworkDraft>>;
}

/** A network that only its firewall knows yet is carried to the switches beside it, so that its gateway has a wire. */
function carryNextDoor({ at, network, devices, neighbours, ofDevice }: Omit<Carry, "root">): void {
  for (const name of at) {
    if (devices.get(name)?.model.data.kind === "switch") continue;
    for (const next of neighbours.get(name) ?? [])
      if (canCarry(next.link, network)) ofDevice.get(next.name)?.add(network);
  }
}

/** Marks every device on a shortest way from a user of the network to the root. Only switches pass frames on. */
function carryTo(carry: Carry): void {
  const { root, at, network, neighbours, ofDevice } = carry;
  const distance = distancesFrom(carry);
  const marked = new Set<string>();
  const stack = [...at].filter((name) => distance.has(name));
  while (stack.length > 0) {
    const name = stack.pop() ?? "";
    if (marked.has(name)) continue;
    marked.add(name);
    ofDevice.get(name)?.add(network);
    if (name === root) continue;
    const own = distance.get(name) ?? 0;
    for (const next of neighbours.get(name) ?? []) {
      if (distance.get(next.name) === own - 1 && canCarry(next.link, network)) stack.push(next.name);
    }
  }
}

function distancesFrom(
  carry: Pick<Carry, "root" | "network" | "devices" | "neighbours">,
): Map<string, number> {
  const { root, network, devices, neighbours } = carry;
  const distance = new Map([[root, 0]]);
  const queue = [root];
  for (let index = 0; index < queue.length; index++) {
    const name = queue[index] ?? "";
    const own = distance.get(name) ?? 0;
    if (name !== root && devices.get(name)?.model.data.kind !== "switch") continue;
    for (const next of neighbours.get(name) ?? []) {
      if (distance.has(next.name) || !canCarry(next.link, network)) continue;
      distance.set(next.name, own + 1);
      queue.push(next.name);
    }
  }
  return distance;
}

function reportIslands(
  network: NetworkDraft,
  at: ReadonlySet<string>,
  roots: readonly string[],
  devices: ReadonlyMap<string, DeviceDraft>,
  neighbours: ReadonlyMap<string, readonly Neighbour[]>,
  findings: Findings,
): void {
  const root = roots[0];
  if (root === undefined) return;
  const distance = distancesFrom({ root, network, devices, neighbours });
  for (const name of [...at].sort(compareText)) {
    if (distance.has(name)) continue;
    findings.report(
      "L2-015",
      network.at,
      `${network.name} (VLAN ${network.data.vlan}) does not get from ${name} to ${root}`,
      "link the devices, or let the trunks between them carry it (`tagged: needed`)",
      { severity: "warning", related: [devices.get(name)?.at ?? network.at] },
    );
  }
}

function taggedOf(
  cabling: Cabling,
  ofDevice: ReadonlyMap<string, ReadonlySet<NetworkDraft>>,
): Map<PortPlan, NetworkDraft[]> {
  const out = new Map<PortPlan, NetworkDraft[]>();
  for (const ports of cabling.ports.values()) {
    for (const plan of ports.values()) {
      if (plan.mode !== "trunk") continue;
      if (plan.tagged !== "needed") {
        out.set(plan, sortByVlan(plan.tagged.filter((network) => network !== plan.native)));
        continue;
      }
      const here = ofDevice.get(plan.device.name);
      const there = plan.far?.kind === "device" ? ofDevice.get(plan.far.name) : undefined;
      const shared = [...(here ?? [])].filter((network) => there?.has(network) && network !== plan.native);
      out.set(plan, sortByVlan(shared));
    }
  }
  return out;
}

function sortByVlan(networks: readonly NetworkDraft[]): NetworkDraft[] {
  return [...networks].sort((a, b) => (a.data.vlan ?? 0) - (b.data.vlan ?? 0));
}
