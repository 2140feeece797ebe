import type { FileWhere, Severity } from "./finding.ts";
import type { ServiceMatch } from "./intent.ts";

/** What the zones of a client may say to each other, merged from the provider's and the client's files (D14). */
export interface Policy {
  /** Sorted by name. The reserved zones `internet`, `unassigned` and `self` are always there. */
  readonly zones: readonly Zone[];
  /** Sorted by name; groups are flattened. */
  readonly services: readonly Service[];
  readonly matrix: Matrix;
  /** Sorted by id; those of all sites of the client. */
  readonly exceptions: readonly PolicyException[];
  /** What findings weigh for the client and which packs are turned on; absent where nobody says. */
  readonly checks?: CheckSettings;
}

/** What a client makes of the checks. */
export interface CheckSettings {
  /** Names of packs, as written. */
  readonly packs: readonly Named[];
  /** By code, sorted. */
  readonly severities: readonly (Named & { readonly severity: Severity })[];
}

/** A name with the place that it is written at. */
export interface Named {
  readonly name: string;
  readonly origin: FileWhere;
}

export type ZoneKind =
  | "user"
  | "server"
  | "dmz"
  | "management"
  | "backup"
  | "external"
  | "device"
  | "transit";

export interface Zone {
  readonly name: string;
  /** 0 (the internet) to 100 (management). */
  readonly trust: number;
  readonly kind: ZoneKind;
  /** 重要网络区域: flows into it need an explicit destination, a log and inspection. */
  readonly important: boolean;
  readonly description?: string;
  readonly reserved: boolean;
  readonly origin: FileWhere;
}

export interface Service {
  readonly name: string;
  readonly matches: readonly ServiceMatch[];
  readonly origin: FileWhere;
}

export type CellAccess = "allow-all" | "allow-only" | "block-only" | "block-all";
export type PolicySeverity = "low" | "medium" | "high" | "critical";

/** What one zone may say to another. `from` and `to` are zone names or `*`; `origin` is absent on the built-in default. */
export interface Cell {
  readonly from: string;
  readonly to: string;
  readonly access: CellAccess;
  /** Names of services that `allow-only` permits or `block-only` forbids. */
  readonly services: readonly string[];
  readonly matches: readonly ServiceMatch[];
  readonly severity: PolicySeverity;
  readonly log: boolean;
  readonly require: CellRequirements;
  readonly origin: FileWhere | undefined;
}

/** What a rule must have to be allowed through a cell. */
export interface CellRequirements {
  readonly log?: boolean;
  readonly comment?: boolean;
  readonly explicit?: readonly ("source" | "destination" | "service")[];
  readonly maxSources?: number;
  readonly maxDestinations?: number;
  readonly inspection?: readonly string[];
  readonly nat?: boolean;
}

export interface Matrix {
  readonly default: Cell;
  /** Between different subnets of one zone; `except` names the zones where it is free. */
  readonly intrazone: Cell & { readonly except: readonly string[] };
  /** Sorted by from, then to. The most exact cell wins: pair, then `from: "*"` or `to: "*"`, then the default. */
  readonly cells: readonly Cell[];
}

/** The only way to break the matrix: bounded, approved, and it runs out. Dates are ISO days. */
export interface PolicyException {
  readonly id: string;
  /** `client/site` it holds for; all sites of the client where absent. */
  readonly site?: string;
  readonly from: string;
  readonly to: string;
  /** Prefixes; empty means the whole zone. */
  readonly source: readonly string[];
  readonly destination: readonly string[];
  readonly services: readonly string[];
  readonly matches: readonly ServiceMatch[];
  readonly owner: string;
  readonly approver: string;
  readonly ticket: string;
  readonly reason: string;
  readonly risk: PolicySeverity;
  readonly created?: string;
  readonly expires: string;
  readonly compensating?: string;
  readonly origin: FileWhere;
}

/** A finding that is accepted for now, by name and until a day. */
export interface Waiver {
  readonly id: string;
  readonly code: string;
  /** Selector of what it covers: `client/site`, `client/site/device`; the whole client where absent. */
  readonly scope?: string;
  /** A word that the finding's message must hold, so that one waiver does not hide the next mistake. */
  readonly match?: string;
  readonly owner: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly expires: string;
  readonly origin: FileWhere;
}

/** Gives the cell that judges traffic from one zone to another (different zones). */
export function cellFor(policy: Policy, from: string, to: string): Cell {
  const { cells } = policy.matrix;
  return (
    cells.find((cell) => cell.from === from && cell.to === to) ??
    cells.find((cell) => cell.from === "*" && cell.to === to) ??
    cells.find((cell) => cell.from === from && cell.to === "*") ??
    policy.matrix.default
  );
}

/** A rule of a provider's or client's own about who may reach whom, its ends resolved for one site. */
export interface ZoningRule {
  readonly name: string;
  /** `OWN-` and the name in capitals: what its findings are called. */
  readonly code: string;
  /** `forbidden`: no device may let it through. `required`: every device on the way must. */
  readonly kind: "forbidden" | "required";
  readonly severity: Severity;
  readonly comment?: string;
  readonly from: readonly ZoningPlace[];
  readonly to: readonly ZoningPlace[];
  /** Names of services; empty means everything. */
  readonly services: readonly string[];
  readonly matches: readonly ServiceMatch[];
  /** Patterns of devices: of `forbidden` those that may, of `required` those that must; empty means any. */
  readonly via: readonly string[];
  readonly origin: FileWhere;
}

/** What an end of an own rule means: a network of the client, or the space outside of all of them. */
export interface ZoningPlace {
  /** `client/site`; absent on `internet` and `unassigned`. */
  readonly site?: string;
  readonly network?: string;
  readonly zone?: string;
  /** Empty on `internet` and `unassigned`, which are what the site's own networks leave. */
  readonly prefixes: readonly string[];
}
