import type { Address, Prefix } from "../../model/address.ts";
import {
  containsAddress,
  firstOf,
  formatAddress,
  formatPrefix,
  isUsableHost,
  lastOf,
  nthHost,
  parseAddress,
} from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { NetworkDraft } from "./base.ts";
import type { Findings } from "./findings.ts";

/** What a host says of its address. */
export interface AddressRequest {
  readonly address: number | string | undefined;
  readonly address6: number | string | undefined;
  readonly where: FileWhere;
  readonly where6: FileWhere;
  /** What it is, for messages: `printer-1f`. */
  readonly what: string;
}

export interface SettledAddress {
  readonly address: Address | undefined;
  readonly address6: Address | undefined;
}

/** Turns host numbers and full addresses into addresses of a network. In IPv6 the same digits count unless
 *  `address6` says otherwise; a full IPv4 address gives no IPv6 address by itself. */
export function settleAddress(
  request: AddressRequest,
  network: NetworkDraft,
  findings: Findings,
): SettledAddress {
  const { address: written, address6: written6 } = request;
  const isV6Text = typeof written === "string" && written.includes(":");
  const address = isV6Text ? undefined : inPrefix(written, network, 4, request.where, request.what, findings);
  const derived6 = written6 ?? (typeof written === "number" || isV6Text ? written : undefined);
  const where6 = written6 === undefined ? request.where : request.where6;
  const wants6 = network.prefix6 !== undefined || written6 !== undefined || isV6Text;
  const address6 = wants6 ? inPrefix(derived6, network, 6, where6, request.what, findings) : undefined;
  return { address, address6 };
}

function inPrefix(
  written: number | string | undefined,
  network: NetworkDraft,
  version: 4 | 6,
  where: FileWhere,
  what: string,
  findings: Findings,
): Address | undefined {
  if (written === undefined) return undefined;
  const prefixes = version === 4 ? [network.prefix4, ...network.secondary] : [network.prefix6];
  const known = prefixes.filter((prefix) => prefix !== undefined);
  if (known.length === 0) {
    reportNoPrefix(network, version, written, where, findings);
    return undefined;
  }
  const address = hostOf(written, known[0], version);
  if (address === "unreadable") {
    findings.report(
      "IPP-ADDRESS",
      where,
      `${what}: "${written}" is no ${version === 4 ? "IPv4" : "IPv6"} address`,
      "write a host number such as 12, or a full address",
    );
    return undefined;
  }
  const home = address && known.find((prefix) => containsAddress(prefix, address));
  if (!address || !home) {
    const range = known.map(spanOf).join(", ");
    findings.report(
      "IPP-006",
      where,
      `${what}: ${written} is not in ${network.name} (${known.map(formatPrefix).join(", ")})`,
      `hosts are ${range}; a number counts from the network's first address`,
      { related: [network.at] },
    );
    return undefined;
  }
  if (!isUsableHost(home, address)) {
    const which = address.value === home.base ? "network" : "broadcast";
    findings.report(
      "IPP-006",
      where,
      `${what}: ${formatAddress(address)} is the ${which} address of ${formatPrefix(home)}`,
      `hosts are ${spanOf(home)}`,
      { related: [network.at] },
    );
    return undefined;
  }
  return address;
}

function reportNoPrefix(
  network: NetworkDraft,
  version: 4 | 6,
  written: number | string,
  where: FileWhere,
  findings: Findings,
): void {
  const key = version === 4 ? "ipv4" : "ipv6";
  // A prefix that was refused has its own finding; a second one would send people to the wrong place.
  if (network.data[key] !== undefined) return;
  findings.report(
    "IPP-ADDRESS",
    where,
    `${network.name} has no ${key} prefix for the address ${written}`,
    `give the network ${key}: …, or take the address away`,
    { related: [network.at] },
  );
}

function hostOf(
  written: number | string,
  prefix: Prefix | undefined,
  version: 4 | 6,
): Address | undefined | "unreadable" {
  const isNumber = typeof written === "number" || /^\d+$/.test(written);
  if (isNumber) return prefix && nthHost(prefix, Number(written));
  const parsed = parseAddress(written);
  return parsed?.version === version ? parsed : "unreadable";
}

/** Spells the usable hosts of a block. */
export function spanOf(prefix: Prefix): string {
  const first = firstOf(prefix);
  const last = lastOf(prefix);
  const spare = isUsableHost(prefix, first) ? 0n : 1n;
  const from = { ...first, value: first.value + spare };
  const to = prefix.version === 4 ? { ...last, value: last.value - spare } : last;
  return `${formatAddress(from)} to ${formatAddress(to)}`;
}
