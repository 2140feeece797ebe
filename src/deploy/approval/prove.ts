import type { Fingerprint } from "../fingerprint.ts";
import type { Approval } from "../stores/types.ts";
import type { Signers } from "./signers.ts";
import { APPROVAL_NAMESPACE, isPrincipal, verifyText } from "./ssh-keygen.ts";
import { canonicalText } from "./statement.ts";

/** Who stands behind a statement, as far as it is proved. */
export interface Person {
  readonly kind: "ssh" | "forge";
  /** Principal of the allowed signers, or login. */
  readonly name: string;
  /** Fingerprint of the key; a login has none. */
  readonly key: string | undefined;
}

export type Proof =
  | { readonly proved: true; readonly person: Person }
  | { readonly proved: false; readonly why: string };

/** A statement with what became of its proof. */
export interface JudgedApproval {
  readonly approval: Approval;
  readonly proof: Proof;
}

/** What proofs are judged by. */
export interface ProvingContext {
  readonly signers: Signers;
  readonly fingerprint: Fingerprint;
  readonly now: Date;
}

/** Clocks of two machines may differ by so much. */
const CLOCK_SKEW_MS = 5 * 60_000;
/** No approval holds for longer. */
const LONGEST_MS = 30 * 24 * 3_600_000;

/** Judges each statement by itself. A key must be valid now: a signature of a key that was withdrawn could be backdated. */
export function proveApprovals(
  approvals: readonly Approval[],
  context: ProvingContext,
): Promise<JudgedApproval[]> {
  return Promise.all(
    approvals.map(async (approval) => ({ approval, proof: await proofOf(approval, context) })),
  );
}

async function proofOf(approval: Approval, context: ProvingContext): Promise<Proof> {
  const dates = badDates(approval, context.now);
  if (dates !== undefined) return { proved: false, why: dates };
  if (approval.proof?.kind === "ssh") return proofBySignature(approval, approval.proof.signature, context);
  if (approval.proof?.kind === "forge") {
    const { seal } = approval.proof;
    if (seal === sealOf(approval, context.fingerprint))
      return { proved: true, person: { kind: "forge", name: approval.by, key: undefined } };
    return { proved: false, why: `nobody here asked the forge for the review of ${approval.by}` };
  }
  return { proved: false, why: `${approval.by} did not sign it` };
}

async function proofBySignature(
  approval: Approval,
  signature: string,
  { signers, now }: ProvingContext,
): Promise<Proof> {
  if (!signers.known) return { proved: false, why: signers.why };
  const verdict = await verifyText({
    text: canonicalText(approval),
    signature,
    principal: approval.by,
    namespace: APPROVAL_NAMESPACE,
    signers: signers.text,
    at: now,
  });
  if (verdict.good) return { proved: true, person: { kind: "ssh", name: approval.by, key: verdict.key } };
  const who = isPrincipal(approval.by) ? approval.by : "the signer";
  return { proved: false, why: `the signature of ${who} does not hold by ${signers.from}: ${verdict.why}` };
}

/** Vouches for what a forge said, by a key that never leaves the workspace's private folder. */
export function sealOf(approval: Approval, fingerprint: Fingerprint): string {
  return fingerprint.of(`sitewright forge review\0${canonicalText(approval)}`);
}

function badDates(approval: Approval, now: Date): string | undefined {
  const at = Date.parse(approval.at);
  const expires = Date.parse(approval.expires);
  if (Number.isNaN(at) || Number.isNaN(expires)) return "its dates cannot be read";
  if (at > now.getTime() + CLOCK_SKEW_MS) return `it is dated ${approval.at}, which is still to come`;
  if (expires - at > LONGEST_MS) return "it wants to hold for more than 30 days";
  return undefined;
}
