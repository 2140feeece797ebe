import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "./atomic.ts";
import { openPushOf } from "./journal.ts";
import type { Bytes, Log } from "./shelf.ts";
import { fileShelves, sqlShelves } from "./shelves.ts";
import { type SqlDatabase, StoreError } from "./sql/sql.ts";
import type { Shelves } from "./stores-in.ts";

/** Says that a folder's files were brought, and into which database. */
const MARK = "shared.json";

/** Takes what a workspace kept in files along into a database, once, whole or not at all. What the database knows of an
 *  asset already is left alone; the files stay.
 *  @throws StoreError where a push of the files is not settled */
export async function bringFiles(folder: string, database: SqlDatabase): Promise<void> {
  const mark = join(folder, MARK);
  const isEmpty = !["receipts", "archive", "approvals.jsonl", "actions"].some((name) =>
    existsSync(join(folder, name)),
  );
  if (isEmpty || existsSync(mark)) return;
  const files = fileShelves(folder);
  await refuseOpenPushes(files);
  await database.transaction(async (session) => {
    // All of it in the one transaction that is open.
    const within = sqlShelves({ run: session.run, transaction: (work) => work(session) });
    await bringLog(files.receipts, within.receipts, true);
    await bringLog(files.archive, within.archive, true);
    await bringLog(files.approvals, within.approvals, false);
    await bringLog(files.actions, within.actions, false);
    await bringTexts(files, within);
  });
  await writeAtomic(mark, `${JSON.stringify({ broughtInto: database.place })}\n`);
}

async function refuseOpenPushes(files: Shelves): Promise<void> {
  const open = [...(await files.journal.readAll("opening")).values()].map(openPushOf);
  const devices = open.flatMap((push) => (push === undefined ? [] : [push.device]));
  if (devices.length === 0) return;
  throw new StoreError(
    `a push that this machine began is not settled: ${devices.join(", ")}`,
    "unset SITEWRIGHT_STORE_URL and type: sitewright resume; then set it again",
  );
}

async function bringLog<T>(from: Log<T>, to: Log<T>, opens: boolean): Promise<void> {
  for (const [item, lines] of await from.readAll("start")) {
    if ((await to.read(item, "start")).length > 0) continue;
    for (const line of lines) await to.append(item, line, opens);
  }
}

/** The texts that the archive names, and the plans that were approved. */
async function bringTexts(files: Shelves, within: Shelves): Promise<void> {
  const entries = [...(await files.archive.readAll("start")).values()].flat();
  const approvals = [...(await files.approvals.readAll("start")).values()].flat();
  const hex = (digest: string) => digest.slice(digest.indexOf(":") + 1);
  for (const name of new Set(entries.map(({ redacted }) => hex(redacted)))) {
    await bringBytes(files.redacted, within.redacted, name);
  }
  for (const name of new Set(entries.map(({ snapshot }) => hex(snapshot)))) {
    await bringBytes(files.restorable, within.restorable, name);
  }
  for (const digest of new Set(approvals.map(({ plan }) => plan))) {
    await bringBytes(files.plans, within.plans, digest);
  }
}

async function bringBytes(from: Bytes, to: Bytes, name: string): Promise<void> {
  const data = await from.read(name);
  if (data !== undefined && !(await to.has(name))) await to.write(name, data);
}
