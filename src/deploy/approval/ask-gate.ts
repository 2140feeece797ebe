import { offlineDigest } from "../../planner/plan/digest.ts";
import type { SitePlan } from "../../planner/plan/types.ts";
import { checkGate, type GateDecision } from "../gate.ts";
import { readSettings } from "../settings.ts";
import type { DeployContext, DeploySite } from "../types.ts";
import { stateFolder } from "../workspace.ts";
import { proveApprovals } from "./prove.ts";
import { readSigners } from "./signers.ts";

/** Asks the gate whether a plan may be pushed now: reads the statements on record, proves each, decides.
 *  @param plan - undefined where nobody made one */
export async function askGate(
  site: DeploySite,
  plan: SitePlan | undefined,
  operator: string,
  context: DeployContext,
): Promise<GateDecision> {
  const now = context.now();
  const base = { site, operator, now };
  if (site.gate === "none" || plan === undefined) {
    return checkGate({ ...base, plan: undefined, approvals: [], practice: false });
  }
  const offline = offlineDigest(plan);
  const found = await Promise.all(
    [...new Set([plan.digest, offline])].map((digest) => context.stores.approvals.forPlan(digest)),
  );
  const signers = await readSigners(context.root, readSettings(stateFolder(context.root)).approvals ?? {});
  const approvals = await proveApprovals(found.flat(), { signers, fingerprint: context.fingerprint, now });
  // A plan of an earlier release says no class: then it is the one that wants more.
  const changeClass = plan.changeClass === "normal" ? "normal" : "special";
  const practice = site.binding === "lab" && !signers.known;
  return checkGate({ ...base, plan: { digest: plan.digest, offline, changeClass }, approvals, practice });
}
