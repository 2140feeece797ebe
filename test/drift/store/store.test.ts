import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openSecrets } from "../../../src/deploy/secrets.ts";
import { fileLocks } from "../../../src/deploy/stores/locks.ts";
import { applyReadings } from "../../../src/drift/incidents/readings.ts";
import type { Incident, Notice } from "../../../src/drift/incidents/types.ts";
import { type CleanReading, cleanSince } from "../../../src/drift/store/clean-readings.ts";
import type { NightStore } from "../../../src/drift/store/night-store.ts";
import { openNightStore, readNightStore } from "../../../src/drift/store/open-store.ts";
import { LEASE_MS, LONGEST_WAIT_MS } from "../../../src/drift/store/outbox.ts";
import { DAY, iso, portDrift, RULES, read, START } from "../incidents/cases.ts";
import { HAS_POSTGRES, type PostgresServer, startPostgres } from "./postgres-server.ts";

const TARGET = "acme/hq duty";
const ROBOT = "env:DUTY@1";

async function open(folder: string, url?: string): Promise<NightStore> {
  const environment = url === undefined ? {} : { SITEWRIGHT_STORE_URL: url };
  return openNightStore({
    folder,
    environment,
    secrets: openSecrets({ root: folder, environment }),
    locks: fileLocks(join(folder, "locks")),
    now: () => new Date(START),
  });
}

function look(folder: string) {
  return readNightStore({
    folder,
    environment: {},
    secrets: openSecrets({ root: folder, environment: {} }),
    locks: fileLocks(join(folder, "locks")),
  });
}

/** One night on one switch, with a message owed for each notice. */
function night(store: NightStore, run: string, atMs: number, ...ports: readonly string[]) {
  const reading = read("sw-1", ...ports.map((port) => portDrift(port)));
  return store.change(["acme/hq"], atMs, (known) => {
    const changes = applyReadings(known, [reading], { id: run, at: iso(atMs) }, () => RULES);
    return { ...changes, outbox: changes.notices.map((notice) => ({ target: TARGET, notice })) };
  });
}

function cleanReading(atMs: number): CleanReading {
  return { asset: "SN-1", site: "acme/hq", atMs, receipt: "sw1", applied: "sha256:a", saved: true };
}

/** One night that found these devices clean. */
function clean(store: NightStore, nowMs: number, ...readings: readonly CleanReading[]) {
  return store.change(["acme/hq"], nowMs, () => ({ changed: [], dropped: [], outbox: [], clean: readings }));
}

const kinds = (notices: readonly Notice[] | undefined) => notices?.map((notice) => notice.kind);

function contract(
  name: string,
  opener: () => Promise<{ one: NightStore; other: NightStore; end(): Promise<void> }>,
) {
  describe(name, () => {
    let one: NightStore;
    let other: NightStore;
    let end: () => Promise<void>;
    beforeEach(async () => {
      ({ one, other, end } = await opener());
      return () => end();
    });

    it("keeps incidents: another machine, or the next night, finds them as they were left", async () => {
      await night(one, "run-1", START, "Gi1/0/1", "Gi1/0/2");
      const found = await other.incidents({});
      expect(found).toHaveLength(2);
      expect(found).toEqual(await one.incidents({ sites: ["acme/hq"] }));
      expect(await other.incidents({ sites: ["acme/other"] })).toEqual([]);
    });

    it("does not alert anew from a machine that saw nothing before", async () => {
      await night(one, "run-1", START, "Gi1/0/1");
      const { notices } = await night(other, "run-2", START + 60_000, "Gi1/0/1");
      expect(notices).toEqual([]);
      expect((await one.incidents({}))[0]?.sightings).toBe(2);
    });

    it("hides what is closed unless all is asked for", async () => {
      await night(one, "run-1", START, "Gi1/0/1");
      await night(one, "run-2", START + DAY);
      expect(await one.incidents({})).toEqual([]);
      expect((await one.incidents({ all: true })).map((incident: Incident) => incident.state)).toEqual([
        "closed",
      ]);
    });

    it("keeps a change whole or not at all", async () => {
      const failed = one.change(["acme/hq"], START, () => {
        throw new Error("killed in the middle");
      });
      await expect(failed).rejects.toThrow("killed in the middle");
      await night(other, "run-1", START, "Gi1/0/1");
      expect(await one.incidents({})).toHaveLength(1);
    });

    it("lets two that change at once go one after the other: nothing is lost", async () => {
      const runs = Array.from({ length: 12 }, (_, index) => index);
      await Promise.all(
        runs.map((run) => night(run % 2 === 0 ? one : other, `run-${run}`, START + run, "Gi1/0/1")),
      );
      expect((await one.incidents({}))[0]?.sightings).toBe(12);
    });

    it("gives each message to one sender only", async () => {
      await night(one, "run-1", START, "Gi1/0/1");
      const claims = await Promise.all(
        [one, other, one, other].map((store) => store.outbox.claim([TARGET], START, 20)),
      );
      expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
    });

    it("puts the notices of a site into one message, and no more than asked for", async () => {
      await night(one, "run-1", START, "Gi1/0/1", "Gi1/0/2", "Gi1/0/3");
      const first = await one.outbox.claim([TARGET], START, 2);
      const second = await other.outbox.claim([TARGET], START, 2);
      expect([first?.notices.length, second?.notices.length]).toEqual([2, 1]);
      expect(first?.message).not.toBe(second?.message);
    });

    it("takes a message over that its sender died with before it left, as often as need be", async () => {
      await night(one, "run-1", START, "Gi1/0/1");
      const names = new Set<string | undefined>();
      for (let death = 0; death < 4; death += 1) {
        const batch = await one.outbox.claim([TARGET], START + death * (LEASE_MS + 1), 20);
        expect(batch?.doubts).toBe(0);
        names.add(batch?.message);
      }
      expect(names.size).toBe(1);
    });

    it("repeats a message once whose sender died while it left, and never a second time", async () => {
      await night(one, "run-1", START, "Gi1/0/1");
      const first = await one.outbox.claim([TARGET], START, 20);
      if (first) await one.outbox.sending(first, ROBOT, START);
      expect(await other.outbox.claim([TARGET], START + 1000, 20)).toBeUndefined();
      const again = await other.outbox.claim([TARGET], START + LEASE_MS + 1, 20);
      expect(again).toMatchObject({ message: first?.message, doubts: 1 });
      if (again) await other.outbox.sending(again, ROBOT, START + LEASE_MS + 1);
      expect(await one.outbox.claim([TARGET], START + 9 * LEASE_MS, 20)).toBeUndefined();
      expect(await one.outbox.counts()).toMatchObject([{ target: TARGET, waiting: 0, doubtful: 1 }]);
    });

    it("does not wait for ever where the clock was set back", async () => {
      await night(one, "run-1", START, "Gi1/0/1");
      const first = await one.outbox.claim([TARGET], START + 100 * DAY, 20);
      expect(first).toBeDefined();
      expect(await one.outbox.claim([TARGET], START, 20)).toMatchObject({ message: first?.message });
    });

    it("tries again after the time that it was told, and lets nothing overtake it", async () => {
      await night(one, "run-1", START, "Gi1/0/1");
      const batch = await one.outbox.claim([TARGET], START, 20);
      if (!batch) throw new Error("nothing to send");
      await one.outbox.sending(batch, ROBOT, START);
      await one.outbox.settle(
        batch,
        { kind: "retry", notBeforeMs: START + 60_000, error: "HTTP 503" },
        START,
      );
      await night(one, "run-2", START + 10);
      expect(await one.outbox.claim([TARGET], START + 59_000, 20)).toBeUndefined();
      expect(await one.outbox.counts()).toMatchObject([{ waiting: 2, error: "HTTP 503" }]);
      const again = await one.outbox.claim([TARGET], START + 60_000, 20);
      expect(again).toMatchObject({ message: batch.message, attempts: 1 });
      if (again) await one.outbox.settle(again, { kind: "sent" }, START + 60_000);
      expect(kinds((await one.outbox.claim([TARGET], START + 60_001, 20))?.notices)).toEqual(["closed"]);
      expect(await one.outbox.claim(["acme/hq other"], START + LONGEST_WAIT_MS, 20)).toBeUndefined();
    });

    it("remembers for a minute what left, for every sender of a target", async () => {
      await night(one, "run-1", START, "Gi1/0/1");
      const batch = await one.outbox.claim([TARGET], START, 20);
      if (batch) await one.outbox.sending(batch, ROBOT, START);
      expect(await other.outbox.sentLately(ROBOT, START + 59_000)).toEqual([START]);
      expect(await other.outbox.sentLately(ROBOT, START + 61_000)).toEqual([]);
      expect(await other.outbox.sentLately(ROBOT, START - 100 * DAY)).toEqual([]);
    });

    it("keeps the last clean reading of a device, for every machine, and no other site's", async () => {
      const reading = cleanReading(START);
      await clean(one, START + 1, reading);
      await clean(one, START + DAY + 1, { ...reading, atMs: START + DAY, saved: false });
      expect([...(await other.lastClean(["acme/hq"])).values()]).toEqual([
        { ...reading, atMs: START + DAY, saved: false },
      ]);
      expect(await other.lastClean(["acme/other"])).toEqual(new Map());
    });

    it("lets a later clean reading replace one of a clock that ran ahead, and forgets one of the future", async () => {
      await clean(one, START + 9 * DAY, cleanReading(START + 8 * DAY));
      await clean(other, START + 1, cleanReading(START));
      expect((await one.lastClean(["acme/hq"])).get("SN-1")?.atMs).toBe(START);
      await clean(one, START + 9 * DAY, cleanReading(START + 8 * DAY));
      await clean(other, START + DAY);
      expect(await one.lastClean(["acme/hq"])).toEqual(new Map());
    });

    it("keeps no clean reading of a run that failed", async () => {
      const failed = one.change(["acme/hq"], START, () => {
        throw new Error("killed in the middle");
      });
      await expect(failed).rejects.toThrow("killed");
      expect(await other.lastClean(["acme/hq"])).toEqual(new Map());
    });

    it("lets one night job in, names it to the second, and lets the next in afterwards", async () => {
      const release = await one.lock("drift");
      await expect(other.lock("drift")).rejects.toThrow(new RegExp(`pid ${process.pid} on `));
      await release();
      const again = await other.lock("drift");
      await again();
    });
  });
}

const folders: string[] = [];
function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "sw-night-"));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

contract("the store in SQLite", async () => {
  const folder = scratch();
  const [one, other] = [await open(folder), await open(folder)];
  return {
    one,
    other,
    async end() {
      await one.close();
      await other.close();
    },
  };
});

describe.runIf(HAS_POSTGRES)("with a real PostgreSQL", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  contract("the store in PostgreSQL", async () => {
    const url = await server.freshDatabase();
    const [one, other] = await Promise.all([open(scratch(), url), open(scratch(), url)]);
    return {
      one,
      other,
      async end() {
        await one.close();
        await other.close();
      },
    };
  });

  it("takes the address from a reference, and shows no password", async () => {
    const folder = scratch();
    const url = (await server.freshDatabase()).replace("sitewright@", "sitewright:hunter2@");
    writeFileSync(join(folder, "store-url"), `${url}\n`);
    const store = await open(folder, "file:store-url@1");
    expect(store.place).toContain("PostgreSQL");
    expect(store.place).not.toContain("hunter2");
    await store.close();
  });
});

describe("the last clean reading of a device", () => {
  const reading = cleanReading(START);
  const receipt = { id: "sw1", archived: "sha256:a" };

  it("counts for the push that it was compared with, and for no other", () => {
    expect(cleanSince(reading, receipt, START + 1)).toBe(START);
    expect(cleanSince(reading, { ...receipt, id: "sw2" }, START + 1)).toBeUndefined();
    expect(cleanSince(reading, { ...receipt, archived: "sha256:b" }, START + 1)).toBeUndefined();
    expect(cleanSince(undefined, receipt, START)).toBeUndefined();
  });

  it("is not believed where it lies in the future", () => {
    expect(cleanSince(reading, receipt, START - 1)).toBeUndefined();
  });

  it("comes to a store of before that did not know it, and takes nothing of it", async () => {
    const folder = scratch();
    const before = await open(folder);
    await night(before, "run-1", START, "Gi1/0/1");
    await before.close();
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    const file = new DatabaseSync(join(folder, "night.sqlite"));
    file.exec("DROP TABLE clean_readings");
    file.close();
    const looked = await look(folder);
    expect(await looked?.lastClean(["acme/hq"])).toEqual(new Map());
    expect(await looked?.incidents({})).toHaveLength(1);
    await looked?.close();
    const store = await open(folder);
    await clean(store, START + 1, reading);
    expect((await store.lastClean(["acme/hq"])).size).toBe(1);
    expect(await store.incidents({})).toHaveLength(1);
    await store.close();
  });
});

describe("who only looks into the store", () => {
  it("finds nothing where there is none, and makes none", async () => {
    const folder = scratch();
    expect(await look(folder)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves every byte as it is, also while the night job writes", async () => {
    const folder = scratch();
    const store = await open(folder);
    await night(store, "run-1", START, "Gi1/0/1");
    const bytes = readFileSync(join(folder, "night.sqlite"));
    const looked = await look(folder);
    expect(await looked?.incidents({ all: true })).toEqual(await store.incidents({ all: true }));
    await looked?.close();
    expect(readFileSync(join(folder, "night.sqlite")).equals(bytes)).toBe(true);
    await store.close();
  });

  it("is told of a damaged file, which stays where it is", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "night.sqlite"), "no database\n".repeat(400));
    await expect(look(folder)).rejects.toThrow("night.sqlite is damaged");
    expect(readdirSync(folder)).toEqual(["night.sqlite"]);
  });
});

describe("a store that cannot be used", () => {
  it("keeps a damaged file aside, whole, says where, and goes on with a new one", async () => {
    const folder = scratch();
    const damaged = Buffer.from("this was a database once, and somebody wrote over it\n".repeat(100));
    writeFileSync(join(folder, "night.sqlite"), damaged);
    const store = await open(folder);
    expect(store.keptAside).toMatch(/night\.sqlite\.damaged-2026-03-02T/);
    expect(readFileSync(store.keptAside ?? "").equals(damaged)).toBe(true);
    await night(store, "run-1", START, "Gi1/0/1");
    expect(await store.incidents({})).toHaveLength(1);
    await store.close();
    const reopened = await open(folder);
    expect(reopened.keptAside).toBeUndefined();
    await reopened.close();
  });

  it("notices a page that was torn in the middle of a file", async () => {
    const folder = scratch();
    const store = await open(folder);
    for (let run = 0; run < 30; run += 1) await night(store, `run-${run}`, START + run, `Gi1/0/${run}`);
    await store.close();
    const bytes = readFileSync(join(folder, "night.sqlite"));
    bytes.fill(0xff, 4096, Math.min(bytes.length, 12 * 4096));
    writeFileSync(join(folder, "night.sqlite"), bytes);
    const again = await open(folder);
    expect(again.keptAside).toBeDefined();
    expect(readdirSync(folder).some((name) => name.includes("damaged"))).toBe(true);
    await again.close();
  });

  it.each([
    ["mysql://root@db/x", "is no address of a PostgreSQL database"],
    ["postgres://user:geheim@[bad/x", "cannot be read as an address"],
    ["postgres://user:geheim@127.0.0.1:1/x", "cannot be reached (ECONNREFUSED)"],
  ])("%s: says what to do and never quotes the password", async (url, message) => {
    const error = await open(scratch(), url).catch((cause: unknown) => cause);
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain("geheim");
    expect((error as { hint: string }).hint).toContain(
      url.startsWith("postgres://user:geheim@127") ? "SITEWRIGHT_STORE_URL" : "postgres://",
    );
  });
});
