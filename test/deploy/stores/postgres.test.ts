import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { makeIdentity } from "../../../src/deploy/age.ts";
import { fingerprintWith } from "../../../src/deploy/fingerprint.ts";
import { bringFiles } from "../../../src/deploy/stores/bring-files.ts";
import { LockedError } from "../../../src/deploy/stores/locks.ts";
import { openFileStores, openSharedStores } from "../../../src/deploy/stores/open-stores.ts";
import { type SharedDatabase, sharedDatabase } from "../../../src/deploy/stores/shared.ts";
import { sharedAddress } from "../../../src/deploy/stores/sql/address.ts";
import type { Stores } from "../../../src/deploy/stores/types.ts";
import { HAS_POSTGRES, type PostgresServer, sql, startPostgres } from "../../drift/store/postgres-server.ts";
import { newWorkspace } from "../workspace-fixture.ts";
import { ASSET, AT, begins, contract, fingerprint, ids, receipt, step } from "./contract.ts";

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
