import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeIdentity } from "../../../src/deploy/age.ts";
import { fingerprintWith } from "../../../src/deploy/fingerprint.ts";
import { bringFiles } from "../../../src/deploy/stores/bring-files.ts";
import { fileNameOf } from "../../../src/deploy/stores/jsonl.ts";
import { LockedError, ourselves } from "../../../src/deploy/stores/locks.ts";
import { openFileStores, openSharedStores } from "../../../src/deploy/stores/open-stores.ts";
import { type SharedDatabase, sharedDatabase } from "../../../src/deploy/stores/shared.ts";
import { sharedAddress } from "../../../src/deploy/stores/sql/address.ts";
import type {
  Approval,
  JournalEntry,
  LockHolder,
  Receipt,
  Stores,
} from "../../../src/deploy/stores/types.ts";
import { HAS_POSTGRES, type PostgresServer, sql, startPostgres } from "../../drift/store/postgres-server.ts";
import { newWorkspace } from "../workspace-fixture.ts";

const fingerprint = fingerprintWith("a key of the tests, long enough");
const ASSET = "LH-SW-0012";
const AT = "2026-03-01T00:00:00Z";
const SENDER: LockHolder = { host: "nms-1", pid: 4711, started: "1", user: "li.wei", since: AT };

/** Two openings of the same stores, as two machines (or two processes, where it is files) have them. */
interface Pair {
  readonly one: Stores;
  readonly other: Stores;
  /** Leaves what a writer leaves that is killed in the middle of a line. */
  tear(log: "receipts" | "journal", item: string): Promise<void>;
  /** Spoils the last line. */
  spoil(log: "receipts", item: string): Promise<void>;
  /** Spoils a redacted text, or a plan. */
  spoilBytes(shelf: "redacted" | "plans", name: string): Promise<void>;
  /** What lies on a shelf under a name, and what was set aside there. */
  bytes(shelf: "restorable" | "sealed", name: string): Promise<Buffer>;
  aside(shelf: "redacted" | "plans", name: string): Promise<string>;
  /** Writes a lock as somebody else would have. */
  placeLock(name: string, holder: LockHolder): Promise<void>;
}

const receipt = (id: string, change: Partial<Receipt> = {}): Receipt => ({
  schemaVersion: 1,
  id,
  asset: ASSET,
  device: "lanhai/hq/sw-1f",
  site: "lanhai/hq",
  platform: "vrp",
  at: AT,
  operator: "li.wei",
  plan: undefined,
  intendedDigest: "sha256:00",
  snapshot: "hmac-sha256:00",
  archived: "sha256:00",
  commands: 3,
  hostname: "sw-1f",
  address: "10.1.99.12",
  secretVersions: {},
  ...change,
});
const ids = (receipts: readonly Receipt[]) => receipts.map(({ id }) => id);
const hexOf = (digest: string) => digest.split(":")[1] ?? "";
const begins = (push: string, asset = ASSET): JournalEntry => ({
  kind: "push",
  push,
  asset,
  device: "lanhai/hq/sw-1f",
  at: AT,
  operator: "li.wei",
  plan: undefined,
  holder: SENDER,
});
const step = (push: string, kind: "begin" | "end", name: "arm" | "send"): JournalEntry => ({
  kind,
  push,
  asset: ASSET,
  at: AT,
  step: name,
});

function contract(name: string, openPair: (recipients: readonly string[]) => Promise<Pair>) {
  describe(name, () => {
    let pair: Pair;
    let one: Stores;
    let other: Stores;
    let identity: string;
    beforeEach(async () => {
      const keys = await makeIdentity();
      identity = keys.identity;
      pair = await openPair([keys.recipient]);
      ({ one, other } = pair);
    });

    describe("receipts", () => {
      it("are only ever appended, and the last one counts, whoever wrote it", async () => {
        await one.receipts.append(receipt("one"));
        await other.receipts.append(receipt("two"));
        expect((await one.receipts.last(ASSET))?.id).toBe("two");
        expect(ids(await other.receipts.all(ASSET))).toEqual(["one", "two"]);
        expect(await one.receipts.last("never seen")).toBeUndefined();
      });

      it("of a released device are readable and no longer count", async () => {
        await one.receipts.append(receipt("one"));
        await other.receipts.release(ASSET, AT, "li.wei");
        expect(await one.receipts.last(ASSET)).toBeUndefined();
        expect(await one.receipts.ofSite("lanhai/hq")).toEqual([]);
        expect(await one.receipts.all(ASSET)).toHaveLength(1);
      });

      it("are listed by site where the last one names it, by device", async () => {
        await one.receipts.append(receipt("b", { asset: "B", device: "lanhai/hq/b" }));
        await one.receipts.append(receipt("a", { asset: "A", device: "lanhai/hq/a" }));
        await one.receipts.append(receipt("moved", { asset: "M", device: "lanhai/hq/m" }));
        await one.receipts.append(receipt("away", { asset: "M", device: "lanhai/wh/m", site: "lanhai/wh" }));
        expect(ids(await other.receipts.ofSite("lanhai/hq"))).toEqual(["a", "b"]);
      });

      it("of two writers at once are all kept", async () => {
        const numbers = Array.from({ length: 24 }, (_, index) => `r-${index}`);
        await Promise.all(
          numbers.map((id, index) => (index % 2 === 0 ? one : other).receipts.append(receipt(id))),
        );
        expect(ids(await one.receipts.all(ASSET)).sort()).toEqual([...numbers].sort());
      });

      it("survive one that a killed process left half written", async () => {
        await one.receipts.append(receipt("one"));
        await pair.tear("receipts", ASSET);
        expect((await other.receipts.last(ASSET))?.id).toBe("one");
        await other.receipts.append(receipt("three"));
        expect(ids(await one.receipts.all(ASSET))).toEqual(["one", "three"]);
      });

      it("that are damaged are named and left where they are; the one before counts", async () => {
        await one.receipts.append(receipt("one"));
        await one.receipts.append(receipt("two"));
        expect(await one.damaged()).toEqual([]);
        await pair.spoil("receipts", ASSET);
        expect((await other.receipts.last(ASSET))?.id).toBe("one");
        expect(ids(await other.receipts.ofSite("lanhai/hq"))).toEqual(["one"]);
        expect(await other.damaged()).toEqual([expect.stringMatching(/receipts.*LH-SW-0012/)]);
        await one.receipts.append(receipt("three"));
        expect(ids(await one.receipts.all(ASSET))).toEqual(["one", "three"]);
        expect(await other.damaged()).toHaveLength(1);
      });

      it("keep odd names of assets apart", async () => {
        const odd = ["../../etc/x", "a'; DROP TABLE store_lines; --", "机柜 ?1", "A", "a"];
        for (const asset of odd) await one.receipts.append(receipt(asset, { asset, device: asset }));
        expect((await other.receipts.ofSite("lanhai/hq")).map(({ asset }) => asset).sort()).toEqual(
          [...odd].sort(),
        );
      });
    });

    describe("the archive", () => {
      const put = { asset: "A", device: "c/s/d", at: AT } as const;

      it("gives the redacted text to all, the full one to the holder of the identity only", async () => {
        const text = "password geheim\n".repeat(50);
        const entry = await one.archive.put({ ...put, why: "before-push", text, redacted: "password *" });
        expect(entry.restorable).toBe(true);
        expect(await other.archive.redacted(entry.redacted)).toBe("password *");
        expect(await other.archive.restore(entry.snapshot, identity)).toBe(text);
        await expect(
          other.archive.restore(entry.snapshot, (await makeIdentity()).identity),
        ).rejects.toThrow();
        expect((await pair.bytes("restorable", hexOf(entry.snapshot))).includes("geheim")).toBe(false);
        expect(await other.archive.redacted(`sha256:${"0".repeat(64)}`)).toBeUndefined();
      });

      it("names a damaged text, sets it aside, and keeps it anew at the next reading", async () => {
        const text = { text: "hostname a", redacted: "hostname a" };
        const { redacted } = await one.archive.put({ ...put, ...text, why: "read" });
        await pair.spoilBytes("redacted", hexOf(redacted));
        await expect(other.archive.redacted(redacted)).rejects.toThrow(
          /redacted.* is damaged; it was set aside as .*\. Restore that .* from your backup/,
        );
        expect(await pair.aside("redacted", hexOf(redacted))).toBe("not what was written");
        expect(await one.archive.redacted(redacted)).toBeUndefined();
        await one.archive.put({ ...put, ...text, why: "read" });
        expect(await other.archive.redacted(redacted)).toBe("hostname a");
      });

      it("lists what is kept of every asset, oldest first", async () => {
        await one.archive.put({ ...put, asset: "B", text: "b", redacted: "b", why: "read" });
        await other.archive.put({ ...put, text: "a", redacted: "a", why: "read" });
        await one.archive.put({ ...put, text: "c", redacted: "c", why: "after-push" });
        const all = (await other.archive.all()).map(({ asset, why }) => [asset, why]);
        expect(all).toEqual([
          ["A", "read"],
          ["A", "after-push"],
          ["B", "read"],
        ]);
        expect((await one.archive.last("A"))?.why).toBe("after-push");
      });

      it("adds no line for a reading that found what was known, on whichever machine", async () => {
        const text = { text: "a", redacted: "a" };
        await one.archive.put({ ...put, ...text, why: "after-push" });
        await other.archive.put({ ...put, ...text, why: "read" });
        await other.archive.put({ ...put, text: "b", redacted: "b", why: "read" });
        expect((await one.archive.entries("A")).map((entry) => entry.why)).toEqual(["after-push", "read"]);
      });
    });

    describe("the journal", () => {
      it("tells of an open push which step was begun, to every machine, until it is over", async () => {
        await one.journal.append(begins("p1"));
        await one.journal.append(step("p1", "begin", "arm"));
        await one.journal.append(step("p1", "end", "arm"));
        await one.journal.append(step("p1", "begin", "send"));
        expect(await other.journal.open(ASSET)).toMatchObject({
          push: "p1",
          holder: SENDER,
          step: "send",
          stepEnded: false,
          begun: ["arm", "send"],
        });
        expect((await other.journal.allOpen()).map(({ push }) => push)).toEqual(["p1"]);
        await one.journal.append({ kind: "over", push: "p1", asset: ASSET, at: AT, result: "done" });
        expect(await other.journal.open(ASSET)).toBeUndefined();
        expect(await other.journal.allOpen()).toEqual([]);
      });

      it("half written: the step counts as not begun, and the next push stands alone", async () => {
        await one.journal.append(begins("p1"));
        await one.journal.append(step("p1", "begin", "arm"));
        await pair.tear("journal", ASSET);
        expect(await other.journal.open(ASSET)).toMatchObject({ push: "p1", step: "arm" });
        await other.journal.append({ kind: "over", push: "p1", asset: ASSET, at: AT, result: "rolled-back" });
        await other.journal.append(begins("p2"));
        expect(await one.journal.open(ASSET)).toMatchObject({ push: "p2", begun: [] });
        await one.journal.append(begins("p3", "another"));
        expect((await one.journal.allOpen()).map(({ push }) => push).sort()).toEqual(["p2", "p3"]);
      });

      it("keeps what undoing needs sealed, until the push is over", async () => {
        await one.journal.seal("p1", { running: "password geheim" });
        expect((await pair.bytes("sealed", "p1")).includes("geheim")).toBe(false);
        expect(await one.journal.unseal("p1")).toEqual({ running: "password geheim" });
        await one.journal.forget("p1");
        expect(await one.journal.unseal("p1")).toBeUndefined();
      });
    });

    describe("locks", () => {
      it("name their holder to the second who asks", async () => {
        const held = await one.locks.acquire(ASSET);
        await expect(other.locks.acquire(ASSET)).rejects.toThrow(LockedError);
        await expect(other.locks.acquire(ASSET)).rejects.toThrow(`pid ${process.pid} on ${hostname()}`);
        expect(await other.locks.list()).toMatchObject([{ name: ASSET, stale: false }]);
        await held.release();
        expect(await other.locks.holder(ASSET)).toBeUndefined();
        await (await other.locks.acquire(ASSET)).release();
      });

      it("go to one of many who ask at once", async () => {
        const asked = await Promise.allSettled(
          Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? one : other).locks.acquire(ASSET)),
        );
        const got = asked.filter(({ status }) => status === "fulfilled");
        const refused = asked.filter((ask) => ask.status === "rejected" && ask.reason instanceof LockedError);
        expect([got.length, refused.length]).toEqual([1, 15]);
      });

      it("of a process that is gone are taken over, by one only", async () => {
        const held = await one.locks.acquire("x");
        await pair.placeLock("x", { ...held.holder, pid: 2 ** 22 + 1 });
        expect(await other.locks.list()).toMatchObject([{ name: "x", stale: true }]);
        const asked = await Promise.allSettled([one, other, one, other].map((s) => s.locks.acquire("x")));
        expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
        // What was taken over is no longer the first holder's to release.
        await held.release();
        expect((await one.locks.holder("x"))?.pid).toBe(process.pid);
      });

      it("of another machine are never taken, however old, and broken by a person who learns whose it was", async () => {
        await pair.placeLock("x", { ...ourselves(), host: "nms-2", pid: 1, since: "2020-01-01T00:00:00Z" });
        await expect(one.locks.acquire("x")).rejects.toThrow("pid 1 on nms-2 since 2020");
        expect(await one.locks.list()).toMatchObject([{ name: "x", stale: false }]);
        expect((await one.locks.break("x"))?.host).toBe("nms-2");
        await (await other.locks.acquire("x")).release();
        expect(await one.locks.break("x")).toBeUndefined();
      });
    });

    describe("approvals, plans and actions", () => {
      const approval = (plan: string, by: string): Approval => ({
        schemaVersion: 1,
        plan,
        site: plan === "sha256:p3" ? "lanhai/wh" : "lanhai/hq",
        by,
        at: AT,
        expires: "2026-03-02T00:00:00Z",
      });

      it("an approval given on one machine counts on the other, for its plan and its site", async () => {
        await one.approvals.append(approval("sha256:p1", "li.wei"));
        await other.approvals.append(approval("sha256:p1", "chen.jing"));
        await one.approvals.append(approval("sha256:p3", "li.wei"));
        expect((await one.approvals.forPlan("sha256:p1")).map(({ by }) => by)).toEqual([
          "li.wei",
          "chen.jing",
        ]);
        expect(await other.approvals.ofSite("lanhai/wh")).toEqual([approval("sha256:p3", "li.wei")]);
        expect(await other.approvals.forPlan("sha256:p2")).toEqual([]);
      });

      it("a plan is found by its digest, and a damaged one is named and set aside", async () => {
        await one.plans.put("sha256:p1", { devices: ["机房"] });
        expect(await other.plans.get("sha256:p1")).toEqual({ devices: ["机房"] });
        expect(await other.plans.get("sha256:p2")).toBeUndefined();
        await pair.spoilBytes("plans", "sha256:p1");
        await expect(other.plans.get("sha256:p1")).rejects.toThrow("is damaged; it was set aside as");
        expect(await pair.aside("plans", "sha256:p1")).toBe("not what was written");
      });

      it("an action that ran for one machine ran for all", async () => {
        const record = { name: "restart:cron", command: "systemctl restart cron", triggers: ["a"], at: AT };
        await one.actions.append("SRV-1", record);
        expect(await other.actions.all("SRV-1")).toEqual([record]);
        expect(await other.actions.all("SRV-2")).toEqual([]);
      });
    });
  });
}

contract("stores in files", async (recipients) => {
  const folder = newWorkspace();
  const open = () => openFileStores({ folder, fingerprint, recipients });
  const log = (name: string, item: string) => join(folder, name, `${fileNameOf(item)}.jsonl`);
  const shelf = (name: string, item: string) => {
    if (name === "plans") return join(folder, "plans", `${fileNameOf(item)}.json`);
    if (name === "sealed") return join(folder, "journal", "sealed", `${item}.age`);
    const ending = name === "redacted" ? ".txt.gz" : ".txt.gz.age";
    return join(folder, "archive", name, item.slice(0, 2), `${item}${ending}`);
  };
  return {
    one: open(),
    other: open(),
    async tear(name, item) {
      appendFileSync(log(name, item), '{"schemaVersion":1,"kind":"beg');
    },
    async spoil(name, item) {
      const lines = readFileSync(log(name, item), "utf8").split("\n");
      writeFileSync(log(name, item), [...lines.slice(0, -2), '{"schemaVersion":#', ""].join("\n"));
    },
    async spoilBytes(name, item) {
      writeFileSync(shelf(name, item), "not what was written");
    },
    bytes: async (name, item) => readFileSync(shelf(name, item)),
    aside: async (name, item) => readFileSync(`${shelf(name, item)}.damaged`, "utf8"),
    async placeLock(name, holder) {
      mkdirSync(join(folder, "locks"), { recursive: true });
      writeFileSync(join(folder, "locks", `${fileNameOf(name)}.lock`), JSON.stringify(holder));
    },
  };
});

describe.runIf(HAS_POSTGRES)("with a real PostgreSQL", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    await Promise.all(databases.splice(0).map((database) => database.close()));
  });
  afterAll(() => server?.stop());

  const databases: SharedDatabase[] = [];
  const openOn = (
    url: string,
    recipients: readonly string[] = [],
    journalKey?: string,
    folder = newWorkspace(),
    key = fingerprint,
  ): Stores => {
    const address = sharedAddress({ SITEWRIGHT_STORE_URL: url });
    if (address === undefined) throw new Error("no address");
    const secrets = {
      resolve: async () => {
        throw new Error("an address in clear needs no secret");
      },
    };
    const database = sharedDatabase(address, secrets, (opened) => bringFiles(folder, opened));
    databases.push(database);
    return openSharedStores(database, {
      folder,
      fingerprint: key,
      recipients,
      ...(journalKey === undefined ? {} : { journalKey }),
    });
  };

  contract("stores in PostgreSQL", async (recipients) => {
    const url = await server.freshDatabase();
    const [one, other] = [openOn(url, recipients), openOn(url, recipients)];
    await one.check();
    return {
      one,
      other,
      async tear(name, item) {
        // The writer's connection dies between its line and its commit.
        await sql(
          url,
          `DO $$ BEGIN
             INSERT INTO store_lines (log, item, opens, document) VALUES ('${name}', '${item}', 1, '{}');
             PERFORM pg_terminate_backend(pg_backend_pid());
           END $$`,
        ).then(
          () => {
            throw new Error("the connection lives");
          },
          () => undefined,
        );
      },
      async spoil(name, item) {
        await sql(
          url,
          `UPDATE store_lines SET document = '{"schemaVersion":#'
           WHERE seq = (SELECT max(seq) FROM store_lines WHERE log = $1 AND item = $2)`,
          [name, item],
        );
      },
      async spoilBytes(name, item) {
        await sql(url, "UPDATE store_bytes SET data = $3 WHERE shelf = $1 AND name = $2", [
          name,
          item,
          Buffer.from("not what was written"),
        ]);
      },
      async bytes(name, item) {
        const rows = await sql(url, "SELECT data FROM store_bytes WHERE shelf = $1 AND name = $2", [
          name,
          item,
        ]);
        return rows[0]?.data as Buffer;
      },
      async aside(name, item) {
        const rows = await sql(url, "SELECT data FROM store_damaged WHERE shelf = $1 AND name = $2", [
          name,
          item,
        ]);
        return String(rows[0]?.data);
      },
      async placeLock(name, holder) {
        await sql(
          url,
          `INSERT INTO store_locks (name, token, document) VALUES ($1, 'theirs', $2)
           ON CONFLICT (name) DO UPDATE SET token = excluded.token, document = excluded.document`,
          [name, JSON.stringify(holder)],
        );
      },
    };
  });

  it("a lock of another machine with our name and a number of a process that is free here is not ours to take", async () => {
    const url = await server.freshDatabase();
    const stores = openOn(url);
    const held = await stores.locks.acquire("x");
    const twin = { ...held.holder, pid: 2 ** 22 + 1, machine: "another boot pid:[1]" };
    await sql(url, "UPDATE store_locks SET document = $1, token = 'theirs'", [JSON.stringify(twin)]);
    await expect(stores.locks.acquire("x")).rejects.toThrow(LockedError);
    await sql(url, "UPDATE store_locks SET document = 'spoilt'");
    await expect(stores.locks.acquire("x")).rejects.toThrow("locked by somebody, pid 0 on another machine");
  });

  it("what a push needs to be undone opens only with the key of the machine that sealed it", async () => {
    const url = await server.freshDatabase();
    const { identity } = await makeIdentity();
    const [one, other, shared] = [openOn(url, [], identity), openOn(url), openOn(url, [], identity)];
    await one.journal.seal("p1", { running: "x" });
    await expect(other.journal.unseal("p1")).rejects.toThrow("resume on the machine that began it");
    expect(await shared.journal.unseal("p1")).toEqual({ running: "x" });
  });

  it("what a machine kept in files before is taken along once, and what others know already is left alone", async () => {
    const url = await server.freshDatabase();
    const folder = newWorkspace();
    const { identity, recipient } = await makeIdentity();
    const files = openFileStores({ folder, fingerprint, recipients: [recipient] });
    await files.receipts.append(receipt("one"));
    await files.receipts.append(receipt("two"));
    await files.receipts.append(receipt("gone", { asset: "G" }));
    await files.receipts.release("G", AT, "li.wei");
    await files.receipts.append(receipt("old", { asset: "K" }));
    const text = { asset: "A", device: "c/s/d", at: AT, why: "read", text: "full", redacted: "red" } as const;
    const entry = await files.archive.put(text);
    const approved = {
      schemaVersion: 1,
      plan: "sha256:p",
      site: "s",
      by: "li.wei",
      at: AT,
      expires: AT,
    } as const;
    await files.approvals.append(approved);
    await files.plans.put("sha256:p", { devices: [] });
    await openOn(url).receipts.append(receipt("new", { asset: "K" }));

    const moved = openOn(url, [], undefined, folder);
    expect(ids(await moved.receipts.all(ASSET))).toEqual(["one", "two"]);
    expect(await moved.receipts.last("G")).toBeUndefined();
    expect((await moved.receipts.last("K"))?.id).toBe("new");
    const elsewhere = openOn(url);
    expect(await elsewhere.archive.entries("A")).toEqual([entry]);
    expect(await elsewhere.archive.redacted(entry.redacted)).toBe("red");
    expect(await elsewhere.archive.restore(entry.snapshot, identity)).toBe("full");
    expect(await elsewhere.approvals.forPlan("sha256:p")).toEqual([approved]);
    expect(await elsewhere.plans.get("sha256:p")).toEqual({ devices: [] });
    expect(ids(await openOn(url, [], undefined, folder).receipts.all(ASSET))).toEqual(["one", "two"]);
    expect(ids(await files.receipts.all(ASSET))).toEqual(["one", "two"]);
  });

  it("a machine with another fingerprint key is told so, and sets no good text aside", async () => {
    const url = await server.freshDatabase();
    const { identity, recipient } = await makeIdentity();
    const one = openOn(url, [recipient]);
    const other = openOn(
      url,
      [],
      undefined,
      newWorkspace(),
      fingerprintWith("quite another key of the tests"),
    );
    const text = { asset: "A", device: "c/s/d", at: AT, why: "read", text: "full", redacted: "red" } as const;
    const { snapshot } = await one.archive.put(text);
    await expect(other.archive.restore(snapshot, identity)).rejects.toThrow("set SITEWRIGHT_FINGERPRINT_KEY");
    expect(await one.archive.restore(snapshot, identity)).toBe("full");
  });

  it("a push that is not settled in files is settled there first", async () => {
    const url = await server.freshDatabase();
    const folder = newWorkspace();
    const files = openFileStores({ folder, fingerprint, recipients: [] });
    await files.receipts.append(receipt("one"));
    await files.journal.append(begins("p1"));
    await expect(openOn(url, [], undefined, folder).receipts.last(ASSET)).rejects.toMatchObject({
      message: expect.stringContaining("lanhai/hq/sw-1f"),
      hint: expect.stringContaining("sitewright resume"),
    });
    await files.journal.append({ kind: "over", push: "p1", asset: ASSET, at: AT, result: "done" });
    expect((await openOn(url, [], undefined, folder).receipts.last(ASSET))?.id).toBe("one");
  });

  it("a server that goes away in the middle fails the step, and one that is back is used again", async () => {
    const url = await server.freshDatabase();
    const stores = openOn(url);
    await stores.journal.append(begins("p1"));
    await sql(
      url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sitewright' AND datname = current_database()",
    );
    const tried = await stores.journal.append(step("p1", "begin", "arm")).catch((error: unknown) => error);
    if (tried !== undefined) expect(String(tried)).toMatch(/^StoreError: PostgreSQL .* failed: /);
    await stores.journal.append(step("p1", "begin", "send"));
    expect(await stores.journal.open(ASSET)).toMatchObject({ step: "send" });
  });

  it.each([
    ["9", "has tables of version 9; this Sitewright knows 1", "use the newer Sitewright"],
    ["0", "has tables of version 0; this Sitewright knows 1", "go on with the older Sitewright"],
  ])("tables of version %s are left alone", async (version, message, hint) => {
    const url = await server.freshDatabase();
    await openOn(url).check();
    await sql(url, "UPDATE meta SET value = $1 WHERE name = 'stores'", [version]);
    await expect(openOn(url).receipts.last("x")).rejects.toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  it("a wrong password, no password and no database are told apart, without the password", async () => {
    const url = await server.freshDatabase();
    await sql(url, "CREATE ROLE guarded LOGIN PASSWORD 'right'");
    const refused = async (address: string) => {
      const error = await openOn(address)
        .check()
        .catch((cause: unknown) => cause);
      expect(error).toMatchObject({ name: "StoreError", hint: expect.any(String) });
      expect(`${String(error)} ${(error as { hint: string }).hint}`).not.toContain("geheim");
      return String(error);
    };
    expect(await refused(url.replace("sitewright@", "guarded:geheim@"))).toContain(
      "refuses the login (28P01)",
    );
    expect(await refused(url.replace("sitewright@", "guarded@"))).toContain("refuses the login (password)");
    expect(await refused(url.replace(/\/fresh\d+\?/, "/nowhere?"))).toContain("nowhere does not exist");
    expect(await refused(url.replace("sitewright@", "guarded:right@"))).toContain(
      "does not let us: permission denied for schema public",
    );
  });
});
