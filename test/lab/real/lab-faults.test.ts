import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as faults from "../../../src/lab/real/faults.ts";
import { labDown } from "../../../src/lab/real/lab-down.ts";
import { labStatus } from "../../../src/lab/real/lab-status.ts";
import { labUp } from "../../../src/lab/real/lab-up.ts";
import { probeOnce } from "../../../src/lab/real/prober.ts";
import type { LabState } from "../../../src/lab/real/types.ts";
import { newLabOptions, OPERATOR_KEY, officeSite, titled, whyNoLab } from "./practice-site.ts";
import { login, runOver } from "./ssh.ts";

const reason = await whyNoLab();
const root = { key: OPERATOR_KEY.private };
const impatient = { ...root, readyTimeoutMs: 500 };

describe.skipIf(reason)(titled("faults of a practice site", reason), () => {
  const options = newLabOptions();
  let state: LabState;

  beforeAll(async () => {
    const up = await labUp(officeSite(), options);
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    state = up.state;
  });
  afterAll(async () => {
    await labDown(options);
  });

  test("a frozen sshd says nothing, and goes on once thawed", async () => {
    faults.freezeSshd(state, "srv1");
    await expect(login(state, "srv1", impatient)).rejects.toMatchObject({ level: "client-timeout" });
    faults.thawSshd(state, "srv1");
    expect((await runOver(state, "srv1", root, "hostname")).stdout).toBe("srv1\n");
  });

  test("silently dropped packets starve new sessions of this device and of no other", async () => {
    await faults.dropManagement(state, "srv1");
    await expect(login(state, "srv1", impatient)).rejects.toMatchObject({ level: "client-timeout" });
    expect((await runOver(state, "srv2", root, "hostname")).stdout).toBe("srv2\n");
    await faults.restoreManagement(state, "srv1");
    expect((await runOver(state, "srv1", root, "hostname")).stdout).toBe("srv1\n");
  });

  test("killed sessions end, the device and what they left in the background go on", async () => {
    const session = await login(state, "srv1", root);
    await session.run("setsid sleep 300 >/dev/null 2>&1 </dev/null & echo $! >/run/left.pid");
    expect(faults.killSessions(state, "srv1")).toBeGreaterThan(0);
    await session.closed;
    expect((await runOver(state, "srv1", root, "kill -0 $(cat /run/left.pid)")).exitCode).toBe(0);
  });

  test("a cut way ends open connections; a slow one delays each answer", async () => {
    const session = await login(state, "fw", root);
    expect(await faults.impairWay(state, "fw", { cut: true })).toBeGreaterThan(0);
    await session.closed;
    await faults.impairWay(state, "fw", { delayMs: 100 });
    const slow = await login(state, "fw", root);
    const startedAt = performance.now();
    await slow.run("true");
    expect(performance.now() - startedAt).toBeGreaterThan(190);
    slow.close();
    await faults.impairWay(state, "fw", {});
  });

  test("a black hole in mid-session swallows all, and the session stays open", async () => {
    const session = await login(state, "fw", root);
    await faults.impairWay(state, "fw", { blackHole: true });
    const late = await Promise.race([
      session.run("true").then(
        () => "answered",
        () => "closed",
      ),
      new Promise((resolve) => setTimeout(resolve, 400, "silence")),
    ]);
    expect(late).toBe("silence");
    await faults.impairWay(state, "fw", { cut: true });
    await faults.impairWay(state, "fw", {});
    expect((await runOver(state, "fw", root, "hostname")).stdout).toBe("fw\n");
  });

  test("after a power loss a firewall comes back with its saved rules and without the unsaved ones", async () => {
    const saved = "flush ruleset\ntable inet site {\n  chain saved {\n  }\n}\n";
    const save = await runOver(
      state,
      "fw",
      root,
      "cat >/etc/nftables.conf; nft -c -f /etc/nftables.conf",
      saved,
    );
    expect(save).toMatchObject({ exitCode: 0, stderr: "" });
    await runOver(state, "fw", root, "nft add table inet unsaved; touch /run/volatile /etc/kept");
    const session = await login(state, "fw", root);
    await faults.powerOff(state, "fw");
    await session.closed;
    expect(labStatus(options).devices.find((device) => device.name === "fw")?.power).toBe("off");
    await expect(login(state, "fw", impatient)).rejects.toThrow();
    expect(await probeOnce(state, "pc1", { proto: "icmp", to: "10.77.10.1" })).toMatchObject({
      verdict: "dropped",
    });
    await faults.powerOn(state, "fw");
    const { stdout } = await runOver(
      state,
      "fw",
      root,
      "nft list ruleset; ls /etc/kept /run/volatile 2>/dev/null",
    );
    expect(stdout).toContain("chain saved");
    expect(stdout).not.toContain("unsaved");
    expect(stdout).toContain("/etc/kept");
    expect(stdout).not.toContain("/run/volatile");
    expect(await probeOnce(state, "pc1", { proto: "tcp", to: "10.77.20.10", port: 80 })).toMatchObject({
      verdict: "arrived",
    });
  });

  test("after a power loss a switch has the same ports, and the accounts the same passwords", async () => {
    await runOver(state, "sw2", root, "ovs-vsctl -t 5 set port p1 other_config:note=kept");
    await faults.powerOff(state, "sw2");
    await faults.powerOn(state, "sw2");
    const login = { user: "ops", password: "practice makes" };
    const { stdout } = await runOver(
      state,
      "sw2",
      login,
      "sudo ovs-vsctl -t 5 get port p1 tag other_config:note",
    );
    expect(stdout).toBe("10\nkept\n");
    const probe = await probeOnce(state, "pc1", { proto: "tcp", to: "10.77.10.12", port: 80 });
    expect(probe.verdict).toBe("arrived");
  });

  test("a full disk refuses writes with an exit code and words, and takes them again afterwards", async () => {
    await faults.fillDisk(state, "srv2");
    const full = await runOver(state, "srv2", root, "dd if=/dev/zero of=/etc/big bs=64k count=4");
    expect(full.exitCode).toBe(1);
    expect(full.stderr).toContain("No space left on device");
    await faults.freeDisk(state, "srv2");
    expect((await runOver(state, "srv2", root, "dd if=/dev/zero of=/etc/big bs=64k count=4")).exitCode).toBe(
      0,
    );
  });

  test("a read-only disk refuses writes, and sessions still open", async () => {
    await faults.makeReadOnly(state, "srv2");
    const refused = await runOver(state, "srv2", root, "touch /etc/new");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("Read-only file system");
    await faults.makeWritable(state, "srv2");
    expect((await runOver(state, "srv2", root, "touch /etc/new")).exitCode).toBe(0);
  });
});
