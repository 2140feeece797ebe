import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import type { Signers } from "../../../src/deploy/approval/signers.ts";
import { APPROVAL_NAMESPACE, signText } from "../../../src/deploy/approval/ssh-keygen.ts";
import { canonicalText } from "../../../src/deploy/approval/statement.ts";
import type { Approval } from "../../../src/deploy/stores/types.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes when the test file is done. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-approval-"));
  folders.push(folder);
  return folder;
}

/** A real SSH key in a folder of its own. */
export interface Key {
  /** Path of the private key. */
  readonly file: string;
  /** `ssh-ed25519 AAAA…`. */
  readonly public: string;
}

/** Makes a key with the real ssh-keygen. */
export function newKey(name: string): Key {
  const file = join(newFolder(), name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file]);
  const [type = "", blob = ""] = readFileSync(`${file}.pub`, "utf8").split(" ");
  return { file, public: `${type} ${blob}` };
}

/** Signers as a trusted revision would hold them. */
export function signersOf(...lines: readonly string[]): Signers {
  return { known: true, text: `${lines.join("\n")}\n`, from: "policies/allowed_signers of main" };
}

/** Signs a statement as `approve` does. */
export async function sign(approval: Approval, key: Key, namespace = APPROVAL_NAMESPACE): Promise<Approval> {
  const signature = await signText({ key: key.file, namespace, text: canonicalText(approval) });
  return { ...approval, proof: { kind: "ssh", signature } };
}

/** A git repository with one commit on main. */
export interface Repository {
  readonly folder: string;
  git(...args: readonly string[]): string;
  write(path: string, text: string): void;
}

export function newRepository(): Repository {
  const folder = newFolder();
  const git = (...args: readonly string[]) =>
    execFileSync("git", [...args], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  git("init", "-q", "-b", "main");
  git("config", "user.name", "jane");
  git("config", "user.email", "jane@example.com");
  git("commit", "-q", "--allow-empty", "-m", "base");
  return {
    folder,
    git,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
  };
}
