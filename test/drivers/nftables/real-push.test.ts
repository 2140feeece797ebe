import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nftables } from "../../../src/drivers/nftables/index.ts";
import { powerOff, powerOn } from "../../../src/lab/real/faults.ts";
import { labDown } from "../../../src/lab/real/lab-down.ts";
import { labUp } from "../../../src/lab/real/lab-up.ts";
import { Prober } from "../../../src/lab/real/prober.ts";
import { newLabOptions, officeSite, titled, whyNoLab } from "../../lab/real/practice-site.ts";
import { practiceFirewall, rule, tcp } from "../linux-common/intents.ts";
import { type Bench, byHand, planFor, push, within } from "../linux-common/real-device.ts";

const reason = await whyNoLab();

describe.skipIf(reason)(titled("a real nftables firewall", reason), () => {
  const options = newLabOptions();
  let bench: Bench;
  let prober: Prober;

  beforeAll(async () => {
    const up = await labUp(officeSite(), options);
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    bench = { state: up.state, name: "fw", driver: nftables };
    prober = new Prober(up.state);
  });
  afterAll(async () => {
    await prober?.close();
    await labDown(options);
  });

  const verdict = async (from: string, proto: "tcp" | "icmp", to: string, port?: number) =>
    (await prober.probe(from, { proto, to, ...(port !== undefined && { port }) })).verdict;

  test("a push lands exactly as predicted, and a second plan has nothing to do", async () => {
    await push(bench, practiceFirewall());
    const again = await planFor(bench, practiceFirewall());
    expect(again.change.commands).toEqual([]);
    expect(again.change.equal).toBe(true);
  });

  test("what the rules allow arrives, what they do not is dropped", async () => {
    expect(await verdict("pc1", "tcp", "10.77.20.10", 443)).toBe("arrived");
    expect(await verdict("pc1", "tcp", "10.77.20.10", 22)).toBe("dropped");
    expect(await verdict("pc1", "icmp", "10.77.20.10")).toBe("arrived");
    expect(await verdict("guest", "icmp", "10.77.20.10")).toBe("dropped");
  });

  test("a table of somebody else is counted, left alone, and seen as a change that is not ours", async () => {
    const { running } = await planFor(bench, practiceFirewall());
    await byHand(
      bench,
      "nft add table ip theirs; nft add chain ip theirs c; nft add rule ip theirs c tcp dport 7 drop",
    );
    const { change, running: now } = await planFor(bench, practiceFirewall());
    expect(change.equal).toBe(true);
    expect(change.unmanaged).toBeGreaterThan(0);
    const { scope } = nftables.render(practiceFirewall());
    expect(nftables.compare(running, now, scope)).toMatchObject([
      { path: ["table ip theirs"], kind: "added", managed: false },
    ]);
    await push(bench, practiceFirewall(practiceFirewall().firewall?.rules.slice(0, 1)), "push-2");
    expect(await byHand(bench, "nft list table ip theirs")).toContain("tcp dport 7 drop");
    await byHand(bench, "nft delete table ip theirs");
    await push(bench, practiceFirewall(), "push-2b");
  });

  test("a rule added by hand is named with its chain", async () => {
    const { running } = await planFor(bench, practiceFirewall());
    await byHand(bench, "nft insert rule inet sitewright office_to_server tcp dport 3389 accept");
    const { running: now, change } = await planFor(bench, practiceFirewall());
    const { scope } = nftables.render(practiceFirewall());
    expect(nftables.compare(running, now, scope)).toEqual([
      {
        path: ["table inet sitewright", "chain office_to_server", "tcp dport 3389 accept"],
        kind: "added",
        before: undefined,
        after: "tcp dport 3389 accept",
        managed: true,
      },
    ]);
    expect(change.equal).toBe(false);
    await push(bench, practiceFirewall(), "push-3");
  });

  test("a forward leads in, and what goes out wears the line's address", async () => {
    for (const name of ["sw1", "sw2"])
      await byHand({ ...bench, name }, "ovs-vsctl -t 5 add port up trunks 90");
    const intent = practiceFirewall([rule("R0030", { from: "office", to: "guest", services: [tcp(8080)] })]);
    if (intent.firewall === undefined) throw new Error("the practice firewall has zones");
    const nat = {
      outbound: [{ name: "all", source: ["10.77.10.0/24"], interfaces: ["lan90"] }],
      forwards: [
        {
          name: "erp",
          interface: "lan90",
          address: "10.77.90.1",
          protocol: "tcp" as const,
          port: 8443,
          toAddress: "10.77.20.10",
          toPort: 443,
        },
      ],
    };
    await push(bench, { ...intent, firewall: { ...intent.firewall, nat } }, "push-nat");
    const inbound = await prober.probe("guest", {
      proto: "tcp",
      to: "10.77.90.1",
      port: 8443,
      listener: { device: "srv1", port: 443 },
    });
    expect(inbound).toMatchObject({ verdict: "arrived", seenFrom: "10.77.90.13" });
    expect(await verdict("guest", "tcp", "10.77.20.10", 443)).toBe("dropped");
    const outbound = await prober.probe("pc1", { proto: "tcp", to: "10.77.90.13", port: 8080 });
    expect(outbound).toMatchObject({ verdict: "arrived", seenFrom: "10.77.90.1" });
    await push(bench, practiceFirewall(), "push-nat-off");
    expect(await verdict("guest", "tcp", "10.77.90.1", 8443)).toBe("dropped");
  });

  test("addresses and routes are set, survive a reboot, and go again", async () => {
    const base = practiceFirewall();
    const interfaces = base.interfaces.map((each) =>
      each.name === "lan90"
        ? { ...each, addresses: [...each.addresses, "10.77.91.1/24", "2001:db8:90::1/64"] }
        : each,
    );
    const routes = [
      { prefix: "192.0.2.0/24", nextHop: "10.77.91.7", origin: base.origin },
      { prefix: "2001:db8:ff::/48", nextHop: "2001:db8:90::7", origin: base.origin },
    ];
    const { change } = await push(bench, { ...base, interfaces, routes }, "push-net");
    expect(await byHand(bench, "ip route get 192.0.2.1")).toContain("via 10.77.91.7 dev lan90");
    await powerOff(bench.state, "fw");
    await powerOn(bench.state, "fw");
    // What the boot hook runs; the practice device's own boot knows no units of ours.
    await byHand(bench, "sh /var/lib/sitewright/boot.sh");
    const { text, saved } = await within(bench, (session) => session.read());
    expect(text).toBe(change.predicted);
    expect(saved).toBe("same");
    await push(bench, base, "push-net-off");
    expect(await byHand(bench, "ip -br address show dev lan90; ip route")).not.toMatch(
      /10\.77\.91|192\.0\.2/,
    );
  });

  test("an unsaved change is seen: a reboot would bring back something else", async () => {
    await byHand(bench, "nft add rule inet sitewright input tcp dport 8 accept");
    expect((await within(bench, (session) => session.read())).saved).toBe("differs");
    await push(bench, practiceFirewall(), "push-4");
  });
});
