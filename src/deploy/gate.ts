import type { ChangeClass } from "../planner/plan/types.ts";
import type { JudgedApproval } from "./approval/prove.ts";
import { decidePersons, type RuleCode } from "./approval/rule.ts";
import { describeWindow, freezeAt, windowAt } from "./change-window.ts";
import type { Approval } from "./stores/types.ts";
import type { DeploySite } from "./types.ts";

/** What the gate decides by. */
export interface GateRequest {
  readonly site: Pick<DeploySite, "id" | "gate" | "timezone" | "changeWindows" | "freezes">;
  /** The plan to be pushed; undefined where none was made. */
  readonly plan: GatedPlan | undefined;
  /** Statements on record, each with its proof. */
  readonly approvals: readonly JudgedApproval[];
  readonly operator: string;
  /** A practice site where nobody can be proved. */
  readonly practice: boolean;
  readonly now: Date;
}

/** What the gate wants to know of a plan. */
export interface GatedPlan {
  readonly digest: string;
  /** The digest that the same plan has when it is made offline. */
  readonly offline: string;
  readonly changeClass: ChangeClass;
}

/** Whether a push may start, and if not why and what to do. */
export type GateDecision =
  | {
      readonly open: true;
      readonly because: string;
      /** The statements that opened it. */
      readonly by: readonly Approval[];
      /** True where it must be reviewed afterwards. */
      readonly emergency: boolean;
    }
  | { readonly open: false; readonly code: GateCode; readonly reason: string; readonly hint: string };

type GateCode = RuleCode | "GATE-NO-PLAN" | "GATE-FROZEN" | "GATE-OUTSIDE-WINDOW";

/** Decides whether a site may be pushed now (D11): a plan, enough people who agreed to exactly that plan, and an open
 *  change window. A site with `gate: none` is exempt. */
export function checkGate(request: GateRequest): GateDecision {
  const { site, plan } = request;
  if (site.gate === "none") return { open: true, because: "gate: none", by: [], emergency: false };
  if (plan === undefined) {
    return shut(
      "GATE-NO-PLAN",
      `${site.id} takes approved plans only`,
      `sitewright plan ${site.id} --out plan.json`,
    );
  }
  const persons = personsOf(request, plan, request.approvals);
  if (!persons.enough) return shut(persons.code, persons.reason, persons.hint);
  const { because, by, emergency } = persons;
  const opened = { open: true, because, by, emergency } as const;
  return emergency ? opened : checkTime(request, plan, opened);
}

function personsOf(request: GateRequest, plan: GatedPlan, approvals: readonly JudgedApproval[]) {
  const { site, operator, practice, now } = request;
  return decidePersons({
    site: site.id,
    digests: [plan.digest, plan.offline],
    changeClass: plan.changeClass,
    approvals,
    operator,
    practice,
    now,
  });
}

/** Only an emergency passes a freeze; outside a window passes what enough people approved for outside the window. */
function checkTime(
  request: GateRequest,
  plan: GatedPlan,
  opened: Extract<GateDecision, { open: true }>,
): GateDecision {
  const { site, now } = request;
  const freeze = freezeAt(site.freezes, site.timezone, now);
  if (freeze) {
    return shut(
      "GATE-FROZEN",
      `${site.id} is frozen: ${freeze.name}, until ${freeze.to} (${site.timezone})`,
      "push after the freeze, or have it approved with --emergency --ticket INC-1 --reason TEXT",
    );
  }
  if (site.changeWindows.length === 0) return opened;
  const window = windowAt(site.changeWindows, site.timezone, now);
  if (window) return { ...opened, because: `${opened.because}, window ${window.name}` };
  const allowed = request.approvals.filter(
    ({ approval }) => approval.role === "author" || approval.outsideWindow !== undefined,
  );
  const outside = personsOf(request, plan, allowed);
  if (outside.enough) {
    const [first] = outside.by;
    return {
      open: true,
      because: `${outside.because}, outside the window: ${first?.outsideWindow ?? ""}`,
      by: outside.by,
      emergency: false,
    };
  }
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
