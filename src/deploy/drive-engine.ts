import { EngineEvents } from "./engine-events.ts";
import type { EngineEvent } from "./pulumi.ts";
import { followRun, type RunEvent } from "./run-file.ts";
import type { DeviceOutcome, OnProgress } from "./types.ts";

/** Milliseconds between two looks at what the driver host has to say. */
const FOLLOW_MS = 200;

/** What a run of the engine came to. */
export interface EngineRun {
  /** By asset. */
  readonly outcomes: ReadonlyMap<string, DeviceOutcome>;
  readonly events: EngineEvents;
  /** What the engine died of; undefined where it ended well. */
  readonly failure: unknown;
}

/** Runs the engine and passes on what its driver host tells, as it tells it. Never throws for what the engine does. */
export async function driveEngine(
  file: string,
  onProgress: OnProgress | undefined,
  work: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
): Promise<EngineRun> {
  const outcomes = new Map<string, DeviceOutcome>();
  const events = new EngineEvents();
  const follow = followRun(file);
  const look = () => {
    for (const event of follow()) take(event, outcomes, onProgress);
  };
  const timer = setInterval(look, FOLLOW_MS);
  let failure: unknown;
  try {
    await work((event) => events.take(event));
  } catch (error) {
    failure = error;
  } finally {
    clearInterval(timer);
    look();
  }
  return { outcomes, events, failure };
}

function take(
  event: RunEvent,
  outcomes: Map<string, DeviceOutcome>,
  onProgress: OnProgress | undefined,
): void {
  if (event.kind === "outcome") {
    const { outcome } = event;
    outcomes.set(outcome.asset, outcome);
    const well = outcome.result === "done" || outcome.result === "same" || outcome.result === "released";
    const text = outcome.reason === undefined ? outcome.result : `${outcome.result}: ${outcome.reason}`;
    onProgress?.({ device: outcome.device, phase: "push", status: well ? "done" : "failed", text });
    return;
  }
  const text = event.kind === "step" ? event.step : `command ${event.done} of ${event.total}`;
  onProgress?.({ device: event.device, phase: "push", status: "note", text });
}
