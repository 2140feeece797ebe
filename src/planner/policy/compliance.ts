import type { FileWhere, Finding, Severity } from "../../model/finding.ts";
import {
  type Cell,
  cellFor,
  type Policy,
  type PolicyException,
  type PolicySeverity,
} from "../../model/policy.ts";
import type { Site } from "../../model/site.ts";
import { createMatrixChecker } from "../flows/matrix.ts";
import { packetWords } from "../flows/packet-words.ts";
import type {
  AddressRange,
  FlowCell,
  FlowOptions,
  FlowZone,
  Match,
  MatrixViolation,
} from "../flows/types.ts";
import type { Enforcement } from "./enforcement.ts";
import { otherThan, RETURN_TRAFFIC, serviceMatches } from "./matches.ts";
import { intersect, rangeOf, UNASSIGNED, type ZonePartition } from "./zones.ts";

/** What the proof of one device looked at and found. */
export interface ComplianceReport {
  readonly findings: readonly Finding[];
  readonly proof: DeviceProof;
  /** Pairs of zones and pairs of rule and cell that were proved. */
  readonly cells: number;
  readonly pairs: number;
}

/** What one device was proved to let through between its zones, for a reader who asks for one cell. */
export interface DeviceProof {
  /** The device's name within the site. */
  readonly device: string;
  /** `open`: it routes and filters nothing, so no pair of its zones is held apart. */
  readonly kind: Enforcement["kind"];
  /** Every ordered pair of these was looked at; those without a violation are proved. */
  readonly zones: readonly string[];
  readonly violations: readonly MatrixViolation[];
}

/** Proves that a device permits nothing between zones beyond the matrix and its exceptions (ZON-005), or shows the
 *  packet, the rule and the cell. A device that routes between zones without any filter is a bypass (ZON-011).
 *  @param today - ISO day; an exception that ran out before it counts no more */
export function checkCompliance(
  site: Site,
  partition: ZonePartition,
  enforcement: Enforcement,
  today: string,
  options: FlowOptions = {},
): ComplianceReport {
  const zones = enforcement.kind === "firewall" ? partition.zones : ownZones(site, enforcement);
  const looked = {
    device: enforcement.device.name,
    kind: enforcement.kind,
    zones: zones.map(({ id }) => id),
  };
  if (enforcement.kind === "open") {
    return {
      findings: bypasses(site, enforcement),
      proof: { ...looked, violations: [] },
      cells: 0,
      pairs: 0,
    };
  }
  const checker = createMatrixChecker(
    {
      zones,
      cells: allCells(site.policy, zones),
      exceptions: [RETURN_TRAFFIC, ...liveExceptions(site, partition, today)],
      filter: enforcement.filter,
    },
    options,
  );
  const report = checker.report();
  const findings = report.violations.map((violation) => violationFinding(site, enforcement, violation));
  const { cells, pairs, violations } = report;
  return { findings, proof: { ...looked, violations }, cells, pairs };
}

/** The cell that judges a pair of zones, inside one zone included. */
export function judgingCell(policy: Policy, from: string, to: string): Cell {
  if (from !== to) return cellFor(policy, from, to);
  const { intrazone } = policy.matrix;
  return intrazone.except.includes(from) ? { ...intrazone, access: "allow-all" } : intrazone;
}

/** What a cell lets through. */
export function allowedBy(cell: Cell): "all" | readonly Match[] {
  if (cell.access === "allow-all") return "all";
  if (cell.access === "block-all") return [];
  if (cell.access === "block-only") return otherThan(cell.matches);
  return serviceMatches(cell.matches, undefined, undefined);
}

function allCells(policy: Policy, zones: readonly FlowZone[]): FlowCell[] {
  return zones.flatMap((from) =>
    zones.map((to) => ({
      from: from.id,
      to: to.id,
      allowed: allowedBy(judgingCell(policy, from.id, to.id)),
    })),
  );
}

/** Zones limited to the networks that a switch routes itself: what leaves for elsewhere meets another filter. */
function ownZones(site: Site, enforcement: Enforcement): FlowZone[] {
  const networks = site.networks.filter((network) => enforcement.networks.includes(network.name));
  return enforcement.zones.map((id) => ({
    id,
    ranges: networks
      .filter((network) => network.zone === id)
      .flatMap((network) => [network.ipv4, network.ipv6, ...network.secondary])
      .flatMap((text) => (text === undefined ? [] : [rangeOf(text)]))
      .filter((range) => range !== undefined),
  }));
}

function liveExceptions(site: Site, partition: ZonePartition, today: string): Match[] {
  return site.policy.exceptions
    .filter((exception) => exception.expires >= today)
    .filter((exception) => exception.site === undefined || exception.site === site.id)
    .flatMap((exception) => exceptionMatches(exception, partition));
}

/** Where the addresses of an exception may lie: in its own zone, or, as those of other sites do, in none of this site's.
 *  In another zone it excuses nothing. */
function spaceOf(zone: string, partition: ZonePartition): readonly AddressRange[] {
  const zones = zone === "*" ? partition.zones.map(({ id }) => id) : [zone, UNASSIGNED];
  return zones.flatMap((id) => partition.rangesOf(id));
}

function exceptionMatches(exception: PolicyException, partition: ZonePartition): Match[] {
  const ranges = (prefixes: readonly string[], zone: string) =>
    prefixes.length === 0
      ? partition.rangesOf(zone)
      : prefixes
          .flatMap((text) => rangeOf(text) ?? [])
          .flatMap((range) => spaceOf(zone, partition).flatMap((inside) => intersect(range, inside)));
  return serviceMatches(
    exception.matches,
    ranges(exception.source, exception.from),
    ranges(exception.destination, exception.to),
  );
}

function bypasses(site: Site, enforcement: Enforcement): Finding[] {
  return enforcement.zones.flatMap((from) =>
    enforcement.zones.flatMap((to): Finding[] => {
      const cell = judgingCell(site.policy, from, to);
      if (from === to || cell.access === "allow-all") return [];
      return [
        {
          code: "ZON-011",
          severity: severityOf(cell.severity),
          message: `${enforcement.device.name} routes ${from} to ${to} without a filter`,
          hint: `move the gateway of ${from} or ${to} to the firewall, or bind a filter to it`,
          where: enforcement.device.origin,
          ...related(cell.origin),
        },
      ];
    }),
  );
}

function violationFinding(site: Site, enforcement: Enforcement, violation: MatrixViolation): Finding {
  const cell = judgingCell(site.policy, violation.from, violation.to);
  const rule = violation.rule ?? "the default";
  const packet = packetWords(violation.witness);
  const verb = violation.verdict === "violated" ? "lets" : "may let";
  const origin = violation.rule === undefined ? undefined : enforcement.origins.get(violation.rule);
  return {
    code: "ZON-005",
    severity: violation.verdict === "unknown" ? "error" : severityOf(cell.severity),
    message: `${rule} ${verb} ${violation.from} reach ${violation.to}: ${packet}`,
    hint: `narrow ${rule}, or allow it in the cell ${violation.from} → ${violation.to}, or ask for an exception`,
    where: origin ?? enforcement.device.origin,
    ...related(cell.origin),
  };
}

/** Low and medium cells warn; what a client calls high or critical stops the plan. */
function severityOf(severity: PolicySeverity): Severity {
  return severity === "low" || severity === "medium" ? "warning" : "error";
}

function related(origin: FileWhere | undefined): { related?: readonly FileWhere[] } {
  return origin === undefined ? {} : { related: [origin] };
}
