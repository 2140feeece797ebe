import type { Finding, Where } from "../../model/finding.ts";
import type { ChangeStep, ConfigItem, Move } from "../config/types.ts";

/** What a plan says about one device.
 *  `unadopted`: reached, but never pushed by us; its commands are shown like any other's.
 *  `release`: in the records, no longer in the inventory; an apply forgets it and changes nothing on it (D12).
 *  `unreachable`: not read, so nothing is pushed to it; `reason` says why. */
export type DevicePlanState = "same" | "change" | "unadopted" | "release" | "unreachable";

/** One device's share of a plan. Texts are redacted; the keyed digests stand for what was redacted. */
export interface DevicePlan {
  /** `client/site/device`. */
  readonly device: string;
  readonly asset: string;
  readonly platform: string;
  readonly state: DevicePlanState;
  readonly basis: "live" | "archive";
  /** ISO time at which the running configuration was read. */
  readonly readAt: string | undefined;
  readonly commands: readonly string[];
  readonly rollback: readonly string[];
  readonly steps: readonly ChangeStep[];
  readonly items: readonly ConfigItem[];
  /** Statements outside our claims, left alone. */
  readonly unmanaged: number;
  readonly saved: "same" | "differs" | "unknown";
  /** `sha256:` over the rendered configuration, which holds placeholders only. */
  readonly intendedDigest: string;
  /** Keyed fingerprint of the running configuration that the plan was made from. */
  readonly runningDigest: string | undefined;
  /** Keyed fingerprint of the commands in clear; a push refuses unless its own commands have the same. */
  readonly commandsDigest: string | undefined;
  /** Devices whose push must be done before this one's. */
  readonly after: readonly string[];
  /** What must answer the device before its change is kept, one line each; absent where nothing is asked. */
  readonly checks?: readonly string[];
  /** From where to where its management address moves; absent where it stays. */
  readonly moves?: Move;
  /** Why a device is unreachable, in one line. */
  readonly reason?: string;
}

/** True where nothing is typed and the device is only told to save what it runs: what was changed by hand there, and is
 *  as intended by now, would be lost in a reboot. */
export function savesOnly(device: DevicePlan): boolean {
  return device.commands.length === 0 && device.saved === "differs";
}

/** A flow that a plan opens or closes, with a packet that proves it. */
export interface PlanFlow {
  readonly from: string;
  readonly to: string;
  readonly flow: string;
  readonly witness: string;
  readonly line?: Where;
}

export interface PlanFlows {
  readonly opened: readonly PlanFlow[];
  readonly closed: readonly PlanFlow[];
}

export const RISK_LEVELS = ["low", "medium", "high", "critical"] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

export interface PlanRisk {
  readonly level: RiskLevel;
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
}

/** How many persons a change wants: `normal` one beside its author, `special` two. */
export type ChangeClass = "normal" | "special";

/** A job on a server that is not configuration: initialise a repository, drill a restore, restart after a file changed. */
export interface ServerAction {
  /** `client/site/device`. */
  readonly server: string;
  readonly asset: string;
  /** Stable within the server: `repository:erp-db:nas-1`. */
  readonly name: string;
  /** Run on the server by its login shell; safe to run twice. */
  readonly command: string;
  /** Values whose change makes the action run again. */
  readonly triggers: readonly string[];
}

/** What will be pushed to one site, and what it would change: the thing that an approval binds to. */
export interface SitePlan {
  readonly schemaVersion: 1;
  /** `client/site`. */
  readonly site: string;
  /** `sha256:` over all that will be pushed. */
  readonly digest: string;
  /** Which fingerprint key the keyed digests were made with. */
  readonly keyId: string;
  readonly risk: PlanRisk;
  /** Part of the digest, so that nobody makes a change look smaller than it was judged. */
  readonly changeClass: ChangeClass;
  readonly flows: PlanFlows;
  readonly devices: readonly DevicePlan[];
  readonly actions: readonly ServerAction[];
  /** Secret reference without version to its version. */
  readonly secretVersions: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
}
