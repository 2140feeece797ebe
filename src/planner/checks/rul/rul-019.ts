import { overlaps, type Prefix, parsePrefix } from "../../../model/address.ts";
import type { ServiceMatch } from "../../../model/intent.ts";
import type { Rule, RuleEnd, Site } from "../../../model/site.ts";
import { compareFilters } from "../../flows/compare.ts";
import { packetWords } from "../../flows/packet-words.ts";
import { type Enforcement, enforcementsOf } from "../../policy/enforcement.ts";
import { zonePartition } from "../../policy/zones.ts";
import { defineCheck } from "../define.ts";
import type { Problem } from "../types.ts";

/** Shared rules of two versions, in the order of the first. */
function sharedOrder(one: Enforcement, other: Enforcement): string[] {
  const known = new Set(other.filter.rules.map((rule) => rule.id));
  return one.filter.rules.map((rule) => rule.id).filter((id) => known.has(id));
}

/** What the new order of the same rules opens or closes on a device. */
function reorderProblems(site: Site, before: Site): Problem[] {
  const old = new Map(enforcementsOf(before, zonePartition(before)).map((each) => [each.device.name, each]));
  return enforcementsOf(site, zonePartition(site)).flatMap((now): Problem[] => {
    const then = old.get(now.device.name);
    if (then === undefined) return [];
    const order = sharedOrder(now, then);
    if (order.join(" ") === sharedOrder(then, now).join(" ")) return [];
    const place = new Map(sharedOrder(then, now).map((id, at) => [id, at]));
    const rules = now.filter.rules.filter((rule) => place.has(rule.id));
    const oldOrder = [...rules].sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
    const { defaultAction } = now.filter;
    const result = compareFilters({ rules: oldOrder, defaultAction }, { rules, defaultAction });
    const [flow] = [...result.opened, ...result.closed];
    if (flow === undefined && result.verdict === "proved") return [];
    const packet = flow && packetWords(flow.witness);
    const verb = result.opened.length > 0 ? "opens" : flow ? "closes" : "may change";
    return [
      {
        where: now.device.origin,
        severity: "warning",
        message: `${now.device.name}: the new order of the same rules ${verb} ${packet ?? "something"}`,
        hint: "write before: at the rule that should win",
      },
    ];
  });
}

const parsed = new WeakMap<RuleEnd, readonly Prefix[]>();

function prefixesOf(end: RuleEnd): readonly Prefix[] {
  const before = parsed.get(end);
  if (before) return before;
  const prefixes = end.prefixes.flatMap((text) => parsePrefix(text)?.prefix ?? []);
  parsed.set(end, prefixes);
  return prefixes;
}

function endsMeet(a: readonly RuleEnd[], b: readonly RuleEnd[]): boolean {
  const zonesOf = (ends: readonly RuleEnd[]) => new Set(ends.flatMap((end) => end.zones));
  const everything = (ends: readonly RuleEnd[]) => ends.some((end) => end.prefixes.length === 0);
  if (everything(a) || everything(b)) {
    const other = zonesOf(b);
    return [...zonesOf(a)].some((zone) => other.has(zone));
  }
  const right = b.flatMap(prefixesOf);
  return a.flatMap(prefixesOf).some((one) => right.some((other) => overlaps(one, other)));
}

function servicesMeet(a: readonly ServiceMatch[], b: readonly ServiceMatch[]): boolean {
  return a.some((one) =>
    b.some((other) => {
      if (one.protocol === "any" || other.protocol === "any") return true;
      if (one.protocol !== other.protocol) return false;
      if (one.icmpType !== undefined && other.icmpType !== undefined && one.icmpType !== other.icmpType)
        return false;
      if (one.ports.length === 0 || other.ports.length === 0) return true;
      return one.ports.some(([low, high]) => other.ports.some(([from, to]) => low <= to && from <= high));
    }),
  );
}

/** Permits and denies that meet, and whose order nobody wrote: a new name would turn it round. */
function unsettled(site: Site): Problem[] {
  const denies = site.rules.filter((rule) => rule.action === "deny");
  const settled = (one: Rule, other: Rule): boolean =>
    one.before.includes(other.id) || other.before.includes(one.id);
  return denies.flatMap((deny) =>
    site.rules
      .filter((rule) => rule.action === "permit" && !settled(rule, deny))
      .filter(
        (rule) =>
          endsMeet(rule.from, deny.from) &&
          endsMeet(rule.to, deny.to) &&
          servicesMeet(rule.matches, deny.matches),
      )
      .map((rule): Problem => {
        const [first, second] =
          site.rules.indexOf(rule) < site.rules.indexOf(deny) ? [rule, deny] : [deny, rule];
        return {
          where: first.origin,
          message: `${first.id} wins over ${second.id} by its name alone`,
          hint: `write before: ${second.id} into ${first.id}`,
          related: [second.origin],
        };
      }),
  );
}

/** Order is written down, and a new one shows what it opens. */
export const rul019 = defineCheck({
  id: "RUL-019",
  severity: "info",
  title: { en: "Order of rules stated, and what a new order opens", zh: "规则顺序明确，并给出重排影响" },
  rationale: {
    en: "Moving one line can open a server, without any rule being added.",
    zh: "只移动一行、不增加任何规则，也可能放开一台服务器。",
  },
  mend: {
    en: "Write `before: R0040` at the rule that should win.",
    zh: "在应优先的规则写 `before: R0040`。",
  },
  find: (site, context) => {
    const before = context.previous.get(site.id);
    return [...unsettled(site), ...(before === undefined ? [] : reorderProblems(site, before))];
  },
});
