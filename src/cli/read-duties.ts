import { existsSync } from "node:fs";
import { join } from "node:path";
import { proveApprovals } from "../deploy/approval/prove.ts";
import { readSigners } from "../deploy/approval/signers.ts";
import { allEntries } from "../deploy/audit/chain.ts";
import { type Duty, openDuties } from "../deploy/audit/duties.ts";
import { SecretError } from "../deploy/secrets.ts";
import { readSettings } from "../deploy/settings.ts";
import { sharedAddress } from "../deploy/stores/sql/address.ts";
import { StoreError } from "../deploy/stores/sql/sql.ts";
import type { DeployContext } from "../deploy/types.ts";
import { stateFolder } from "../deploy/workspace.ts";
import type { FileWhere, Finding } from "../model/finding.ts";
import type { Site } from "../model/site.ts";
import { openDeploy } from "./deploy-context.ts";

/** Emergencies that nobody reviewed yet, of every site. */
export async function readDuties(deploy: DeployContext): Promise<Duty[]> {
  const { audit, approvals } = deploy.stores;
  const entries = await allEntries(audit);
  const plans = new Set(entries.flatMap(({ what, plan }) => (what === "emergency" && plan ? [plan] : [])));
  if (plans.size === 0) return [];
  const said = await Promise.all([...plans].map((plan) => approvals.forPlan(plan)));
  const signers = await readSigners(deploy.root, readSettings(stateFolder(deploy.root)).approvals ?? {});
  const now = deploy.now();
  const judged = await proveApprovals(said.flat(), { signers, fingerprint: deploy.fingerprint, now });
  return openDuties(entries, judged, now);
}

/** The same as findings of the chosen sites; a workspace that pushed nothing has none, and nothing is made there. */
export async function dutyFindings(root: string, sites: readonly Site[]): Promise<Finding[]> {
  const isShared = sharedAddress(process.env) !== undefined;
  if (!isShared && !existsSync(join(stateFolder(root), "audit", "log.jsonl"))) return [];
  try {
    const duties = await readDuties(openDeploy(root, sites));
    return duties.flatMap((duty) => {
      const site = sites.find(({ id }) => id === duty.site);
      return site === undefined ? [] : [dutyFinding(duty, site.origin)];
    });
  } catch (error) {
    if (!(error instanceof StoreError) && !(error instanceof SecretError)) throw error;
    return sites.slice(0, 1).map(({ origin }) => unknownDuties(error, origin));
  }
}

function unknownDuties({ message, hint }: StoreError | SecretError, where: FileWhere): Finding {
  const text = `whether an emergency waits for its review is not known: ${message}`;
  return { code: "CHG-008", severity: "warning", message: text, hint, where };
}

/** Says that an emergency waits for its review. */
function dutyFinding({ site, plan, at, by, due, overdue }: Duty, where: FileWhere): Finding {
  return {
    code: "CHG-008",
    severity: overdue ? "error" : "warning",
    message: `${site}: the emergency of ${at} by ${by} is ${overdue ? "overdue for" : "to be"} ${overdue ? "review since" : "reviewed by"} ${due}`,
    hint: `somebody else types: sitewright approve --plan ${plan} --review`,
    where,
  };
}
