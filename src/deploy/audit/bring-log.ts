import { hostname } from "node:os";
import { join } from "node:path";
import { writeAtomic } from "../stores/atomic.ts";
import { readTextIfThere } from "../stores/jsonl.ts";
import type { SqlDatabase } from "../stores/sql/sql.ts";
import { parseEntry } from "./chain.ts";
import { parseHead } from "./head.ts";
import { bringLog } from "./sql-audit.ts";

/** Says how much of a folder's audit log was brought, and into which database. */
const MARK = "shared.json";

/** Takes the audit log of a workspace's files along into a database; what was added to the file since is taken the next
 *  time. The files stay.
 *  @param folder - `audit` of the workspace's private folder */
export async function bringAuditLog(folder: string, database: SqlDatabase): Promise<void> {
  const text = await readTextIfThere(join(folder, "log.jsonl"));
  // Half a line is somebody's who is writing it, or was killed: it is no entry yet.
  const whole = text?.slice(0, text.lastIndexOf("\n") + 1) ?? "";
  const mark = { broughtInto: database.place, characters: whole.length };
  const markFile = join(folder, MARK);
  if (whole === "" || (await readTextIfThere(markFile))?.trim() === JSON.stringify(mark)) return;
  const lines = whole.split("\n").filter((line) => line !== "");
  const head = parseHead(await readTextIfThere(join(folder, "head.json")));
  await database.transaction((session) => bringLog(session, nameOf(lines), { lines, head }));
  await writeAtomic(markFile, `${JSON.stringify(mark)}\n`);
}

/** Two machines may have one name, but no two logs have one first entry. */
function nameOf(lines: readonly string[]): string {
  const first = lines.map((line) => parseEntry(line)?.hash).find((hash) => hash !== undefined);
  return `${hostname()}-${(first ?? "sha256:unknown").slice(7, 19)}`;
}
