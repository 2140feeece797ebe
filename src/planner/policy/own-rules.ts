import type { Finding } from "../../model/finding.ts";
import { fitsPattern } from "../../model/name-pattern.ts";
import type { ZoningRule } from "../../model/policy.ts";
import type { Site } from "../../model/site.ts";
import { createMatrixChecker } from "../flows/matrix.ts";
import { packetWords } from "../flows/packet-words.ts";
import { areSubsets, matching, permitted } from "../flows/region.ts";
import { testPacket } from "../flows/test-packet.ts";
import type { FlowOptions, FlowZone, Packet, Verdict } from "../flows/types.ts";
import type { Enforcement } from "./enforcement.ts";
import { opening, otherThan, RETURN_TRAFFIC, serviceMatches } from "./matches.ts";
import { type OwnSpace, ownSpaces } from "./own-places.ts";
import type { ZonePartition } from "./zones.ts";

/** What became of an own rule at one site. */
export interface OwnRuleProof {
  readonly code: string;
  readonly verdict: Verdict;
}

/** What own rules say of one site. */
export interface OwnRulesReport {
  readonly findings: readonly Finding[];
  /** Rules without both ends in reach of the site are not among them. */
  readonly proofs: readonly OwnRuleProof[];
}

interface Looked {
  readonly findings: readonly Finding[];
  readonly verdicts: readonly Verdict[];
}

interface Question {
  readonly site: Site;
  readonly rule: ZoningRule;
  readonly spaces: readonly OwnSpace[];
  readonly options: FlowOptions;
}

/** Proves a provider's and a client's own rules over what the devices of a site let through, by the engine that proves
 *  the matrix. Connections between two other sites are not looked at.
 *  @param enforcements - devices that route, with their filters as rendered */
export function checkOwnRules(
  site: Site,
  partition: ZonePartition,
  enforcements: readonly Enforcement[],
  options: FlowOptions = {},
): OwnRulesReport {
  const looked = (site.zoning ?? []).flatMap((rule) => {
    const spaces = ownSpaces(site, partition, rule);
    const concerned = spaces.some((from) => from.isFrom && spaces.some((to) => isPair(from, to)));
    if (!concerned) return [];
    const question = { site, rule, spaces, options };
    const { findings, verdicts } =
      rule.kind === "forbidden" ? forbid(question, enforcements) : require(question, enforcements);
    if (verdicts.length === 0) return [];
    return [{ findings, proof: { code: rule.code, verdict: worst(verdicts) } }];
  });
  return {
    findings: looked.flatMap(({ findings }) => findings),
    proofs: looked.map(({ proof }) => proof),
  };
}

/** Whether a connection from one space to the other is what the rule means, and one that this site sees. */
function isPair(from: OwnSpace, to: OwnSpace): boolean {
  if (!from.isFrom || !to.isTo) return false;
  if (from.network === undefined && to.network === undefined) return false;
  return from.network === undefined || from.network !== to.network;
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("violated")) return "violated";
  return verdicts.includes("unknown") ? "unknown" : "proved";
}

function forbid(question: Question, enforcements: readonly Enforcement[]): Looked {
  const { rule } = question;
  const looked = enforcements.map((enforcement): Looked => {
    const mayPass = isVia(rule, enforcement.device.name);
    return mayPass ? { findings: [], verdicts: ["proved"] } : forbidOn(question, enforcement);
  });
  return {
    findings: looked.flatMap(({ findings }) => findings),
    verdicts: looked.flatMap(({ verdicts }) => verdicts),
  };
}

function isVia(rule: ZoningRule, device: string): boolean {
  return rule.via.some((pattern) => fitsPattern(device, pattern));
}

/** Asks the matrix engine: the spaces become zones by which ends they are, and only the rule's pairs are limited. */
function forbidOn({ site, rule, spaces, options }: Question, enforcement: Enforcement): Looked {
  const seen = seenBy(site, enforcement, spaces);
  const zones = zonesOf(seen);
  const allowed = otherThan(rule.matches);
  const cells = zones.flatMap((from) =>
    zones
      .filter((to) => from.isFrom && to.isTo && (from.own || to.own))
      .map((to) => ({ from: from.id, to: to.id, allowed })),
  );
  if (cells.length === 0) return { findings: [], verdicts: [] };
  const { verdict, violations } = createMatrixChecker(
    { zones, cells, defaultAllowed: "all", exceptions: [RETURN_TRAFFIC], filter: filterOf(enforcement) },
    options,
  ).report();
  const first = new Map(violations.toReversed().map((violation) => [violation.rule ?? "", violation]));
  const findings = [...first.values()].reverse().map((violation): Finding => {
    const { witness } = violation;
    const by = violation.rule ?? (enforcement.kind === "open" ? "no filter" : "its default");
    const verb = violation.verdict === "violated" ? "lets" : "may let";
    const [from, to] = [labelAt(seen, witness, "src"), labelAt(seen, witness, "dst")];
    const { device, origins } = enforcement;
    return {
      code: rule.code,
      severity: rule.severity,
      message: `${device.name} ${verb} ${from} reach ${to} by ${by}: ${packetWords(witness)}`,
      hint: `${reasonOf(rule)}: ${violation.rule === undefined ? `give ${device.name} a filter that closes it` : `narrow ${by}`}`,
      where: (violation.rule === undefined ? undefined : origins.get(violation.rule)) ?? device.origin,
      related: [rule.origin, device.origin],
    };
  });
  return { findings, verdicts: [verdict] };
}

/** The spaces whose packets meet a device's filter: a switch judges what it routes itself, as in the matrix. */
function seenBy(site: Site, enforcement: Enforcement, spaces: readonly OwnSpace[]): OwnSpace[] {
  if (enforcement.kind === "firewall") return [...spaces];
  const outside = leadsOut(site, enforcement);
  return spaces.filter(({ network }) =>
    network === undefined ? outside : enforcement.networks.includes(network),
  );
}

function leadsOut(site: Site, { device }: Enforcement): boolean {
  return site.wan.some((link) => link.device === device.name);
}

interface EndZone extends FlowZone {
  readonly own: boolean;
  readonly isFrom: boolean;
  readonly isTo: boolean;
}

function zonesOf(spaces: readonly OwnSpace[]): EndZone[] {
  const groups = Map.groupBy(spaces, ({ network, isFrom, isTo }) =>
    [network === undefined ? "outside" : "own", isFrom ? "from" : "", isTo ? "to" : ""].join(" "),
  );
  return [...groups].map(([id, members]) => ({
    id,
    ranges: members.map(({ range }) => range),
    own: members.some(({ network }) => network !== undefined),
    isFrom: members.some(({ isFrom }) => isFrom),
    isTo: members.some(({ isTo }) => isTo),
  }));
}

/** A router without a filter lets everything through. */
function filterOf(enforcement: Enforcement): Enforcement["filter"] {
  return enforcement.kind === "open" ? { rules: [], defaultAction: "permit" } : enforcement.filter;
}

function labelAt(spaces: readonly OwnSpace[], packet: Packet, side: "src" | "dst"): string {
  const address = packet[side];
  const space = spaces.find(
    ({ range }) => range.family === packet.family && range.lo <= address && address <= range.hi,
  );
  return space?.label ?? "elsewhere";
}

interface Pair {
  readonly from: OwnSpace;
  readonly to: OwnSpace;
}

/** Asks of every device on the way between both ends whether what the rule wants is open on it. */
function require(question: Question, enforcements: readonly Enforcement[]): Looked {
  const { site, rule, spaces } = question;
  const asked = new Map<Enforcement, Pair[]>();
  const lost: Pair[] = [];
  for (const from of spaces) {
    for (const to of spaces.filter((space) => isPair(from, space))) {
      const way = wayOf(site, enforcements, from, to).filter(({ device }) => onWay(rule, device.name));
      if (way.length === 0) lost.push({ from, to });
      for (const device of way) asked.set(device, [...(asked.get(device) ?? []), { from, to }]);
    }
  }
  const looked = [...asked].map(([enforcement, pairs]) => openOn(question, enforcement, pairs));
  const unknown = lost.length === 0 ? [] : [unknownWay(question, lost)];
  return {
    findings: [...looked.flatMap(({ findings }) => findings), ...unknown],
    verdicts: [...looked.flatMap(({ verdicts }) => verdicts), ...unknown.map((): Verdict => "unknown")],
  };
}

function onWay(rule: ZoningRule, device: string): boolean {
  return rule.via.length === 0 || isVia(rule, device);
}

/** The devices that a packet crosses: those that route for both ends, else those of either end where they share a
 *  network; none where that is not known. */
function wayOf(
  site: Site,
  enforcements: readonly Enforcement[],
  from: OwnSpace,
  to: OwnSpace,
): readonly Enforcement[] {
  const routersOf = ({ network }: OwnSpace): Enforcement[] =>
    enforcements.filter((each) =>
      network === undefined ? leadsOut(site, each) : each.networks.includes(network),
    );
  const [near, far] = [routersOf(from), routersOf(to)];
  const both = near.filter((each) => far.includes(each));
  if (both.length > 0) return both;
  const joined = near.every((a) => far.every((b) => a.networks.some((name) => b.networks.includes(name))));
  return near.length > 0 && far.length > 0 && joined ? [...near, ...far] : [];
}

function unknownWay({ site, rule }: Question, lost: readonly Pair[]): Finding {
  const pairs = [...new Set(lost.map(({ from, to }) => `${from.label} to ${to.label}`))];
  const more = pairs.length === 1 ? "" : ` and ${pairs.length - 1} more`;
  const by = rule.via.length === 0 ? "the way is not known" : `no ${rule.via.join(", ")} is on the way`;
  return {
    code: rule.code,
    severity: rule.severity,
    message: `whether ${pairs[0]}${more} is open is not known: ${by}`,
    hint: `${reasonOf(rule)}: narrow its ends, or write which device routes for them`,
    where: site.origin,
    related: [rule.origin],
  };
}

function openOn({ rule, options }: Question, enforcement: Enforcement, pairs: readonly Pair[]): Looked {
  const { device, origins } = enforcement;
  const filter = filterOf(enforcement);
  const wanted = pairs
    .map((pair) => ({
      pair,
      matches: opening(serviceMatches(rule.matches, [pair.from.range], [pair.to.range])),
    }))
    .filter(({ matches }) => matches.length > 0);
  const proofs = areSubsets(
    wanted.map(({ matches }) => ({ inner: matching(matches), outer: permitted(filter) })),
    options,
  );
  const findings = wanted.flatMap(({ pair }, index): Finding[] => {
    const proof = proofs[index];
    if (proof === undefined || proof.verdict === "proved") return [];
    const { witness } = proof;
    const decided = witness && testPacket(filter, witness).rule;
    const by = decided ?? "its default";
    const verb = proof.verdict === "violated" ? "drops" : "may drop";
    const packet = witness === undefined ? (proof.reason ?? "undecided") : packetWords(witness);
    return [
      {
        code: rule.code,
        severity: rule.severity,
        message: `${device.name} ${verb} ${pair.from.label} to ${pair.to.label} by ${by}: ${packet}`,
        hint: `${reasonOf(rule)}: permit it in the site's rules.yaml before ${by}`,
        where: (decided === undefined ? undefined : origins.get(decided)) ?? device.origin,
        related: [rule.origin, device.origin],
      },
    ];
  });
  return { findings, verdicts: proofs.map(({ verdict }) => verdict) };
}

function reasonOf({ kind, name, comment }: ZoningRule): string {
  return `${name} ${kind === "forbidden" ? "forbids" : "requires"} it${comment === undefined ? "" : ` (${comment})`}`;
}
