import { describe, expect, test } from "vitest";
import { CATALOGUE } from "../../../src/planner/checks/catalogue.ts";
import { checkResults } from "../../../src/planner/checks/pack.ts";
import { runChecks } from "../../../src/planner/checks/run-checks.ts";
import { type Changes, FW, resolveWith, SITE, SW1, SW2 } from "../../inventory/spoil.ts";

const CLIENT = "inventory/acme/client.yaml";
const RULES = "inventory/acme/hq/rules.yaml";
const SERVER = "inventory/acme/hq/servers/srv-1.yaml";
const PROVIDER = "inventory/provider.yaml";

/** Replaces a text of a file; one that is not there fails the test. */
function swap(file: string, from: string, to: string): Changes {
  return {
    [file]: (text) => {
      if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
      return text.replace(from, () => to);
    },
  };
}

const append = (file: string, text: string): Changes => ({ [file]: (before) => `${before}${text}` });
const farEnd = (more: string): Changes =>
  append(SW2, `  GE0/0/8:\n    profile: uplink\n    to: sw-1:GE0/0/8\n${more}`);
const OFFICE_GATEWAY = "    gateway:\n      address: 1\n      on: fw\n    dhcp:";
const route = (to: string, via: string): Changes =>
  append(SITE, `routes:\n  r1:\n    on: fw\n    to: ${to}\n    via: ${via}\n`);

/** For each id that resolving decides, wholly or in part: a workspace that fails it. */
const ROWS: readonly (readonly [id: string, title: string, changes: Changes])[] = [
  ["AST-002", "one asset id for two switches", swap(SW2, "A-SW-2", "A-SW-1")],
  [
    "BKP-003",
    "a job whose policy has no copies",
    swap(CLIENT, "    copies:\n      vault: {}\n", "    copies: {}\n"),
  ],
  ["CRD-004", "a key in clear", swap(PROVIDER, "key: env:SSH_KEY@1", "key: hunter2")],
  ["IPP-001", "two networks that overlap", swap(SITE, "10.1.20.0/24", "10.1.10.128/25")],
  [
    "IPP-002",
    "a gateway without an address",
    swap(SITE, OFFICE_GATEWAY, "    gateway:\n      on: fw\n    dhcp:"),
  ],
  ["IPP-003", "a DHCP range that holds the gateway", swap(SITE, "[100-199]", "[1-199]")],
  ["IPP-004", "a printer inside the DHCP range", swap(SITE, "    address: 50", "    address: 150")],
  ["IPP-005", "carrier space inside", swap(SITE, "10.1.20.0/24", "100.64.20.0/24")],
  ["IPP-006", "multicast space as a network", swap(SITE, "10.1.20.0/24", "224.1.20.0/24")],
  ["IPP-007", "a server with its gateway's address", swap(SERVER, "address: 10", "address: 1")],
  ["IPP-008", "one MAC address for two machines", swap(SERVER, "44:66", "44:55")],
  ["IPP-009", "a host with a server's name", swap(SITE, "  printer:", "  srv-1:")],
  [
    "IPP-011",
    "autoconfiguration on a /80",
    swap(
      SITE,
      "    ipv4: 10.1.20.0/24",
      "    ipv4: 10.1.20.0/24\n    ipv6: fd00:1::/80\n    routerAdvertisement: slaac",
    ),
  ],
  ["IPP-012", "one VLAN for two networks", swap(SITE, "vlan: 20", "vlan: 10")],
  ["IPP-015", "a next hop that is no neighbour", route("10.8.0.0/16", "10.7.7.7")],
  ["IPP-017", "a route to an own network", route("10.1.10.0/24", "10.1.20.10")],
  ["IPP-019", "DHCP in a network without a gateway", swap(SITE, OFFICE_GATEWAY, "    dhcp:")],
  ["L2-001", "ends with different native networks", farEnd("    native: office\n")],
  ["L2-002", "a network in VLAN 1", swap(SITE, "vlan: 10", "vlan: 1")],
  ["L2-003", "ends that carry different networks", farEnd("    tagged: [guest]\n")],
  [
    "L2-015",
    "a switch without a link",
    swap(SW1, "  GE0/0/8:\n    profile: uplink\n    to: sw-2:GE0/0/8\n", ""),
  ],
  ["L2-017", "an access port in the parking VLAN", swap(SW2, "network: guest", "network: parking")],
  ["L2-019", "ends with different MTUs", farEnd("    mtu: 9000\n")],
  [
    "RED-004",
    "two routers of one VRRP priority",
    swap(
      SITE,
      OFFICE_GATEWAY,
      "    gateway:\n      address: 1\n      group: 10\n      on:\n        fw:\n          address: 2\n          priority: 100\n        sw-1:\n          address: 3\n          priority: 100\n    dhcp:",
    ),
  ],
  [
    "RED-006",
    "an aggregation of one port",
    swap(FW, "    to: sw-1:GE0/0/1", "    lag:\n      id: 1\n    to: sw-1:GE0/0/1"),
  ],
  [
    "RUL-012",
    "a rule for a zone where nothing is",
    {
      ...swap(
        "policies/zones.yaml",
        "  guest:\n    trust: 10\n",
        "  guest:\n    trust: 10\n  voice:\n    trust: 40\n",
      ),
      ...swap(RULES, "from: office", "from: zone:voice"),
    },
  ],
  [
    "RUL-016",
    "one rule id at the site and at the client",
    { "inventory/acme/rules.yaml": "R1:\n  from: any\n  to: any\n  service: https\n" },
  ],
  ["ZON-002", "a network without a zone", swap(SITE, "    zone: server\n", "")],
];

const said = (changes: Changes): Set<string> =>
  new Set(resolveWith(changes).findings.map(({ code }) => code));

describe("what resolving decides", () => {
  const clean = said({});
  test.each(ROWS)("%s: %s", (id, _, changes) => {
    expect(clean.has(id)).toBe(false);
    expect([...said(changes)]).toContain(id);
  });

  test("every id that the catalogue leaves to resolving has such a workspace", () => {
    const left = CATALOGUE.filter((check) => check.decidedBy.includes("resolve")).map((check) => check.id);
    expect(ROWS.map(([id]) => id)).toEqual(left.sort());
  });
});

test.each(ROWS)("%s (%s) is not told a second time by the catalogue at the same place", (id, _, changes) => {
  const { sites, findings } = resolveWith(changes);
  const places = new Set(
    findings.filter(({ code }) => code === id).map(({ where }) => JSON.stringify(where)),
  );
  const again = runChecks(sites, { today: "2026-11-22" }).findings.filter(({ code }) => code === id);
  expect(again.filter(({ where }) => places.has(JSON.stringify(where)))).toEqual([]);
});

test("a finding of resolving fails its check in the results, so that packs see it", () => {
  const { sites, findings } = resolveWith(swap(SITE, "10.1.20.0/24", "10.1.10.128/25"));
  const report = runChecks(sites, { today: "2026-11-22" });
  const states = checkResults(sites, report, [...findings, ...report.findings]).filter(
    ({ id }) => id === "IPP-001",
  );
  expect(states.map(({ site, state }) => `${site} ${state}`)).toEqual(["acme/branch met", "acme/hq failed"]);
});
