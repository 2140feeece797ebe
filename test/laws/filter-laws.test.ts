import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import { MODELLED } from "../golden/cases.ts";
import { loadDevice, typeAll } from "./devices.ts";
import { type Spelling, strays, verdicts } from "./model/filter-oracle.ts";

const RUNS = { numRuns: 120, seed: 20_261_123 };

interface Rule {
  readonly action: "permit" | "deny";
  /** A group, a host or network by number, or anything. */
  readonly from: string | number;
  readonly port: 443 | 80 | 0;
}

interface Filters {
  readonly groups: Readonly<Record<string, readonly number[]>>;
  readonly four: readonly Rule[];
  readonly six: readonly Rule[];
  readonly bound: { readonly four: boolean; readonly six: boolean };
}

const action = fc.constantFrom("permit" as const, "deny" as const);
const port = fc.constantFrom(443 as const, 80 as const, 0 as const);
const rules = (from: fc.Arbitrary<string | number>): fc.Arbitrary<Rule[]> =>
  fc.uniqueArray(fc.record({ action, from, port }), {
    minLength: 1,
    maxLength: 4,
    selector: ({ from, port }) => `${from} ${port}`,
  });

function filters(grouped: boolean): fc.Arbitrary<Filters> {
  const source: fc.Arbitrary<string | number>[] = [fc.integer({ min: 0, max: 4 })];
  if (grouped) source.push(fc.constantFrom("G1", "G2"));
  const hosts = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
  return fc.record({
    groups: grouped ? fc.record({ G1: hosts, G2: hosts }) : fc.constant({}),
    four: rules(fc.oneof(...source)),
    six: rules(fc.integer({ min: 0, max: 3 })),
    bound: fc.record({ four: fc.constantFrom(true, true, false), six: fc.constantFrom(true, true, false) }),
  });
}

interface Platform extends Spelling {
  readonly grouped: boolean;
  readonly spell: (filters: Filters) => string;
}

const PLATFORMS: Readonly<Record<string, Platform>> = {
  iosxe: {
    grouped: true,
    otherwise: false,
    place: /^interface Vlan10$/,
    bound: [/^ip access-group (\S+) in$/, /^ipv6 traffic-filter (\S+) in$/],
    list: (name, family) => (family === 4 ? `ip access-list extended ${name}` : `ipv6 access-list ${name}`),
    group: (name) => `object-group network ${name}`,
    spell: ({ groups, four, six, bound }) =>
      [
        "vlan 10",
        ...Object.entries(groups).flatMap(([name, hosts]) => [
          `object-group network ${name}`,
          ...hosts.map((host) => ` host 10.0.0.${host}`),
        ]),
        "ip access-list extended F4",
        ...four.map((rule, i) => ` ${10 * (i + 1)} ${cisco4(rule)}`),
        "ipv6 access-list F6",
        ...six.map((rule, i) => ` sequence ${10 * (i + 1)} ${cisco6(rule)}`),
        "interface Vlan10",
        ...(bound.four ? [" ip access-group F4 in"] : []),
        ...(bound.six ? [" ipv6 traffic-filter F6 in"] : []),
      ].join("\n"),
  },
  eos: {
    grouped: false,
    otherwise: false,
    place: /^interface Vlan10$/,
    bound: [/^ip access-group (\S+) in$/, /^ipv6 access-group (\S+) in$/],
    list: (name, family) => (family === 4 ? `ip access-list ${name}` : `ipv6 access-list ${name}`),
    group: (name) => name,
    spell: ({ four, six, bound }) =>
      [
        "vlan 10",
        "ip access-list F4",
        ...four.map((rule, i) => `   ${10 * (i + 1)} ${cisco4(rule)}`),
        "ipv6 access-list F6",
        ...six.map((rule, i) => `   ${10 * (i + 1)} ${cisco6(rule)}`),
        "interface Vlan10",
        ...(bound.four ? ["   ip access-group F4 in"] : []),
        ...(bound.six ? ["   ipv6 access-group F6 in"] : []),
      ].join("\n"),
  },
  vrp: {
    grouped: false,
    otherwise: true,
    place: /^interface Vlanif10$/,
    bound: [/^traffic-filter inbound acl (\d+)$/, /^traffic-filter inbound acl ipv6 (\d+)$/],
    list: (name, family) => (family === 4 ? `acl ${name}` : `acl ipv6 ${name}`),
    group: (name) => name,
    spell: ({ four, six, bound }) =>
      [
        "vlan batch 10",
        "acl number 3001",
        ...four.map((rule, i) => ` rule ${5 * (i + 1)} ${huawei4(rule)}`),
        "acl ipv6 number 3002",
        ...six.map((rule, i) => ` rule ${5 * (i + 1)} ${huawei6(rule)}`),
        "interface Vlanif10",
        ...(bound.four ? [" traffic-filter inbound acl 3001"] : []),
        ...(bound.six ? [" traffic-filter inbound acl ipv6 3002"] : []),
      ].join("\n"),
  },
  comware: {
    grouped: true,
    otherwise: true,
    place: /^interface Vlan-interface10$/,
    bound: [/^packet-filter (\d+) inbound$/, /^packet-filter ipv6 (\d+) inbound$/],
    list: (name, family) => (family === 4 ? `acl ${name}` : `acl ipv6 ${name}`),
    group: (name) => `object-group ip address ${name}`,
    spell: ({ groups, four, six, bound }) =>
      [
        "vlan 10",
        ...Object.entries(groups).flatMap(([name, hosts]) => [
          `object-group ip address ${name}`,
          ...hosts.map((host, i) => ` ${10 * i} network host address 10.0.0.${host}`),
        ]),
        "acl advanced 3001",
        ...four.map((rule, i) => ` rule ${5 * i} ${huawei4(rule)}`),
        "acl ipv6 advanced 3002",
        ...six.map((rule, i) => ` rule ${5 * i} ${huawei6(rule)}`),
        "interface Vlan-interface10",
        ...(bound.four ? [" packet-filter 3001 inbound"] : []),
        ...(bound.six ? [" packet-filter ipv6 3002 inbound"] : []),
      ].join("\n"),
  },
};

function cisco4({ action, from, port }: Rule): string {
  const source =
    typeof from === "string" ? `object-group ${from}` : from === 0 ? "any" : `host 10.0.0.${from}`;
  return port === 0 ? `${action} ip ${source} any` : `${action} tcp ${source} any eq ${port}`;
}

function cisco6({ action, from, port }: Rule): string {
  const source = from === 0 ? "any" : `2001:db8:${from}::/48`;
  return port === 0 ? `${action} ipv6 ${source} any` : `${action} tcp ${source} any eq ${port}`;
}

function huawei4({ action, from, port }: Rule): string {
  const source =
    typeof from === "string" ? ` source object-group ${from}` : from === 0 ? "" : ` source 10.0.0.${from} 0`;
  return port === 0 ? `${action} ip${source}` : `${action} tcp${source} destination-port eq ${port}`;
}

function huawei6({ action, from, port }: Rule): string {
  const source = from === 0 ? "" : ` source 2001:db8:${from}::/48`;
  return port === 0 ? `${action} ipv6${source}` : `${action} tcp${source} destination-port eq ${port}`;
}

describe.each(MODELLED.map((dialect) => [dialect.platform, dialect] as const))("%s", (name, dialect) => {
  const platform = PLATFORMS[name] as Platform;
  const pair = fc.tuple(filters(platform.grouped), filters(platform.grouped));

  test("no step of an edit of IPv6 lists and object groups opens or drops a packet, unless a finding names the step", () => {
    let proved = 0;
    fc.assert(
      fc.property(pair, ([one, two]) => {
        const running = platform.spell(one);
        const intended = platform.spell(two);
        const change = diffConfigs(dialect, running, intended, FULL_CHANGE);
        const device = loadDevice(name, running);
        const before = verdicts(device.root, platform);
        const after = verdicts(loadDevice(name, intended).root, platform);
        const safe = !change.findings.some((finding) => finding.code === "CFG-UNSAFE-STEP");
        if (safe) proved++;
        for (const command of change.commands) {
          typeAll(device, [command]);
          if (safe)
            expect([command, strays(before, after, verdicts(device.root, platform))]).toEqual([command, []]);
        }
        expect(device.show()).toBe(loadDevice(name, intended).show());
      }),
      RUNS,
    );
    expect(proved).toBeGreaterThan(40);
  });

  test("a wrong order of the same steps is caught by the modelled device", () => {
    let caught = 0;
    fc.assert(
      fc.property(pair, ([one, two]) => {
        const running = platform.spell(one);
        const intended = platform.spell(two);
        const { steps } = diffConfigs(dialect, running, intended, FULL_CHANGE);
        const before = verdicts(loadDevice(name, running).root, platform);
        const after = verdicts(loadDevice(name, intended).root, platform);
        const device = loadDevice(name, running);
        for (const step of [...steps].reverse()) {
          try {
            typeAll(device, step.commands);
          } catch {
            return;
          }
          if (strays(before, after, verdicts(device.root, platform)).length > 0) {
            caught++;
            return;
          }
        }
      }),
      RUNS,
    );
    expect(caught).toBeGreaterThan(5);
  });
});
