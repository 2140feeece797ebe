import type { Policy, Zone } from "../../../model/policy.ts";
import type { Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";
import { crossingsOf, isWide, permitsOf } from "../lib/rule-cells.ts";
import { indexOf } from "../lib/site-index.ts";
import type { Problem } from "../types.ts";

const INNER_TRUST = 60;
const judged = new WeakMap<Policy, readonly Problem[]>();

/** What cells grant against the order of trust; once for all sites that share a policy. */
function cellProblems(site: Site): readonly Problem[] {
  const before = judged.get(site.policy);
  if (before) return before;
  const { zones } = indexOf(site);
  const problems = site.policy.matrix.cells
    .filter((cell) => cell.access !== "block-all")
    .flatMap((cell): Problem[] => {
      const from = zones.get(cell.from);
      const to = zones.get(cell.to);
      const where = cell.origin ?? to?.origin ?? site.origin;
      const outside = cell.from === "*" || from?.kind === "external";
      if (to !== undefined && to.kind === "management" && from?.kind !== "management")
        return [
          {
            where,
            message: `the cell ${cell.from} → ${cell.to} lets others into management (${cell.access})`,
            hint: "write access: block-all; managers belong into a management zone",
          },
        ];
      if (outside && to !== undefined && to.trust >= INNER_TRUST)
        return [
          {
            where,
            // A few named services, published on purpose, are a risk that can be looked at; more is a hole.
            ...(cell.access === "allow-only" ? { severity: "warning" } : {}),
            message: `the cell ${cell.from} → ${cell.to} lets the outside into trust ${to.trust}`,
            hint: "write access: block-all, and put what must be reached into a DMZ",
          },
        ];
      if (cell.access === "allow-all" && !isDownhill(from, to))
        return [
          {
            where,
            message: `the cell ${cell.from} → ${cell.to} allows everything, and not from more trust to less`,
            hint: "write access: allow-only with the services that are needed",
          },
        ];
      return [];
    });
  judged.set(site.policy, problems);
  return problems;
}

/** Everything may be allowed only from more trust to less, and where neither end is important. */
function isDownhill(from: Zone | undefined, to: Zone | undefined): boolean {
  if (from === undefined || to === undefined) return false;
  return from.trust > to.trust && !from.important && !to.important;
}

/** Flows go uphill only by name. */
export const zon012 = defineCheck({
  id: "ZON-012",
  severity: "error",
  title: {
    en: "Flows to more trust are named, logged, inspected",
    zh: "低信任到高信任须指定目的、记录日志并检测",
  },
  rationale: {
    en: "From a guest to a server is the way an intruder goes; each such flow should be one somebody can name.",
    zh: "从低信任区到服务器正是入侵路径，每条都必须说得清。",
  },
  mend: {
    en: "Name hosts in `to:`, write `log: true` and `inspection: [ips]`; keep management for managers.",
    zh: "`to:` 写具体主机，`log: true`，`inspection: [ips]`；管理区只供管理。",
  },
  find: (site) => {
    const { zones } = indexOf(site);
    const rules = permitsOf(site).flatMap((rule): Problem[] => {
      const uphill = crossingsOf(site, rule).find(({ from, to }) => {
        const [low, high] = [zones.get(from), zones.get(to)];
        return high?.important === true && (low?.trust ?? 0) < high.trust;
      });
      const intruder = crossingsOf(site, rule).find(
        ({ from, to }) => zones.get(to)?.kind === "management" && zones.get(from)?.kind !== "management",
      );
      const lacks = [
        ...(isWide(rule.to) ? ["a named destination"] : []),
        ...(rule.log ? [] : ["a log"]),
        ...(rule.inspection.length > 0 ? [] : ["inspection"]),
      ];
      return [
        ...(intruder && isWide(rule.from)
          ? [
              {
                where: rule.origin,
                message: `${rule.id} lets all of ${intruder.from} into the management zone ${intruder.to}`,
                hint: "name the jump host in from:",
              },
            ]
          : []),
        ...(uphill && lacks.length > 0
          ? [
              {
                where: rule.origin,
                severity:
                  lacks.length === 1 && lacks[0] === "inspection" ? ("info" as const) : ("warning" as const),
                message: `${rule.id} goes up from ${uphill.from} to ${uphill.to} without ${lacks.join(", ")}`,
                hint: "name hosts in to:, and write log: true, inspection: [ips]",
              },
            ]
          : []),
      ];
    });
    return [...cellProblems(site), ...rules];
  },
});
