import type { DeviceOutcome } from "./types.ts";

/** How long a device waits for one that must go first to be handed to us by the engine, milliseconds.
 *  The engine hands out as many at once as `--parallel` says; where that is too few, waiting longer would not help. */
const ARRIVAL_MS = 20_000;

/** Holds back devices until those that must go first are done. */
export interface Predecessors {
  /** Runs `push` after the devices named; where one of them did not end well, answers `held` without running it. */
  run(device: string, after: readonly string[], push: () => Promise<DeviceOutcome>): Promise<DeviceOutcome>;
}

/** Opens the order of one run; all devices of the run pass through the same one. */
export function predecessors(arrivalMs: number = ARRIVAL_MS): Predecessors {
  const arrived = new Map<string, Arrival>();
  const arrivalOf = (device: string): Arrival => {
    const known = arrived.get(device) ?? makeArrival();
    arrived.set(device, known);
    return known;
  };
  return {
    async run(device, after, push) {
      const own = arrivalOf(device);
      const outcome = (async () => {
        for (const other of after) {
          const first = await arrivalOf(other).within(arrivalMs);
          if (!isWell(first)) return held(device, other, first);
        }
        return push();
      })();
      own.arrive(outcome);
      return outcome;
    },
  };
}

interface Arrival {
  arrive(outcome: Promise<DeviceOutcome>): void;
  /** The outcome; undefined where the device did not arrive in time. */
  within(timeMs: number): Promise<DeviceOutcome | undefined>;
}

function makeArrival(): Arrival {
  let arrive: (outcome: Promise<DeviceOutcome>) => void = () => undefined;
  const arrival = new Promise<Promise<DeviceOutcome>[]>((resolve) => {
    // Boxed: a promise of a promise would make arrival and outcome one event.
    arrive = (outcome) => resolve([outcome]);
  });
  return {
    arrive: (outcome) => arrive(outcome),
    async within(timeMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<Promise<DeviceOutcome>[]>((resolve) => {
        timer = setTimeout(() => resolve([]), timeMs);
      });
      const [outcome] = await Promise.race([arrival, late]);
      clearTimeout(timer);
      try {
        return await outcome;
      } catch {
        // Its own run reports the error; to the one that waits it is simply not done.
        return undefined;
      }
    },
  };
}

function isWell(outcome: DeviceOutcome | undefined): boolean {
  return outcome?.result === "done" || outcome?.result === "same";
}

function held(device: string, other: string, first: DeviceOutcome | undefined): DeviceOutcome {
  const why = first === undefined ? "was not pushed in this run" : `ended as ${first.result}`;
  return {
    device,
    asset: device,
    result: "held",
    code: "PUSH-HELD",
    reason: `${other} must go first and ${why}; nothing was sent`,
    durationMs: 0,
  };
}
