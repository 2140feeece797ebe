import { comparePrefixes, formatPrefix } from "../../model/address.ts";
import { fitsPattern } from "../../model/name-pattern.ts";
import type { Zone, ZoningPlace, ZoningRule } from "../../model/policy.ts";
import type { ZoningEnd as EndEntry } from "../schema/types.gen.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";
import type { ClientPolicy } from "./policy.ts";
import { prefixesOf } from "./rules.ts";
import { listOf, placeIn, type WrittenRule } from "./zoning.ts";

const OUTSIDE = ["internet", "unassigned"] as const;

/** Turns the ends of own rules into what they mean at one site: its own networks, those of its sisters, and the space
 *  outside.
 *  @param others - the other sites of the client */
export function settleZoning(
  { policy, zoning }: ClientPolicy,
  base: SiteBase,
  others: readonly SiteBase[],
  findings: Findings,
): ZoningRule[] {
  if (zoning.length === 0) return [];
  const candidates = candidatesOf([base, ...others], policy.zones);
  return zoning.map((written) => {
    for (const end of [written.from, written.to]) checkNames(end, written, candidates, findings);
    const placesOf = (end: EndEntry): ZoningPlace[] => {
      const meant = candidates.filter((candidate) => isMeant(candidate, end)).map(({ place }) => place);
      // No office must reach the servers of every site because the rule wants each to reach its own.
      const atHome = written.rule.kind === "required" && end.site === undefined;
      return atHome ? meant.filter(({ site }) => site === undefined || site === base.id) : meant;
    };
    return { ...written.rule, from: placesOf(written.from), to: placesOf(written.to) };
  });
}

interface Candidate {
  readonly place: ZoningPlace;
  readonly site?: string;
  readonly zone?: Zone;
  readonly criticality?: string;
}

function candidatesOf(bases: readonly SiteBase[], zones: readonly Zone[]): Candidate[] {
  const byName = new Map(zones.map((zone) => [zone.name, zone]));
  const inside = bases.flatMap((base) =>
    [...base.networks.values()].flatMap((network): Candidate[] => {
      const prefixes = prefixesOf(network).sort(comparePrefixes).map(formatPrefix);
      if (prefixes.length === 0) return [];
      const zone = network.data.zone === undefined ? undefined : byName.get(network.data.zone);
      const { name } = network;
      const place = { site: base.id, network: name, ...(zone && { zone: zone.name }), prefixes };
      const criticality = base.settings.criticality ?? "medium";
      return [{ place, site: base.site, ...(zone && { zone }), criticality }];
    }),
  );
  const outside = OUTSIDE.map((name): Candidate => {
    const zone = byName.get(name);
    return { place: { zone: name, prefixes: [] }, ...(zone && { zone }) };
  });
  return [...inside, ...outside];
}

function isMeant(candidate: Candidate, end: EndEntry): boolean {
  if (end.not !== undefined && holds(candidate, end.not)) return false;
  return holds(candidate, end);
}

function holds({ place, site, zone, criticality }: Candidate, end: EndEntry): boolean {
  const one = (name: string | undefined, patterns: string | readonly string[] | undefined): boolean =>
    patterns === undefined ||
    (name !== undefined && listOf(patterns).some((pattern) => fitsPattern(name, pattern)));
  return (
    one(zone?.name, end.zone) &&
    one(zone?.kind, end.kind) &&
    one(place.network, end.network) &&
    one(site, end.site) &&
    one(criticality, end.criticality)
  );
}

/** A client's rule that names a site or a network which none of its sites has would hold for nothing, in silence. */
function checkNames(
  end: EndEntry,
  { places, ofClient }: WrittenRule,
  candidates: readonly Candidate[],
  findings: Findings,
): void {
  if (!ofClient) return;
  const sites = new Set(candidates.flatMap(({ site }) => site ?? []));
  const networks = new Set(candidates.flatMap(({ place }) => place.network ?? []));
  const words = { site: ["REF-SITE", sites], network: ["REF-NETWORK", networks] } as const;
  for (const part of [end, end.not ?? {}]) {
    for (const key of ["site", "network"] as const) {
      const [code, known] = words[key];
      listOf(part[key]).forEach((name, index) => {
        if ([...known].some((each) => fitsPattern(each, name))) return;
        const near = suggest(name, known);
        const hint = near ? `did you mean ${near}?` : `the client has: ${listNames(known)}`;
        findings.report(code, placeIn(places, part, key, index), `there is no ${key} "${name}"`, hint);
      });
    }
  }
}
