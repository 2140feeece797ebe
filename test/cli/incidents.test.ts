import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSecrets } from "../../src/deploy/secrets.ts";
import { fileLocks } from "../../src/deploy/stores/locks.ts";
import { applyReadings } from "../../src/drift/incidents/readings.ts";
import { openNightStore } from "../../src/drift/store/open-store.ts";
import { newWorkspaceFiles } from "../../src/inventory/new-workspace.ts";
import { openRoom, type Room } from "../drift/alerts/rooms.ts";
import { iso, portDrift, RULES, read } from "../drift/incidents/cases.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let room: Room;

function sitewright(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, "bin/sitewright.js"), ...args],
      { cwd: folder, env: { ...process.env, NO_COLOR: "1", SITEWRIGHT_OPERATOR: "li.wei", ...environment } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

function resultOf(command: string, ran: Ran) {
  const envelope = JSON.parse(ran.stdout);
  const ajv = new Ajv2020({ strict: false });
  const schema = JSON.parse(readFileSync(join(ROOT, `docs/schemas/${command}.json`), "utf8"));
  ajv.validate(schema, envelope.result);
  expect(ajv.errors ?? []).toEqual([]);
  return envelope;
}

function openStore() {
  const secrets = openSecrets({ root: folder, environment: {} });
  const locks = fileLocks(join(folder, ".sitewright/locks"));
  return openNightStore({
    folder: join(folder, ".sitewright"),
    environment: {},
    secrets,
    locks,
    now: () => new Date(),
  });
}

/** Leaves one incident for each port in the workspace's store, as a night before would. */
async function remember(...ports: readonly string[]): Promise<string[]> {
  const store = await openStore();
  const atMs = Date.now() - 3_600_000;
  const { changed } = await store.change(["acme/hq"], atMs, (known) => {
    const reading = read("sw-1", ...ports.map((port) => portDrift(port)));
    const changes = applyReadings(known, [reading], { id: "run-0", at: iso(atMs) }, () => RULES);
    return { ...changes, outbox: [] };
  });
  await store.close();
  return changed.map((incident) => incident.id);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sw-incidents-"));
  for (const file of newWorkspaceFiles("night")) {
    mkdirSync(dirname(join(folder, file.path)), { recursive: true });
    writeFileSync(join(folder, file.path), file.content);
  }
  const client =
    "name: Acme\nalerts:\n  targets:\n    P3:\n      respond: 10m\n  channels:\n    duty:\n      type: slack\n      url: env:DUTY_URL@1\n";
  writeFileSync(join(folder, "inventory/acme/client.yaml"), client);
  room = await openRoom(() => ({ status: 200, body: "ok" }));
});
afterAll(async () => {
  await room.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("incidents, as a person meets them", () => {
  it("lists what wants attention, shows one, and takes an answer", async () => {
    const [first = "", second = ""] = await remember("Gi1/0/1", "Gi1/0/2");
    const list = await sitewright(["incidents"]);
    expect(list.stdout).toContain(first);
    expect(list.stdout).toContain("changed interface Gi1/0/1 / switchport access vlan");
    const show = resultOf("incidents", await sitewright(["incidents", "show", first.slice(0, 10), "--json"]));
    expect(show.result.incidents[0]).toMatchObject({ id: first, state: "open" });
    const ack = await sitewright(["incidents", "ack", first, "--note", "known", "--json"]);
    expect(resultOf("incidents", ack).result.incidents[0]).toMatchObject({
      state: "acknowledged",
      acknowledged: { by: "li.wei", note: "known" },
    });
    const snooze = await sitewright(["incidents", "snooze", second, "--until", "7d", "--json"]);
    expect(resultOf("incidents", snooze).result.incidents[0].state).toBe("snoozed");
    expect((await sitewright(["incidents", "list", "northgate"])).stdout).toBe(
      "no incident wants attention\n",
    );
    expect((await sitewright(["incidents", "close", second])).code).toBe(0);
    expect((await sitewright(["incidents", "list", "acme"])).stdout).not.toContain(second);
    expect((await sitewright(["incidents", "list", "acme/hq", "--all"])).stdout).toContain(second);
  });

  it.each([
    [["ack"], "wants the id of an incident"],
    [["ack", "INC-nothere"], "there is no incident INC-nothere"],
    [["snooze", "INC-"], "snooze wants an end"],
    [["snooze", "INC-", "--until", "soon"], '"soon" is no span and no time'],
    [["snooze", "INC-", "--until", "2001-01-01T00:00:00Z"], "is over already"],
    [["forget"], 'incidents does not know "forget"'],
  ])("incidents %j: ends with 4 and says what to type", async (args, message) => {
    const ran = await sitewright(["incidents", ...args]);
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain(message);
  });

  it("ends with 4 where the store's address cannot be had", async () => {
    const ran = await sitewright(["incidents"], { SITEWRIGHT_STORE_URL: "env:NOT_SET_HERE@1" });
    expect([ran.code, ran.stderr.includes("export NOT_SET_HERE=")]).toEqual([4, true]);
  });

  it("tells between two nights what nobody answered in time", async () => {
    await remember("Gi1/0/7");
    const ran = await sitewright(["incidents", "send", "--json"], { DUTY_URL: room.url });
    const { result, exitCode } = resultOf("incidents", ran);
    expect(result.notices).toMatchObject([{ kind: "respond-overdue", device: "acme/hq/sw-1" }]);
    expect([result.alertsSent, exitCode, room.received.length]).toEqual([1, 0, 1]);
    expect(room.received[0]?.text).toContain("nobody has answered in time");
  });

  it("says which channel cannot be reached and ends with 3; nothing is lost", async () => {
    await remember("Gi1/0/8");
    const failed = await sitewright(["incidents", "send", "--json"], { DUTY_URL: "" });
    const envelope = resultOf("incidents", failed);
    expect(envelope.exitCode).toBe(3);
    expect(envelope.findings).toMatchObject([{ code: "ALERT-WAITS" }]);
    expect(envelope.exitReasons[0].subject).toContain("environment variable DUTY_URL is not set");
  });
});

describe("drift as a night job", () => {
  it("writes figures and a heartbeat, and keeps its JSON's shape", async () => {
    const ran = await sitewright(["drift", "--json", "--metrics", "out.prom", "--heartbeat", "beat.json"], {
      SITEWRIGHT_HEARTBEAT_URL: `${room.url}/beat`,
    });
    const { result } = resultOf("drift", ran);
    expect(result).toMatchObject({ notices: [], alertsSent: 0 });
    expect(readFileSync(join(folder, "out.prom"), "utf8")).toContain(
      'sitewright_devices{site="acme/hq",state="unadopted"} 2',
    );
    expect(JSON.parse(readFileSync(join(folder, "beat.json"), "utf8"))).toMatchObject({ devices: 2 });
    expect(room.received.some(({ url }) => url.pathname === "/beat")).toBe(true);
  });

  it("leaves with a reason while another runs, and waits for it where it was asked to", async () => {
    const store = await openStore();
    const release = await store.lock("drift");
    const busy = await sitewright(["drift", "--json"]);
    expect(busy.code).toBe(3);
    expect(JSON.parse(busy.stdout).exitReasons[0].subject).toContain(`pid ${process.pid} on`);
    const waiting = sitewright(["drift", "--json", "--wait", "60"]);
    setTimeout(() => void release(), 1500);
    expect((await waiting).code).toBe(0);
    await store.close();
  });

  it("says so where the heartbeat is not heard, without its address", async () => {
    const ran = await sitewright(["drift"], { SITEWRIGHT_HEARTBEAT_URL: "http://127.0.0.1:1/secret-uuid" });
    expect(ran.stdout).toContain("NIGHT-HEARTBEAT");
    expect(ran.stdout + ran.stderr).not.toContain("secret-uuid");
  });

  it("still compares where the store cannot be reached, and says what to check", async () => {
    const ran = await sitewright(["drift", "--json"], {
      SITEWRIGHT_STORE_URL: "postgres://u:geheim@127.0.0.1:1/x",
    });
    const { findings, exitCode, result } = resultOf("drift", ran);
    expect(exitCode).toBe(1);
    expect(findings).toMatchObject([{ code: "NIGHT-STORE", severity: "error" }]);
    expect(result.sites[0].devices).toHaveLength(2);
    expect(ran.stdout + ran.stderr).not.toContain("geheim");
  });

  it("validates where the shared store cannot be reached, and warns that a review owed may not be known", async () => {
    const ran = await sitewright(["validate", "--json"], {
      SITEWRIGHT_STORE_URL: "postgres://u:geheim@127.0.0.1:1/x",
    });
    const owedOf = ({ stdout }: Ran) =>
      JSON.parse(stdout).findings.filter(({ code }: { code: string }) => code === "CHG-008");
    expect(owedOf(ran)).toMatchObject([
      {
        severity: "warning",
        message: expect.stringContaining("whether an emergency waits for its review is not known"),
        hint: expect.stringMatching(/\S/),
      },
    ]);
    expect(ran.stdout + ran.stderr).not.toContain("geheim");
    expect(owedOf(await sitewright(["validate", "--json"]))).toEqual([]);
  });

  it("keeps a damaged store aside and goes on", async () => {
    writeFileSync(join(folder, ".sitewright/night.sqlite"), "not a database, by any means. ".repeat(200));
    const ran = await sitewright(["drift", "--json"]);
    expect(JSON.parse(ran.stdout).findings).toMatchObject([{ code: "NIGHT-DAMAGED", severity: "warning" }]);
    expect(ran.stderr).not.toContain("ExperimentalWarning");
  });

  it.each([
    [["--wait", "long"], '"long" is no number of seconds to wait'],
    [["--no-record", "--alert"], "--alert needs what --no-record leaves out"],
  ])("drift %j: ends with 4", async (args, message) => {
    const ran = await sitewright(["drift", ...args]);
    expect([ran.code, ran.stderr.includes(message)]).toEqual([4, true]);
  });
});
