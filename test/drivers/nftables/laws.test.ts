import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nftables } from "../../../src/drivers/nftables/index.ts";
import type { FirewallRuleIntent, NatForward, ServiceMatch } from "../../../src/model/intent.ts";
import type { Scope } from "../../../src/planner/config/types.ts";
import { place, practiceFirewall } from "../linux-common/intents.ts";

/** util-linux's way into a network namespace of its own. */
const IN_NAMESPACE = "unshare";
const FULL: Scope = { kind: "full" };
const mayMakeNamespaces =
  process.platform === "linux" && spawnSync(IN_NAMESPACE, ["-n", "nft", "--version"]).status === 0;
const reason = mayMakeNamespaces || process.env.CI !== undefined ? undefined : "no root, or no nft";

const octet = fc.integer({ min: 0, max: 255 });
const address4 = fc.oneof(
  fc.tuple(octet, octet).map(([a, b]) => `10.77.${a}.${b}`),
  fc.tuple(octet, fc.constantFrom(24, 25, 28, 31)).map(([a, length]) => `10.77.${a}.0/${length}`),
  fc.constantFrom("0.0.0.0/0", "10.0.0.0/8"),
);
const address6 = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((host) => `2001:db8:10::${host.toString(16)}`),
  fc.integer({ min: 0, max: 255 }).map((net) => `2001:db8:${net.toString(16)}::/48`),
  fc.constant("::/0"),
);
const addresses = fc.array(fc.oneof({ weight: 3, arbitrary: address4 }, address6), { maxLength: 5 });
const port = fc.integer({ min: 1, max: 65_535 });
const range = fc.tuple(port, port).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
const single = port.map((number): [number, number] => [number, number]);
const service: fc.Arbitrary<ServiceMatch> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("tcp" as const, "udp" as const),
      fc.array(fc.oneof(single, range), { maxLength: 4 }),
    )
    .map(([protocol, ports]) => ({ protocol, ports })),
  fc.constantFrom(undefined, 0, 3, 8, 11, 17).map((icmpType) => ({
    protocol: "icmp" as const,
    ports: [],
    ...(icmpType === undefined ? {} : { icmpType }),
  })),
  fc
    .constantFrom(1, 2, 128, 129, 135)
    .map((icmpType) => ({ protocol: "icmp6" as const, ports: [], icmpType })),
  fc.constantFrom(6, 17, 47, 50, 89, 112, 200).map((protocol) => ({ protocol, ports: [] })),
  fc.constant({ protocol: "any" as const, ports: [] }),
);
const zone = fc.constantFrom("office", "server", "guest", "*");
const rule: fc.Arbitrary<FirewallRuleIntent> = fc.record({
  id: fc.integer({ min: 1, max: 9999 }).map((number) => `R${number}`),
  from: zone,
  to: zone,
  action: fc.constantFrom("permit" as const, "deny" as const),
  source: addresses,
  destination: addresses,
  services: fc.array(service, { maxLength: 4 }),
  log: fc.boolean(),
  ticket: fc.constantFrom("CHG-1", '变更 "7"', "x".repeat(140)),
  origin: fc.constant(place(1)),
});
const forward: fc.Arbitrary<NatForward> = fc.record({
  name: fc.constantFrom("erp", "mail"),
  interface: fc.constant("lan90"),
  address: fc.constant("10.77.90.1"),
  protocol: fc.constantFrom("tcp" as const, "udp" as const),
  port,
  toAddress: fc.constant("10.77.20.10"),
  toPort: port,
});
const firewall = fc
  .record({
    rules: fc.array(rule, { maxLength: 8 }),
    local: fc.array(rule, { maxLength: 2 }),
    forwards: fc.array(forward, { maxLength: 2 }),
    outbound: fc.array(
      fc.record({
        name: fc.constant("out"),
        source: addresses,
        interfaces: fc.constantFrom(["lan90"], ["ppp0"], ["lan90", "wwan0"]),
      }),
      { maxLength: 2 },
    ),
    logDropped: fc.boolean(),
  })
  .map(({ rules, local, forwards, outbound, logDropped }) => {
    const intent = practiceFirewall(rules);
    if (intent.firewall === undefined) throw new Error("the practice firewall has zones");
    return { ...intent, firewall: { ...intent.firewall, local, logDropped, nat: { outbound, forwards } } };
  });

describe("laws of the nftables driver, for generated firewalls", () => {
  const texts = firewall.map((intent) => nftables.render(intent).config);

  test("nothing is to be done from a configuration to itself", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const change = nftables.change(text, text, { scope: FULL });
        expect(change.commands).toEqual([]);
        expect(change.items).toEqual([]);
        expect(nftables.compare(text, text, FULL)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("running plus change is intended, and intended plus rollback is running", () => {
    fc.assert(
      fc.property(texts, texts, (running, intended) => {
        const change = nftables.change(running, intended, { scope: FULL });
        expect(nftables.compare(change.predicted, intended, FULL)).toEqual([]);
        const back = nftables.change(change.predicted, running, { scope: FULL });
        expect(nftables.compare(back.predicted, running, FULL)).toEqual([]);
        expect([...change.rollback].sort()).toEqual([...back.commands].sort());
      }),
      { numRuns: 60 },
    );
  });

  test("an address that ends in :: stands as it is in the rollback of its table", () => {
    const intent = practiceFirewall([]);
    if (intent.firewall === undefined) throw new Error("the practice firewall has zones");
    const local: FirewallRuleIntent = {
      id: "R1",
      from: "office",
      to: "office",
      action: "permit",
      source: ["2001:db8::/48", "2001:db8:10::"],
      destination: [],
      services: [],
      log: false,
      ticket: "CHG-1",
      origin: place(1),
    };
    const running = nftables.render({ ...intent, firewall: { ...intent.firewall, local: [local] } }).config;
    const { rollback } = nftables.change(running, nftables.render(intent).config, { scope: FULL });
    expect(rollback.join("\n")).toContain("ip6 saddr { 2001:db8:10::, 2001:db8::/48 } accept");
  });

  test("every line that is rendered is understood, and nothing is refused", () => {
    fc.assert(
      fc.property(firewall, (intent) => {
        const rendered = nftables.render(intent);
        expect(rendered.findings).toEqual([]);
        expect(nftables.parse(rendered.config).unknown).toEqual([]);
        expect(rendered.provenance).toHaveLength(rendered.config.trimEnd().split("\n").length);
      }),
      { numRuns: 60 },
    );
  });
});

/** Runs nft in a network namespace of its own. */
function throughNft(script: string): string {
  const input = `f=$(mktemp); cat > $f; nft -c -f $f && nft -f $f && nft -s list ruleset; code=$?; rm -f $f; exit $code`;
  const result = spawnSync(IN_NAMESPACE, ["-n", "sh", "-c", input], { input: script, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${result.stderr}\n${script}`);
  return result.stdout;
}

describe.skipIf(reason)(
  `the real nft and generated firewalls${reason ? ` [skipped: ${reason}]` : ""}`,
  () => {
    test("takes each table in one transaction, and lists it back as we predicted", () => {
      fc.assert(
        fc.property(firewall, (intent) => {
          const intended = nftables.render(intent).config;
          const table = intended.slice(intended.indexOf("table inet sitewright"));
          const change = nftables.change("", table, { scope: FULL });
          const listed = throughNft(change.commands.join("\n"));
          expect(nftables.compare(change.predicted, listed, FULL)).toEqual([]);
          expect(nftables.change(listed, table, { scope: FULL }).commands).toEqual([]);
        }),
        { numRuns: 120 },
      );
    });

    test("replaces one table by another and takes it back", () => {
      fc.assert(
        fc.property(firewall, firewall, (first, second) => {
          const tableOf = (intent: typeof first) => {
            const { config } = nftables.render(intent);
            return config.slice(config.indexOf("table inet sitewright"));
          };
          const change = nftables.change(tableOf(first), tableOf(second), { scope: FULL });
          const listed = throughNft([tableOf(first), ...change.commands, ...change.rollback].join("\n"));
          expect(nftables.compare(tableOf(first), listed, FULL)).toEqual([]);
        }),
        { numRuns: 30 },
      );
    });
  },
);
