import { expect, test } from "vitest";
import type { Site } from "../../../src/model/site.ts";
import { CATALOGUE } from "../../../src/planner/checks/catalogue.ts";
import { checkPolicy } from "../../../src/planner/policy/check-policy.ts";
import { type Changes, hqWith, SITE } from "../../inventory/spoil.ts";

const RULES = "inventory/acme/hq/rules.yaml";
const SERVICES = "policies/services.yaml";
const MODEL = "inventory/models/switch-8.yaml";

const rule = (text: string): Changes => ({ [RULES]: (before) => `${before}${text}` });
const sound: Changes = {
  "policies/zones.yaml": (text) =>
    `${text}  guest:\n    internet:\n      access: allow-only\n      services: [https, dns]\n  internet:\n    server:\n      access: allow-only\n      services: [https]\n`,
};

/** For each id that the zone proofs decide: rules that fail it. */
const ROWS: readonly (readonly [id: string, title: string, changes: Changes])[] = [
  [
    "RUL-001",
    "a permit behind a deny of the same",
    rule("R0:\n  from: office\n  to: srv-1\n  service: https\n  action: deny\n  before: R1\n"),
  ],
  [
    "RUL-002",
    "a permit that a wider one holds",
    rule("R3:\n  from: printer\n  to: srv-1\n  service: https\n"),
  ],
  [
    "RUL-003",
    "a deny that meets a permit in part",
    rule("R3:\n  from: printer\n  to: servers\n  service: [https, dns]\n  action: deny\n  before: R1\n"),
  ],
  ["RUL-016", "a permit written twice", rule("R3:\n  from: office\n  to: srv-1\n  service: https\n")],
  [
    "RUL-017",
    "an IPv6 service between IPv4 networks",
    {
      ...rule("R3:\n  from: office\n  to: srv-1\n  service: ping6\n"),
      [SERVICES]: (text) => `${text}ping6:\n  icmp6: true\n`,
    },
  ],
  ["ZON-005", "guests who reach the servers", rule("R3:\n  from: guest\n  to: srv-1\n  service: https\n")],
  [
    "ZON-006",
    "a flow that an earlier deny takes",
    rule("R0:\n  from: office\n  to: srv-1\n  service: https\n  action: deny\n  before: R1\n"),
  ],
  [
    "ZON-011",
    "a switch that routes between guests and office",
    {
      [MODEL]: (text) => text.replace("features: [acl, dhcp-snooping]", "features: [routing]"),
      [SITE]: (text) =>
        text
          .replace(
            "      address: 1\n      on: fw\n    dhcp:\n      ranges: [100-199]\n",
            "      address: 1\n      on: sw-1\n",
          )
          .replace(
            "      length: 24\n    gateway:\n      address: 1\n      on: fw",
            "      length: 24\n    gateway:\n      address: 1\n      on: sw-1",
          ),
    },
  ],
];

const proved = (changes: Changes, edit: (site: Site) => Site = (site) => site): string[] =>
  checkPolicy(edit(hqWith({ ...sound, ...changes })), "2026-11-22").findings.map(({ code }) => code);

/** The compiled filters taken off the gateways: resolving never leaves them out. */
function withoutFilters(site: Site): Site {
  const devices = site.devices.map((device) => ({
    ...device,
    filters: [],
    gateways: device.gateways.map(({ filterIn: _in, filterOut: _out, ...gateway }) => gateway),
  }));
  return { ...site, devices };
}

test.each(ROWS)("%s: %s", (id, _, changes) => {
  expect(proved({})).not.toContain(id);
  expect(proved(changes, id === "ZON-011" ? withoutFilters : undefined)).toContain(id);
});

test("every id that the catalogue leaves to the zone proofs has such rules", () => {
  const left = CATALOGUE.filter((check) => check.decidedBy.includes("proof")).map((check) => check.id);
  expect(ROWS.map(([id]) => id)).toEqual(left.sort());
});
