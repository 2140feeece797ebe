import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bringAuditLog } from "../../../src/deploy/audit/bring-log.ts";
import { allEntries } from "../../../src/deploy/audit/chain.ts";
import { fileAudit } from "../../../src/deploy/audit/file-audit.ts";
import { sqlAudit } from "../../../src/deploy/audit/sql-audit.ts";
import { verifyLog } from "../../../src/deploy/audit/verify-log.ts";
import type { Settings } from "../../../src/deploy/settings.ts";
import { fileLocks } from "../../../src/deploy/stores/locks.ts";
import { type SharedDatabase, sharedDatabase } from "../../../src/deploy/stores/shared.ts";
import { sharedAddress } from "../../../src/deploy/stores/sql/address.ts";
import type { AuditStore } from "../../../src/deploy/stores/types.ts";
import { HAS_POSTGRES, type PostgresServer, sql, startPostgres } from "../../drift/store/postgres-server.ts";
import { type Key, newFolder, newKey, signersOf } from "../approval/people.ts";

const NOBODY = { known: false, why: "nobody", hint: "" } as const;
const SECRETS = {
  resolve: async () => {
    throw new Error("an address in clear needs no secret");
  },
};

describe.runIf(HAS_POSTGRES)("the audit log that machines share in a real PostgreSQL", () => {
  let server: PostgresServer;
  let url: string;
  const databases: SharedDatabase[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  beforeEach(async () => {
    url = await server.freshDatabase();
  });
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await server?.stop();
  });

  /** A machine with connections of its own; what it kept in files before is in `folder`. */
  const machine = (settings: NonNullable<Settings["audit"]> = {}, folder?: string): AuditStore => {
    const address = sharedAddress({ SITEWRIGHT_STORE_URL: url });
    if (address === undefined) throw new Error("no address");
    const database = sharedDatabase(address, SECRETS, async (opened) => {
      if (folder !== undefined) await bringAuditLog(folder, opened);
    });
    databases.push(database);
    return sqlAudit(database, settings);
  };
  const fill = async (store: AuditStore, who: string, count: number): Promise<void> => {
    for (let at = 1; at <= count; at += 1) await store.append({ what: "applied", who, note: `push ${at}` });
  };
  const verify = (store: AuditStore, request: Partial<Parameters<typeof verifyLog>[0]> = {}) =>
    verifyLog({ store, signers: NOBODY, kept: [], mustBeSigned: false, now: new Date(), ...request });
  const codes = async (store: AuditStore) =>
    (await verify(store)).problems.map(({ code, entry }) => `${code} ${entry ?? "-"}`);
  const files = (folder: string) => fileAudit({ folder, locks: fileLocks(join(folder, "locks")) });

  test("is one chain, although two machines write at once", async () => {
    const [one, other] = [machine(), machine()];
    await Promise.all([fill(one, "laptop", 12), fill(other, "runner", 12), fill(one, "laptop-2", 6)]);
    const entries = await allEntries(other);
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(await verify(one)).toMatchObject({ entries: 30, problems: [], head: { seq: 30 } });
  });

  test.each([
    [
      "an edited entry",
      "UPDATE audit_lines SET line = replace(line, 'push 2', 'push 9') WHERE place = 2",
      "AUDIT-EDITED 2",
    ],
    ["an entry taken out", "DELETE FROM audit_lines WHERE place = 2", "AUDIT-GAP 3"],
    ["an end cut off", "DELETE FROM audit_lines WHERE place > 2", "AUDIT-TRUNCATED 4"],
    ["a row that is no entry", "UPDATE audit_lines SET line = '{' WHERE place = 4", "AUDIT-TORN -"],
    ["a lost head", "DELETE FROM audit_heads", "AUDIT-HEAD -"],
  ])("shows %s, and goes on showing it after the next entry", async (_title, statement, code) => {
    const store = machine();
    await fill(store, "sam", 4);
    await sql(url, statement);
    expect(await codes(store)).toContain(code);
    await fill(store, "sam", 1);
    const after = (await verify(store)).problems.length;
    // A head that was lost comes again with the next entry, and nothing of the log is missing.
    expect(after > 0).toBe(code !== "AUDIT-HEAD -");
  });

  test("keeps the head of whoever wrote last, signed by that machine; a head kept apart finds both cut short", async () => {
    const [first, second]: Key[] = [newKey("nms-1"), newKey("nms-2")];
    if (first === undefined || second === undefined) throw new Error("no keys");
    const anchor = join(newFolder(), "heads");
    const [one, other] = [machine({ key: first.file, as: "nms-1" }), machine({ key: second.file, anchor })];
    await fill(one, "sam", 2);
    await fill(other, "jane", 2);
    const list = [`nms-1 ${first.public}`, `nms-2 namespaces="sitewright-audit" ${second.public}`];
    const signers = signersOf(...list);
    expect(await verify(one, { signers, mustBeSigned: true })).toMatchObject({
      headState: "signed",
      signedBy: "nms-2",
      problems: [],
    });
    const heads = readFileSync(anchor, "utf8").trimEnd().split("\n");
    const kept = [{ ...JSON.parse(heads.at(-1) ?? ""), whose: "the anchor" }];
    await sql(url, "DELETE FROM audit_lines WHERE place > 3");
    await sql(url, "DELETE FROM audit_heads");
    expect((await verify(one, { signers, kept })).problems).toMatchObject([
      { code: "AUDIT-HEAD" },
      { code: "AUDIT-TRUNCATED" },
    ]);
  });

  test("takes logs of files along, each as it stands, and fixes where it ended", async () => {
    const [laptop, runner] = [newFolder(), newFolder()];
    await fill(files(laptop), "laptop", 3);
    await fill(files(runner), "runner", 2);
    const one = machine({}, laptop);
    await fill(one, "sam", 1);
    const other = machine({}, runner);
    expect(await verify(other)).toMatchObject({ problems: [], entries: 8 });
    expect((await allEntries(other)).map(({ who }) => who).filter((who) => who === "laptop")).toHaveLength(3);
    // Again, and from a second process: nothing is taken twice.
    expect(await verify(machine({}, laptop))).toMatchObject({ entries: 8 });
    const cut = "DELETE FROM audit_lines WHERE chain <> '' AND line LIKE '%laptop%' AND line LIKE '%push 3%'";
    await sql(url, cut);
    const told = await verify(other);
    expect(told.problems.map(({ code }) => code)).toContain("AUDIT-TRUNCATED");
    expect(told.problems[0]?.message).toMatch(/^the log of \S+-[0-9a-f]{12}: /);
  });

  test("takes what was added to a file since along too, and no half line", async () => {
    const laptop = newFolder();
    await fill(files(laptop), "laptop", 2);
    await machine({}, laptop).lines();
    await fill(files(laptop), "laptop", 1);
    appendFileSync(join(laptop, "log.jsonl"), '{"at":"2026');
    const again = machine({}, laptop);
    expect(await verify(again)).toMatchObject({ problems: [], entries: 5 });
    expect((await again.lines()).length, "said twice where it ended").toBe(2);
    await sql(url, "DELETE FROM audit_lines WHERE chain = ''");
    expect(await codes(again)).toContain("AUDIT-GAP -");
  });

  test("a log of files that was broken stays broken", async () => {
    const laptop = newFolder();
    await fill(files(laptop), "laptop", 3);
    const log = join(laptop, "log.jsonl");
    const text = readFileSync(log, "utf8").replace("push 2", "push 7");
    appendFileSync(log, "", { flag: "w" });
    appendFileSync(log, text);
    expect(await codes(machine({}, laptop))).toEqual(["AUDIT-EDITED 2"]);
  });
});
