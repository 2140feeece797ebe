import type { Severity } from "../model/finding.ts";
import type { CellAccess, PolicySeverity, ZoneKind } from "../model/policy.ts";
import type { Contact, Criticality } from "../model/site.ts";
import type { ControlState } from "../planner/checks/pack.ts";
import type { LocalText } from "../planner/checks/types.ts";
import type { Graph } from "./topology/graph.ts";

/** All that a report says of one site, as plain JSON: HTML, Markdown and CSV are spellings of it. Nothing in it is secret:
 *  it holds no configuration and no value of a secret; a finding may name a secret's reference. Lists are sorted. */
export interface SiteReport {
  readonly kind: "site";
  readonly schemaVersion: 1;
  readonly generatedAt: string;
  readonly site: SiteHead;
  readonly summary: SiteSummary;
  readonly topology: Graph;
  readonly devices: readonly ReportDevice[];
  readonly networks: readonly ReportNetwork[];
  readonly zones: readonly ReportZone[];
  /** Every ordered pair of zones, row by row. */
  readonly matrix: readonly ReportCell[];
  readonly rules: readonly ReportRule[];
  readonly exceptions: readonly ReportException[];
  readonly findings: readonly ReportFinding[];
  readonly compliance: readonly ReportPack[];
  readonly backups: ReportBackups;
  readonly changes: History<ReportChange>;
  readonly incidents: History<ReportIncident>;
}

export interface SiteHead {
  /** `client/site`. */
  readonly id: string;
  readonly name: string;
  readonly clientName: string;
  readonly timezone: string;
  readonly criticality: Criticality;
  readonly contacts: readonly Contact[];
  /** `weekly sat 22:00-02:00`. */
  readonly changeWindows: readonly string[];
}

export interface SiteSummary {
  readonly devices: number;
  readonly ports: number;
  readonly portsUsed: number;
  readonly networks: number;
  readonly rules: number;
  /** Open findings by severity, and those that a waiver covers. */
  readonly findings: Readonly<Record<Severity | "waived", number>>;
  /** Pairs of zones by what their proof says. */
  readonly cells: Readonly<Record<CellState, number>>;
  /** Rules whose review day has come, or that have expired. */
  readonly rulesDue: number;
  readonly openIncidents: number | null;
}

export interface ReportDevice {
  readonly name: string;
  readonly asset: string;
  readonly kind: "switch" | "firewall" | "router" | "server";
  readonly role: string | null;
  readonly platform: string;
  readonly model: string;
  readonly serial: string | null;
  readonly owner: string | null;
  readonly location: string | null;
  readonly warranty: string | null;
  readonly firmware: string | null;
  readonly endOfLife: string | null;
  readonly management: string;
  readonly members: readonly {
    readonly name: string;
    readonly asset: string;
    readonly serial: string | null;
  }[];
  /** In the order of the box. */
  readonly ports: readonly ReportPort[];
}

export interface ReportPort {
  readonly name: string;
  readonly mode: "access" | "trunk" | "lag-member" | "routed" | "unused";
  readonly enabled: boolean;
  readonly vlan: number | null;
  readonly voiceVlan: number | null;
  readonly nativeVlan: number | null;
  /** Short spelling, `10-12,99`. */
  readonly tagged: string;
  readonly lag: number | null;
  readonly network: string | null;
  readonly zone: string | null;
  readonly profile: string | null;
  /** What is plugged in, as far as the inventory says. */
  readonly peer: string | null;
  readonly description: string | null;
}

export interface ReportNetwork {
  readonly name: string;
  readonly description: string | null;
  readonly vlan: number | null;
  readonly zone: string | null;
  readonly purpose: string;
  readonly gateway: string | null;
  readonly gateway6: string | null;
  readonly dhcpServer: string | null;
  readonly prefixes: readonly ReportPrefix[];
  /** Sorted by address. */
  readonly addresses: readonly ReportAddress[];
}

export interface ReportPrefix {
  readonly prefix: string;
  /** Hosts that it can hold; null for IPv6, where nobody counts. */
  readonly usable: number | null;
  /** Addresses that somebody has by name. */
  readonly fixed: number;
  /** Addresses given out by DHCP. */
  readonly dynamic: number;
  /** (fixed + dynamic) of usable in percent. */
  readonly usedPercent: number | null;
  /** Where they lie, in percent of the block. */
  readonly dynamicSpans: readonly (readonly [number, number])[];
  readonly fixedPlaces: readonly number[];
}

export interface ReportAddress {
  readonly address: string;
  readonly name: string;
  readonly what: "gateway" | "device" | "server" | "host" | "member" | "dhcp";
  readonly mac: string | null;
  readonly port: string | null;
  readonly owner: string | null;
  readonly description: string | null;
}

export interface ReportZone {
  readonly name: string;
  readonly trust: number;
  readonly kind: ZoneKind;
  readonly important: boolean;
  readonly description: string | null;
}

export type CellState = "proved" | "violated" | "unknown" | "not-evaluated";

export interface ReportCell {
  readonly from: string;
  readonly to: string;
  readonly access: CellAccess;
  readonly services: readonly string[];
  readonly severity: PolicySeverity;
  /** Where the cell is written; null for the built-in default. */
  readonly written: string | null;
  readonly state: CellState;
  readonly proofs: readonly ReportProof[];
  /** Ids of the rules that permit something between the two, in the order of evaluation. */
  readonly rules: readonly string[];
  /** Ids of the exceptions that widen it. */
  readonly exceptions: readonly string[];
}

/** What one device was proved to do with a pair of zones. */
export interface ReportProof {
  readonly device: string;
  readonly kind: "firewall" | "filters" | "open";
  readonly state: Exclude<CellState, "not-evaluated">;
  readonly violations: readonly { readonly rule: string | null; readonly packet: string }[];
}

export interface ReportRule {
  readonly id: string;
  readonly action: "permit" | "deny";
  readonly from: string;
  readonly to: string;
  readonly fromZones: readonly string[];
  readonly toZones: readonly string[];
  readonly services: readonly string[];
  readonly log: boolean;
  readonly reason: string | null;
  readonly owner: string | null;
  readonly ticket: string | null;
  readonly created: string | null;
  readonly review: string | null;
  readonly expires: string | null;
  readonly source: "site" | "client" | "implied";
  readonly due: "review" | "expired" | null;
  readonly written: string;
}

export interface ReportException {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly services: readonly string[];
  readonly owner: string;
  readonly approver: string;
  readonly ticket: string;
  readonly reason: string;
  readonly risk: PolicySeverity;
  readonly expires: string;
  readonly expired: boolean;
}

export interface ReportFinding {
  readonly code: string;
  readonly severity: Severity;
  /** What the code finds. */
  readonly title: LocalText | null;
  /** How what it finds is mended. */
  readonly mend: LocalText | null;
  /** This finding in full, in English. */
  readonly message: string;
  /** What to type here, in English. */
  readonly hint: string;
  readonly where: string;
  /** The device that it is about, where its place says so. */
  readonly device: string | null;
  readonly waiver: { readonly owner: string; readonly reason: string; readonly expires: string } | null;
}

export interface ReportPack {
  readonly pack: string;
  readonly title: LocalText;
  readonly counts: Readonly<Record<ControlState, number>>;
  readonly controls: readonly {
    readonly id: string;
    readonly title: LocalText;
    readonly state: ControlState;
    readonly findings: number;
  }[];
}

export interface ReportBackups {
  readonly jobs: readonly {
    readonly server: string;
    readonly name: string;
    readonly path: string;
    readonly at: string;
    readonly targets: readonly string[];
    readonly offsite: boolean;
    readonly keep: string;
    readonly rpoHours: number;
    readonly rtoHours: number;
    readonly restoreTestDays: number | null;
  }[];
  /** The last configuration in the archive, device by device. */
  readonly configurations: readonly {
    readonly device: string;
    readonly at: string | null;
    readonly copies: number;
    readonly restorable: boolean;
  }[];
}

/** What a store holds of the past; `known` is false where there is no such store, so that nothing is not read as fine. */
export interface History<T> {
  readonly known: boolean;
  /** Newest first. */
  readonly entries: readonly T[];
}

export interface ReportChange {
  readonly id: string;
  readonly at: string;
  readonly device: string;
  readonly operator: string;
  readonly commands: number;
  readonly plan: string | null;
  readonly ticket: string | null;
  readonly approver: string | null;
}

export interface ReportIncident {
  readonly id: string;
  readonly device: string;
  /** When it was opened last; one that came back keeps its number. */
  readonly openedAt: string;
  readonly lastSeenAt: string;
  readonly closedAt: string | null;
  /** How often it was opened, ever. */
  readonly openings: number;
  readonly state: "watched" | "open" | "acknowledged" | "snoozed" | "closed";
  readonly priority: string;
  /** What happened, where, and the packet that passes since, as one English line. */
  readonly summary: string;
  readonly what: "added" | "removed" | "changed" | "unsaved" | "unreadable";
  /** The statement that differs, from the outermost block inwards; empty for a device that cannot be read. */
  readonly path: readonly string[];
  /** A packet that passes and did not before. */
  readonly witness: string | null;
  /** Who made the change, as far as `confidence` goes: one who merely was there is no culprit. */
  readonly by: string | null;
  readonly confidence: "named" | "session" | "unknown";
  /** Where that person came from. */
  readonly from: string | null;
  readonly acknowledgedBy: string | null;
  /** True where it came back so often that its cause is a matter of its own. */
  readonly recurring: boolean;
}
