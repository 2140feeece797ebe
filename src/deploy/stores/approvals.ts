import { join } from "node:path";
import { writeAtomic } from "./atomic.ts";
import { appendLine, fileNameOf, readLines, readTextIfThere } from "./jsonl.ts";
import type { Approval, ApprovalStore, PlanStore } from "./types.ts";

/** Approvals as one append-only file. */
export function fileApprovals(file: string): ApprovalStore {
  const read = () => readLines<Approval>(file);
  return {
    append: (approval) => appendLine(file, approval),
    forPlan: async (digest) => (await read()).filter((approval) => approval.plan === digest),
    ofSite: async (site) => (await read()).filter((approval) => approval.site === site),
  };
}

/** Plans by digest. */
export function filePlans(folder: string): PlanStore {
  const pathOf = (digest: string) => join(folder, `${fileNameOf(digest)}.json`);
  return {
    put: (digest, plan) => writeAtomic(pathOf(digest), `${JSON.stringify(plan, undefined, 2)}\n`),
    async get(digest) {
      const text = await readTextIfThere(pathOf(digest));
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
  };
}
