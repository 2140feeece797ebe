import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labDevice } from "../../../src/lab/real/device-console.ts";
import { labDown } from "../../../src/lab/real/lab-down.ts";
import { labUp } from "../../../src/lab/real/lab-up.ts";
import { Prober } from "../../../src/lab/real/prober.ts";
import type { LabState } from "../../../src/lab/real/types.ts";
import { newLabOptions, OPERATOR_KEY, officeSite, titled, whyNoLab } from "./practice-site.ts";
import { runOver } from "./ssh.ts";

const reason = await whyNoLab();
const root = { key: OPERATOR_KEY.private };

describe.skipIf(reason)(titled("real packets through a practice site", reason), () => {
  const options = newLabOptions();
  let state: LabState;
  let prober: Prober;

  beforeAll(async () => {
    const up = await labUp(officeSite(), options);
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    state = up.state;
    prober = new Prober(state);
  });
  afterAll(async () => {
    await prober?.close();
    await labDown(options);
  });

  const verdict = async (from: string, proto: "tcp" | "udp" | "icmp", to: string, port?: number) =>
    (await prober.probe(from, { proto, to, ...(port !== undefined && { port }) })).verdict;
  const configure = async (device: string, command: string, input = "") => {
    const result = await runOver(state, device, root, command, input);
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  };

  test("hosts of one network meet across the trunk, and tcp, udp and icmp arrive", async () => {
    expect(await verdict("pc1", "icmp", "10.77.10.12")).toBe("arrived");
    expect(await verdict("pc1", "tcp", "10.77.10.12", 8080)).toBe("arrived");
    expect(await verdict("pc1", "udp", "10.77.10.12", 5000)).toBe("arrived");
  });

  test("a flow between networks goes through the firewall, IPv6 too, and the target sees who sent it", async () => {
    const result = await prober.probe("pc2", { proto: "tcp", to: "10.77.20.10", port: 443 });
    expect(result).toMatchObject({ verdict: "arrived", seenFrom: "10.77.10.12" });
    expect(await verdict("pc1", "icmp", "2001:db8:20::1")).toBe("arrived");
  });

  test("a VLAN that the trunk does not carry does not pass; once added it does", async () => {
    expect(await verdict("guest", "icmp", "10.77.90.1")).toBe("dropped");
    for (const name of ["sw1", "sw2"]) await configure(name, "ovs-vsctl -t 5 add port up trunks 90");
    expect(await verdict("guest", "icmp", "10.77.90.1")).toBe("arrived");
  });

  test("a way that was mended carries at once, however long after the lost probe", {
    timeout: 60_000,
  }, async () => {
    for (const wait of [0, 200, 400, 600]) {
      for (const name of ["sw1", "sw2"]) await configure(name, "ovs-vsctl -t 5 remove port up trunks 90");
      execFileSync("ip", ["-n", labDevice(state, "guest").namespace, "neigh", "flush", "dev", "eth0"]);
      await prober.probe("guest", { proto: "icmp", to: "10.77.90.1" });
      for (const name of ["sw1", "sw2"]) await configure(name, "ovs-vsctl -t 5 add port up trunks 90");
      await new Promise((resolve) => setTimeout(resolve, wait));
      expect(await verdict("guest", "icmp", "10.77.90.1"), `${wait} ms later`).toBe("arrived");
    }
  });

  test("a port moved to another VLAN leaves its network at once", async () => {
    await configure("sw1", "ovs-vsctl -t 5 set port p1 tag=90");
    expect(await verdict("pc1", "tcp", "10.77.10.12", 8080)).toBe("dropped");
    await configure("sw1", "ovs-vsctl -t 5 set port p1 tag=10");
    expect(await verdict("pc1", "tcp", "10.77.10.12", 8080)).toBe("arrived");
  });

  test("what the firewall allows arrives, what it drops is dropped, what it rejects is refused", async () => {
    const rules = `table inet site {
      chain forward { type filter hook forward priority 0; policy drop;
        ct state established,related accept
        iifname lan10 oifname lan20 tcp dport { 443, 8443 } accept
        iifname lan10 oifname lan20 udp dport 514 accept
        iifname lan10 oifname lan20 tcp dport 23 reject with tcp reset
        iifname lan10 oifname lan20 udp dport 69 reject
        iifname lan10 oifname lan20 icmp type echo-request reject with icmp admin-prohibited
      }
      chain translate { type nat hook prerouting priority -100;
        ip daddr 10.77.10.1 tcp dport 8443 dnat ip to 10.77.20.11:443
      }
      chain hide { type nat hook postrouting priority 100;
        ip daddr 10.77.20.11 masquerade
      }
    }`;
    await configure("fw", "nft -f -", rules);
    const verdicts = await Promise.all([
      verdict("pc1", "tcp", "10.77.20.10", 443),
      verdict("pc1", "udp", "10.77.20.10", 514),
      verdict("pc1", "tcp", "10.77.20.10", 80),
      verdict("pc1", "udp", "10.77.20.10", 53),
      verdict("pc1", "tcp", "10.77.20.10", 23),
      verdict("pc1", "udp", "10.77.20.10", 69),
      verdict("pc1", "icmp", "10.77.20.10"),
      verdict("guest", "tcp", "10.77.20.10", 443),
      verdict("srv1", "tcp", "10.77.10.11", 443),
    ]);
    expect(verdicts).toEqual([
      "arrived",
      "arrived",
      "dropped",
      "dropped",
      "refused",
      "refused",
      "refused",
      "dropped",
      "dropped",
    ]);
  });

  test("a port forward is seen at the server behind it, and from which address", async () => {
    const listener = { device: "srv2", port: 443 };
    const result = await prober.probe("pc1", { proto: "tcp", to: "10.77.10.1", port: 8443, listener });
    expect(result).toMatchObject({ verdict: "arrived", seenFrom: "10.77.20.1" });
  });

  test("a daemon of the target counts as listener for tcp; for udp nobody could tell, and that is said", async () => {
    expect(await verdict("srv2", "tcp", "10.77.20.10", 22)).toBe("arrived");
    const chrony = prober.probe("srv2", { proto: "udp", to: "10.77.20.10", port: 323 });
    await expect(chrony).rejects.toThrow("a daemon's");
  });

  test("an address that no device has is a mistake of the question", async () => {
    await expect(prober.probe("pc1", { proto: "tcp", to: "192.0.2.1", port: 80 })).rejects.toThrow(
      "192.0.2.1",
    );
  });

  test("a hundred probes side by side take no longer than one that is dropped", async () => {
    const startedAt = performance.now();
    const ports = Array.from({ length: 50 }, (_, index) => 20_000 + index);
    const results = await Promise.all(
      ports.flatMap((port) => [
        verdict("pc1", "tcp", "10.77.10.12", port),
        verdict("pc2", "tcp", "10.77.20.10", port),
      ]),
    );
    expect(results.filter((word) => word === "arrived")).toHaveLength(50);
    expect(results.filter((word) => word === "dropped")).toHaveLength(50);
    expect(performance.now() - startedAt).toBeLessThan(2500);
  });

  test("a flow that arrives takes milliseconds", async () => {
    const took: number[] = [];
    for (let round = 0; round < 20; round++)
      took.push((await prober.probe("pc1", { proto: "tcp", to: "10.77.10.12", port: 8080 })).tookMs);
    took.sort((a, b) => a - b);
    expect(took[10]).toBeLessThan(30);
  });

  test("a switch port that is shut carries nothing", async () => {
    await configure("sw2", "ip link set p1 down");
    expect(await verdict("pc1", "icmp", "10.77.10.12")).not.toBe("arrived");
    await configure("sw2", "ip link set p1 up");
    expect(await verdict("pc1", "icmp", "10.77.10.12")).toBe("arrived");
  });

  test("an interface without a cable is there and has no carrier", async () => {
    const { stdout } = await runOver(state, "sw1", root, "ip -br link show spare; ovs-vsctl list-ports br0");
    expect(stdout).toContain("NO-CARRIER");
    expect(stdout.split("\n")).toContain("p1");
  });
});
