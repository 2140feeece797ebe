import type { FullDriver } from "../driver.ts";
import { linuxEvidence } from "../linux-common/evidence.ts";
import { change, redact } from "./change.ts";
import { readFilters } from "./filters.ts";
import { compare, parse } from "./parse.ts";
import { render } from "./render.ts";
import { openSession } from "./session.ts";

/** Linux as a firewall: zones in one nftables table of our own, beside whatever else the machine filters. */
export const nftables: FullDriver = {
  platform: "nftables",
  level: "full",
  title: "nftables",
  capabilities: [
    "gateways",
    "secondary-addresses",
    "ipv6",
    "static-routes",
    "dhcp-server",
    "stateful-firewall",
    "nat",
    "ntp",
    "syslog",
    "dns",
    "banner",
    "local-users",
    "ping-checks",
    "tcp-checks",
  ],
  safetyNet: { kind: "timer", maxSeconds: 3600, atomic: true },
  parse,
  change,
  compare,
  redact,
  filters: readFilters,
  evidence: linuxEvidence,
  render,
  connect: openSession,
};
