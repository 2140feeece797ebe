import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Settings of one workspace on one machine, `.sitewright/config.json`; every field may be left out. It is not for git:
 *  a branch must not say whom to believe. */
export interface Settings {
  /** age recipients (`age1…`) for restorable archive texts. */
  readonly recipients?: readonly string[];
  readonly approvals?: {
    /** Trusted revision that holds the allowed signers: `origin/main`. */
    readonly base?: string;
    /** A path in that revision, or an absolute path of this machine. */
    readonly allowedSigners?: string;
    /** SSH key to sign with; a public key where an agent holds the private one. */
    readonly key?: string;
    /** Principal that the key stands for. */
    readonly as?: string;
  };
  readonly audit?: {
    /** SSH key that signs the head of the audit log. */
    readonly key?: string;
    /** Principal that the key stands for; it needs the namespace `sitewright-audit`. */
    readonly as?: string;
    /** File elsewhere that each head is added to: a share, a mail spool, another disk. */
    readonly anchor?: string;
  };
}

/** Reads the settings of a private folder; none where there is no file. @throws Error where it is no JSON object */
export function readSettings(folder: string): Settings {
  const file = join(folder, "config.json");
  if (!existsSync(file)) return {};
  const value = JSON.parse(readFileSync(file, "utf8")) as unknown;
  if (value === null || typeof value !== "object") throw new Error(`${file} is not a JSON object`);
  return value as Settings;
}

/** A path of a person's settings, with `~` for the home folder. */
export function personalPath(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}
