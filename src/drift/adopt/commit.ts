import { runGit } from "../../inventory/read/git.ts";

/** Why nothing was committed, and what to type. */
export class AdoptError extends Error {
  override readonly name = "AdoptError";
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** A branch that was made: nothing of it is checked out. */
export interface AdoptBranch {
  readonly branch: string;
  readonly commit: string;
}

/** Makes sure that the workspace is what HEAD says, so that what was verified is what is committed.
 *  @throws AdoptError */
export async function requireClean(root: string): Promise<void> {
  const inside = await runGit(root, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
  if (inside.code !== 0)
    throw new AdoptError(
      "the workspace is no git repository with a commit",
      "type: git init, and commit the workspace",
    );
  const status = await runGit(root, ["status", "--porcelain", "-z", "--", "."]);
  if (status.code !== 0)
    throw new AdoptError("git cannot tell whether the workspace is clean", "type: git status");
  if (status.stdout.length > 0)
    throw new AdoptError(
      "the workspace has changes that are not committed",
      "type: git status; commit or stash them",
    );
}

/** Commits files on top of HEAD as a new branch, without touching the work tree, the index or any other branch.
 *  @param files - text by path below the workspace
 *  @throws AdoptError where the branch is there already, or git refuses */
export async function commitBranch(
  root: string,
  request: { readonly branch: string; readonly files: ReadonlyMap<string, string>; readonly message: string },
): Promise<AdoptBranch> {
  const { branch } = request;
  const head = await ask(root, ["rev-parse", "HEAD"]);
  if ((await runGit(root, ["check-ref-format", "--branch", branch])).code !== 0)
    throw new AdoptError(`"${branch}" is no name for a branch`, "name one with --branch");
  if ((await runGit(root, ["rev-parse", "--verify", "--quiet", `refs/heads/${branch}`])).code === 0)
    throw new AdoptError(`the branch ${branch} is there already`, "name another with --branch, or delete it");
  const prefix = await ask(root, ["rev-parse", "--show-prefix"]);
  let tree = await ask(root, ["rev-parse", `${head}^{tree}`]);
  for (const [path, text] of request.files) {
    const blob = await ask(root, ["hash-object", "-w", "--stdin"], text);
    tree = await withFile(root, tree, `${prefix}${path}`.split("/"), blob);
  }
  const commit = await ask(root, ["commit-tree", tree, "-p", head, "-F", "-"], request.message);
  // The old value of a ref that must not be there yet: two jobs cannot make the same branch.
  await ask(root, ["update-ref", `refs/heads/${branch}`, commit, "0".repeat(commit.length)]);
  return { branch, commit };
}

/** The tree with one file replaced; every other entry keeps its object. */
async function withFile(root: string, tree: string, path: readonly string[], blob: string): Promise<string> {
  const [name = "", ...rest] = path;
  const listing = await runGit(root, ["ls-tree", "-z", "--full-tree", tree]);
  const entries = listing.stdout
    .toString("utf8")
    .split("\0")
    .filter((entry) => entry !== "");
  const at = entries.findIndex((entry) => entry.endsWith(`\t${name}`));
  const [mode = "", , object = ""] = (entries[at] ?? "").split(/[ \t]/);
  const wanted = rest.length > 0 ? "040000" : "100644";
  if (at < 0 || mode !== wanted)
    throw new AdoptError(`${path.join("/")} is no plain file of HEAD`, "commit the file itself");
  const fresh = rest.length > 0 ? await withFile(root, object, rest, blob) : blob;
  entries[at] = `${mode} ${rest.length > 0 ? "tree" : "blob"} ${fresh}\t${name}`;
  return ask(root, ["mktree", "-z"], `${entries.join("\0")}\0`);
}

async function ask(root: string, args: readonly string[], input = ""): Promise<string> {
  const answer = await runGit(root, args, input);
  if (answer.code === 0) return answer.stdout.toString("utf8").trim();
  const [line = ""] = answer.stderr.trim().split("\n");
  if (/identity|user\.(name|email)|tell me who you are/i.test(answer.stderr))
    throw new AdoptError(
      "git does not know who commits",
      'type: git config user.name "…" and git config user.email …',
    );
  throw new AdoptError(`git ${args[0] ?? ""} failed: ${line.slice(0, 80)}`, "type: git status");
}
