import type { Signers } from "../approval/signers.ts";
import { AUDIT_NAMESPACE, verifyText } from "../approval/ssh-keygen.ts";
import type { AuditStore } from "../stores/types.ts";
import { type AuditProblem, checkChain, checkHead, headText } from "./chain.ts";
import type { AuditHead } from "./types.ts";

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
  return { entries: lines.length, head, headState: signature.state, problems, notes };
}

interface HeadVerdict {
  readonly state: AuditVerdict["headState"];
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
  if (head.by === undefined || !signers.known) {
    const why = signers.known ? "it names nobody (audit.as in .sitewright/config.json)" : signers.why;
    return {
      state: "unproved",
      problems: [wrong(`the head's signature cannot be proved: ${why}`)],
      notes: [],
    };
  }
  const { by: principal, signature } = head;
  const request = { principal, signature, signers: signers.text, namespace: AUDIT_NAMESPACE, at: now };
  const verdict = await verifyText({ ...request, text: headText(head) });
  if (verdict.good) return { state: "signed", problems: [], notes: [] };
  const message = `the head's signature by ${principal} does not hold: ${verdict.why}`;
  return { state: "unproved", problems: [wrong(message)], notes: [] };
}
