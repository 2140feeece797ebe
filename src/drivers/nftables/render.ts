import type { Finding } from "../../model/finding.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Rendered } from "../driver.ts";
import { type BlockView, fileBlock, fileText, hostBlocks, restoreTabs } from "../linux-common/host-view.ts";
import { collectRefusals, type Refusals } from "../render/refusals.ts";
import { fillTemplate } from "../template.ts";
import { claimsOf } from "./claims.ts";
import { tableView } from "./firewall-view.ts";
import { carrierOf, type Leg, legsOf, networkBlocks } from "./network-view.ts";
import { READ_SCRIPT } from "./reading.ts";

/** Renders the intended configuration of a Linux firewall. What it cannot express is a finding, never left out. */
export function render(intent: DeviceIntent): Rendered {
  const refusals = collectRefusals("nftables");
  const legs = legsOf(intent, refusals);
  refuseTheRest(intent, refusals);
  const blocks = [
    ...hostBlocks(intent, READ_SCRIPT, refusals),
    ...networkBlocks(intent, legs, refusals),
    ...dhcpBlocks(intent, legs),
  ];
  const table = tableView(intent, legs, refusals);
  const filled = fillTemplate("nftables", "device", { blocks, ...table });
  return {
    config: restoreTabs(filled.config),
    provenance: filled.provenance,
    scope: claimsOf(blocks, intent.ownership),
    findings: [...refusals.findings(), ...neededPackages(intent)],
  };
}

function refuseTheRest(intent: DeviceIntent, refusals: Refusals): void {
  for (const vpn of intent.vpns)
    refusals.refuse(`the VPN ${vpn.name}`, "End it on a device that speaks IPsec.", vpn.origin);
  for (const filter of intent.filters)
    refusals.refuse(`the stateless filter ${filter.name}`, "Write rules between zones.", intent.origin);
  if (intent.members.length > 1)
    refusals.refuse(
      `${intent.members.length} members`,
      "Describe each box as a device of its own.",
      intent.origin,
    );
  for (const lag of intent.lags)
    refusals.refuse(`the aggregation ${lag.name}`, "Use single ports on this firewall.", lag.origin);
  for (const port of intent.ports.filter((each) => each.dot1x || each.macLimit !== undefined))
    refusals.refuse(`802.1X or a MAC limit on ${port.name}`, "Set it on the switch port.", port.origin);
}

/** A firewall's packages are not ours to install; what will not work without one is said beforehand. */
function neededPackages(intent: DeviceIntent): Finding[] {
  if (intent.dhcpPools.length === 0) return [];
  return [
    {
      code: "DRV-NEEDS-PACKAGE",
      severity: "info",
      message: "DHCP is served only where dnsmasq is installed and running",
      hint: "apt-get install dnsmasq",
      where: intent.dhcpPools[0]?.origin ?? intent.origin,
    },
  ];
}

/** DHCP is dnsmasq's work: one file of ours, read where dnsmasq is installed and running. */
function dhcpBlocks(intent: DeviceIntent, legs: readonly Leg[]): BlockView[] {
  if (intent.dhcpPools.length === 0) return [];
  const pools = intent.dhcpPools.map((pool) => ({
    tag: pool.network,
    interface:
      carrierOf(intent, pool.network, pool.vlan) ??
      legs.find((leg) => leg.network === pool.network)?.name ??
      "",
    ranges: pool.ranges.map(([from, to]) => ({ from, to, tag: pool.network, lease: pool.leaseSeconds })),
    gateway: pool.gateway,
    dns: pool.dns.length === 0 ? [] : [{ list: pool.dns.join(","), tag: pool.network }],
    domains: pool.domain === undefined ? [] : [{ name: pool.domain, tag: pool.network }],
    reservations: pool.reservations,
    origin: pool.origin,
  }));
  const content = fileText("nftables", "dnsmasq", { pools });
  return [
    fileBlock({ path: "/etc/dnsmasq.d/sitewright.conf", mode: "0644", content, origin: intent.origin }),
  ];
}
