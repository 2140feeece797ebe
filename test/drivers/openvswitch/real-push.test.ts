import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openvswitch } from "../../../src/drivers/openvswitch/index.ts";
import { powerOff, powerOn } from "../../../src/lab/real/faults.ts";
import { labDown } from "../../../src/lab/real/lab-down.ts";
import { labUp } from "../../../src/lab/real/lab-up.ts";
import { Prober } from "../../../src/lab/real/prober.ts";
import { newLabOptions, officeSite, titled, whyNoLab } from "../../lab/real/practice-site.ts";
import { practiceSwitch, switchPort } from "../linux-common/intents.ts";
import { type Bench, byHand, planFor, push, reveal, targetOf, within } from "../linux-common/real-device.ts";

const reason = await whyNoLab();

describe.skipIf(reason)(titled("a real Open vSwitch switch", reason), () => {
  const options = newLabOptions();
  let bench: Bench;
  let prober: Prober;

  beforeAll(async () => {
    const up = await labUp(officeSite(), options);
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    bench = { state: up.state, name: "sw1", driver: openvswitch };
    prober = new Prober(up.state);
  });
  afterAll(async () => {
    await prober?.close();
    await labDown(options);
  });

  afterEach(async () => {
    await byHand(bench, "rm -rf /run/sitewright/lock /var/lib/sitewright/pending");
  });

  const textNow = async () => (await within(bench, (session) => session.read())).text;

  const arrives = async (from: string, to: string): Promise<boolean> => {
    for (let attempt = 0; attempt < 12; attempt += 1) {
      if ((await prober.probe(from, { proto: "icmp", to })).verdict === "arrived") return true;
      await sleep(500);
    }
    return false;
  };

  test("a push lands exactly as predicted in one transaction, and a second plan has nothing to do", async () => {
    const { change } = await push(bench, practiceSwitch());
    expect(change.commands.filter((line) => line.startsWith("ovs-vsctl -t "))).toHaveLength(1);
    expect((await planFor(bench, practiceSwitch())).change.commands).toEqual([]);
  });

  test("hosts meet in their VLAN over the new trunk, and the parked port is down", async () => {
    expect(await arrives("pc1", "10.77.10.12")).toBe(true);
    expect(await byHand(bench, "ip -br link show dev spare")).not.toContain("LOWER_UP,UP");
    expect(await textNow()).toContain(
      "port spare\n    admin down\n    bridge br0\n    tag 998\n    vlan_mode access",
    );
  });

  test("a VLAN moved by hand, a flow added by hand and a port of somebody else are told apart", async () => {
    const before = await textNow();
    await byHand(bench, "ovs-vsctl -t 5 set port p1 tag=20");
    await byHand(bench, "ovs-ofctl add-flow br0 priority=9,in_port=p2,actions=drop");
    await byHand(bench, "ovs-vsctl -t 5 add-port br0 vnet0 -- set interface vnet0 type=internal");
    const { scope } = openvswitch.render(practiceSwitch());
    const items = openvswitch.compare(before, await textNow(), scope);
    expect(items).toMatchObject([
      { path: ["flows br0", expect.stringContaining("actions=drop")], kind: "added", managed: false },
      { path: ["port p1", "tag"], kind: "changed", before: "tag 10", after: "tag 20", managed: true },
      { path: ["port vnet0"], kind: "added", managed: false },
    ]);
    const { change } = await push(bench, practiceSwitch(), "push-2");
    expect(change.items).toMatchObject([{ path: ["port p1", "tag"] }]);
    expect(await byHand(bench, "ovs-vsctl -t 5 list-ports br0")).toContain("vnet0");
    await byHand(bench, "ovs-vsctl -t 5 del-port vnet0; ovs-ofctl del-flows br0 in_port=p2");
  });

  test("with full ownership foreign ports and flows go, and come back by a rollback", async () => {
    await byHand(bench, "ovs-vsctl -t 5 add-port br0 vnet1 -- set interface vnet1 type=internal");
    await byHand(
      bench,
      "ovs-ofctl add-flow br0 'priority=9,in_port=p2,dl_dst=01:80:c2:00:00:00/ff:ff:ff:ff:ff:f0,actions=drop'",
    );
    const before = await textNow();
    const { change, running } = await planFor(bench, practiceSwitch({ ownership: "full" }));
    await within(bench, async (session) => {
      const request = { token: "full", graceSeconds: 60, running, change };
      await session.lock("full");
      await session.arm(request);
      await session.send(change, reveal);
      const { text } = await session.read();
      expect(text).toBe(change.predicted);
      expect(text).not.toContain("vnet1");
      await session.rollBack(request, reveal);
      await session.unlock("full");
    });
    expect(await textNow()).toBe(before);
    await byHand(bench, "ovs-vsctl -t 5 del-port vnet1; ovs-ofctl del-flows br0 in_port=p2");
  });

  test("two ports become an aggregation and separate again", async () => {
    const base = practiceSwitch();
    const { mode: _mode, lag: _lag, ...trunk } = switchPort("bond1", { taggedVlans: [10], nativeVlan: 999 });
    const ports = base.ports.map((port) =>
      ["f90", "spare"].includes(port.name) ? { ...port, mode: "lag-member" as const, lag: 1 } : port,
    );
    const lags = [
      { ...trunk, mode: "trunk" as const, id: 1, lacp: "active" as const, members: ["f90", "spare"] },
    ];
    await push(bench, { ...base, ports, lags }, "push-3");
    expect(await byHand(bench, "ovs-vsctl -t 5 list-ifaces br0")).toMatch(/f90[\s\S]*spare/);
    expect(await byHand(bench, "ovs-vsctl -t 5 list-ports br0")).not.toContain("f90");
    await within(bench, async (session) => {
      const rendered = openvswitch.render(base);
      const text = (await session.read()).text;
      const back = openvswitch.change(text, `${rendered.config}`, {
        scope: {
          kind: "claims",
          paths: [...(rendered.scope.kind === "claims" ? rendered.scope.paths : []), ["port bond1"]],
        },
      });
      await session.lock("push-4");
      await session.arm({ token: "push-4", graceSeconds: 60, running: text, change: back });
      await session.send(back, reveal);
      expect((await session.read()).text).toBe(back.predicted);
      await session.confirm("push-4");
      await session.save();
      await session.unlock("push-4");
    });
  });

  test("a transaction with one bad clause changes nothing at all", async () => {
    const before = await textNow();
    const { change } = await planFor(
      bench,
      practiceSwitch({ ports: [switchPort("p1", { accessVlan: 77 })] }),
    );
    const steps = change.steps.map((step) => ({
      ...step,
      commands: step.commands.map((line) => `${line} -- set port p2 vlan_mode=bogus`),
    }));
    await within(bench, async (session) => {
      await expect(session.send({ ...change, steps }, reveal)).rejects.toMatchObject({ kind: "refused" });
      expect((await session.read()).text).toBe(before);
    });
  });

  test("without a confirmation the switch goes back by itself, links included", async () => {
    const before = await textNow();
    const cut = practiceSwitch({
      ports: [switchPort("up", { mode: "unused", accessVlan: 998, enabled: false })],
    });
    const { change, running } = await planFor(bench, cut);
    const session = await openvswitch.connect(targetOf(bench.state, "sw1"));
    await session.lock("cut");
    await session.arm({ token: "cut", graceSeconds: 5, running, change });
    await session.send(change, reveal);
    await session.close();
    expect(await textNow()).not.toBe(before);
    expect((await prober.probe("pc1", { proto: "icmp", to: "10.77.10.12" })).verdict).toBe("dropped");
    await sleep(7000);
    expect(await textNow()).toBe(before);
    expect(await arrives("pc1", "10.77.10.12")).toBe(true);
    await within(bench, (fresh) => fresh.unlock("cut"));
  });

  test("after a power cut in mid-push, the boot hook brings the old state back, although OVSDB kept the new one", async () => {
    const before = await textNow();
    const { change, running } = await planFor(
      bench,
      practiceSwitch({ ports: [switchPort("p1", { accessVlan: 77 })] }),
    );
    const session = await openvswitch.connect(targetOf(bench.state, "sw1"));
    await session.lock("power");
    await session.arm({ token: "power", graceSeconds: 120, running, change });
    await session.send(change, reveal);
    await powerOff(bench.state, "sw1");
    await powerOn(bench.state, "sw1");
    await byHand(bench, "sh /var/lib/sitewright/boot.sh");
    expect(await textNow()).toBe(change.predicted);
    await byHand(bench, "sh /var/lib/sitewright/pending/boot.sh");
    expect(await textNow()).toBe(before);
    await within(bench, async (fresh) => {
      expect(await fresh.pending()).toMatchObject({ token: "power" });
      await fresh.rollBack({ token: "power", graceSeconds: 120, running, change }, reveal);
      expect(await fresh.pending()).toBeUndefined();
    });
  });
});
