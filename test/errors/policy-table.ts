import type { ErrorRow } from "./table.ts";

const SITE = "inventory/acme/hq/site.yaml";
const RULES = "inventory/acme/hq/rules.yaml";
const ZONES = "policies/zones.yaml";
const SERVICES = "policies/services.yaml";
const EXCEPTIONS = "policies/acme/exceptions.yaml";
const WAIVERS = "policies/acme/waivers.yaml";
const CHECKS = "policies/acme/checks.yaml";

const exception = (rest: string): string =>
  `EX1:\n  from: guest\n  to: server\n  service: https\n  owner: li.wei\n  approver: wang.fang\n  ticket: T-9\n  reason: show\n${rest}`;
const waiver = (code: string, expires: string): string =>
  `W1:\n  code: ${code}\n  owner: li.wei\n  reason: old switch\n  expires: ${expires}\n`;

const ZONING = "policies/acme/zoning.yaml";
const zoning = (from: string, rest = "", kind = "forbidden"): string =>
  `${kind}:\n  - name: apart\n    from: ${from}\n    to: { zone: server }\n${rest}`;

/** Mistakes in zones, rules, exceptions, waivers and weights, as `validate` judges them on 2026-11-22. */
export const POLICY_ROWS: readonly ErrorRow[] = [
  {
    title: "a zone without prefixes",
    file: ZONES,
    from: "  guest:\n",
    to: "  lab:\n    trust: 5\n  guest:\n",
    code: "ZON-001",
    at: "lab:",
  },
  {
    title: "zones that overlap",
    file: SITE,
    from: "ipv4: 10.1.20.0/24",
    to: "ipv4: 10.1.10.128/25",
    code: "ZON-001",
    at: "servers:",
  },
  {
    title: "a cell that names an unknown service",
    file: ZONES,
    from: "services: [https]",
    to: "services: [htps]",
    code: "REF-SERVICE",
    at: "htps",
  },
  {
    title: "an exception without an end",
    file: EXCEPTIONS,
    to: exception(""),
    code: "INV-MISSING-KEY",
    at: "EX1:",
  },
  {
    title: "an exception past its end",
    file: EXCEPTIONS,
    to: exception("  expires: 2026-11-21\n"),
    code: "RUL-008",
    at: "EX1:",
  },
  {
    title: "an exception for addresses outside its zone's prefixes",
    file: EXCEPTIONS,
    to: exception("  expires: 2027-03-01\n  source: [10.1.10.7]\n"),
    code: "RUL-017",
    at: "EX1:",
  },
  {
    title: "a rule from an address outside every zone's prefixes",
    file: RULES,
    from: "from: office",
    to: "from: 10.77.0.5",
    code: "RUL-017",
    at: "R1:",
  },
  {
    title: "a service whose range of ports runs backwards",
    file: SERVICES,
    from: "tcp: [443]",
    to: "tcp: [443-80]",
    code: "INV-RANGE",
    at: "443-80",
  },
  {
    title: "groups of services that hold each other",
    file: SERVICES,
    from: "https:\n",
    to: "web:\n  group: [portal]\nportal:\n  group: [web]\nhttps:\n",
    code: "REF-LOOP",
    at: "[web]",
  },
  {
    title: "a waiver for an unknown code",
    file: WAIVERS,
    to: waiver("L2-999", "2027-03-01"),
    code: "WVR-UNKNOWN-CODE",
    at: "W1:",
  },
  {
    title: "a waiver for a code of letters that looks like one of digits",
    file: WAIVERS,
    to: waiver("L2-O11", "2027-03-01"),
    code: "WVR-UNKNOWN-CODE",
    at: "W1:",
  },
  {
    title: "a waiver past its end",
    file: WAIVERS,
    to: waiver("L2-011", "2026-11-21"),
    code: "WVR-EXPIRED",
    at: "W1:",
  },
  {
    title: "a weight for a misspelt code",
    file: CHECKS,
    to: "severities:\n  MTG-005: error\n",
    code: "CHK-UNKNOWN-CODE",
    at: "MTG-005",
  },
  {
    title: "a misspelt pack",
    file: CHECKS,
    to: "packs: [baseline, csi]\n",
    code: "CHK-UNKNOWN-PACK",
    at: "csi",
  },
  {
    title: "an own rule that names an unknown zone",
    file: ZONING,
    to: zoning("{ zone: gest }"),
    code: "REF-ZONE",
    at: "gest",
  },
  {
    title: "an own rule whose pattern is no zone's",
    file: ZONING,
    to: zoning("{ zone: [guest, lab-*] }"),
    code: "REF-ZONE",
    at: "lab-*",
  },
  {
    title: "an own rule that excludes an unknown zone",
    file: ZONING,
    to: zoning("{ not: { zone: ofice } }"),
    code: "REF-ZONE",
    at: "ofice",
  },
  {
    title: "an own rule about the device itself",
    file: ZONING,
    to: zoning("{ zone: self }"),
    code: "REF-ZONE",
    at: "self",
  },
  {
    title: "an own rule that names an unknown site",
    file: ZONING,
    to: zoning("{ site: brnch }"),
    code: "REF-SITE",
    at: "brnch",
  },
  {
    title: "an own rule that names an unknown network",
    file: ZONING,
    to: zoning("{ network: ofice }"),
    code: "REF-NETWORK",
    at: "ofice",
  },
  {
    title: "an own rule for an unknown service",
    file: ZONING,
    to: zoning("{ zone: guest }", "    service: htps\n"),
    code: "REF-SERVICE",
    at: "htps",
  },
  {
    title: "an own rule of an unknown weight",
    file: ZONING,
    to: zoning("{ zone: guest }", "    severity: high\n"),
    code: "INV-VALUE",
    at: "high",
  },
  {
    title: "an own rule about an unknown kind of zone",
    file: ZONING,
    to: zoning("{ kind: [servers] }"),
    code: "INV-VALUE",
    at: "servers",
  },
  {
    title: "an own rule without an end",
    file: ZONING,
    to: "forbidden:\n  - name: apart\n    from: { zone: guest }\n",
    code: "INV-MISSING-KEY",
    at: "name: apart",
  },
  {
    title: "an own rule with an empty end",
    file: ZONING,
    to: zoning("{}"),
    code: "INV-TYPE",
    at: "from: {}",
  },
  {
    title: "an own rule that knows neither forbidden nor required",
    file: ZONING,
    to: zoning("{ zone: guest }", "", "allowed"),
    code: "INV-UNKNOWN-KEY",
    at: "allowed",
  },
  {
    title: "an own rule with a misspelt key",
    file: ZONING,
    to: zoning("{ zones: guest }"),
    code: "INV-UNKNOWN-KEY",
    at: "zones",
  },
  {
    title: "an own rule without a name",
    file: ZONING,
    to: "forbidden:\n  - from: { zone: guest }\n    to: { zone: server }\n",
    code: "INV-MISSING-KEY",
    at: "from",
  },
  {
    title: "two own rules of one name",
    file: ZONING,
    to: zoning("{ zone: guest }", "  - name: apart\n    from: { zone: office }\n    to: { zone: mgmt }\n"),
    code: "ZON-OWN-NAME",
    at: "name: apart",
  },
  {
    title: "an own rule called like a finding about checks",
    file: ZONING,
    to: "required:\n  - name: threw\n    from: { zone: office }\n    to: { zone: mgmt }\n",
    code: "ZON-OWN-NAME",
    at: "threw",
  },
];
