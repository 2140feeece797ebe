import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderedFilters } from "../../../src/cli/judge.ts";
import type { Finding } from "../../../src/model/finding.ts";
import type { FirewallRuleIntent } from "../../../src/model/intent.ts";
import type { Site } from "../../../src/model/site.ts";
import { testPacket } from "../../../src/planner/flows/test-packet.ts";
import { checkPolicy } from "../../../src/planner/policy/check-policy.ts";
import { enforcementsOf } from "../../../src/planner/policy/enforcement.ts";
import { fromRendered, type RenderedFilters } from "../../../src/planner/policy/rendered.ts";
import { rangeOf, zonePartition } from "../../../src/planner/policy/zones.ts";
import { type Changes, hqWith, SITE } from "../../inventory/spoil.ts";

const ZONING = "policies/acme/zoning.yaml";
const RULES = "inventory/acme/hq/rules.yaml";
const GUEST_RULE = "\nG1:\n  from: guest\n  to: srv-1\n  service: https\n";

const zoning = (text: string, changes: Changes = {}): Site => hqWith({ [ZONING]: text, ...changes });

function judged(site: Site, rendered?: ReadonlyMap<string, RenderedFilters>) {
  const report = checkPolicy(site, "2026-11-22", {}, rendered ?? renderedFilters(site));
  return { own: report.own, findings: report.findings.filter(({ code }) => code.startsWith("OWN-")) };
}

const words = (findings: readonly Finding[]) => findings.map(({ message }) => message);

const NEVER = `forbidden:
  - name: guests-out
    comment: promised in the contract
    from: {zone: guest}
    to: {zone: [serv*, mgmt]}
`;

describe("what an own rule forbids is proved over what is rendered", () => {
  test("a site that keeps the rule is proved", () => {
    expect(judged(zoning(NEVER))).toEqual({
      own: [{ code: "OWN-GUESTS-OUT", verdict: "proved" }],
      findings: [],
    });
  });

  test("a rule that opens it is told with packet, device, and the lines of both rules", () => {
    const { own, findings } = judged(zoning(NEVER, { [RULES]: (text) => `${text}${GUEST_RULE}` }));
    expect(own).toEqual([{ code: "OWN-GUESTS-OUT", verdict: "violated" }]);
    expect(findings).toMatchObject([
      {
        code: "OWN-GUESTS-OUT",
        severity: "error",
        message: expect.stringMatching(
          /^fw lets guest reach server by G1 \(rendered line \d+\): tcp 10\.9\.0\..* 10\.1\.20\.10:443$/,
        ),
        hint: expect.stringMatching(/^guests-out forbids it \(promised in the contract\): narrow G1/),
        where: { file: RULES },
        related: [{ file: ZONING, line: 2 }, { file: "inventory/acme/hq/devices/fw.yaml" }],
      },
    ]);
  });
});

/** The site with other rules on its firewalls than the inventory writes. */
function withFirewall(
  site: Site,
  change: (rules: readonly FirewallRuleIntent[]) => readonly FirewallRuleIntent[],
): Site {
  const devices = site.devices.map((device) =>
    device.firewall
      ? { ...device, firewall: { ...device.firewall, rules: change(device.firewall.rules) } }
      : device,
  );
  return { ...site, devices };
}

const opened = (rule: string): Changes => ({ [RULES]: (text) => `${text}\n${rule}` });
const rule = (body: string, kind = "forbidden"): string => `${kind}:\n  - name: own\n${body}`;

describe("the ends of an own rule", () => {
  test.each([
    ["a network by pattern", "    from: {network: gue*}\n    to: {network: servers}\n", "violated"],
    ["a zone's kind", "    from: {zone: guest}\n    to: {kind: [management]}\n", "proved"],
    ["everything but a zone", "    from: {not: {zone: office}}\n    to: {zone: server}\n", "violated"],
    [
      "everything but the one that does",
      "    from: {not: {zone: [guest, internet]}}\n    to: {zone: server}\n",
      "violated",
    ],
    ["a site", "    from: {site: hq, zone: guest}\n    to: {site: hq, zone: server}\n", "violated"],
    ["how much hangs on a site", "    from: {criticality: [medium]}\n    to: {zone: mgmt}\n", "proved"],
    ["one service", "    from: {zone: guest}\n    to: {zone: server}\n    service: dns\n", "proved"],
    [
      "a list of services",
      "    from: {zone: guest}\n    to: {zone: server}\n    service: [dns, https]\n",
      "violated",
    ],
    ["the internet", "    from: {zone: internet}\n    to: {not: {zone: server}}\n", "proved"],
    ["a device that may", "    from: {zone: guest}\n    to: {zone: server}\n    via: f*\n", "proved"],
    [
      "a device that is none of the site's",
      "    from: {zone: guest}\n    to: {zone: server}\n    via: edge\n",
      "violated",
    ],
  ])("%s", (_title, body, verdict) => {
    const site = zoning(rule(body), opened(GUEST_RULE));
    expect(judged(site).own).toEqual([{ code: "OWN-OWN", verdict }]);
  });

  test("a rule about places that the site does not have is not called proved", () => {
    const site = zoning(rule("    from: {site: branch}\n    to: {site: branch}\n"));
    expect(judged(site)).toEqual({ own: [], findings: [] });
  });

  test("the network of another site is a place too, told by its site", () => {
    const site = withFirewall(zoning(rule("    from: {zone: server}\n    to: {site: branch}\n")), (rules) =>
      rules.map((each) =>
        each.id === "R1" ? { ...each, from: "*", source: [], to: "*", destination: [] } : each,
      ),
    );
    expect(words(judged(site, new Map()).findings)).toEqual([
      expect.stringMatching(/^fw lets server reach branch\/office by R1: .* 10\.2\.10\.\d+:443$/),
    ]);
  });

  test("hosts of one subnet talk without a filter, and break no rule", () => {
    const site = zoning(rule("    from: {site: hq, zone: office}\n    to: {site: hq, zone: office}\n"));
    expect(judged(site).own).toEqual([]);
  });
});

describe("faults that only the rendered configuration shows", () => {
  test("a line that a template writes too many breaks an own rule", () => {
    const site = zoning(NEVER);
    const rendered = new Map(
      [...renderedFilters(site)].map(([id, { filters, originOf }]) => [
        id,
        {
          originOf,
          filters: filters.map((filter) =>
            filter.hook?.name === "forward"
              ? { ...filter, list: { ...filter.list, defaultAction: "permit" as const } }
              : filter,
          ),
        },
      ]),
    );
    const { own, findings } = judged(site, rendered);
    expect(own).toEqual([{ code: "OWN-GUESTS-OUT", verdict: "violated" }]);
    expect(words(findings)).toContainEqual(
      expect.stringMatching(/^fw lets guest reach (server|mgmt) by its default: /),
    );
  });

  test("a condition that cannot be modelled may let it through, and is never called proved", () => {
    const site = zoning(NEVER, opened(GUEST_RULE));
    const rendered = new Map(
      [...renderedFilters(site)].map(([id, { filters, originOf }]) => [
        id,
        {
          originOf,
          filters: filters.map((filter) => ({
            ...filter,
            list: {
              ...filter.list,
              rules: filter.list.rules.map((each) => ({
                ...each,
                exact: each.action === "deny",
                condition: "an hour",
              })),
            },
          })),
        },
      ]),
    );
    const { own, findings } = judged(site, rendered);
    expect(own).toEqual([{ code: "OWN-GUESTS-OUT", verdict: "unknown" }]);
    expect(words(findings)).toContainEqual(expect.stringMatching(/^fw may let guest reach server by G1/));
  });
});

const MUST = "    from: {zone: office}\n    to: {zone: server}\n    service: https\n";

describe("what an own rule requires is open", () => {
  test("a whole network that may only reach one host is told with the packet that is dropped", () => {
    const { own, findings } = judged(zoning(rule(MUST, "required")));
    expect(own).toEqual([{ code: "OWN-OWN", verdict: "violated" }]);
    expect(findings).toMatchObject([
      {
        message: expect.stringMatching(/^fw drops office to server by .*:443$/),
        related: [{ file: ZONING, line: 2 }, {}],
      },
    ]);
  });

  test("a rule of the site that opens all of it proves it", () => {
    const site = zoning(
      rule(MUST, "required"),
      opened("A1:\n  from: zone:office\n  to: zone:server\n  service: https\n"),
    );
    expect(judged(site).own).toEqual([{ code: "OWN-OWN", verdict: "proved" }]);
  });

  test("where the way is not known it is unknown, and counts", () => {
    const site = zoning(rule(`${MUST}    via: edge\n`, "required"));
    const { own, findings } = judged(site);
    expect(own).toEqual([{ code: "OWN-OWN", verdict: "unknown" }]);
    expect(findings).toMatchObject([
      { severity: "error", message: expect.stringContaining("is not known: no edge is on the way") },
    ]);
  });
});

describe("a router without a filter", () => {
  test("breaks what an own rule forbids, with a packet", () => {
    const routed: Changes = { [SITE]: (text) => text.replaceAll("on: fw\n", "on: sw-1\n") };
    const site = zoning(NEVER, routed);
    const bare = { ...site, devices: site.devices.map((device) => ({ ...device, filters: [] })) };
    expect(judged(site).own).toEqual([{ code: "OWN-GUESTS-OUT", verdict: "proved" }]);
    const { own, findings } = judged(bare, new Map());
    expect(own).toEqual([{ code: "OWN-GUESTS-OUT", verdict: "violated" }]);
    expect(words(findings)).toEqual([expect.stringMatching(/^sw-1 lets guest reach .* by no filter: /)]);
  });
});

describe("an own rule against packets, one by one", () => {
  const site = hqWith(opened(GUEST_RULE));
  const partition = zonePartition(site);
  const rendered = renderedFilters(site);
  const filters = enforcementsOf(site, partition).map(
    (each) => fromRendered(site, partition, each, rendered.get(each.device.id)).filter,
  );
  const ranges = site.networks.flatMap(({ name, zone, ipv4 }) => {
    const range = ipv4 === undefined ? undefined : rangeOf(ipv4);
    return range === undefined || zone === undefined ? [] : [{ name, zone, range, ipv4: ipv4 ?? "" }];
  });
  const ends = fc.subarray(ranges, { minLength: 1 });
  const placesOf = (list: typeof ranges) =>
    list.map(({ name, zone, ipv4 }) => ({ site: site.id, network: name, zone, prefixes: [ipv4] }));
  const packets = fc.array(
    fc.record({ port: fc.constantFrom(22, 53, 80, 443), a: fc.nat(254), b: fc.constantFrom(1, 10, 50, 200) }),
    { minLength: 4, maxLength: 12 },
  );

  test("where it is proved no packet passes; where one passes it is violated", () => {
    fc.assert(
      fc.property(ends, ends, packets, (from, to, asked) => {
        const zoned: Site = {
          ...site,
          zoning: [
            {
              name: "law",
              code: "OWN-LAW",
              kind: "forbidden",
              severity: "error",
              from: placesOf(from),
              to: placesOf(to),
              services: [],
              matches: [{ protocol: "any", ports: [] }],
              via: [],
              origin: site.origin,
            },
          ],
        };
        const verdict = judged(zoned).own[0]?.verdict ?? "proved";
        const passes = from.flatMap((source) =>
          to
            .filter(({ name }) => name !== source.name)
            .flatMap((target) =>
              asked.map(({ port, a, b }) => ({
                family: 4 as const,
                src: source.range.lo + BigInt(a),
                dst: target.range.lo + BigInt(b),
                protocol: 6,
                srcPort: 50_000,
                dstPort: port,
                state: "new" as const,
                tcpFlags: 2,
              })),
            )
            .filter((packet) => filters.some((filter) => testPacket(filter, packet).verdict === "permit")),
        );
        if (passes.length > 0) expect(verdict).toBe("violated");
        const guests = from.some(({ name }) => name === "guest") && to.some(({ name }) => name === "servers");
        const offices =
          from.some(({ name }) => name === "office") && to.some(({ name }) => name === "servers");
        expect(verdict).toBe(guests || offices ? "violated" : "proved");
      }),
      { numRuns: 60 },
    );
  });
});
