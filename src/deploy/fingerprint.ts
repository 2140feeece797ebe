import { createHash, createHmac, randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Keyed fingerprints of texts that may hold secrets: equal texts give equal fingerprints, and without the key
 *  nobody can try out guesses (D5). */
export interface Fingerprint {
  /** Names the key without giving it away; plans made under another key cannot be compared. */
  readonly keyId: string;
  /** @returns `hmac-sha256:` and 64 hex digits */
  of(text: string): string;
}

/** Makes fingerprints under a key. @param key - at least 16 characters */
export function fingerprintWith(key: string): Fingerprint {
  if (key.length < 16) {
    throw new Error("fingerprint key is shorter than 16 characters; make one with: openssl rand -hex 32");
  }
  return {
    keyId: createHash("sha256").update(`sitewright key id\0${key}`).digest("hex").slice(0, 12),
    of: (text) => `hmac-sha256:${createHmac("sha256", key).update(text, "utf8").digest("hex")}`,
  };
}

/** Opens the workspace's fingerprint key: `SITEWRIGHT_FINGERPRINT_KEY`, else the file, made at the first use.
 *  Machines that plan, approve and push for the same sites share one key. */
export function openFingerprint(file: string, environment: NodeJS.ProcessEnv = process.env): Fingerprint {
  const given = environment.SITEWRIGHT_FINGERPRINT_KEY;
  if (given !== undefined && given !== "") return fingerprintWith(given);
  return fingerprintWith(secretFile(file));
}

/** Reads a file that holds one random secret, making it at the first use; two processes at once get the same. */
export function secretFile(file: string, make: () => string = () => randomBytes(32).toString("hex")): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
    writeFileSync(temporary, `${make()}\n`, { mode: 0o600, flag: "wx" });
    placeOnce(temporary, file);
  }
  return readFileSync(file, "utf8").trim();
}

/** Links rather than renames, so that whoever came first wins and is never overwritten. */
function placeOnce(temporary: string, file: string): void {
  try {
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}
