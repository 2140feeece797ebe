import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDeploy } from "../../src/cli/deploy-context.ts";
import { type RunningPractice, startPractice } from "../../src/cli/practice.ts";
import { pushDevice } from "../../src/deploy/push.ts";
import { driverFor } from "../../src/drivers/registry.ts";
import { readWorkspace } from "../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import { makeRepository, type Repository } from "./preview-repository.ts";

const DEVICE = "northgate/office/acc-1";
const FIVE_HOURS_MS = 5 * 3_600_000;

interface Item {
  readonly path: readonly string[];
  readonly by: { readonly name: string | null };
  readonly at: string | null;
  readonly from: string | null;
  readonly evidence: string | null;
  readonly state: string;
  readonly adopted: string | null;
}

/** A syslog server of its own, on a socket of its own folder. */
interface SyslogServer {
  readonly folder: string;
  /** Hands over a message as a device at an address would, and waits until it is on disk. */
  hear(host: string, text: string): Promise<void>;
  /** Packs what was written, as logrotate does. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}

async function until(what: () => boolean, why: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (what()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it never happened: ${why}`);
}

async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

async function startRsyslog(): Promise<SyslogServer> {
  const home = mkdtempSync(join(tmpdir(), "sw-rsyslog-"));
  const folder = join(home, "remote");
  mkdirSync(folder);
  const port = await freePort();
  const config = join(home, "rsyslog.conf");
  writeFileSync(
    config,
    `global(workDirectory="${home}")
module(load="imudp")
template(name="perHost" type="string" string="${folder}/%HOSTNAME%.log")
input(type="imudp" address="127.0.0.1" port="${port}")
action(type="omfile" dynaFile="perHost" template="RSYSLOG_FileFormat" asyncWriting="off")
`,
  );
  const server: ChildProcess = spawn(
    "/usr/sbin/rsyslogd",
    ["-n", "-f", config, "-i", join(home, "rsyslog.pid")],
    { stdio: "ignore" },
  );
  const written = (): string =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".log"))
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
  return {
    folder,
    async hear(host, text) {
      const socket = createSocket("udp4");
      const message = Buffer.from(`<189>1 ${new Date().toISOString()} ${host} - - - - ${text}`);
      // A datagram that comes before the server listens is lost, as on a network.
      let sent = 0;
      await until(() => {
        if (written().includes(text)) return true;
        if (sent % 10 === 0) socket.send(message, port, "127.0.0.1");
        sent += 1;
        return false;
      }, text);
      socket.close();
    },
    async rotate() {
      for (const name of readdirSync(folder)) {
        const file = join(folder, name);
        renameSync(file, `${file}.1`);
        server.kill("SIGHUP");
        writeFileSync(`${file}.1.gz`, gzipSync(readFileSync(`${file}.1`)));
        rmSync(`${file}.1`);
      }
    },
    async stop() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

describe("drift, told who did it", { timeout: 60_000 }, () => {
  let repository: Repository;
  let practice: RunningPractice;
  let syslog: SyslogServer;

  beforeAll(async () => {
    repository = makeRepository();
    syslog = await startRsyslog();
    const workspace = await readWorkspace(repository.folder);
    const site = resolveWorkspace(workspace, { sites: ["northgate/office"] }).sites[0];
    const intent = site?.devices.find((device) => device.id === DEVICE);
    const driver = driverFor("iosxe");
    if (!site || !intent || driver?.level !== "full") throw new Error("no practice switch");
    practice = await startPractice(repository.folder, [{ ...site, devices: [intent] }]);
    const push = { intent, driver, operator: "test", plan: undefined, commandsDigest: undefined };
    const outcome = await pushDevice({ ...push, graceSeconds: 120 }, openDeploy(repository.folder, [site]));
    expect(outcome, outcome.reason).toMatchObject({ result: "done" });
  }, 60_000);
  afterAll(async () => {
    await practice?.stop();
    await syslog?.stop();
    repository?.remove();
  });

  const itemOf = async (...more: readonly string[]): Promise<Item | undefined> => {
    const ran = await repository.run(["drift", DEVICE, "--no-record", "--json", ...more]);
    expect(ran.code, ran.stderr).toBe(2);
    const { result } = JSON.parse(ran.stdout) as {
      result: { sites: { devices: { items: Item[] }[] }[] };
    };
    return result.sites[0]?.devices[0]?.items.find((item) => item.path.join(" ").includes("description"));
  };

  test("the folder of a running rsyslog adds from where, also after its file was packed away", async () => {
    const since = Date.now();
    const login =
      "%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: mallory] [Source: 10.1.99.78] [localport: 22]";
    await syslog.hear("acc-1", login);
    await syslog.hear("another-switch", login.replaceAll("mallory", "nobody"));
    practice.emulators
      .get(DEVICE)
      ?.handEdit(["interface GigabitEthernet1/0/22", "description lift"], "mallory");
    expect(await itemOf()).toMatchObject({ by: { name: "mallory" }, from: null });
    const told = await itemOf("--syslog", syslog.folder);
    expect(told).toMatchObject({ by: { name: "mallory" }, from: "10.1.99.78" });
    expect(told?.evidence).toContain("LOGIN_SUCCESS");
    expect(told?.evidence).not.toContain("nobody");
    expect(Date.parse(told?.at ?? "")).toBeGreaterThanOrEqual(since - 1_000);
    await syslog.rotate();
    expect(readdirSync(syslog.folder).every((name) => name.endsWith(".gz"))).toBe(true);
    expect(await itemOf("--syslog", syslog.folder)).toMatchObject({ from: "10.1.99.78" });
  });

  test.each([
    ["behind", -FIVE_HOURS_MS],
    ["ahead of", FIVE_HOURS_MS],
  ])("a switch whose clock is five hours %s ours: the time is told by ours", async (word, aheadMs) => {
    const emulator = practice.emulators.get(DEVICE);
    emulator?.setClockAhead(aheadMs);
    const since = Date.now();
    emulator?.handEdit(["interface GigabitEthernet1/0/22", `description stairs ${word}`], "mallory");
    const item = await itemOf();
    expect(item).toMatchObject({ by: { name: "mallory" } });
    const at = Date.parse(item?.at ?? "");
    expect(at).toBeGreaterThanOrEqual(since - 2_000);
    expect(at).toBeLessThanOrEqual(Date.now() + 2_000);
    expect(item?.evidence).toMatch(new RegExp(`its clock is (17999|1800[01]) s ${word} ours`));
    emulator?.setClockAhead(0);
  });

  test("what was adopted on a branch is told as adopted under --no-record too, and is no unauthorised change", async () => {
    practice.emulators
      .get(DEVICE)
      ?.handEdit(["interface GigabitEthernet1/0/22", "description archive room"], "mallory");
    expect(await itemOf()).toMatchObject({ state: "unauthorised", adopted: null });
    const seen = await repository.run(["drift", DEVICE, "--json"]);
    expect(seen.code, seen.stderr).toBe(2);
    const ran = await repository.run(["adopt", DEVICE, "--json"]);
    expect(ran.code, ran.stderr + ran.stdout).toBe(0);
    const branch = repository.git("branch", "--list", "--format=%(refname:short)", "*adopt*").trim();
    expect(branch).not.toBe("");
    const looked = await repository.run(["drift", DEVICE, "--no-record", "--json"]);
    expect(looked.code, looked.stderr).toBe(0);
    const { result } = JSON.parse(looked.stdout);
    expect(result.sites[0].devices[0].items).toMatchObject([{ state: "adopted", adopted: branch }]);
  });
});
