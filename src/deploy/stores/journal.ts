import { decryptWith, encryptFor, recipientOf } from "../age.ts";
import type { Bytes, Log } from "./shelf.ts";
import type { JournalEntry, JournalStore, OpenPush } from "./types.ts";

/** The journal as lines about assets; what undoing needs lies sealed beside it while a push is open.
 *  @param identity - gives the age identity of this workspace's journals, made at the first use */
export function journalIn(
  log: Log<JournalEntry>,
  sealed: Bytes,
  identity: () => Promise<string>,
): JournalStore {
  return {
    append: (entry) => log.append(entry.asset, entry, entry.kind === "push"),
    open: async (asset) => openPushOf(await log.read(asset, "opening")),
    async allOpen() {
      const pushes = [...(await log.readAll("opening")).values()].map(openPushOf);
      return pushes.filter((push) => push !== undefined);
    },
    async seal(push, payload) {
      const recipient = await recipientOf(await identity());
      await sealed.write(push, await encryptFor([recipient], JSON.stringify(payload)));
    },
    async unseal(push) {
      const data = await sealed.read(push);
      if (data === undefined) return undefined;
      return JSON.parse(await openSeal(push, await identity(), data)) as unknown;
    },
    forget: (push) => sealed.remove(push),
  };
}

async function openSeal(push: string, identity: string, data: Uint8Array): Promise<string> {
  try {
    return await decryptWith(identity, data);
  } catch (cause) {
    throw new Error(
      `what push ${push} needs to be undone cannot be opened with the key of this workspace: type resume on the machine that began it, or set SITEWRIGHT_JOURNAL_KEY to what its .sitewright/journal.key holds`,
      { cause },
    );
  }
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
