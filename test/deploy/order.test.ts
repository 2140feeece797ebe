import { describe, expect, test } from "vitest";
import { analyseFlows, type FlowSource } from "../../src/deploy/analyse-flows.ts";
import { predecessors } from "../../src/deploy/predecessors.ts";
import { renderDevice } from "../../src/deploy/render-device.ts";
import type { DeviceOutcome } from "../../src/deploy/types.ts";
import { nftables } from "../../src/drivers/nftables/index.ts";
import type { DeviceIntent } from "../../src/model/intent.ts";
import type { Link } from "../../src/model/site.ts";
import { closingFirst } from "../../src/planner/plan/closing-first.ts";
import { type OrderedDevice, orderDevices } from "../../src/planner/plan/order.ts";
import { practiceFirewall, rule, tcp } from "../drivers/linux-common/intents.ts";
import { hqWith } from "../inventory/spoil.ts";

const origin = { file: "inventory/acme/hq/devices/sw.yaml", line: 1, column: 1 };
const link = (a: string, b: string, lag?: number): Link => {
  const end = (text: string) => {
    const [device = "", port = ""] = text.split(":");
    return { device, port, ...(lag === undefined ? {} : { lag }) };
  };
  return { a: end(a), b: end(b), vlans: [], origin };
};
const device = (name: string, kind: OrderedDevice["kind"], ...paths: readonly string[][]): OrderedDevice => ({
  name,
  kind,
  paths,
});

describe("order between the devices of a site", () => {
  const links = [
    link("core:XGE0/0/11", "sw-1:XGE0/0/1"),
    link("core:XGE0/0/12", "sw-2:XGE0/0/1"),
    link("fw:eth1", "core:XGE0/0/1"),
  ];

  test("where both ends of a link change, the far end goes first", () => {
    const { before: order } = orderDevices(
      [
        device("fw", "firewall"),
        device("core", "switch", ["interface XGigabitEthernet0/0/11", "port trunk allow-pass vlan"]),
        device("sw-1", "switch", ["interface XGigabitEthernet0/0/1", "port trunk allow-pass vlan"]),
        device("sw-2", "switch", ["vlan 30"]),
      ],
      links,
    );
    expect([...order]).toEqual([["core", ["sw-1"]]]);
  });

  test("changes of other ports have no order: a failed switch holds nobody back", () => {
    const { before: order } = orderDevices(
      [
        device("fw", "firewall"),
        device("core", "switch", ["interface XGigabitEthernet0/0/12"]),
        device("sw-1", "switch", ["interface GigabitEthernet0/0/1"]),
      ],
      links,
    );
    expect([...order]).toEqual([]);
  });

  test("a bundle of the link counts as its port", () => {
    const { before: order } = orderDevices(
      [
        device("fw", "firewall"),
        device("core", "switch", ["interface Eth-Trunk1"]),
        device("sw-1", "switch", ["interface Eth-Trunk 1"]),
      ],
      [link("core:XGE0/0/11", "sw-1:XGE0/0/1", 1), link("fw:eth1", "core:XGE0/0/1")],
    );
    expect([...order]).toEqual([["core", ["sw-1"]]]);
  });
});

describe("closing before opening", () => {
  const web = [443] as const;
  const firewall = (name: string, ports: readonly number[]): DeviceIntent => ({
    ...practiceFirewall([rule("R0012", { destination: ["10.77.20.10"], services: [tcp(...ports)] })]),
    id: `acme/office/${name}`,
    name,
  });
  const flowsFrom = (name: string, before: readonly number[], after: readonly number[]): FlowSource => {
    const [old, intent] = [firewall(name, before), firewall(name, after)];
    const intended = renderDevice(nftables, intent);
    const texts = { running: nftables.render(old).config, predicted: intended.rendered.config };
    return { intent, driver: nftables, intended, texts };
  };
  const orderOf = (...devices: readonly FlowSource[]) => {
    const { byDevice } = analyseFlows(hqWith())(devices);
    const named = devices.map(({ intent }) => device(intent.name, "firewall"));
    const { before, dropped } = orderDevices(named, [], closingFirst(byDevice));
    return { before: [...before], dropped };
  };

  test("who closes what another opens goes first, whatever their names", () => {
    const closing = flowsFrom("fw-z", [443, 3389], web);
    const opening = flowsFrom("fw-a", web, [443, 3389]);
    expect(orderOf(opening, closing)).toEqual({ before: [["fw-a", ["fw-z"]]], dropped: [] });
  });

  test("who closes and who opens other flows have no order: a failure holds nobody back", () => {
    const closing = flowsFrom("fw-z", [443, 3389], web);
    const opening = flowsFrom("fw-a", web, [443, 8443]);
    expect(orderOf(opening, closing)).toEqual({ before: [], dropped: [] });
    expect(orderOf(opening, flowsFrom("fw-b", web, [443, 8443]))).toEqual({ before: [], dropped: [] });
  });

  test("two that each close what the other opens run in no circle, and the wish that is left out is told", () => {
    const found = orderOf(flowsFrom("fw-a", [3389], [8443]), flowsFrom("fw-b", [8443], [3389]));
    expect(found).toEqual({
      before: [["fw-b", ["fw-a"]]],
      dropped: [{ first: "fw-b", second: "fw-a" }],
    });
  });

  test("a device whose flows are not all known closes before others open and opens after others close", () => {
    const box = analyseFlows(hqWith())([flowsFrom("fw-z", [443, 3389], web)]).byDevice[0]?.closed ?? [];
    const unknown = { device: "fw-u", opened: [], closed: [], known: false };
    const closing = { device: "fw-c", opened: [], closed: box, known: true };
    const opening = { device: "fw-o", opened: box.slice(0, 1), closed: [], known: true };
    expect(closingFirst([unknown, closing])).toEqual([{ first: "fw-c", second: "fw-u" }]);
    expect(closingFirst([unknown, opening])).toEqual([{ first: "fw-u", second: "fw-o" }]);
  });

  test("the way to a device stands above the wish to close first", () => {
    const links = [link("fw:eth1", "core:XGE0/0/1"), link("core:XGE0/0/11", "sw-1:XGE0/0/1")];
    const both = [
      device("fw", "firewall"),
      device("core", "switch", ["interface XGigabitEthernet0/0/11"]),
      device("sw-1", "switch", ["interface XGigabitEthernet0/0/1"]),
    ];
    const { before, dropped } = orderDevices(both, links, [{ first: "core", second: "sw-1" }]);
    expect([...before]).toEqual([["core", ["sw-1"]]]);
    expect(dropped).toEqual([{ first: "core", second: "sw-1" }]);
  });
});

describe("keeping the order in one run", () => {
  const outcome = (name: string, result: DeviceOutcome["result"]): DeviceOutcome => ({
    device: name,
    asset: name,
    result,
    durationMs: 0,
  });

  test("the near end waits for the far end, whichever the engine hands over first", async () => {
    const order = predecessors(1000);
    const done: string[] = [];
    const push = (name: string) => async () => {
      done.push(name);
      return outcome(name, "done");
    };
    const near = order.run("core", ["sw-1"], push("core"));
    const far = order.run("sw-1", [], push("sw-1"));
    expect(await Promise.all([near, far])).toMatchObject([{ result: "done" }, { result: "done" }]);
    expect(done).toEqual(["sw-1", "core"]);
  });

  test("where the far end fails the near end is held, with the reason, and nothing is sent", async () => {
    const order = predecessors(1000);
    let sent = false;
    const near = order.run("core", ["sw-1"], async () => {
      sent = true;
      return outcome("core", "done");
    });
    await order.run("sw-1", [], async () => outcome("sw-1", "rolled-back"));
    expect(await near).toMatchObject({
      result: "held",
      reason: expect.stringContaining("sw-1 must go first"),
    });
    expect(sent).toBe(false);
  });

  test("a far end that never comes holds the near end too", async () => {
    const near = await predecessors(50).run("core", ["sw-1"], async () => outcome("core", "done"));
    expect(near).toMatchObject({
      result: "held",
      reason: expect.stringContaining("was not pushed in this run"),
    });
  });
});
