import type { Finding } from "../../model/finding.ts";
import type { Rule, RuleEnd, Site } from "../../model/site.ts";
import { packetWords } from "../flows/packet-words.ts";
import { isSubset, matching, permitted } from "../flows/region.ts";
import type { AddressRange, FlowOptions } from "../flows/types.ts";
import type { Enforcement } from "./enforcement.ts";
import { opening, serviceMatches } from "./matches.ts";
import { rangeOf, type ZonePartition } from "./zones.ts";

/** Proves that every flow which a permit rule asks for is really open on the devices between its ends (ZON-006), or
 *  shows the packet that is dropped and who drops it. */
export function checkCoverage(
  site: Site,
  partition: ZonePartition,
  enforcements: readonly Enforcement[],
  options: FlowOptions = {},
): Finding[] {
  return site.rules
    .filter((rule) => rule.action === "permit")
    .flatMap((rule) =>
      enforcements.flatMap((enforcement) => checkRule(site, partition, enforcement, rule, options)),
    );
}

function checkRule(
  site: Site,
  partition: ZonePartition,
  enforcement: Enforcement,
  rule: Rule,
  options: FlowOptions,
): Finding[] {
  const pairs = rule.from.flatMap((from) => rule.to.map((to) => ({ from, to })));
  return pairs.flatMap(({ from, to }): Finding[] => {
    if (!passes(site, enforcement, from, to)) return [];
    const wanted = opening(serviceMatches(rule.matches, rangesOf(from, partition), rangesOf(to, partition)));
    if (wanted.length === 0) return [];
    const proof = isSubset(matching(wanted), permitted(enforcement.filter), options);
    if (proof.verdict === "proved") return [];
    const packet = proof.witness === undefined ? "" : `: ${packetWords(proof.witness)}`;
    return [
      {
        code: "ZON-006",
        severity: "error",
        message: `${rule.id} is not open on ${enforcement.device.name}${packet}`,
        hint: `an earlier deny takes it, or ${enforcement.device.name} has no rule for it: look at the rules before ${rule.id}`,
        where: rule.origin,
        related: [enforcement.device.origin],
      },
    ];
  });
}

/** Whether traffic between two ends crosses this device: it routes for a zone of each, and not both in one subnet; or
 *  for one of them, with the other behind the next router. */
function passes(site: Site, enforcement: Enforcement, from: RuleEnd, to: RuleEnd): boolean {
  if (from.site !== undefined && from.site !== site.id) return false;
  if (to.site !== undefined && to.site !== site.id) return false;
  const near = (end: RuleEnd): boolean => end.zones.some((zone) => enforcement.zones.includes(zone));
  const far = (end: RuleEnd): boolean => end.zones.some((zone) => enforcement.beyond.includes(zone));
  const crosses = (near(from) && (near(to) || far(to))) || (far(from) && near(to));
  return crosses && enforcement.kind !== "open";
}

function rangesOf(end: RuleEnd, partition: ZonePartition): readonly AddressRange[] {
  if (end.prefixes.length > 0) return end.prefixes.map(rangeOf).filter((range) => range !== undefined);
  return end.zones.flatMap((zone) => partition.rangesOf(zone));
}
