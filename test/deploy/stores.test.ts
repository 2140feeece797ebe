import { appendFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeIdentity } from "../../src/deploy/age.ts";
import { fingerprintWith } from "../../src/deploy/fingerprint.ts";
import { openFileStores } from "../../src/deploy/stores/files.ts";
import { fileNameOf } from "../../src/deploy/stores/jsonl.ts";
import { fileLocks, LockedError, ourselves } from "../../src/deploy/stores/locks.ts";
import type { Receipt } from "../../src/deploy/stores/types.ts";
import { newWorkspace } from "./workspace-fixture.ts";

const fingerprint = fingerprintWith("a key of the tests, long enough");
const open = (folder: string, recipients: readonly string[] = []) =>
  openFileStores({ folder, fingerprint, recipients });

const receipt = (id: string, change: Partial<Receipt> = {}): Receipt => ({
  schemaVersion: 1,
  id,
  asset: "LH-SW-0012",
  device: "lanhai/hq/sw-1f",
  site: "lanhai/hq",
  platform: "vrp",
  at: "2026-03-01T00:00:00Z",
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

describe("receipts", () => {
  test("are only ever appended, and the last one counts", async () => {
    const stores = open(newWorkspace());
    await stores.receipts.append(receipt("one"));
    await stores.receipts.append(receipt("two"));
    expect((await stores.receipts.last("LH-SW-0012"))?.id).toBe("two");
    expect((await stores.receipts.all("LH-SW-0012")).map((entry) => entry.id)).toEqual(["one", "two"]);
  });

  test("of a released device are readable and no longer count", async () => {
    const stores = open(newWorkspace());
    await stores.receipts.append(receipt("one"));
    await stores.receipts.release("LH-SW-0012", "2026-03-02T00:00:00Z", "li.wei");
    expect(await stores.receipts.last("LH-SW-0012")).toBeUndefined();
    expect(await stores.receipts.ofSite("lanhai/hq")).toEqual([]);
    expect(await stores.receipts.all("LH-SW-0012")).toHaveLength(1);
  });

  test("survive a line that a killed process left half written", async () => {
    const folder = newWorkspace();
    const stores = open(folder);
    await stores.receipts.append(receipt("one"));
    appendFileSync(
      join(folder, "receipts", `${fileNameOf("LH-SW-0012")}.jsonl`),
      '{"schemaVersion":1,"id":"tw',
    );
    expect((await stores.receipts.last("LH-SW-0012"))?.id).toBe("one");
    await stores.receipts.append(receipt("three"));
    expect((await stores.receipts.last("LH-SW-0012"))?.id).toBe("three");
  });

  test("of an asset whose name looks like a path stay in their folder", async () => {
    const folder = newWorkspace();
    const stores = open(folder);
    await stores.receipts.append(receipt("one", { asset: "../../etc/x" }));
    expect((await stores.receipts.ofSite("lanhai/hq")).map((entry) => entry.asset)).toEqual(["../../etc/x"]);
    expect(statSync(join(folder, "receipts", "%2E%2E%2F%2E%2E%2Fetc%2Fx.jsonl")).isFile()).toBe(true);
  });
});

describe("the archive", () => {
  const put = { asset: "A", device: "c/s/d", at: "2026-03-01T00:00:00Z" } as const;

  test("keeps the redacted text always, and no restorable one without recipients", async () => {
    const { archive } = open(newWorkspace());
    const entry = await archive.put({
      ...put,
      why: "read",
      text: "password x",
      redacted: "password [secret]",
    });
    expect(entry.restorable).toBe(false);
    expect(await archive.redacted(entry.redacted)).toBe("password [secret]");
  });

  test("gives the full text back to the holder of the identity only, and keeps none in clear", async () => {
    const folder = newWorkspace();
    const { identity, recipient } = await makeIdentity();
    const { archive } = open(folder, [recipient]);
    const entry = await archive.put({
      ...put,
      why: "before-push",
      text: "password geheim",
      redacted: "password *",
    });
    expect(await archive.restore(entry.snapshot, identity)).toBe("password geheim");
    await expect(archive.restore(entry.snapshot, (await makeIdentity()).identity)).rejects.toThrow();
    const hex = entry.snapshot.split(":")[1] ?? "";
    const sealed = join(folder, "archive", "restorable", hex.slice(0, 2), `${hex}.txt.gz.age`);
    expect(readFileSync(sealed).includes("geheim")).toBe(false);
  });

  test("names a damaged text, sets it aside, and keeps it anew at the next reading", async () => {
    const folder = newWorkspace();
    const { archive } = open(folder);
    const text = { text: "hostname a", redacted: "hostname a" };
    const entry = await archive.put({ ...put, ...text, why: "read" });
    const hex = entry.redacted.split(":")[1] ?? "";
    const file = join(folder, "archive", "redacted", hex.slice(0, 2), `${hex}.txt.gz`);
    writeFileSync(file, "not what was written");
    await expect(archive.redacted(entry.redacted)).rejects.toThrow(`${file} is damaged; it was set aside`);
    expect(readFileSync(`${file}.damaged`, "utf8")).toBe("not what was written");
    await archive.put({ ...put, ...text, why: "read" });
    expect(await archive.redacted(entry.redacted)).toBe("hostname a");
  });

  test("lists what is kept of every asset, oldest first", async () => {
    const { archive } = open(newWorkspace());
    await archive.put({ ...put, asset: "B", text: "b", redacted: "b", why: "read" });
    await archive.put({ ...put, text: "a", redacted: "a", why: "read" });
    await archive.put({ ...put, text: "c", redacted: "c", why: "read" });
    expect((await archive.all()).map(({ asset, redacted }) => [asset, redacted.length])).toEqual([
      ["A", 71],
      ["A", 71],
      ["B", 71],
    ]);
  });

  test("adds no line for a reading that found what was known", async () => {
    const { archive } = open(newWorkspace());
    const text = { text: "a", redacted: "a" };
    await archive.put({ ...put, ...text, why: "after-push" });
    await archive.put({ ...put, ...text, why: "read" });
    await archive.put({ ...put, text: "b", redacted: "b", why: "read" });
    expect((await archive.entries("A")).map((entry) => entry.why)).toEqual(["after-push", "read"]);
  });
});

describe("the journal", () => {
  test("keeps what undoing needs sealed, until the push is over", async () => {
    const folder = newWorkspace();
    const { journal } = open(folder);
    await journal.seal("p1", { running: "password geheim" });
    const sealed = readFileSync(join(folder, "journal", "sealed", "p1.age"));
    expect(sealed.includes("geheim")).toBe(false);
    expect(await open(folder).journal.unseal("p1")).toEqual({ running: "password geheim" });
    await journal.forget("p1");
    expect(await journal.unseal("p1")).toBeUndefined();
  });
});

describe("locks", () => {
  test("name their holder to the second who asks", async () => {
    const locks = fileLocks(newWorkspace());
    const held = await locks.acquire("LH-SW-0012");
    await expect(locks.acquire("LH-SW-0012")).rejects.toThrow(LockedError);
    await expect(locks.acquire("LH-SW-0012")).rejects.toThrow(`pid ${process.pid} on ${hostname()}`);
    await held.release();
    await (await locks.acquire("LH-SW-0012")).release();
  });

  test("of a process that is gone are taken over", async () => {
    const folder = newWorkspace();
    const locks = fileLocks(folder);
    const gone = { ...ourselves(), pid: 2 ** 22 + 1 };
    writeFileSync(join(folder, `${fileNameOf("x")}.lock`), JSON.stringify(gone));
    expect(await locks.list()).toMatchObject([{ name: "x", stale: true }]);
    const held = await locks.acquire("x");
    expect(held.holder.pid).toBe(process.pid);
  });

  test("of another machine are never taken, however old", async () => {
    const folder = newWorkspace();
    const locks = fileLocks(folder);
    const far = { ...ourselves(), host: "nms-2", pid: 1, since: "2020-01-01T00:00:00Z" };
    writeFileSync(join(folder, `${fileNameOf("x")}.lock`), JSON.stringify(far));
    await expect(locks.acquire("x")).rejects.toThrow("nms-2");
    expect((await locks.break("x"))?.host).toBe("nms-2");
    await (await locks.acquire("x")).release();
  });
});
