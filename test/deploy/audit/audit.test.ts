import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, test } from "vitest";
import { parseEntry } from "../../../src/deploy/audit/chain.ts";
import { fileAudit } from "../../../src/deploy/audit/file-audit.ts";
import type { AuditHead } from "../../../src/deploy/audit/types.ts";
import { verifyLog } from "../../../src/deploy/audit/verify-log.ts";
import type { Settings } from "../../../src/deploy/settings.ts";
import { fileLocks } from "../../../src/deploy/stores/locks.ts";
import type { AuditStore } from "../../../src/deploy/stores/types.ts";
import { type Key, newFolder, newKey, signersOf } from "../approval/people.ts";

const CHILD = fileURLToPath(new URL("append-child.ts", import.meta.url));
const NOBODY = { known: false, why: "nobody", hint: "" } as const;

let folder: string;
let log: string;
beforeEach(() => {
  folder = newFolder();
  log = join(folder, "audit", "log.jsonl");
});

const open = (settings: NonNullable<Settings["audit"]> = {}): AuditStore =>
  fileAudit({ folder: join(folder, "audit"), locks: fileLocks(join(folder, "locks")), ...settings });

/** A log of so many entries. */
async function filled(count: number, settings: NonNullable<Settings["audit"]> = {}): Promise<AuditStore> {
  const store = open(settings);
  for (let at = 1; at <= count; at += 1)
    await store.append({ what: "applied", who: "sam", site: "acme/hq", note: `push ${at}` });
  return store;
}

const lines = () => readFileSync(log, "utf8").trimEnd().split("\n");
const putLines = (all: readonly string[]) => writeFileSync(log, all.map((line) => `${line}\n`).join(""));

const verify = (store: AuditStore, request: Partial<Parameters<typeof verifyLog>[0]> = {}) =>
  verifyLog({ store, signers: NOBODY, kept: [], mustBeSigned: false, now: new Date(), ...request });
const codes = async (store: AuditStore) =>
  (await verify(store)).problems.map(({ code, entry }) => `${code} ${entry ?? "-"}`);

describe("the audit log", () => {
  test("is a chain: each entry names its number, the one before, who, what and when", async () => {
    const store = await filled(3);
    const entries = lines().map((line) => parseEntry(line));
    expect(entries).toMatchObject([
      { seq: 1 },
      { seq: 2 },
      { seq: 3, who: "sam", what: "applied", note: "push 3" },
    ]);
    expect(entries[2]?.prev).toBe(entries[1]?.hash);
    expect(await verify(store)).toMatchObject({ entries: 3, problems: [], headState: "unsigned" });
  });

  test("of a workspace that did nothing is empty and unbroken", async () => {
    expect(await verify(open())).toMatchObject({ entries: 0, problems: [], headState: "none" });
  });

  const edited = (all: string[], at: number, change: object): string[] =>
    all.map((line, index) => (index === at ? JSON.stringify({ ...JSON.parse(line), ...change }) : line));
  test.each<[string, (all: string[]) => string[], string[]]>([
    ["an edited entry", (all) => edited(all, 1, { who: "nobody" }), ["AUDIT-EDITED 2"]],
    ["an edited date", (all) => edited(all, 3, { at: "2020-01-01T00:00:00.000Z" }), ["AUDIT-EDITED 4"]],
    ["a removed entry", (all) => all.filter((_, index) => index !== 2), ["AUDIT-GAP 4"]],
    ["a removed beginning", (all) => all.slice(2), ["AUDIT-GAP 3"]],
    ["a truncated end", (all) => all.slice(0, 3), ["AUDIT-TRUNCATED 5"]],
    ["an emptied log", () => [], ["AUDIT-TRUNCATED 5"]],
    [
      "two entries in the other order",
      ([a = "", b = "", c = "", ...rest]) => [a, c, b, ...rest],
      ["AUDIT-GAP 3", "AUDIT-ORDER 2"],
    ],
    ["an entry twice", ([a = "", ...rest]) => [a, a, ...rest], ["AUDIT-ORDER 1"]],
    ["a line that is no entry", ([a = "", ...rest]) => [a, "so be it", ...rest], ["AUDIT-TORN -"]],
  ])("shows %s, by its number", async (_title, damage, expected) => {
    const store = await filled(5);
    putLines(damage(lines()));
    expect(await codes(store)).toEqual(expected);
  });

  test("shows an entry written anew with a hash that fits it, by the one that no longer follows", async () => {
    const store = await filled(4);
    const other = newFolder();
    const forger = fileAudit({ folder: other, locks: fileLocks(join(other, "locks")) });
    await forger.append({ what: "applied", who: "sam", site: "acme/hq", note: "push 1" });
    await forger.append({ what: "applied", who: "nobody" });
    const forged = readFileSync(join(other, "log.jsonl"), "utf8").split("\n")[1] ?? "";
    putLines(lines().map((line, index) => (index === 1 ? forged : line)));
    expect(await codes(store)).toEqual(["AUDIT-EDITED 2", "AUDIT-EDITED 3"]);
    putLines([...lines().slice(0, 1), forged]);
    expect(await codes(store)).toContain("AUDIT-TRUNCATED 4");
  });

  test("stays broken after the next entry: what was cut off is missing for ever", async () => {
    const store = await filled(5);
    putLines(lines().slice(0, 3));
    await store.append({ what: "approved", who: "jane" });
    expect(await codes(store)).toEqual(["AUDIT-GAP 6"]);
    putLines(lines().map((line, index) => (index === 3 ? line.replace("jane", "june") : line)));
    await store.append({ what: "approved", who: "jane" });
    expect(await codes(store)).toEqual(["AUDIT-EDITED 6"]);
  });

  test("cut short together with its head is found by a head that was kept apart", async () => {
    const store = await filled(3);
    const headFile = join(folder, "audit", "head.json");
    const old = readFileSync(headFile, "utf8");
    await store.append({ what: "released", who: "sam" });
    const kept = { ...(JSON.parse(readFileSync(headFile, "utf8")) as AuditHead), whose: "the share" };
    putLines(lines().slice(0, 3));
    writeFileSync(headFile, old);
    expect(await verify(store)).toMatchObject({
      problems: [],
      notes: [expect.anything(), expect.stringContaining("--head")],
    });
    const told = await verify(store, { kept: [kept] });
    expect(told.problems).toMatchObject([
      { code: "AUDIT-TRUNCATED", message: expect.stringContaining("the share") },
    ]);
  });

  test("keeps each head at its anchor", async () => {
    const anchor = join(folder, "elsewhere", "heads");
    const store = await filled(2, { anchor });
    const heads = readFileSync(anchor, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as AuditHead);
    expect(heads.map(({ seq }) => seq)).toEqual([1, 2]);
    const [first, last] = heads;
    if (first === undefined || last === undefined) throw new Error("the anchor is empty");
    const kept = [first, last].map((head) => ({ ...head, whose: "the anchor" }));
    expect((await verify(store, { kept })).problems).toEqual([]);
  });
});

describe("the head of the audit log", () => {
  let key: Key;
  const audit = () => ({ key: key.file, as: "nms-1" });
  beforeEach(() => {
    key = newKey("nms-1");
  });
  const trusting = (namespaces: string) => signersOf(`nms-1 namespaces="${namespaces}" ${key.public}`);

  test("is signed by the configured key, and the signature holds by the allowed signers", async () => {
    const store = await filled(2, audit());
    const signers = trusting("sitewright-audit");
    expect(await verify(store, { signers, mustBeSigned: true })).toMatchObject({
      headState: "signed",
      problems: [],
    });
  });

  test.each<[string, () => Parameters<typeof verifyLog>[0]["signers"]]>([
    [
      "nobody lists the key",
      () =>
        signersOf("nms-1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ],
    ["the key may only approve", () => trusting("sitewright-approval")],
    ["no list is known", () => NOBODY],
  ])("is wrong where %s", async (_title, signers) => {
    const told = await verify(await filled(1, audit()), { signers: signers(), mustBeSigned: true });
    expect(told).toMatchObject({ headState: "unproved", problems: [{ code: "AUDIT-HEAD" }] });
  });

  test("signed by a key without a name is told by the name that the list gives to the key", async () => {
    const store = await filled(2, { key: key.file });
    const signers = trusting("sitewright-audit");
    expect(await verify(store, { signers, mustBeSigned: true })).toMatchObject({
      headState: "signed",
      signedBy: "nms-1",
      problems: [],
    });
  });

  test("put in the place of another by hand is found by its signature", async () => {
    const store = await filled(3, audit());
    const headFile = join(folder, "audit", "head.json");
    const head = JSON.parse(readFileSync(headFile, "utf8")) as AuditHead;
    const second = parseEntry(lines()[1] ?? "");
    putLines(lines().slice(0, 2));
    writeFileSync(headFile, JSON.stringify({ ...head, seq: 2, hash: second?.hash }));
    const told = await verify(store, { signers: trusting("sitewright-audit"), mustBeSigned: true });
    expect(told.problems).toMatchObject([
      { code: "AUDIT-HEAD", message: expect.stringContaining("does not hold") },
    ]);
  });

  test("without a signature is wrong only where a key is configured; a key that is gone loses no entry", async () => {
    const store = await filled(1, { key: join(folder, "gone"), as: "nms-1" });
    expect(lines()).toHaveLength(1);
    expect(await verify(store, { mustBeSigned: true })).toMatchObject({ problems: [{ code: "AUDIT-HEAD" }] });
    expect(await verify(store)).toMatchObject({ headState: "unsigned", problems: [] });
  });

  test("that is lost is missed", async () => {
    const store = await filled(2);
    writeFileSync(join(folder, "audit", "head.json"), "{");
    expect(await codes(store)).toEqual(["AUDIT-HEAD -"]);
  });
});

describe("a writer that dies, and two at once", () => {
  test("half a last line is kept aside and the log goes on", async () => {
    const store = await filled(2);
    appendFileSync(log, '{"at":"2026-03-07T15:0');
    await store.append({ what: "approved", who: "jane" });
    expect(await codes(store)).toEqual([]);
    expect(lines()).toHaveLength(3);
    const aside = readdirSync(join(folder, "audit")).find((name) => name.startsWith("log.jsonl.torn-"));
    expect(readFileSync(join(folder, "audit", aside ?? ""), "utf8")).toBe('{"at":"2026-03-07T15:0');
  });

  test("a whole last entry without its newline stays in the log", async () => {
    const store = await filled(2);
    writeFileSync(log, readFileSync(log, "utf8").trimEnd());
    await store.append({ what: "approved", who: "jane" });
    expect(lines()).toHaveLength(3);
    expect(await codes(store)).toEqual([]);
  });

  test("an entry whose head was never written is followed by the next", async () => {
    const store = await filled(2);
    const headFile = join(folder, "audit", "head.json");
    const head = readFileSync(headFile, "utf8");
    await store.append({ what: "approved", who: "jane" });
    writeFileSync(headFile, head);
    await store.append({ what: "approved", who: "ann" });
    expect(await codes(store)).toEqual([]);
    expect(lines()).toHaveLength(4);
  });

  test("three processes at once write one chain", async () => {
    const each = 8;
    const children = ["a", "b", "c"].map(
      (name) =>
        new Promise<number | null>((resolve) => {
          spawn(process.execPath, [CHILD, folder, name, String(each)], { stdio: "inherit" }).on(
            "close",
            resolve,
          );
        }),
    );
    expect(await Promise.all(children)).toEqual([0, 0, 0]);
    const entries = lines().map((line) => parseEntry(line));
    expect(entries).toHaveLength(3 * each);
    for (const name of ["a", "b", "c"])
      expect(entries.filter((entry) => entry?.who === name).map((entry) => entry?.note)).toEqual(
        Array.from({ length: each }, (_, at) => `push ${at}`),
      );
    expect(await codes(open())).toEqual([]);
    expect(existsSync(join(folder, "locks", "audit-log.lock"))).toBe(false);
  }, 60_000);
});
