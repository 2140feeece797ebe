import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../planner/plan/digest.ts";
import { decryptWith, encryptFor } from "../age.ts";
import type { Fingerprint } from "../fingerprint.ts";
import { writeAtomic } from "./atomic.ts";
import { appendLine, fileNameOf, readLines, readTextIfThere } from "./jsonl.ts";
import type { ArchiveEntry, ArchiveStore } from "./types.ts";

/** What the archive is opened with. */
export interface ArchiveOptions {
  readonly folder: string;
  readonly fingerprint: Fingerprint;
  /** age recipients (`age1…`); none means that no restorable text is kept. */
  readonly recipients: readonly string[];
}

/** Configurations by digest, each kept once: redacted always, restorable only encrypted. */
export function fileArchive(options: ArchiveOptions): ArchiveStore {
  const { folder, fingerprint, recipients } = options;
  const indexOf = (asset: string) => join(folder, "index", `${fileNameOf(asset)}.jsonl`);
  const redactedPath = (digest: string) => join(folder, "redacted", `${hexOf(digest)}.txt`);
  const restorablePath = (snapshot: string) => join(folder, "restorable", `${hexOf(snapshot)}.age`);
  const entries = (asset: string) => readLines<ArchiveEntry>(indexOf(asset));
  return {
    async put(request) {
      const redacted = sha256(request.redacted);
      const snapshot = fingerprint.of(request.text);
      if ((await readTextIfThere(redactedPath(redacted))) === undefined) {
        await writeAtomic(redactedPath(redacted), request.redacted);
      }
      const restorable = recipients.length > 0;
      if (restorable && (await readTextIfThere(restorablePath(snapshot))) === undefined) {
        await writeAtomic(restorablePath(snapshot), await encryptFor(recipients, request.text));
      }
      const { asset, device, at, why } = request;
      const entry: ArchiveEntry = { asset, device, at, why, redacted, snapshot, restorable };
      const last = (await entries(asset)).at(-1);
      if (!last || !sameContent(last, entry)) await appendLine(indexOf(asset), entry);
      return entry;
    },
    redacted: (digest) => readTextIfThere(redactedPath(digest)),
    entries,
    last: async (asset) => (await entries(asset)).at(-1),
    async restore(snapshot, identity) {
      return decryptWith(identity, await readFile(restorablePath(snapshot)));
    },
  };
}

/** A reading that found what the last entry already says adds no line. */
function sameContent(last: ArchiveEntry, entry: ArchiveEntry): boolean {
  return (
    entry.why === "read" &&
    last.redacted === entry.redacted &&
    last.snapshot === entry.snapshot &&
    last.restorable === entry.restorable &&
    last.device === entry.device
  );
}

function hexOf(digest: string): string {
  const hex = digest.slice(digest.indexOf(":") + 1);
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new Error(`not a digest: ${digest}`);
  return hex;
}
