import { join } from "node:path";
import { sha256 } from "../../planner/plan/digest.ts";
import { decryptBytes, encryptFor } from "../age.ts";
import type { Fingerprint } from "../fingerprint.ts";
import { appendLine, fileNameOf, readLines } from "./jsonl.ts";
import { assetsIn } from "./receipts.ts";
import { type TextFolder, textFolder } from "./texts.ts";
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
  const { folder, recipients } = options;
  const index = join(folder, "index");
  const indexOf = (asset: string) => join(index, `${fileNameOf(asset)}.jsonl`);
  const entries = (asset: string) => readLines<ArchiveEntry>(indexOf(asset));
  const redactedTexts = textFolder(join(folder, "redacted"), {
    ending: ".txt.gz",
    seal: async (packed) => packed,
    open: async (packed) => packed,
    matches: (digest, text) => sha256(text) === digest,
  });
  return {
    async put(request) {
      const redacted = sha256(request.redacted);
      const snapshot = options.fingerprint.of(request.text);
      if (!(await redactedTexts.has(redacted))) await redactedTexts.put(redacted, request.redacted);
      const restorable = recipients.length > 0;
      const sealed = sealedTexts(options);
      if (restorable && !(await sealed.has(snapshot))) await sealed.put(snapshot, request.text);
      const { asset, device, at, why } = request;
      const entry: ArchiveEntry = { asset, device, at, why, redacted, snapshot, restorable };
      const last = (await entries(asset)).at(-1);
      if (!last || !sameContent(last, entry)) await appendLine(indexOf(asset), entry);
      return entry;
    },
    redacted: (digest) => redactedTexts.get(digest),
    entries,
    last: async (asset) => (await entries(asset)).at(-1),
    async all() {
      return (await Promise.all((await assetsIn(index)).map(entries))).flat();
    },
    restore: (snapshot, identity) => sealedTexts(options, identity).get(snapshot),
  };
}

/** Full texts, encrypted for the recipients; reading them needs an identity. */
function sealedTexts(options: ArchiveOptions, identity?: string): TextFolder {
  return textFolder(join(options.folder, "restorable"), {
    ending: ".txt.gz.age",
    seal: (packed) => encryptFor(options.recipients, packed),
    open: async (sealed) => {
      if (identity === undefined) throw new Error("a restorable text was read without an identity");
      return decryptBytes(identity, sealed);
    },
    matches: (digest, text) => options.fingerprint.of(text) === digest,
  });
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
