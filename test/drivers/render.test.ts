import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DeviceIntent, PortIntent } from "../../src/model/intent.ts";
import { gateway, place, port, secret } from "./intent-fixture.ts";
import { BENCHES, intentOf } from "./push-bench.ts";

/** Set to rewrite the goldens; look at the difference and say why in the commit. */
const REWRITE = process.env.UPDATE_GOLDEN === "1";

describe.each(BENCHES)("$platform", (bench) => {
  const intent = intentOf(bench);
  const rendered = bench.driver.render(intent);

  function withPort(change: Partial<PortIntent>): DeviceIntent {
    return { ...intent, ports: [port(bench.ports[0] ?? "", 77, change), ...intent.ports.slice(1)] };
  }

  test("a rich switch renders as its golden says (UPDATE_GOLDEN=1 rewrites it)", () => {
    const golden = new URL(`${bench.platform}/golden/rich.cfg`, import.meta.url);
    if (REWRITE) writeFileSync(golden, rendered.config);
    expect(rendered.config).toBe(readFileSync(golden, "utf8"));
    expect(rendered.findings).toEqual([]);
  });

  test("the dialect understands every rendered line", () => {
    const tree = bench.driver.parse(rendered.config);
    expect(tree.unknown).toEqual([]);
    expect(tree.findings).toEqual([]);
  });

  test("what is rendered equals itself, and every line of it is claimed", () => {
    expect(bench.driver.change(rendered.config, rendered.config, { scope: rendered.scope }).equal).toBe(true);
    const fromNothing = bench.driver.change("", rendered.config, { scope: rendered.scope });
    const whole = bench.driver.change("", rendered.config, { scope: { kind: "full" } });
    expect(new Set(fromNothing.commands)).toEqual(new Set(whole.commands));
  });

  test("the same intent renders to the same bytes", () => {
    expect(bench.driver.render(intentOf(bench)).config).toBe(rendered.config);
  });

  test("each line of a rule, a port and a VLAN knows its place in the YAML", () => {
    const lines = rendered.config.split("\n");
    const placeOf = (pattern: RegExp): string | undefined =>
      rendered.provenance[lines.findIndex((line) => pattern.test(line))];
    expect(placeOf(/443/)).toBe("inventory/acme/hq/devices/sw-1.yaml:60");
    expect(placeOf(/^interface .*0\/2$/)).toBe("inventory/acme/hq/devices/sw-1.yaml:21");
    expect(placeOf(/srv-erp eth0/)).toBe("inventory/acme/hq/devices/sw-1.yaml:21");
    expect(placeOf(/^vlan 20$/)).toBe("inventory/acme/hq/devices/sw-1.yaml:20");
    expect(rendered.provenance).toHaveLength(lines.length - 1);
  });

  test("no clear text and no hash stands in what is rendered, only references", () => {
    for (const line of rendered.config
      .split("\n")
      .filter((text) => /password|secret |auth(entication-mode)? (sha|md5)/.test(text))) {
      if (/^(service|aaa|ssh user \S+ authentication-type| authentication-mode aaa)/.test(line)) continue;
      expect(line).toContain("secret:env:");
    }
  });

  test("an unused port is shut and parked", () => {
    const block = rendered.config.slice(rendered.config.search(/^interface .*0\/4$/m));
    const lines = block.split("\n").slice(
      1,
      block.split("\n").findIndex((line, at) => at > 0 && !line.startsWith(" ")),
    );
    expect(lines).toContain(" shutdown");
    expect(lines.join("\n")).toContain("vlan 998");
  });

  test("with an empty list of managers no filter is written that locks everybody out", () => {
    const open = bench.driver.render({ ...intent, management: { ...intent.management, allowedFrom: [] } });
    expect(open.config).not.toMatch(/access-class|acl 2000|MGMT-IN/);
  });

  test("full ownership claims the whole device", () => {
    expect(bench.driver.render({ ...intent, ownership: "full" }).scope).toEqual({ kind: "full" });
  });

  test.each<[string, DeviceIntent, RegExp, number]>([
    [
      "a description with a line break",
      withPort({ description: "x\nno aaa new-model" }),
      /control characters/,
      77,
    ],
    ["a description with a question mark", withPort({ description: "why?" }), /question mark/, 77],
    ["802.1X without a RADIUS server", withPort({ dot1x: true }), /802\.1X/, 77],
    ["a speed that no port has", withPort({ speed: "3G" }), /port speed 3G/, 77],
    [
      "a time zone with a rule of its own",
      { ...intent, system: { ...intent.system, timezone: "Africa/Casablanca" } },
      /time zone/,
      1,
    ],
    [
      "an account that has only keys",
      {
        ...intent,
        system: {
          ...intent.system,
          users: [{ name: "li", role: "admin", keys: ["ssh-ed25519 AAAA"], origin: place(8) }],
        },
      },
      /keys of li/,
      8,
    ],
    [
      "an account that has keys beside its password",
      {
        ...intent,
        system: {
          ...intent.system,
          users: [
            {
              name: "li",
              role: "admin",
              password: secret("env:LI@1"),
              keys: ["ssh-ed25519 AAAA"],
              origin: place(8),
            },
          ],
        },
      },
      /keys of li/,
      8,
    ],
    [
      "a check by TCP",
      {
        ...intent,
        checks: [
          {
            name: "erp",
            kind: "tcp",
            address: "10.1.20.5",
            port: 443,
            withinSeconds: 30,
            origin: place(92),
          },
        ],
      },
      /check by TCP/,
      92,
    ],
    [
      "a VPN",
      {
        ...intent,
        vpns: [
          {
            name: "v",
            peerSite: "acme/b",
            localAddress: "192.0.2.1",
            remoteAddress: "192.0.2.2",
            localNetworks: [],
            remoteNetworks: [],
            psk: secret("env:PSK@1"),
            origin: place(90),
          },
        ],
      },
      /VPN/,
      90,
    ],
    [
      "PPPoE",
      {
        ...intent,
        interfaces: [
          {
            name: "Gi9",
            description: "",
            kind: "wan",
            addresses: [],
            pppoe: { credentials: secret("env:P@1") },
            origin: place(91),
          },
        ],
      },
      /PPPoE/,
      91,
    ],
    [
      "VRRP for IPv6",
      {
        ...intent,
        gateways: [
          gateway(10, "10.1.10.2/24", {
            vrrp: { group: 1, address: "10.1.10.1", address6: "2001:db8::1", priority: 100, preempt: true },
          }),
        ],
      },
      /VRRP for IPv6/,
      210,
    ],
    [
      "answers of UDP in a stateless filter",
      {
        ...intent,
        filters: intent.filters.map((filter) => ({
          ...filter,
          entries: filter.entries.map((entry) => ({ ...entry, established: true })),
        })),
      },
      /answers to udp/,
      60,
    ],
    [
      "a routed link aggregation",
      { ...intent, lags: intent.lags.map((lag) => ({ ...lag, mode: "routed" as const })) },
      /routed link aggregation/,
      24,
    ],
  ])("%s is refused at its place in the YAML", (_title, wish, message, line) => {
    const { findings } = bench.driver.render(wish);
    const found = findings.find((finding) => message.test(finding.message));
    expect(found).toMatchObject({ code: "DRV-UNSUPPORTED", severity: "error", where: { line } });
    expect(found?.message.length).toBeLessThanOrEqual(100);
    expect(found?.hint).not.toBe("");
  });

  test("whatever stands in a description, it adds no line to the configuration", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (description) => {
        const result = bench.driver.render(
          withPort({ description, voiceVlan: 30, macLimit: 2, stormControlPercent: 1 }),
        );
        expect(result.config.split("\n")).toHaveLength(rendered.config.split("\n").length);
        if (result.findings.length === 0) expect(result.config).toContain(` description ${description}\n`);
      }),
      { numRuns: 150 },
    );
  });
});

const [iosxe, vrp] = BENCHES;

test("VRP refuses what only Cisco has, and the other way round", () => {
  if (!iosxe || !vrp) throw new Error("two platforms are tested");
  const fraction = intentOf(vrp);
  const storm = { ...fraction, ports: [port("GE0/0/1", 70, { stormControlPercent: 0.5 })] };
  expect(vrp.driver.render(storm).findings).toMatchObject([{ where: { line: 70 } }]);
  const passive = { ...fraction, lags: fraction.lags.map((lag) => ({ ...lag, lacp: "passive" as const })) };
  expect(vrp.driver.render(passive).findings).toMatchObject([
    { message: expect.stringContaining("passive LACP") },
  ]);
  const cisco = intentOf(iosxe);
  const mstp = { ...cisco, layer2: { ...cisco.layer2, spanningTree: { mode: "mstp" as const } } };
  expect(iosxe.driver.render(mstp).findings).toMatchObject([{ message: expect.stringContaining("MSTP") }]);
  const chinese = { ...cisco, ports: [port("Gi1/0/1", 71, { description: "弱电间" })] };
  expect(iosxe.driver.render(chinese).findings).toMatchObject([{ where: { line: 71 } }]);
  const same = { ...fraction, ports: [port("GE0/0/1", 71, { description: "弱电间" })] };
  expect(vrp.driver.render(same).findings).toEqual([]);
});
