import type { Address, InterfaceAddress } from "../../model/address.ts";
import {
  containsAddress,
  formatInterfaceAddress,
  isUsableHost,
  parseAddress,
  parseInterfaceAddress,
  reservedBlockOf,
} from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import { compareText } from "../../model/finding.ts";
import type { WanLink } from "../schema/types.gen.ts";
import type { SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";
import type { DeviceDraft } from "./machines.ts";
import { splitEnd } from "./port-plan.ts";

/** A WAN link with its addresses read. */
export interface WanPlan {
  readonly name: string;
  readonly data: WanLink;
  readonly at: FileWhere;
  readonly device: string;
  /** The platform's name of the interface, with the tag where the line wants one. */
  readonly interface: string;
  readonly method: "static" | "pppoe" | "dhcp";
  readonly address: InterfaceAddress | undefined;
  readonly gateway: Address | undefined;
  readonly address6: InterfaceAddress | undefined;
  readonly gateway6: Address | undefined;
}

/** Reads a site's WAN links; those on unknown devices are left out (the link stage reports them). */
export function planWan(
  base: SiteBase,
  devices: ReadonlyMap<string, DeviceDraft>,
  findings: Findings,
): WanPlan[] {
  const out: WanPlan[] = [];
  const entries = Object.entries(base.settings.wan ?? {}).sort(([a], [b]) => compareText(a, b));
  for (const [name, data] of entries) {
    const end = splitEnd(data.on ?? "");
    const device = devices.get(end.name);
    if (!device || end.port === undefined) continue;
    const at = base.places.key(base.settings.wan ?? {}, name);
    const full = device.modelPorts.get(end.port)?.fullName ?? end.port;
    const method = data.ipv4 === "pppoe" || data.ipv4 === "dhcp" ? data.ipv4 : "static";
    const address =
      method === "static"
        ? readOutside(data.ipv4, base.places.value(data, "ipv4"), name, findings)
        : undefined;
    const address6 =
      data.ipv6 === undefined
        ? undefined
        : readOutside(data.ipv6, base.places.value(data, "ipv6"), name, findings);
    const gateway = readNext(data, "gateway", address, base, name, findings);
    const gateway6 = readNext(data, "gateway6", address6, base, name, findings);
    if (method === "pppoe" && data.credentials === undefined) {
      findings.report(
        "INV-MISSING-KEY",
        at,
        `${name} dials by PPPoE and lacks the key "credentials"`,
        "add credentials: a reference such as env:PPPOE@1",
      );
    }
    if (method === "static" && data.gateway === undefined) {
      findings.report(
        "INV-MISSING-KEY",
        at,
        `${name} has a fixed address and lacks the key "gateway"`,
        "add gateway: the provider's router",
      );
    }
    out.push({
      name,
      data,
      at,
      device: device.name,
      interface: data.vlan === undefined ? full : `${full}.${data.vlan}`,
      method,
      address,
      gateway,
      address6,
      gateway6,
    });
  }
  return out;
}

function readOutside(
  text: string | undefined,
  where: FileWhere,
  name: string,
  findings: Findings,
): InterfaceAddress | undefined {
  if (text === undefined) return undefined;
  const parsed = parseInterfaceAddress(text);
  if (!parsed) {
    findings.report(
      "IPP-ADDRESS",
      where,
      `${name}: "${text}" is no address with a length`,
      "write e.g. 203.0.113.2/30, pppoe or dhcp",
    );
    return undefined;
  }
  if (!isUsableHost(parsed.prefix, parsed.address)) {
    findings.report(
      "IPP-006",
      where,
      `${name}: ${text} is the network or broadcast address of its block`,
      "write the address that the provider gave to your end",
    );
    return undefined;
  }
  const reserved = reservedBlockOf({
    ...parsed.prefix,
    base: parsed.address.value,
    length: parsed.address.version === 4 ? 32 : 128,
  });
  if (reserved?.use === "never") {
    findings.report(
      "IPP-006",
      where,
      `${name}: ${text} is kept for ${reserved.what}`,
      "write the address that the provider gave to your end",
    );
    return undefined;
  }
  return parsed;
}

function readNext(
  data: WanLink,
  key: "gateway" | "gateway6",
  own: InterfaceAddress | undefined,
  base: SiteBase,
  name: string,
  findings: Findings,
): Address | undefined {
  const written = data[key];
  if (written === undefined) return undefined;
  const where = base.places.value(data, key);
  const address = typeof written === "string" ? parseAddress(written) : undefined;
  if (!address) {
    findings.report(
      "IPP-ADDRESS",
      where,
      `${name}: "${written}" is no full address`,
      "write the provider's router in full, e.g. 203.0.113.1",
    );
    return undefined;
  }
  if (own && (!containsAddress(own.prefix, address) || own.address.value === address.value)) {
    findings.report(
      "IPP-015",
      where,
      `${name}: the gateway ${String(written)} is not a neighbour in ${formatInterfaceAddress(own.address, own.prefix)}`,
      "write the provider's router in the same block",
    );
    return undefined;
  }
  return address;
}
