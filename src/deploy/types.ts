import type { Driver } from "../drivers/driver.ts";
import type { DeviceIntent } from "../model/intent.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { SecretResolver } from "./secrets.ts";
import type { Stores } from "./stores/types.ts";
import type { TargetResolver } from "./targets.ts";

/** When changes are allowed, in the site's own time. `to` before `from` runs past midnight. */
export interface ChangeWindow {
  readonly name: string;
  /** `mon` … `sun`; the day on which the window starts. */
  readonly days: readonly string[];
  /** `HH:MM`. */
  readonly from: string;
  readonly to: string;
}

/** What plan and apply need to know of a site: its devices' intents and when it may be touched. */
export interface DeploySite {
  /** `client/site`. */
  readonly id: string;
  readonly devices: readonly DeviceIntent[];
  /** IANA name. */
  readonly timezone: string;
  readonly changeWindows: readonly ChangeWindow[];
  /** The site's devices are practice devices: nothing is dialled but what the lab bound. */
  readonly lab: boolean;
}

/** Finds a platform's driver; undefined for an unknown platform. */
export type DriverLookup = (platform: string) => Driver | undefined;

/** Everything that the deploy functions lean on, opened once a process. */
export interface DeployContext {
  /** Absolute path of the workspace (the folder that holds `inventory/`). */
  readonly root: string;
  readonly drivers: DriverLookup;
  readonly stores: Stores;
  readonly secrets: SecretResolver;
  readonly targets: TargetResolver;
  readonly fingerprint: Fingerprint;
  readonly now: () => Date;
}

/** One line of progress. `device` is absent where it concerns the whole site. */
export interface DeployProgress {
  readonly device?: string;
  readonly phase: "read" | "render" | "plan" | "push" | "engine" | "action";
  readonly status: "start" | "done" | "failed" | "note";
  readonly text: string;
}

export type OnProgress = (progress: DeployProgress) => void;

/** How a push ended.
 *  `refused`: nothing was sent (stale plan, gate, lock, secret missing); `unreachable`: nothing was sent;
 *  `held`: a device that must go first failed; `rolled-back`: proved equal to before; `needs-person`: not proved. */
export type PushResult =
  | "done"
  | "same"
  | "released"
  | "refused"
  | "unreachable"
  | "held"
  | "rolled-back"
  | "needs-person";

/** What became of one device in an apply or a resume. */
export interface DeviceOutcome {
  readonly device: string;
  readonly asset: string;
  readonly result: PushResult;
  /** Finding-like code: `PUSH-STALE-PLAN`, `PUSH-REFUSED-LINE`, `GATE-NO-APPROVAL`… */
  readonly code?: string;
  readonly reason?: string;
  /** Id of the receipt that was written. */
  readonly receipt?: string;
  readonly durationMs: number;
}
