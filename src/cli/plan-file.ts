import { readFile } from "node:fs/promises";
import type { SitePlan } from "../planner/plan/types.ts";
import { UsageError } from "./exit.ts";

/** Reads the plans that `plan --out` kept.
 *  @throws UsageError where the file is missing or holds no plan */
export async function readPlanFile(file: string): Promise<readonly SitePlan[]> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UsageError(`${file} cannot be read`, "check the path");
  });
  const sites = sitesIn(text);
  if (sites !== undefined) return sites;
  throw new UsageError(`${file} is no plan`, "make one: sitewright plan SELECTOR --out FILE");
}

function sitesIn(text: string): readonly SitePlan[] | undefined {
  try {
    const { sites } = JSON.parse(text) as { readonly sites?: readonly SitePlan[] };
    return Array.isArray(sites) && sites.every((plan) => typeof plan.digest === "string") ? sites : undefined;
  } catch {
    return undefined;
  }
}
