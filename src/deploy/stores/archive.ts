import { sha256 } from "../../planner/plan/digest.ts";
import { decryptBytes, encryptFor } from "../age.ts";
import type { Fingerprint } from "../fingerprint.ts";
import type { Bytes, Log } from "./shelf.ts";
import { type Texts, textsIn } from "./texts.ts";
import type { ArchiveEntry, ArchiveStore } from "./types.ts";

/** What the archive is made of. */
export interface ArchiveParts {
  readonly index: Log<ArchiveEntry>;
  /** Redacted texts, packed. */
  readonly redacted: Bytes;
  /** Full texts, packed and encrypted. */
  readonly restorable: Bytes;
  readonly fingerprint: Fingerprint;
  /** age recipients (`age1…`); none means that no restorable text is kept. */
  readonly recipients: readonly string[];
}

/** Configurations by digest, each kept once: redacted always, restorable only encrypted. */
export function archiveIn(parts: ArchiveParts): ArchiveStore {
  const { index, recipients } = parts;
  const redactedTexts = textsIn(parts.redacted, {
    seal: async (packed) => packed,
    open: async (packed) => packed,
    matches: (digest, text) => sha256(text) === digest,
    mismatch: "damage",
  });
  const last = async (asset: string) => (await index.read(asset, "opening")).at(-1);
  return {
    async put(request) {
      const redacted = sha256(request.redacted);
      const snapshot = parts.fingerprint.of(request.text);
      if (!(await redactedTexts.has(redacted))) await redactedTexts.put(redacted, request.redacted);
      const restorable = recipients.length > 0;
      const sealed = sealedTexts(parts);
      if (restorable && !(await sealed.has(snapshot))) await sealed.put(snapshot, request.text);
      const { asset, device, at, why } = request;
      const entry: ArchiveEntry = { asset, device, at, why, redacted, snapshot, restorable };
      const before = await last(asset);
      if (!before || !sameContent(before, entry)) await index.append(asset, entry, true);
      return entry;
    },
    redacted: (digest) => redactedTexts.get(digest),
    entries: (asset) => index.read(asset, "start"),
    last,
    async all() {
      return [...(await index.readAll("start")).values()].flat();
    },
    restore: (snapshot, identity) => sealedTexts(parts, identity).get(snapshot),
  };
}

/** Full texts, encrypted for the recipients; reading them needs an identity. */
function sealedTexts(parts: ArchiveParts, identity?: string): Texts {
  return textsIn(parts.restorable, {
    seal: (packed) => encryptFor(parts.recipients, packed),
    open: async (sealed) => {
      if (identity === undefined) throw new Error("a restorable text was read without an identity");
      return decryptBytes(identity, sealed);
    },
    matches: (digest, text) => parts.fingerprint.of(text) === digest,
    mismatch: "another-key",
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
