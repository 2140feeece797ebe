import { type Bytes, DamagedTextError, type Log } from "./shelf.ts";
import type { Approval, ApprovalStore, PlanStore } from "./types.ts";

/** Approvals as lines about sites. */
export function approvalsIn(log: Log<Approval>): ApprovalStore {
  return {
    append: (approval) => log.append(approval.site, approval, false),
    async forPlan(digest) {
      const all = [...(await log.readAll("start")).values()].flat();
      return all.filter((approval) => approval.plan === digest);
    },
    ofSite: (site) => log.read(site, "start"),
  };
}

/** Plans by digest. */
export function plansIn(bytes: Bytes): PlanStore {
  return {
    put: (digest, plan) => bytes.write(digest, `${JSON.stringify(plan, undefined, 2)}\n`),
    async get(digest) {
      const data = await bytes.read(digest);
      if (data === undefined) return undefined;
      try {
        return JSON.parse(Buffer.from(data).toString("utf8")) as unknown;
      } catch {
        throw new DamagedTextError(await bytes.setAside(digest));
      }
    },
  };
}
