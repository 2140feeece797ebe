import { describeWindow, freezeAt, windowAt } from "./change-window.ts";
import type { Approval } from "./stores/types.ts";
import type { DeploySite } from "./types.ts";

/** What the gate decides by. */
export interface GateRequest {
  readonly site: Pick<DeploySite, "id" | "gate" | "timezone" | "changeWindows" | "freezes">;
  /** Digest of the plan to be pushed; undefined where none was made. */
  readonly plan: string | undefined;
  /** Approvals on record for that plan. */
  readonly approvals: readonly Approval[];
  readonly operator: string;
  readonly now: Date;
}

/** Whether a push may start, and if not why and what to do. */
export type GateDecision =
  | { readonly open: true; readonly because: string }
  | { readonly open: false; readonly code: GateCode; readonly reason: string; readonly hint: string };

export type GateCode =
  | "GATE-NO-PLAN"
  | "GATE-NO-APPROVAL"
  | "GATE-OWN-APPROVAL"
  | "GATE-APPROVAL-EXPIRED"
  | "GATE-FROZEN"
  | "GATE-OUTSIDE-WINDOW";

/** Decides whether a site may be pushed now (D11): a plan, someone else's approval of exactly that plan, and an open
 *  change window. A site with `gate: none` is exempt. */
export function checkGate(request: GateRequest): GateDecision {
  const { site, plan } = request;
  if (site.gate === "none") return { open: true, because: "gate: none" };
  if (plan === undefined) {
    return shut(
      "GATE-NO-PLAN",
      `${site.id} takes approved plans only`,
      `sitewright plan ${site.id} --out plan.json`,
    );
  }
  const approval = approvalOf(request);
  if (!("by" in approval)) return approval;
  return checkTime(request, approval);
}

function approvalOf(request: GateRequest): Approval | GateDecision {
  const { approvals, plan, site, operator, now } = request;
  const own = approvals.filter((approval) => approval.plan === plan && approval.site === site.id);
  if (own.length === 0) {
    return shut(
      "GATE-NO-APPROVAL",
      `nobody approved plan ${shorten(plan)} of ${site.id}`,
      "ask a colleague for: sitewright approve --plan plan.json",
    );
  }
  const foreign = own.filter((approval) => approval.by !== operator);
  if (foreign.length === 0) {
    return shut(
      "GATE-OWN-APPROVAL",
      `${operator} approved and pushes it`,
      "another person must approve the plan",
    );
  }
  const valid = foreign.find((approval) => Date.parse(approval.expires) > now.getTime());
  if (valid) return valid;
  return shut(
    "GATE-APPROVAL-EXPIRED",
    `the approval of plan ${shorten(plan)} ended at ${foreign.at(-1)?.expires ?? "?"}`,
    "plan again and have it approved again",
  );
}

function checkTime(request: GateRequest, approval: Approval): GateDecision {
  const { site, now } = request;
  const because = `approved by ${approval.by} at ${approval.at}`;
  if (approval.outsideWindow !== undefined) {
    return { open: true, because: `${because}, outside the window: ${approval.outsideWindow}` };
  }
  const freeze = freezeAt(site.freezes, site.timezone, now);
  if (freeze) {
    return shut(
      "GATE-FROZEN",
      `${site.id} is frozen: ${freeze.name}, until ${freeze.to}`,
      "push after the freeze",
    );
  }
  if (site.changeWindows.length === 0) return { open: true, because };
  const window = windowAt(site.changeWindows, site.timezone, now);
  if (window) return { open: true, because: `${because}, window ${window.name}` };
  const windows = site.changeWindows.map(describeWindow).join("; ");
  return shut(
    "GATE-OUTSIDE-WINDOW",
    `no change window of ${site.id} is open (${windows}, ${site.timezone})`,
    "wait for it, or have the plan approved with --outside-window REASON",
  );
}

function shut(code: GateCode, reason: string, hint: string): Extract<GateDecision, { open: false }> {
  return { open: false, code, reason, hint };
}

function shorten(digest: string | undefined): string {
  return (digest ?? "").slice(0, 19);
}
