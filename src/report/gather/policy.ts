import type { Policy } from "../../model/policy.ts";
import type { Rule, RuleEnd, Site } from "../../model/site.ts";
import { packetWords } from "../../planner/flows/packet-words.ts";
import { type DeviceProof, judgingCell } from "../../planner/policy/compliance.ts";
import { zonePartition } from "../../planner/policy/zones.ts";
import type {
  CellState,
  ReportCell,
  ReportException,
  ReportProof,
  ReportRule,
  ReportZone,
} from "../report-types.ts";

/** Lists the zones that a site has addresses in, the outside included, least trusted first. */
export function gatherZones(site: Site): ReportZone[] {
  const present = new Set(zonePartition(site).zones.map(({ id }) => id));
  return site.policy.zones
    .filter((zone) => present.has(zone.name))
    .map(({ name, trust, kind, important, description }) => ({
      name,
      trust,
      kind,
      important,
      description: description ?? null,
    }))
    .sort((a, b) => a.trust - b.trust);
}

/** Lays the zone matrix out, each cell with what was proved of it, and the rules that open it. */
export function gatherMatrix(
  site: Site,
  zones: readonly ReportZone[],
  proofs: readonly DeviceProof[],
  today: string,
): ReportCell[] {
  return zones.flatMap((from) => zones.map((to) => gatherCell(site, from.name, to.name, proofs, today)));
}

function gatherCell(
  site: Site,
  from: string,
  to: string,
  proofs: readonly DeviceProof[],
  today: string,
): ReportCell {
  const cell = judgingCell(site.policy, from, to);
  const made = proofs.flatMap((proof) => proofOf(site.policy, proof, from, to));
  return {
    from,
    to,
    access: cell.access,
    services: cell.services,
    severity: cell.severity,
    written: cell.origin === undefined ? null : `${cell.origin.file}:${cell.origin.line}`,
    state: worst(made),
    proofs: made,
    rules: site.rules
      .filter((rule) => rule.action === "permit" && touches(rule.from, from) && touches(rule.to, to))
      .map((rule) => rule.id),
    exceptions: site.policy.exceptions
      .filter((each) => each.from === from && each.to === to && each.expires >= today)
      .filter((each) => each.site === undefined || each.site === site.id)
      .map((each) => each.id),
  };
}

function proofOf(policy: Policy, proof: DeviceProof, from: string, to: string): ReportProof[] {
  if (!proof.zones.includes(from) || !proof.zones.includes(to)) return [];
  const { device, kind } = proof;
  if (kind === "open") {
    if (from === to) return [];
    const held = judgingCell(policy, from, to).access === "allow-all";
    return [{ device, kind, state: held ? "proved" : "violated", violations: [] }];
  }
  const own = proof.violations.filter((violation) => violation.from === from && violation.to === to);
  const broken = own.some(({ verdict }) => verdict === "violated");
  return [
    {
      device,
      kind,
      state: broken ? "violated" : own.length > 0 ? "unknown" : "proved",
      violations: own.map(({ rule, witness }) => ({ rule: rule ?? null, packet: packetWords(witness) })),
    },
  ];
}

function worst(proofs: readonly ReportProof[]): CellState {
  const has = (state: CellState): boolean => proofs.some((proof) => proof.state === state);
  if (proofs.length === 0) return "not-evaluated";
  return has("violated") ? "violated" : has("unknown") ? "unknown" : "proved";
}

function touches(ends: readonly RuleEnd[], zone: string): boolean {
  return ends.some((end) => end.kind === "any" || end.zones.includes(zone));
}

/** Lists the rules in the order of evaluation; `due` says that its day has come. */
export function gatherRules(site: Site, today: string): ReportRule[] {
  return site.rules.map((rule) => ({
    id: rule.id,
    action: rule.action,
    from: spellEnds(rule.from),
    to: spellEnds(rule.to),
    fromZones: zonesOf(rule.from),
    toZones: zonesOf(rule.to),
    services: rule.services,
    log: rule.log,
    reason: rule.reason ?? null,
    owner: rule.owner ?? null,
    ticket: rule.ticket ?? null,
    created: rule.created ?? null,
    review: rule.review ?? null,
    expires: rule.expires ?? null,
    source: rule.source,
    due: dueOf(rule, today),
    written: `${rule.origin.file}:${rule.origin.line}`,
  }));
}

function dueOf(rule: Rule, today: string): ReportRule["due"] {
  if (rule.expires !== undefined && rule.expires < today) return "expired";
  return rule.review !== undefined && rule.review <= today ? "review" : null;
}

function spellEnds(ends: readonly RuleEnd[]): string {
  return ends.map((end) => end.ref).join(", ");
}

function zonesOf(ends: readonly RuleEnd[]): string[] {
  return [...new Set(ends.flatMap((end) => end.zones))].sort();
}

/** Lists the exceptions that hold for a site. */
export function gatherExceptions(site: Site, today: string): ReportException[] {
  return site.policy.exceptions
    .filter((each) => each.site === undefined || each.site === site.id)
    .map(({ id, from, to, services, owner, approver, ticket, reason, risk, expires }) => ({
      id,
      from,
      to,
      services,
      owner,
      approver,
      ticket,
      reason,
      risk,
      expires,
      expired: expires < today,
    }));
}
