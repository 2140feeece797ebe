import type { Signers } from "../approval/signers.ts";
import { AUDIT_NAMESPACE, signerOf, verifyText } from "../approval/ssh-keygen.ts";
import type { AuditStore, BroughtLog } from "../stores/types.ts";
import { type AuditProblem, checkChain, checkHead, headText, parseEntry } from "./chain.ts";
import { endOfBrought } from "./sql-audit.ts";
import type { AuditEntry, AuditHead } from "./types.ts";

/** A head that somebody kept elsewhere. */
export interface KeptHead extends AuditHead {
  /** Where it was kept: `the anchor`, `--head`. */
  readonly whose: string;
}

/** What a log looks like. */
export interface AuditVerdict {
  readonly entries: number;
  readonly head: AuditHead | undefined;
  /** `unsigned`: no key is configured; `unproved`: signed, but by nobody who is allowed to. */
  readonly headState: "none" | "unsigned" | "signed" | "unproved";
  /** Who signed the head, proved; undefined where nobody did. */
  readonly signedBy: string | undefined;
  readonly problems: readonly AuditProblem[];
  readonly notes: readonly string[];
}

/** What a log is verified by. */
export interface VerifyRequest {
  readonly store: AuditStore;
  readonly signers: Signers;
  /** Heads that were kept apart, newest last. */
  readonly kept: readonly KeptHead[];
  /** Whether a key is configured, so that an unsigned head is wrong. */
  readonly mustBeSigned: boolean;
  readonly now: Date;
}

/** Verifies the chain, its head, the head's signature, and the log against heads that were kept apart. */
export async function verifyLog(request: VerifyRequest): Promise<AuditVerdict> {
  const { store, kept, now } = request;
  const lines = await store.lines();
  const head = await store.head();
  const problems = [...checkChain(lines)];
  const notes: string[] = [];
  if (head !== undefined) problems.push(...checkHead(lines, head, "the head"));
  else if (lines.length > 0)
    problems.push({
      code: "AUDIT-HEAD",
      line: undefined,
      entry: undefined,
      message: "the log has lost its head",
    });
  const signature = await judgeHead(head, request, now);
  problems.push(...signature.problems);
  notes.push(...signature.notes);
  for (const one of kept) {
    const judged = await judgeHead(one, { ...request, mustBeSigned: false }, now);
    problems.push(
      ...judged.problems.map((problem) => ({ ...problem, message: `${one.whose}: ${problem.message}` })),
    );
    problems.push(...checkHead(lines, one, one.whose));
  }
  if (kept.length === 0 && lines.length > 0)
    notes.push("no head was kept apart: a log cut short together with its head cannot be told (see --head)");
  const brought = await store.brought();
  for (const log of brought) problems.push(...(await judgeBrought(log, lines, request)));
  const entries = brought.reduce((sum, log) => sum + log.lines.length, lines.length);
  return { entries, head, headState: signature.state, signedBy: signature.by, problems, notes };
}

/** A log that a machine brought is unbroken, ends where the shared chain says, and its head holds where it was signed. */
async function judgeBrought(
  log: BroughtLog,
  shared: readonly string[],
  request: VerifyRequest,
): Promise<readonly AuditProblem[]> {
  const named = shared.flatMap((line): AuditEntry[] => {
    const entry = parseEntry(line);
    return entry?.what === "brought" && entry.who === log.name ? [entry] : [];
  });
  const ends = named.flatMap((entry) => endOfBrought(entry) ?? []);
  const problems = [
    ...checkChain(log.lines),
    ...ends.flatMap((end) => checkHead(log.lines, end, "the shared log")),
    ...(log.head === undefined ? [] : checkHead(log.lines, log.head, "its head")),
    ...(await judgeHead(log.head, { ...request, mustBeSigned: false }, request.now)).problems,
  ];
  if (ends.length === 0) {
    const message = "the shared log does not name it";
    problems.push({ code: "AUDIT-GAP", line: undefined, entry: undefined, message });
  }
  return problems.map((problem) => ({ ...problem, message: `the log of ${log.name}: ${problem.message}` }));
}

interface HeadVerdict {
  readonly state: AuditVerdict["headState"];
  readonly by?: string;
  readonly problems: readonly AuditProblem[];
  readonly notes: readonly string[];
}

async function judgeHead(
  head: AuditHead | undefined,
  { signers, mustBeSigned }: VerifyRequest,
  now: Date,
): Promise<HeadVerdict> {
  if (head === undefined) return { state: "none", problems: [], notes: [] };
  const wrong = (message: string): AuditProblem => ({
    code: "AUDIT-HEAD",
    line: undefined,
    entry: head.seq,
    message,
  });
  if (head.signature === undefined) {
    const message = "the head is not signed";
    if (mustBeSigned)
      return { state: "unsigned", problems: [wrong(`${message}, although a key is configured`)], notes: [] };
    return {
      state: "unsigned",
      problems: [],
      notes: [`${message}: whoever writes the log can write it anew`],
    };
  }
  const unproved = (why: string): HeadVerdict => ({
    state: "unproved",
    problems: [wrong(`the head's signature cannot be proved: ${why}`)],
    notes: [],
  });
  if (!signers.known) return unproved(signers.why);
  const { signature } = head;
  // A key without a name says whose it is itself, by the list.
  const principal = head.by ?? (await signerOf(signature, signers.text, now));
  if (principal === undefined) return unproved("its key is not in the list of allowed signers");
  const request = { principal, signature, signers: signers.text, namespace: AUDIT_NAMESPACE, at: now };
  const verdict = await verifyText({ ...request, text: headText(head) });
  if (verdict.good) return { state: "signed", by: principal, problems: [], notes: [] };
  const message = `the head's signature by ${principal} does not hold: ${verdict.why}`;
  return { state: "unproved", problems: [wrong(message)], notes: [] };
}
