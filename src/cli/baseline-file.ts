import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Finding } from "../model/finding.ts";
import { type Baseline, compareBaseline, createBaseline, parseBaseline } from "../planner/checks/baseline.ts";

/** What a baseline file made of findings. */
export interface Baselined {
  /** What is left to look at: new findings, waived ones, and what is wrong with the file itself. */
  readonly findings: readonly Finding[];
  /** How many findings the file let in. */
  readonly known: number;
  /** Entries that nothing matches any more. */
  readonly gone: Baseline["findings"];
  /** Whether the file was written anew. */
  readonly updated: boolean;
}

/** Takes the findings that a file knows out of the way, or, with `update`, makes the file of today's findings. A file
 *  that is missing or broken lets nothing in and says so. */
export async function applyBaseline(
  file: string,
  findings: readonly Finding[],
  update: boolean,
): Promise<Baselined> {
  const read = await readBaseline(file);
  if (update) return updateBaseline(file, read, findings);
  if ("problem" in read) return { findings: [...findings, read.problem], known: 0, gone: [], updated: false };
  const { fresh, known, gone } = compareBaseline(findings, read.baseline);
  const open = new Set(fresh);
  const left = findings.filter((finding) => open.has(finding) || finding.waiver !== undefined);
  return { findings: left, known: known.length, gone, updated: false };
}

const MISSING = "BSL-MISSING";
const UNREADABLE = "BSL-UNREADABLE";

type Read = { readonly baseline: Baseline } | { readonly problem: Finding };

/** A file that is there and is no baseline is somebody's: it is never written over. */
async function updateBaseline(file: string, read: Read, findings: readonly Finding[]): Promise<Baselined> {
  if ("problem" in read && read.problem.code !== MISSING)
    return { findings: [...findings, read.problem], known: 0, gone: [], updated: false };
  const gone = "baseline" in read ? compareBaseline(findings, read.baseline).gone : [];
  const baseline = createBaseline(findings);
  await writeFile(resolve(file), `${JSON.stringify(baseline, undefined, 2)}\n`);
  const { fresh } = compareBaseline(findings, baseline);
  const left = findings.filter((finding) => finding.waiver !== undefined || fresh.includes(finding));
  return { findings: left, known: baseline.findings.length, gone, updated: true };
}

async function readBaseline(file: string): Promise<Read> {
  const text = await readFile(resolve(file), "utf8").catch((error: NodeJS.ErrnoException) => error);
  if (typeof text !== "string") {
    if (text.code === "ENOENT")
      return problem(file, MISSING, "the baseline file is not there", "write it with --update-baseline");
    const reason = text.code ?? text.message;
    return problem(file, UNREADABLE, `the baseline file cannot be read: ${reason}`, "name another file");
  }
  const baseline = parseBaseline(parseJson(text));
  if (baseline !== undefined) return { baseline };
  return problem(
    file,
    UNREADABLE,
    "the baseline file is damaged, or no baseline at all",
    "take it from version control; or delete it and write it anew with --update-baseline",
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is no baseline: the caller makes one finding of both.
    return undefined;
  }
}

function problem(file: string, code: string, message: string, hint: string): Read {
  return { problem: { code, severity: "error", message, hint, where: { file, line: 1, column: 1 } } };
}
