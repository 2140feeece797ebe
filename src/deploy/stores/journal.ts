import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { decryptWith, encryptFor, recipientOf } from "../age.ts";
import { writeAtomic } from "./atomic.ts";
import { appendLine, fileNameOf, readLines } from "./jsonl.ts";
import { assetsIn } from "./receipts.ts";
import type { JournalEntry, JournalStore, OpenPush } from "./types.ts";

/** The journal as one append-only file an asset; what undoing needs lies sealed beside it while a push is open.
 *  @param identity - gives the age identity of this workspace's journals, made at the first use */
export function fileJournal(folder: string, identity: () => Promise<string>): JournalStore {
  const pathOf = (asset: string) => join(folder, `${fileNameOf(asset)}.jsonl`);
  const sealOf = (push: string) => join(folder, "sealed", `${fileNameOf(push)}.age`);
  const open = async (asset: string) => openPushOf(await readLines<JournalEntry>(pathOf(asset)));
  return {
    append: (entry) => appendLine(pathOf(entry.asset), entry),
    open,
    async allOpen() {
      const pushes = await Promise.all((await assetsIn(folder)).map((asset) => open(asset)));
      return pushes.filter((push) => push !== undefined);
    },
    async seal(push, payload) {
      const recipient = await recipientOf(await identity());
      await writeAtomic(sealOf(push), await encryptFor([recipient], JSON.stringify(payload)));
    },
    async unseal(push) {
      const data = await readBytes(sealOf(push));
      return data === undefined
        ? undefined
        : (JSON.parse(await decryptWith(await identity(), data)) as unknown);
    },
    forget: (push) => rm(sealOf(push), { force: true }),
  };
}

/** The last push of a journal, if nothing says that it is over. */
export function openPushOf(entries: readonly JournalEntry[]): OpenPush | undefined {
  const start = entries.findLast((entry) => entry.kind === "push");
  if (start?.kind !== "push") return undefined;
  const own = entries.filter((entry) => entry.push === start.push);
  if (own.some((entry) => entry.kind === "over")) return undefined;
  const begun = own.flatMap((entry) => (entry.kind === "begin" ? [entry.step] : []));
  const step = begun.at(-1);
  const stepEnded = own.some((entry) => entry.kind === "end" && entry.step === step);
  return {
    push: start.push,
    asset: start.asset,
    device: start.device,
    operator: start.operator,
    plan: start.plan,
    holder: start.holder,
    startedAt: start.at,
    step,
    stepEnded,
    begun,
  };
}

async function readBytes(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
