import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openvswitch } from "../../../src/drivers/openvswitch/index.ts";
import { readTable } from "../../../src/drivers/openvswitch/ovsdb.ts";
import type { DeviceIntent, PortIntent } from "../../../src/model/intent.ts";
import type { Scope } from "../../../src/planner/config/types.ts";
import { practiceSwitch, switchPort } from "../linux-common/intents.ts";

const FULL: Scope = { kind: "full" };
const vlan = fc.integer({ min: 1, max: 4094 });
const port = (name: string): fc.Arbitrary<PortIntent> =>
  fc.oneof(
    fc
      .record({
        accessVlan: vlan,
        edge: fc.boolean(),
        description: fc.string({ unit: "grapheme", maxLength: 20 }),
      })
      .map((change) =>
        switchPort(name, { ...change, description: change.description.replace(/\p{Cc}/gu, "").trim() }),
      ),
    fc.record({ accessVlan: vlan, voiceVlan: vlan }).map((change) => switchPort(name, change)),
    fc
      .record({ taggedVlans: fc.uniqueArray(vlan, { minLength: 1, maxLength: 6 }), nativeVlan: vlan })
      .map((change) => switchPort(name, { ...change, mode: "trunk" })),
    vlan.map((accessVlan) => switchPort(name, { mode: "unused", accessVlan, enabled: false })),
  );
const intents = fc.tuple(port("p1"), port("p2"), port("up")).map((ports) => practiceSwitch({ ports }));

describe("laws of the Open vSwitch driver", () => {
  test("nothing is to be done from a configuration to itself; change and rollback lead there and back", () => {
    fc.assert(
      fc.property(intents, intents, (first, second) => {
        const [running, intended] = [openvswitch.render(first).config, openvswitch.render(second).config];
        expect(openvswitch.change(running, running, { scope: FULL }).commands).toEqual([]);
        const change = openvswitch.change(running, intended, { scope: FULL });
        expect(openvswitch.compare(change.predicted, intended, FULL)).toEqual([]);
        const back = openvswitch.change(change.predicted, running, { scope: FULL });
        expect(openvswitch.compare(back.predicted, running, FULL)).toEqual([]);
        expect(change.commands.filter((line) => line.startsWith("ovs-vsctl")).length).toBeLessThanOrEqual(1);
        expect(
          change.commands.every((line) => !line.startsWith("ovs-vsctl") || /^ovs-vsctl -t \d+ /.test(line)),
        ).toBe(true);
      }),
      { numRuns: 80 },
    );
  });

  test("every line is understood", () => {
    fc.assert(
      fc.property(intents, (intent) => {
        const rendered = openvswitch.render(intent);
        expect(rendered.findings).toEqual([]);
        expect(openvswitch.parse(rendered.config).unknown).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe("what a switch cannot do is refused", () => {
  const one = (change: Partial<PortIntent>): DeviceIntent =>
    practiceSwitch({ ports: [switchPort("p1", { accessVlan: 10, ...change })] });
  test.each<readonly [string, DeviceIntent, string]>([
    ["VLAN 0", one({ accessVlan: 0 }), "VLAN 0 on p1"],
    ["VLAN 4095", one({ accessVlan: 4095 }), "VLAN 4095 on p1"],
    ["a tagged VLAN 4095", one({ mode: "trunk", taggedVlans: [4095] }), "VLAN 4095 on p1"],
    ["a trunk without VLANs, which would carry all", one({ mode: "trunk" }), "the trunk p1 without VLANs"],
    ["BPDU guard", one({ bpduGuard: true }), "BPDU guard on p1"],
    ["802.1X", one({ dot1x: true }), "802.1X on p1"],
    ["a MAC limit", one({ macLimit: 2 }), "a MAC limit on p1"],
    ["storm control", one({ stormControlPercent: 1 }), "storm control on p1"],
    ["a routed port", one({ mode: "routed" }), "the routed port p1"],
    [
      "DHCP snooping",
      practiceSwitch({ layer2: { spanningTree: { mode: "rstp" }, dhcpSnooping: [10], arpInspection: [] } }),
      "DHCP snooping",
    ],
    [
      "another spanning tree",
      practiceSwitch({
        layer2: { spanningTree: { mode: "rapid-pvst" }, dhcpSnooping: [], arpInspection: [] },
      }),
      "spanning tree rapid-pvst",
    ],
  ])("%s", (_, intent, message) => {
    const findings = openvswitch.render(intent).findings;
    expect(findings.map((finding) => finding.message)).toContain(`Open vSwitch cannot express ${message}`);
  });

  test("a trunk of its native VLAN alone carries that one, and not all", () => {
    expect(openvswitch.render(one({ mode: "trunk", nativeVlan: 7 })).config).toContain(
      "tag 7\n    trunks 7\n",
    );
  });
});

describe("OVSDB's JSON", () => {
  test("a set of one comes bare, an empty one as an empty set, a map as pairs", () => {
    const [row] = readTable(
      JSON.stringify({
        headings: ["tag", "trunks", "vlan_mode", "external_ids"],
        data: [[10, ["set", [3, 1]], ["set", []], ["map", [["a", "b"]]]]],
      }),
    );
    expect(row?.text("tag")).toBe("10");
    expect(row?.list("trunks")).toEqual(["3", "1"]);
    expect(row?.text("vlan_mode")).toBeUndefined();
    expect(row?.map("external_ids").get("a")).toBe("b");
  });
});
