import type { Address } from "../../model/address.ts";
import { formatAddress, parseMac } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";
import type { DeviceDraft } from "./machines.ts";
import type { RouterPlan } from "./routers.ts";
import type { WanPlan } from "./wan.ts";

/** Who has an address. */
export interface AddressUse {
  readonly address: Address;
  readonly who: string;
  readonly network: string | undefined;
  readonly at: FileWhere;
  /** Whether DHCP hands this address to its owner: it may lie in a range. */
  readonly reserved: boolean;
}

/** What the address book is made of. */
export interface AddressSources {
  readonly base: SiteBase;
  readonly devices: ReadonlyMap<string, DeviceDraft>;
  readonly routers: ReadonlyMap<string, readonly RouterPlan[]>;
  readonly wan: readonly WanPlan[];
  readonly findings: Findings;
}

/** Lists every address in use at a site and finds those that two things have (IPP-007); the same device may have one twice. */
export function addressBook(sources: AddressSources): AddressUse[] {
  const uses: AddressUse[] = [...usesOf(sources)];
  const seen = new Map<string, AddressUse>();
  for (const use of uses) {
    const vrf = use.network === undefined ? "" : (sources.base.networks.get(use.network)?.data.vrf ?? "");
    const key = `${vrf} ${use.address.version} ${use.address.value}`;
    const known = seen.get(key);
    if (!known) seen.set(key, use);
    else if (known.who !== use.who) {
      sources.findings.report(
        "IPP-007",
        use.at,
        `${formatAddress(use.address)} is used by ${known.who} and by ${use.who}`,
        "give one of them another address",
        { related: [known.at] },
      );
    }
  }
  return uses;
}

function* usesOf({ base, devices, routers, wan }: AddressSources): Generator<AddressUse> {
  const each = (pair: { address: Address | undefined; address6: Address | undefined }): Address[] =>
    [pair.address, pair.address6].filter((address) => address !== undefined);
  for (const plans of routers.values()) {
    for (const plan of plans) {
      for (const address of each(plan))
        yield { address, who: plan.device.name, network: plan.network.name, at: plan.at, reserved: false };
    }
  }
  for (const network of base.networks.values()) {
    if (network.data.gateway?.group === undefined) continue;
    for (const address of each({ address: network.gateway4, address6: network.gateway6 }))
      yield {
        address,
        who: `the gateway of ${network.name}`,
        network: network.name,
        at: network.at,
        reserved: false,
      };
  }
  for (const device of devices.values()) {
    const management = device.data.management;
    const at = management ? device.places.value(management, "address") : device.at;
    for (const address of each(device))
      yield { address, who: device.name, network: management?.network, at, reserved: false };
  }
  for (const device of devices.values()) {
    for (const member of device.memberAddresses) {
      for (const address of each(member)) {
        // A device without an address of its own is reached at its first member: that is one thing, not two.
        const isDevice = address.value === device.address?.value || address.value === device.address6?.value;
        const who = isDevice ? device.name : `${device.name} ${member.name}`;
        yield { address, who, network: member.network, at: member.at, reserved: false };
      }
    }
  }
  for (const server of base.servers.values()) {
    for (const one of server.interfaces)
      for (const address of each(one))
        yield { address, who: server.name, network: one.network, at: one.at, reserved: false };
  }
  for (const host of base.hosts.values()) {
    if (host.scope !== "site" && host.data.network === undefined) continue;
    for (const address of each(host))
      yield {
        address,
        who: host.name,
        network: host.data.network,
        at: host.at,
        reserved: host.data.reserve ?? false,
      };
  }
  for (const link of wan)
    if (link.address)
      yield {
        address: link.address.address,
        who: link.device,
        network: undefined,
        at: link.at,
        reserved: false,
      };
}

/** Finds MAC addresses that two things have, and those that no single machine can have (IPP-008). */
export function checkMacs(base: SiteBase, findings: Findings): void {
  const seen = new Map<string, { who: string; at: FileWhere }>();
  const take = (text: string | undefined, who: string, at: FileWhere): void => {
    if (text === undefined) return;
    const mac = parseMac(text);
    if (!mac) {
      findings.report(
        "IPP-008",
        at,
        `${who}: "${text}" is no MAC address`,
        "write six pairs of digits, e.g. 00:11:22:33:44:55",
      );
      return;
    }
    if (Number.parseInt(mac.slice(0, 2), 16) & 1)
      findings.report(
        "IPP-008",
        at,
        `${who}: ${mac} is a group address, no machine has it`,
        "read the address off the machine again",
      );
    const known = seen.get(mac);
    if (known)
      findings.report(
        "IPP-008",
        at,
        `${mac} is used by ${known.who} and by ${who}`,
        "one of the two was copied: read it off the machine",
        { related: [known.at] },
      );
    else seen.set(mac, { who, at });
  };
  for (const host of base.hosts.values()) if (host.scope === "site") take(host.data.mac, host.name, host.at);
  for (const server of base.servers.values()) {
    for (const [name, entry] of Object.entries(server.data.interfaces ?? {}))
      take(entry.mac, `${server.name}:${name}`, server.places.value(entry, "mac"));
  }
}
