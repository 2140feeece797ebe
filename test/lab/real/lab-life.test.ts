import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKeyPair } from "../../../src/lab/key-pair.ts";
import { mustOnConsole } from "../../../src/lab/real/device-console.ts";
import { labDown } from "../../../src/lab/real/lab-down.ts";
import { labIdOf, labPaths } from "../../../src/lab/real/lab-names.ts";
import { labStatus } from "../../../src/lab/real/lab-status.ts";
import { LabBusyError, readLabState } from "../../../src/lab/real/lab-store.ts";
import { labUp } from "../../../src/lab/real/lab-up.ts";
import { listNamespaces, processesIn } from "../../../src/lab/real/namespaces.ts";
import type { LabOptions, LabState } from "../../../src/lab/real/types.ts";
import { newLabOptions, OPERATOR_KEY, officeSite, titled, whyNoLab } from "./practice-site.ts";
import { login, runOver } from "./ssh.ts";

const reason = await whyNoLab();

/** Everything of a lab that may be left on the machine. */
function leftovers(options: LabOptions) {
  const { runDir, stateFile } = labPaths(options);
  const namespaces = listNamespaces(labIdOf(options));
  return {
    namespaces,
    processes: processesIn(namespaces),
    mounts: readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .filter((line) => line.includes(runDir)),
    files: [runDir, stateFile].filter(existsSync),
  };
}

/** A dead process that nobody has buried yet does not run. */
function isRunning(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) Z/.test(readFileSync(path, "utf8"));
}

const NOTHING = { namespaces: [], processes: [], mounts: [], files: [] };

describe.skipIf(reason)(titled("a practice site of real daemons", reason), () => {
  const options = newLabOptions();
  const root = { key: OPERATOR_KEY.private };
  let state: LabState;

  beforeAll(async () => {
    const up = await labUp(officeSite(), options);
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    state = up.state;
  });
  afterAll(async () => {
    await labDown(options);
  });

  test("root logs in with his key through the device's socket, and meets the device's own name", async () => {
    const { stdout, exitCode } = await runOver(state, "srv1", root, "hostname; id -un");
    expect({ stdout, exitCode }).toEqual({ stdout: "srv1\nroot\n", exitCode: 0 });
  });

  test("a person logs in with a password and becomes root by sudo", async () => {
    const { stdout } = await runOver(
      state,
      "fw",
      { user: "ops", password: "practice makes" },
      "id -un; sudo -n id -un",
    );
    expect(stdout).toBe("ops\nroot\n");
  });

  test("a wrong password, an unknown key and another host key are each refused", async () => {
    await expect(login(state, "fw", { user: "ops", password: "no" })).rejects.toMatchObject({
      level: "client-authentication",
    });
    await expect(login(state, "fw", { key: newKeyPair().private })).rejects.toMatchObject({
      level: "client-authentication",
    });
    const otherKey = state.devices.find((device) => device.name === "sw1")?.hostKey ?? "";
    await expect(login(state, "fw", { ...root, hostKey: otherKey })).rejects.toMatchObject({
      level: "handshake",
    });
  });

  test("each device has a host key of its own", () => {
    const keys = state.devices.flatMap((device) => device.hostKey ?? []);
    expect(keys).toHaveLength(5);
    expect(new Set(keys).size).toBe(5);
  });

  test("another process finds the way to each device by its management address", () => {
    const read = readLabState(options);
    expect(read).toEqual(state);
    expect(Object.keys(read?.sockets ?? {})).toHaveLength(5);
    for (const [address, socket] of Object.entries(read?.sockets ?? {})) {
      expect(address).toMatch(/^198\.1[89]\./);
      expect(existsSync(socket)).toBe(true);
    }
  });

  test("a device sees none of the machine's homes, work, keys, processes or interfaces", async () => {
    const script = `ls -A /home /root /opt /srv; ls -d ${process.cwd()} ${homedir()}/.npm;
      ls /etc/ssh; ls /sys/class/net; cat /etc/machine-id; ls /proc | grep -c '^[0-9]'`;
    const { stdout } = await runOver(state, "srv1", root, script);
    expect(stdout).not.toContain(process.cwd());
    const listed = stdout.split("\n");
    for (const name of readdirSync("/home")) expect(listed).not.toContain(name);
    expect(listed).toContain("ops");
    expect(listed.filter((name) => name.startsWith("ssh_host"))).toEqual([
      "ssh_host_ed25519_key",
      "ssh_host_ed25519_key.pub",
    ]);
    expect(listed).toContain("mgmt0");
    expect(Number(listed.at(-2))).toBeLessThan(30);
    const hostKeys = existsSync("/etc/ssh")
      ? readdirSync("/etc/ssh").filter((name) => name.endsWith(".pub"))
      : [];
    for (const name of hostKeys)
      expect(readFileSync(join("/etc/ssh", name), "utf8")).not.toContain(state.devices[0]?.hostKey ?? "none");
  });

  test("a device can change neither the machine's clock nor its kernel's settings", async () => {
    const clock = await runOver(state, "srv1", root, "date -s 2001-01-01");
    expect(clock.exitCode).toBe(1);
    const kernel = await runOver(state, "srv1", root, "echo 0 >/proc/sys/kernel/panic");
    expect(kernel.stderr).toContain("Read-only");
    const own = await runOver(state, "srv1", root, "echo 1 >/proc/sys/net/ipv4/conf/all/log_martians");
    expect(own.exitCode).toBe(0);
  });

  test("what a device writes stays on that device", async () => {
    await mustOnConsole(state, "srv1", [
      "/bin/sh",
      "-c",
      "echo mine >/etc/only-here; touch /usr/bin/only-here",
    ]);
    expect(existsSync("/usr/bin/only-here")).toBe(false);
    const other = await runOver(state, "srv2", root, "ls /etc/only-here /usr/bin/only-here");
    expect(other.stdout).toBe("");
  });

  test("a job left in the background outlives its session", async () => {
    await runOver(
      state,
      "srv1",
      root,
      "setsid sh -c 'sleep 0.4; touch /run/outlived' >/dev/null 2>&1 </dev/null &",
    );
    await sleep(700);
    expect((await runOver(state, "srv1", root, "ls /run/outlived")).exitCode).toBe(0);
  });

  test("a mistake in sshd's file does not switch the device off, and restart refuses it", async () => {
    const broken = await runOver(
      state,
      "srv2",
      root,
      "echo Nonsense yes >/etc/ssh/sshd_config.d/x.conf; systemctl restart ssh",
    );
    expect(broken.exitCode).toBe(1);
    const mended = await runOver(
      state,
      "srv2",
      root,
      "rm /etc/ssh/sshd_config.d/x.conf; systemctl restart ssh",
    );
    expect(mended.exitCode).toBe(0);
    expect((await runOver(state, "srv2", root, "systemctl is-active ssh rsyslog cron chrony")).stdout).toBe(
      "active\nactive\nactive\nactive\n",
    );
  });

  test("logins work with PAM as well, by key and by password", async () => {
    const set = await runOver(
      state,
      "srv1",
      root,
      "echo UsePAM yes >/etc/ssh/sshd_config.d/pam.conf; systemctl restart ssh",
    );
    expect(set.exitCode).toBe(0);
    expect((await runOver(state, "srv1", root, "id -un")).stdout).toBe("root\n");
    const person = await runOver(
      state,
      "srv1",
      { user: "ops", password: "practice makes" },
      "sudo -n id -un",
    );
    expect(person.stdout).toBe("root\n");
  });

  test("status names each device, whether it is on, and where its socket is", () => {
    const status = labStatus(options);
    expect(status.state).toBe("up");
    expect(status.devices.map(({ name, power, sshd }) => `${name} ${power} ${sshd}`)).toEqual([
      "fw on true",
      "sw1 on true",
      "sw2 on true",
      "srv1 on true",
      "srv2 on true",
      "pc1 network false",
      "pc2 network false",
      "guest network false",
    ]);
  });
});

describe.skipIf(reason)(titled("taking a practice site down", reason), () => {
  test("down leaves no process, namespace, mount or file, and a second time finds nothing", async () => {
    const options = newLabOptions();
    expect((await labUp(officeSite(), options)).ok).toBe(true);
    const before = leftovers(options);
    expect(before.processes.length).toBeGreaterThan(10);
    const down = await labDown(options);
    expect(down.namespaces).toBe(before.namespaces.length);
    expect(leftovers(options)).toEqual(NOTHING);
    await expect.poll(() => before.processes.filter(isRunning)).toEqual([]);
    expect(await labDown(options)).toMatchObject({ namespaces: 0, processes: 0, mounts: 0 });
    expect(labStatus(options).state).toBe("down");
  });

  test.for([40, 120, 250, 450])(
    "what a run killed after %i ms left is cleared by the next",
    async (killAfterMs) => {
      const options = newLabOptions();
      const script = join(options.stateDir, "up.ts");
      const module = new URL("../../../src/lab/real/lab-up.ts", import.meta.url).href;
      writeFileSync(
        script,
        `import { labUp } from ${JSON.stringify(module)};
       process.stdout.write("go");
       await labUp(${JSON.stringify(officeSite())}, ${JSON.stringify(options)});`,
      );
      const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      await sleep(killAfterMs);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
      expect((await labUp(officeSite(), options)).ok).toBe(true);
      expect(labStatus(options).state).toBe("up");
      await labDown(options);
      expect(leftovers(options)).toEqual(NOTHING);
    },
  );

  test("two labs stand side by side, and taking one down leaves the other", async () => {
    const [one, two] = [newLabOptions(), newLabOptions()];
    const ups = await Promise.all([labUp(officeSite(), one), labUp(officeSite(), two)]);
    expect(ups.map((up) => up.ok)).toEqual([true, true]);
    await labDown(one);
    const state = readLabState(two);
    if (state === undefined) throw new Error("the other lab is gone");
    expect((await runOver(state, "fw", { key: OPERATOR_KEY.private }, "hostname")).stdout).toBe("fw\n");
    await labDown(two);
    expect(leftovers(two)).toEqual(NOTHING);
  });

  test("down is refused while another process works on the lab, and says which", async () => {
    const options = newLabOptions();
    writeFileSync(labPaths(options).lockFile, "1");
    await expect(labDown(options)).rejects.toThrow(LabBusyError);
    writeFileSync(labPaths(options).lockFile, "4194399");
    expect((await labDown(options)).namespaces).toBe(0);
  });
});
