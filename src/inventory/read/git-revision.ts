import type { Finding } from "../../model/finding.ts";
import { runGit } from "./git.ts";

/** Two states of the repository to compare, as commits and the trees to read. */
export interface Comparison {
  /** Commit of the base, 40 or 64 hex digits. */
  readonly base: string;
  /** Commit of the head. */
  readonly head: string;
  /** Tree of the base. */
  readonly baseTree: string;
  /** Tree that a merge would make: the head's own where it holds the base already. */
  readonly headTree: string;
  /** What a reviewer should know of how the two meet. */
  readonly findings: readonly Finding[];
}

/** Why two revisions cannot be compared, and what to type. */
export interface NoComparison {
  readonly findings: readonly Finding[];
}

/** Finds base and head, and what merging them gives: a change is judged by what the base becomes, not by how old
 *  the branch is. Nothing is checked out. */
export async function compareRevisions(
  root: string,
  baseRef: string,
  headRef: string,
): Promise<Comparison | NoComparison> {
  const [base, head] = await Promise.all([findCommit(root, baseRef), findCommit(root, headRef)]);
  const lost = [base, head].flatMap((answer) => ("finding" in answer ? [answer.finding] : []));
  if ("finding" in base || "finding" in head) return { findings: lost };
  const known = { base: base.commit, head: head.commit };
  const ancestor = await runGit(root, ["merge-base", "--is-ancestor", base.commit, head.commit]);
  if (ancestor.code === 0) return { ...known, baseTree: base.commit, headTree: head.commit, findings: [] };
  return mergeOf(root, known);
}

async function mergeOf(
  root: string,
  known: { readonly base: string; readonly head: string },
): Promise<Comparison | NoComparison> {
  const found = await runGit(root, ["merge-base", known.base, known.head]);
  const fork = found.stdout.toString("utf8").trim();
  if (found.code !== 0 || fork === "") return { findings: [noCommonHistory()] };
  const merged = await runGit(root, ["merge-tree", "--write-tree", "--name-only", known.base, known.head]);
  const [tree = "", ...names] = merged.stdout.toString("utf8").split("\n");
  if (merged.code === 0) return { ...known, baseTree: known.base, headTree: tree.trim(), findings: [] };
  // Without a merge the branch is compared with where it left the base: what both changed is then not seen together.
  const findings = [merged.code === 1 ? conflict(names) : notMerged()];
  return { ...known, baseTree: fork, headTree: known.head, findings };
}

/** Finds the commit of a name. What looks like an option is no name. */
async function findCommit(
  root: string,
  ref: string,
): Promise<{ readonly commit: string } | { readonly finding: Finding }> {
  if (ref === "" || ref.startsWith("-") || /[\s\u0000-\u001f\u007f]/.test(ref)) {
    return {
      finding: problem(
        "PRV-NO-REF",
        `"${printable(ref)}" is no git revision`,
        "name a branch, a tag or a commit",
      ),
    };
  }
  const answer = await runGit(root, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
  const commit = answer.stdout.toString("utf8").trim();
  if (answer.code === 0 && /^[0-9a-f]{40,64}$/.test(commit)) return { commit };
  if (!(await isRepository(root))) {
    return {
      finding: problem(
        "PRV-NO-GIT",
        "the workspace is not in a git repository",
        "type: git init, and commit the workspace",
      ),
    };
  }
  const name = ref.replace(/^origin\//, "");
  const hint = (await isShallow(root))
    ? `the clone is shallow; type: git fetch --unshallow origin (GitHub's checkout: fetch-depth: 0), then git fetch origin ${name}`
    : `type: git fetch origin ${name}, or name a revision that git rev-parse knows`;
  return { finding: problem("PRV-NO-REF", `git knows no revision "${printable(ref)}"`, hint) };
}

async function isRepository(root: string): Promise<boolean> {
  return (await runGit(root, ["rev-parse", "--git-dir"])).code === 0;
}

async function isShallow(root: string): Promise<boolean> {
  const answer = await runGit(root, ["rev-parse", "--is-shallow-repository"]);
  return answer.stdout.toString("utf8").trim() === "true";
}

function noCommonHistory(): Finding {
  return problem(
    "PRV-SHALLOW",
    "base and head have no common commit in this clone",
    "the clone is too shallow; type: git fetch --unshallow origin (GitHub's checkout: fetch-depth: 0)",
  );
}

function conflict(answer: readonly string[]): Finding {
  const end = answer.indexOf("");
  const names = answer.slice(0, end < 0 ? undefined : end).map(printable);
  const shown = names.slice(0, 3).join(", ");
  return problem(
    "PRV-CONFLICT",
    `the branch conflicts with the base in ${names.length} files: ${shown}`.slice(0, 100),
    "merge the base into the branch; until then the preview shows the branch against where it left the base",
  );
}

function notMerged(): Finding {
  return {
    ...problem(
      "PRV-BEHIND",
      "the branch lacks commits of the base, and this git cannot merge in memory",
      "merge the base into the branch, or use git 2.38 or later",
    ),
    severity: "warning",
  };
}

function problem(code: string, message: string, hint: string): Finding {
  return {
    code,
    severity: "error",
    message: message.slice(0, 100),
    hint,
    where: { file: ".git", line: 1, column: 1 },
  };
}

/** Text of a stranger in one printable line. */
function printable(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, "?")
    .slice(0, 60);
}
