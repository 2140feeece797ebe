import type { Driver } from "../drivers/driver.ts";
import type { Site } from "../model/site.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { PushResult } from "./push-result.ts";
import type { SecretResolver } from "./secrets.ts";
import type { Stores } from "./stores/types.ts";
import type { TargetResolver } from "./targets.ts";

/** What plan and apply need to know of a site: its devices' intents, when it may be touched, how it is reached. */
export type DeploySite = Pick<
  Site,
  "id" | "devices" | "timezone" | "changeWindows" | "freezes" | "binding" | "gate" | "parallel" | "links"
> &
  // A site that is put together by hand may leave it out; unknown counts as the highest.
  Partial<Pick<Site, "criticality">>;

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

/** What became of a server action. */
export interface ActionOutcome {
  readonly server: string;
  readonly name: string;
  /** `skipped`: it was due, but could not be run; `reason` says why and what to do. */
  readonly result: "done" | "failed" | "skipped";
  readonly reason?: string;
}
