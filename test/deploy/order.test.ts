import { describe, expect, test } from "vitest";
import { predecessors } from "../../src/deploy/predecessors.ts";
import type { DeviceOutcome } from "../../src/deploy/types.ts";
import type { Link } from "../../src/model/site.ts";
import { type OrderedDevice, orderDevices } from "../../src/planner/plan/order.ts";

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
    const order = orderDevices(
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
    const order = orderDevices(
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
    const order = orderDevices(
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
