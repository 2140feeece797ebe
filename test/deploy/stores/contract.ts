import { hostname } from "node:os";
import { beforeEach, describe, expect, it } from "vitest";
import { makeIdentity } from "../../../src/deploy/age.ts";
import { fingerprintWith } from "../../../src/deploy/fingerprint.ts";
import { LockedError, ourselves } from "../../../src/deploy/stores/locks.ts";
import type {
  Approval,
  JournalEntry,
  LockHolder,
  Receipt,
  Stores,
} from "../../../src/deploy/stores/types.ts";

/** The key of both openings. */
export const fingerprint = fingerprintWith("a key of the tests, long enough");
/** The asset that most rules are about. */
export const ASSET = "LH-SW-0012";
/** A time that means nothing. */
export const AT = "2026-03-01T00:00:00Z";
const SENDER: LockHolder = { host: "nms-1", pid: 4711, started: "1", user: "li.wei", since: AT };

/** Two openings of the same stores, as two machines (or two processes, where it is files) have them. */
export interface Pair {
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

/** A receipt of that asset. */
export const receipt = (id: string, change: Partial<Receipt> = {}): Receipt => ({
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
/** What receipts are told apart by. */
export const ids = (receipts: readonly Receipt[]) => receipts.map(({ id }) => id);
const hexOf = (digest: string) => digest.split(":")[1] ?? "";
/** Begins a push in the journal. */
export const begins = (push: string, asset = ASSET): JournalEntry => ({
  kind: "push",
  push,
  asset,
  device: "lanhai/hq/sw-1f",
  at: AT,
  operator: "li.wei",
  plan: undefined,
  holder: SENDER,
});
/** A step of it. */
export const step = (push: string, kind: "begin" | "end", name: "arm" | "send"): JournalEntry => ({
  kind,
  push,
  asset: ASSET,
  at: AT,
  step: name,
});

/** The rules that stores hold wherever they are. @param openPair - opens empty stores, full texts for these recipients */
export function contract(name: string, openPair: (recipients: readonly string[]) => Promise<Pair>) {
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

      it("that one process takes twice in a millisecond are two: the first release leaves the second", async () => {
        const held = await one.locks.acquire("x");
        await pair.placeLock("x", held.holder);
        await held.release();
        expect(await other.locks.holder("x")).toEqual(held.holder);
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
