import type { DeviceSession, FullDriver } from "../drivers/driver.ts";
import type { DeviceIntent } from "../model/intent.ts";
import type { Change } from "../planner/config/types.ts";
import type { PushStep } from "./stores/types.ts";

/** Seconds after which an unconfirmed device returns by itself. */
export const DEFAULT_GRACE_SECONDS = 300;

/** Told when a step begins (its begin is on disk), when its work is done (its end is not on disk yet),
 *  and when its end is on disk; within `send`, after each command that the device took. */
export type PushObserver = (
  step: PushStep,
  when: "begin" | "done" | "end" | "command",
  progress?: { readonly done: number; readonly total: number },
) => void | Promise<void>;

/** One device to push. */
export interface PushRequest {
  readonly intent: DeviceIntent;
  readonly driver: FullDriver;
  readonly operator: string;
  /** Digest of the site plan; undefined where a plain `pulumi up` pushes an ungated site. */
  readonly plan: string | undefined;
  /** Keyed fingerprint of the planned commands; undefined where nothing was planned. */
  readonly commandsDigest: string | undefined;
  readonly graceSeconds: number;
  readonly observe?: PushObserver;
}

/** What undoing or finishing needs, sealed on disk while a push is open. */
export interface SealedPush {
  readonly schemaVersion: 1;
  readonly intent: DeviceIntent;
  readonly graceSeconds: number;
  readonly intendedDigest: string;
  readonly secretVersions: Readonly<Record<string, string>>;
  /** What was read before; absent until the change is computed. */
  readonly before?: {
    readonly running: string;
    readonly saved: "same" | "differs" | "unknown";
    readonly change: Change;
  };
  /** Where the device answered before; absent until the change is computed. */
  readonly address?: string;
}

/** A conversation, with where and under which name the device answered. */
export interface OpenedSession {
  readonly session: DeviceSession;
  readonly address: string;
}
