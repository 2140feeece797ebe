import type { FullDriver } from "../driver.ts";
import { linuxEvidence } from "../linux-common/evidence.ts";
import { change, redact } from "./change.ts";
import { compare, parse } from "./parse.ts";
import { render } from "./render.ts";
import { openSession } from "./session.ts";

/** Open vSwitch: VLANs, trunks and aggregations in one OVSDB transaction. */
export const openvswitch: FullDriver = {
  platform: "openvswitch",
  level: "full",
  title: "Open vSwitch",
  capabilities: [
    "vlans",
    "access-ports",
    "trunk-ports",
    "voice-vlan",
    "lag",
    "ipv6",
    "static-routes",
    "spanning-tree",
    "mtu",
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
  evidence: linuxEvidence,
  render,
  connect: openSession,
};
