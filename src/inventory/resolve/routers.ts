import type { Address } from "../../model/address.ts";
import { compareAddresses, formatAddress, formatInterfaceAddress, nthHost } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import { compareText } from "../../model/finding.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import { settleAddress } from "./addressing.ts";
import type { NetworkDraft, SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";
import type { DeviceDraft } from "./machines.ts";

/** A device that routes for a network, with its own addresses. */
export interface RouterPlan {
  readonly device: DeviceDraft;
  readonly network: NetworkDraft;
  readonly address: Address | undefined;
  readonly address6: Address | undefined;
  /** VRRP priority; undefined where the device has the gateway's address for itself. */
  readonly priority: number | undefined;
  readonly at: FileWhere;
}

/** Default VRRP priority (RFC 5798). */
const VRRP_DEFAULT_PRIORITY = 100;

/** Settles who routes for each network, best first. */
export function settleRouters(
  base: SiteBase,
  devices: ReadonlyMap<string, DeviceDraft>,
  findings: Findings,
): Map<string, RouterPlan[]> {
  const out = new Map<string, RouterPlan[]>();
  for (const network of base.networks.values()) {
    const plans = routersOf(network, base, devices, findings);
    plans.sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0) || compareText(a.device.name, b.device.name));
    out.set(network.name, plans);
    checkGateway(network, plans, base, findings);
  }
  return out;
}

function routersOf(
  network: NetworkDraft,
  base: SiteBase,
  devices: ReadonlyMap<string, DeviceDraft>,
  findings: Findings,
): RouterPlan[] {
  const gateway = network.data.gateway;
  if (gateway?.on === undefined) return [];
  const where = base.places.value(gateway, "on");
  if (typeof gateway.on === "string") {
    const device = deviceOf(gateway.on, where, base, devices, findings);
    return device
      ? [
          {
            device,
            network,
            address: network.gateway4,
            address6: network.gateway6,
            priority: undefined,
            at: where,
          },
        ]
      : [];
  }
  const entries = Object.entries(gateway.on);
  const plans: RouterPlan[] = [];
  for (const [name, own] of entries) {
    const at = base.places.key(gateway.on, name);
    const device = deviceOf(name, at, base, devices, findings);
    if (!device) continue;
    const request = {
      address: own.address,
      address6: own.address6,
      where: base.places.value(own, "address"),
      where6: base.places.value(own, "address6"),
      what: `${name} in ${network.name}`,
    };
    const settled = settleAddress(request, network, findings);
    if (own.address === undefined && entries.length === 1) {
      plans.push({
        device,
        network,
        address: network.gateway4,
        address6: network.gateway6,
        priority: undefined,
        at,
      });
      continue;
    }
    if (own.address === undefined) {
      findings.report(
        "IPP-002",
        at,
        `${name} has no address of its own in ${network.name}`,
        "write `address:` for each of the devices that share the gateway",
      );
      continue;
    }
    const priority = gateway.group === undefined ? undefined : (own.priority ?? VRRP_DEFAULT_PRIORITY);
    plans.push({ device, network, ...settled, priority, at });
  }
  return plans;
}

function deviceOf(
  name: string,
  where: FileWhere,
  base: SiteBase,
  devices: ReadonlyMap<string, DeviceDraft>,
  findings: Findings,
): DeviceDraft | undefined {
  const device = devices.get(name);
  if (device) {
    if (device.model.data.kind === "switch" && !(device.model.data.features ?? []).includes("routing")) {
      findings.report(
        "MODEL-FEATURE",
        where,
        `${name} cannot route: the model ${device.model.data.name} has no routing`,
        "let another device be the gateway, or add the feature to the model if it has it",
      );
    }
    return device;
  }
  if (base.hosts.has(name)) return undefined;
  const near = suggest(name, devices.keys());
  findings.report(
    "REF-DEVICE",
    where,
    `there is no device "${name}" at this site`,
    near ? `did you mean ${near}?` : `devices: ${listNames(devices.keys()) || "none"}`,
    { about: name },
  );
  return undefined;
}

function checkGateway(
  network: NetworkDraft,
  plans: readonly RouterPlan[],
  base: SiteBase,
  findings: Findings,
): void {
  const gateway = network.data.gateway;
  if (!gateway) return;
  const where =
    gateway.address === undefined
      ? base.places.key(network.data, "gateway")
      : base.places.value(gateway, "address");
  const shared = gateway.group !== undefined;
  if (gateway.address === undefined && (typeof gateway.on === "string" || shared)) {
    findings.report(
      "IPP-002",
      where,
      `the gateway of ${network.name} has no address`,
      "write `address: 1`, or the host number that the hosts use",
    );
    return;
  }
  const { gateway4 } = network;
  if (!gateway4 || plans.length < 2) return;
  const owner = plans.find((plan) => plan.address?.value === gateway4.value);
  if (shared && owner) {
    findings.report(
      "RED-004",
      owner.at,
      `${owner.device.name} has the shared address ${formatAddress(gateway4)} as its own`,
      "give each device an address of its own beside the shared one",
    );
  }
  if (!shared && !owner) {
    findings.report(
      "IPP-002",
      where,
      `no device has the gateway address ${formatAddress(gateway4)} of ${network.name}`,
      "write `group:` to share it by VRRP, or give it to one of the devices",
    );
  }
  const priorities = plans.map((plan) => plan.priority).filter((priority) => priority !== undefined);
  if (shared && new Set(priorities).size < priorities.length) {
    findings.report(
      "RED-004",
      base.places.value(gateway, "on"),
      `two devices of ${network.name} have the same VRRP priority`,
      "give the one that should lead a higher `priority`",
    );
  }
}

/** This device's addresses in a network, with lengths: IPv4, its secondary ones, IPv6. */
export function routerAddresses(plan: RouterPlan): string[] {
  const out: string[] = [];
  const { network } = plan;
  if (plan.address && network.prefix4) out.push(formatInterfaceAddress(plan.address, network.prefix4));
  if (plan.address && network.prefix4) {
    const offset = Number(plan.address.value - network.prefix4.base);
    for (const prefix of network.secondary) {
      const address = nthHost(prefix, offset);
      if (address) out.push(formatInterfaceAddress(address, prefix));
    }
  }
  if (plan.address6 && network.prefix6) out.push(formatInterfaceAddress(plan.address6, network.prefix6));
  return out;
}

/** The address that a network's hosts use as their router. */
export function gatewayOf(network: NetworkDraft, plans: readonly RouterPlan[]): Address | undefined {
  if (network.gateway4) return network.gateway4;
  const addresses = plans.map((plan) => plan.address).filter((address) => address !== undefined);
  return addresses.sort(compareAddresses)[0];
}
