import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { runGit } from "../../inventory/read/git.ts";
import type { Settings } from "../settings.ts";

/** Where the allowed signers stand, unless the settings name another place. */
const DEFAULT_PATH = "policies/allowed_signers";
/** A file of that size is no list of people. */
const MAX_BYTES = 1024 * 1024;

/** Whom to believe, or why nobody can be. */
export type Signers =
  | {
      readonly known: true;
      readonly text: string;
      /** `policies/allowed_signers of origin/main`. */
      readonly from: string;
    }
  | { readonly known: false; readonly why: string; readonly hint: string };

/** Reads the allowed signers of the trusted revision, never of the work tree: whoever could write the list could put
 *  himself on it. An absolute path of this machine's own settings serves as well.
 *  @param environment - `SITEWRIGHT_BASE` names the revision before the settings do */
export async function readSigners(
  root: string,
  settings: NonNullable<Settings["approvals"]>,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Signers> {
  if (await isStateTracked(root)) {
    return {
      known: false,
      why: "git tracks files of .sitewright, so that a branch could say whom to believe",
      hint: "git rm -r --cached .sitewright, and put .sitewright/ into .gitignore",
    };
  }
  const path = settings.allowedSigners ?? DEFAULT_PATH;
  if (isAbsolute(path)) return fromMachine(path);
  // No git is as no revision.
  const base = await baseOf(root, settings, environment).catch(() => undefined);
  if (base === undefined) {
    return {
      known: false,
      why: "no trusted revision is known here",
      hint: "fetch the base branch (git fetch origin main), or set SITEWRIGHT_BASE=origin/main",
    };
  }
  return fromRevision(root, base, path);
}

/** Settings and keys of this machine must not come with a checkout. */
async function isStateTracked(root: string): Promise<boolean> {
  const listed = await runGit(root, ["ls-files", "-z", "--", ".sitewright"]).catch(() => undefined);
  return listed?.code === 0 && listed.stdout.length > 0;
}

async function fromMachine(path: string): Promise<Signers> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text !== undefined && text.length <= MAX_BYTES) return { known: true, text, from: path };
  return {
    known: false,
    why: `${path} cannot be read`,
    hint: "check allowedSigners in .sitewright/config.json",
  };
}

async function fromRevision(root: string, base: string, path: string): Promise<Signers> {
  const listed = await runGit(root, ["ls-tree", "-l", "-z", "--end-of-options", base, "--", path]);
  const [, mode, oid, size] = /^(\d{6}) blob ([0-9a-f]+) +(\d+)\t/.exec(listed.stdout.toString("utf8")) ?? [];
  // A symbolic link would lead back into the work tree.
  const regular = mode === "100644" || mode === "100755";
  if (!regular || oid === undefined || Number(size) > MAX_BYTES) {
    return {
      known: false,
      why: `${base} holds no ${path}`,
      hint: `commit ${path} there: one line a person, "NAME ssh-ed25519 AAAA…"`,
    };
  }
  const blob = await runGit(root, ["cat-file", "blob", oid]);
  return { known: true, text: blob.stdout.toString("utf8"), from: `${path} of ${base}` };
}

/** The trusted revision: what was said, else the remote's default branch, else, where there is no remote, the main
 *  branch of the repository itself. */
async function baseOf(
  root: string,
  settings: NonNullable<Settings["approvals"]>,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const said = environment.SITEWRIGHT_BASE || settings.base;
  const remotes = said ? "" : (await runGit(root, ["remote"])).stdout.toString("utf8").trim();
  const usual = remotes === "" ? ["main", "master"] : ["origin/HEAD", "origin/main", "origin/master"];
  for (const name of said ? [said] : usual) {
    const answer = await runGit(root, [
      "rev-parse",
      "--verify",
      "--quiet",
      "--end-of-options",
      `${name}^{commit}`,
    ]);
    if (answer.code === 0) return name;
  }
  return undefined;
}

/** The principal that a public key stands for, by the first plain name of its line; undefined where it is not listed. */
export function principalOf(signers: string, publicKey: string): string | undefined {
  const blob = publicKey.trim().split(/\s+/)[1];
  if (blob === undefined || blob.length < 32) return undefined;
  for (const line of signers.split("\n")) {
    const words = line.trim().split(/\s+/);
    if (line.trim().startsWith("#") || !words.slice(1).includes(blob)) continue;
    const name = (words[0] ?? "")
      .replace(/"/g, "")
      .split(",")
      .find((one) => one !== "" && !/[*?!]/.test(one));
    if (name !== undefined) return name;
  }
  return undefined;
}
