import { compareText, type Finding } from "../../model/finding.ts";
import { decodeFile, MAX_FILE_BYTES } from "./decode.ts";
import { runGit } from "./git.ts";

/** A file of a tree: what git holds, nothing of it read yet. Paths are relative to the workspace. */
export interface TreeEntry {
  readonly path: string;
  /** `100644`, `100755`, `120000` (symbolic link), `160000` (submodule). */
  readonly mode: string;
  readonly oid: string;
}

/** Texts by path, and what could not be read. */
export interface GitTexts {
  readonly texts: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** The most that is read of one revision, bytes and files: beyond it nobody reviews. */
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;
const MAX_FILES = 200_000;

/** Lists every file below the workspace in a commit or tree, sorted by path. Nothing is checked out.
 *  @throws Error where git cannot list it */
export async function listTree(root: string, tree: string): Promise<readonly TreeEntry[]> {
  const answer = await runGit(root, ["ls-tree", "-r", "-z", tree]);
  if (answer.code !== 0) throw new Error(`git ls-tree failed: ${answer.stderr.trim()}`);
  const entries: TreeEntry[] = [];
  for (const line of answer.stdout.toString("utf8").split("\0")) {
    const match = /^(\d{6}) \w+ ([0-9a-f]{40,64})\t([\s\S]+)$/.exec(line);
    if (match) entries.push({ mode: match[1] ?? "", oid: match[2] ?? "", path: match[3] ?? "" });
  }
  return entries.sort((a, b) => compareText(a.path, b.path));
}

/** Reads files by their object, so that neither a checkout nor a filter of the branch takes part. Symbolic links and
 *  submodules are refused, whatever they point at: what they lead to is not part of the revision. */
export async function readGitTexts(root: string, wanted: readonly TreeEntry[]): Promise<GitTexts> {
  const findings: Finding[] = [];
  const texts = new Map<string, string>();
  const plain: TreeEntry[] = [];
  for (const entry of wanted) {
    if (entry.mode === "120000")
      findings.push(
        refused(
          entry.path,
          "INV-SYMLINK",
          "this is a symbolic link",
          "commit the file itself: links are not followed in a preview",
        ),
      );
    else if (entry.mode === "160000")
      findings.push(
        refused(entry.path, "INV-UNREADABLE", "this is a submodule", "commit the files themselves"),
      );
    else plain.push(entry);
  }
  const sized = await withinBounds(root, plain, findings);
  const bodies = await readObjects(root, [...new Set(sized.map((entry) => entry.oid))]);
  for (const { path, oid } of sized) {
    const bytes = bodies.get(oid);
    if (bytes === undefined) {
      findings.push(missingObject(path));
      continue;
    }
    const decoded = decodeFile(path, bytes);
    if ("text" in decoded) texts.set(path, decoded.text);
    else findings.push(decoded.finding);
  }
  return { texts, findings };
}

/** Asks for sizes first: a blob of gigabytes is refused before a byte of it is read. */
async function withinBounds(
  root: string,
  entries: readonly TreeEntry[],
  findings: Finding[],
): Promise<TreeEntry[]> {
  if (entries.length > MAX_FILES)
    throw new Error(`the revision holds more than ${MAX_FILES} inventory files`);
  if (entries.length === 0) return [];
  const oids = [...new Set(entries.map((entry) => entry.oid))];
  const answer = await runGit(
    root,
    ["cat-file", "--batch-check=%(objectname) %(objectsize)"],
    `${oids.join("\n")}\n`,
  );
  const sizes = new Map<string, number>();
  for (const line of answer.stdout.toString("utf8").split("\n")) {
    const [oid, size] = line.split(" ");
    if (oid !== undefined && size !== undefined && /^\d+$/.test(size)) sizes.set(oid, Number(size));
  }
  let total = 0;
  const kept: TreeEntry[] = [];
  for (const entry of entries) {
    const size = sizes.get(entry.oid);
    if (size === undefined) findings.push(missingObject(entry.path));
    else if (size > MAX_FILE_BYTES) findings.push(tooLarge(entry.path, size));
    else {
      total += size;
      kept.push(entry);
    }
  }
  if (total > MAX_TOTAL_BYTES) throw new Error("the revision's inventory has more than 256 MB");
  return kept;
}

async function readObjects(root: string, oids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const bodies = new Map<string, Uint8Array>();
  if (oids.length === 0) return bodies;
  const { stdout } = await runGit(
    root,
    ["cat-file", "--batch=%(objectname) %(objectsize)"],
    `${oids.join("\n")}\n`,
  );
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf(0x0a, at);
    if (end < 0) break;
    const [oid = "", size = ""] = stdout.toString("latin1", at, end).split(" ");
    at = end + 1;
    if (!/^\d+$/.test(size)) continue;
    bodies.set(oid, stdout.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return bodies;
}

function tooLarge(path: string, size: number): Finding {
  const shown = `${(size / 1024 / 1024).toFixed(1)} MB`;
  return refused(
    path,
    "INV-FILE-TOO-LARGE",
    `the file has ${shown}; at most 2 MB are read`,
    "split it: one thing, one file",
  );
}

function missingObject(path: string): Finding {
  return refused(
    path,
    "INV-UNREADABLE",
    "git lacks the file's content in this clone",
    "fetch without --filter: git fetch --refetch origin",
  );
}

function refused(file: string, code: string, message: string, hint: string): Finding {
  return { code, severity: "error", message, hint, where: { file, line: 1, column: 1 } };
}
