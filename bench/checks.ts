import { runChecks } from "../src/planner/checks/run-checks.ts";
import { checkPolicy } from "../src/planner/policy/check-policy.ts";
import { bigSite, ZONES } from "../test/planner/checks/big-site.ts";
import { cleanWorld, inputOf } from "../test/planner/checks/world.ts";
import { cpu, row, title } from "./report.ts";

const SITES = [50, 500] as const;
const TODAY = "2026-11-22";

/** Runs the whole catalogue and the zone proofs over many resolved sites; prints CPU time, growth and memory. */
export function benchChecks(): void {
  title("all checks over resolved sites: one thread; limit: 500 sites x 20 zones in 5 s, under 1 GB");
  let last: { readonly sites: number; readonly cpuMs: number } | undefined;
  for (const count of SITES) {
    const made = Array.from({ length: count }, (_, number) => bigSite(number));
    const sites = made.map(({ site }) => site);
    const { input } = inputOf(cleanWorld());
    const rendered = new Map(made.flatMap((each) => each.rendered));
    const checks = cpu(() => runChecks(sites, { ...input, facts: new Map(), rendered }));
    const proofs = cpu(() => sites.map((site) => checkPolicy(site, TODAY).proved.pairs));
    const cpuMs = checks.cpuMs + proofs.cpuMs;
    const growth = last && `x${(cpuMs / last.cpuMs / (count / last.sites)).toFixed(2)} of linear`;
    const { evaluated, findings } = checks.result;
    row(
      `${count} sites x ${ZONES} zones, catalogue`,
      checks.cpuMs,
      `${evaluated.length} checks, ${findings.length} findings`,
    );
    const pairs = proofs.result.reduce((sum, each) => sum + each, 0);
    row(
      `${count} sites x ${ZONES} zones, zone proofs`,
      proofs.cpuMs,
      `${pairs} pairs of rule and cell proved`,
    );
    const resident = Math.round(process.memoryUsage().rss / 1e6);
    row("  together", cpuMs, `${resident} MB resident ${growth ?? ""}`);
    last = { sites: count, cpuMs };
  }
}
