import { canonicalJson, sha256 } from "../../planner/plan/digest.ts";
import type { AuditStore } from "../stores/types.ts";
import type { AuditEntry, AuditEvent, AuditHead } from "./types.ts";

/** What stands before the first entry. */
export const NO_ENTRY: Pick<AuditHead, "seq" | "hash"> = { seq: 0, hash: `sha256:${"0".repeat(64)}` };

/** Makes the next link of the chain. */
export function nextEntry(
  before: Pick<AuditHead, "seq" | "hash">,
  at: string,
  event: AuditEvent,
): AuditEntry {
  const open = { ...event, seq: before.seq + 1, prev: before.hash, at };
  return { ...open, hash: hashOf(open) };
}

/** Something wrong with a log. */
export interface AuditProblem {
  readonly code:
    | "AUDIT-EDITED"
    | "AUDIT-GAP"
    | "AUDIT-ORDER"
    | "AUDIT-TORN"
    | "AUDIT-TRUNCATED"
    | "AUDIT-HEAD";
  /** Line of the log, from 1; undefined where it is the end or the head. */
  readonly line: number | undefined;
  /** Number of the entry that it concerns. */
  readonly entry: number | undefined;
  readonly message: string;
}

/** Reads an entry of a line; undefined where it is none. */
export function parseEntry(line: string): AuditEntry | undefined {
  try {
    const value = JSON.parse(line) as AuditEntry;
    const whole =
      Number.isInteger(value.seq) && typeof value.hash === "string" && typeof value.what === "string";
    return whole ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Entries of a log and of those that were brought into it, the brought ones first. */
export async function allEntries(store: AuditStore): Promise<readonly AuditEntry[]> {
  const brought = (await store.brought()).flatMap((log) => log.lines);
  return [...brought, ...(await store.lines())].flatMap((line) => parseEntry(line) ?? []);
}

/** Goes along a chain and names each break by its entry: an entry whose content is not what its hash says, numbers that
 *  leap or go back, an entry that does not follow from the one before. */
export function checkChain(lines: readonly string[]): AuditProblem[] {
  const problems: AuditProblem[] = [];
  let before: Pick<AuditHead, "seq" | "hash"> = NO_ENTRY;
  let highest = 0;
  lines.forEach((text, index) => {
    const line = index + 1;
    const entry = parseEntry(text);
    if (entry === undefined) {
      problems.push({ code: "AUDIT-TORN", line, entry: undefined, message: `line ${line} is no entry` });
      return;
    }
    problems.push(...problemsOf(entry, { line, before, highest }));
    before = { seq: entry.seq, hash: entry.hash };
    highest = Math.max(highest, entry.seq);
  });
  return problems;
}

interface Place {
  readonly line: number;
  readonly before: Pick<AuditHead, "seq" | "hash">;
  readonly highest: number;
}

function problemsOf(entry: AuditEntry, { line, before, highest }: Place): AuditProblem[] {
  const { seq } = entry;
  const problem = (code: AuditProblem["code"], message: string): AuditProblem => ({
    code,
    line,
    entry: seq,
    message,
  });
  const { hash, ...rest } = entry;
  if (hashOf(rest) !== hash)
    return [problem("AUDIT-EDITED", `entry ${seq} was edited: its content is not what its hash says`)];
  if (seq <= highest) return [problem("AUDIT-ORDER", `entry ${seq} stands after entry ${highest}`)];
  if (seq > before.seq + 1 && seq > highest + 1)
    return [
      problem("AUDIT-GAP", `${missing(Math.max(before.seq, highest) + 1, seq - 1)} before entry ${seq}`),
    ];
  if (seq === before.seq + 1 && entry.prev !== before.hash)
    return [
      problem(
        "AUDIT-EDITED",
        `entry ${seq} does not follow from entry ${before.seq}, which was written anew`,
      ),
    ];
  return [];
}

/** Compares a log with a head that was kept apart: the head's entry must stand in it. */
export function checkHead(
  lines: readonly string[],
  head: Pick<AuditHead, "seq" | "hash">,
  whose: string,
): AuditProblem[] {
  const entries = lines.flatMap((line) => parseEntry(line) ?? []);
  const last = Math.max(0, ...entries.map((entry) => entry.seq));
  const base = { line: undefined, entry: head.seq };
  if (head.seq > last) {
    const message = `the log ends at entry ${last}, but ${whose} names entry ${head.seq}: ${missing(last + 1, head.seq)}`;
    return [{ ...base, code: "AUDIT-TRUNCATED", message }];
  }
  const named = entries.filter((entry) => entry.seq === head.seq);
  if (named.some((entry) => entry.hash === head.hash)) return [];
  const message = `entry ${head.seq} is not the one that ${whose} names`;
  return [{ ...base, code: "AUDIT-EDITED", message }];
}

/** What the signature of a head is made over. */
export function headText(head: Pick<AuditHead, "seq" | "hash" | "at">): string {
  return `sitewright audit head 1\nseq: ${head.seq}\nhash: ${head.hash}\nat: ${head.at}\n`;
}

function missing(from: number, to: number): string {
  return from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
}

function hashOf(entry: Omit<AuditEntry, "hash">): string {
  return sha256(canonicalJson(entry));
}
