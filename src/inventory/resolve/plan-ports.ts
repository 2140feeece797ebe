import type { FileWhere } from "../../model/finding.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { NetworkDraft, SiteBase } from "./base.ts";
import { reportNetwork } from "./build-base.ts";
import type { Findings } from "./findings.ts";
import type { DeviceDraft, PortEntry } from "./machines.ts";
import type { PortPlan } from "./port-plan.ts";

/** Every port of a device that something uses, by short name. */
export type DevicePorts = Map<string, PortPlan>;

/** Settles what each listed port is, from its own keys alone. */
export function planPorts(device: DeviceDraft, base: SiteBase, findings: Findings): DevicePorts {
  const out: DevicePorts = new Map();
  for (const entry of device.ports.values()) out.set(entry.name, planPort(device, entry, base, findings));
  return out;
}

function planPort(device: DeviceDraft, entry: PortEntry, base: SiteBase, findings: Findings): PortPlan {
  const { data, places } = entry;
  const network = (name: string | undefined, key: string): NetworkDraft | undefined => {
    if (name === undefined) return undefined;
    const found = base.networks.get(name);
    if (!found) reportNetwork(name, places.value(data, key), base.networks, findings);
    return found;
  };
  const tagged = data.tagged;
  const taggedNetworks = Array.isArray(tagged)
    ? tagged.flatMap((name, index) => {
        const found = base.networks.get(name);
        if (!found) reportNetwork(name, places.value(tagged, index), base.networks, findings);
        return found ? [found] : [];
      })
    : tagged === undefined
      ? []
      : ("needed" as const);
  const plan: PortPlan = {
    device,
    name: entry.name,
    fullName: device.modelPorts.get(entry.name)?.fullName ?? entry.name,
    at: entry.at,
    data,
    listed: true,
    mode: modeOf(data),
    access: network(data.network, "network"),
    voice: network(data.voice, "voice"),
    native: network(data.native, "native"),
    tagged: taggedNetworks,
    lag: data.lag && { id: data.lag.id, lacp: data.lag.lacp ?? "active" },
    far: undefined,
  };
  checkPlan(plan, entry, findings);
  return plan;
}

function modeOf(data: PortEntry["data"]): PortPlan["mode"] {
  if (data.mode) return data.mode;
  if (data.tagged !== undefined || data.native !== undefined) return "trunk";
  if (data.network !== undefined) return "access";
  return "unused";
}

function checkPlan(plan: PortPlan, entry: PortEntry, findings: Findings): void {
  const { data, places } = entry;
  const label = `${plan.device.name}:${plan.name}`;
  if (plan.mode === "access" && data.tagged !== undefined) {
    findings.report(
      "L2-PORT-MODE",
      places.value(data, "tagged"),
      `${label} is an access port and lists tagged networks`,
      "take `tagged` away, or write mode: trunk",
    );
  }
  if (plan.mode === "trunk" && data.network !== undefined) {
    findings.report(
      "L2-PORT-MODE",
      places.value(data, "network"),
      `${label} is a trunk and names a network as an access port does`,
      "write `native:` for the untagged network of a trunk",
    );
  }
  if (
    plan.mode !== "trunk" &&
    plan.mode !== "unused" &&
    plan.access &&
    (plan.access.data.purpose === "parking" || plan.access.data.purpose === "native")
  ) {
    findings.report(
      "L2-017",
      places.value(data, "network"),
      `${label} is an access port in ${plan.access.name}, a ${plan.access.data.purpose} VLAN`,
      "put it into a network of data, or take the port out of the file",
    );
  }
  for (const [key, network] of [
    ["network", plan.access],
    ["voice", plan.voice],
    ["native", plan.native],
  ] as const) {
    if (network && network.data.vlan === undefined) {
      findings.report(
        "L2-NO-VLAN",
        network.at,
        `the network ${network.name} is used on switch ports and has no VLAN`,
        "give the network a vlan",
        { about: `${network.name}.vlan`, related: [places.value(data, key)] },
      );
    }
  }
}

/** A port that only the other end of a link names: the model must have it, and it takes after the near end. */
export function derivedPort(
  device: DeviceDraft,
  name: string,
  near: PortPlan | undefined,
  at: FileWhere,
): PortPlan {
  const kept = near?.data ?? {};
  const data = {
    ...(kept.mtu === undefined ? {} : { mtu: kept.mtu }),
    ...(kept.speed === undefined ? {} : { speed: kept.speed }),
  };
  const lag = near?.data.lag;
  return {
    device,
    name,
    fullName: device.modelPorts.get(name)?.fullName ?? name,
    at,
    data,
    listed: false,
    mode: near?.mode ?? "access",
    access: near?.access,
    voice: undefined,
    native: near?.native,
    tagged: near?.tagged ?? [],
    lag: lag && { id: lag.far ?? lag.id, lacp: lag.lacp ?? "active" },
    far: undefined,
  };
}

/** Finds the short name of a port as people may write it; reports one that the model does not have. */
export function findPort(
  device: DeviceDraft,
  written: string,
  where: FileWhere,
  findings: Findings,
): string | undefined {
  if (device.modelPorts.has(written)) return written;
  for (const port of device.modelPorts.values()) if (port.fullName === written) return port.name;
  const near = suggest(written, device.modelPorts.keys());
  findings.report(
    "PORT-UNKNOWN",
    where,
    `${device.name}: the model ${device.model.data.name ?? device.model.id} has no port ${written}`,
    near ? `did you mean ${device.name}:${near}?` : `ports: ${listNames(device.modelPorts.keys(), 6)}`,
    { related: [device.at] },
  );
  return undefined;
}
