import type { Finding, Severity, Where } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";

/** A text in both languages of the house. */
export interface LocalText {
  readonly en: string;
  readonly zh: string;
}

/** What a check reads: the resolved site, the rendered configurations, the running devices, or what happened before. */
export type Needs = "inventory" | "rendered" | "live" | "history";

/** Who reports under an id: this catalogue, the resolving of the inventory, the zone proofs, or nobody before live data
 *  or history are read. Several share an id where each sees another part of it; none says what another has said. */
export type Decider = "check" | "resolve" | "proof" | "data";

/** The intended configuration of one device as its driver spells it. */
export interface RenderedConfig {
  readonly platform: string;
  readonly config: string;
}

/** What the inventory's files say of a device and the resolved site does not hold yet. */
export interface DeviceFacts {
  readonly state?: "active" | "spare" | "retired";
  /** ISO day after which the vendor mends nothing. */
  readonly endOfLife?: string;
  readonly minimumFirmware?: string;
  readonly approvedFirmware?: readonly string[];
  /** Ports that the boxes of a pair watch each other on. */
  readonly heartbeat?: readonly string[];
  /** Firmware of each box of a pair or stack, by member. */
  readonly memberFirmware?: Readonly<Record<string, string>>;
  readonly powerSupplies?: number;
  readonly ups?: boolean;
  /** Why a single box is accepted here. */
  readonly acceptedSinglePoint?: string;
}

/** What the inventory's files say of a site and the resolved site does not hold yet. */
export interface SiteFacts {
  /** By the device's name. */
  readonly devices: ReadonlyMap<string, DeviceFacts>;
  /** Boxes on the shelf, by model. */
  readonly spares?: ReadonlyMap<string, number>;
  /** Public prefixes that the client or its provider owns. */
  readonly ownedPrefixes?: readonly string[];
  /** How long the log servers keep what they get. */
  readonly logRetentionDays?: number;
  /** ISO day of the last rotation, by reference without version (`env:NAME`). */
  readonly secretsRotated?: ReadonlyMap<string, string>;
}

/** What checks may look at beside the site itself. */
export interface CheckContext {
  /** ISO day. */
  readonly today: string;
  /** All sites that were resolved; those of the same client count as neighbours. */
  readonly sites: readonly Site[];
  /** By device id, `client/site/device`. */
  readonly rendered: ReadonlyMap<string, RenderedConfig>;
  /** By site id. */
  readonly facts: ReadonlyMap<string, SiteFacts>;
  /** The sites as they were before this change, by id. */
  readonly previous: ReadonlyMap<string, Site>;
}

/** What a check says of one site. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** What could not be looked at, and why; not empty means: not evaluated, or only in part. */
  readonly missing: readonly string[];
}

/** One check of the catalogue: its page, and how it is decided. */
export interface Check {
  readonly id: string;
  readonly area: string;
  readonly title: LocalText;
  /** What a finding weighs unless it says otherwise. */
  readonly severity: Severity;
  readonly rationale: LocalText;
  readonly mend: LocalText;
  /** Controls that it serves, `pack:control`, sorted. */
  readonly controls: readonly string[];
  readonly needs: Needs;
  readonly decidedBy: readonly Decider[];
  /** What it will read, where it waits for live data or history. */
  readonly reads?: LocalText;
  evaluate(site: Site, context: CheckContext): Verdict;
}

/** A finding before it has its code. */
export interface Problem {
  readonly where: Where;
  /** At most 100 characters, with the value seen. */
  readonly message: string;
  /** What to type. */
  readonly hint: string;
  /** The check's own where absent. */
  readonly severity?: Severity;
  readonly related?: readonly Where[];
}

/** What the body of a check gives back. */
export interface Outcome {
  readonly problems: readonly Problem[];
  readonly missing: readonly string[];
}
