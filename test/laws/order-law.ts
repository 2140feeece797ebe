import fc from "fast-check";
import { expect } from "vitest";
import type { Change } from "../../src/planner/config/types.ts";

/** Lists up to this length are tried in every order. */
export const WHOLE = 7;

/** A change that was asked for, and its steps as a device takes them. */
export interface OrderCase<Step> {
  readonly change: Pick<Change, "commands" | "findings">;
  readonly running: string;
  readonly intended: string;
  readonly steps: readonly Step[];
  /** Where the commands as they were given are unsafe. */
  readonly firstFault: () => string | undefined;
  /** An order of the steps that is safe. */
  readonly safeOrder: () => readonly number[] | undefined;
}

/** Holds a platform to it that it says that no safe order exists where none of all orders is safe, and only there.
 *  @param unit - what the steps are called
 *  @returns what was seen, in one line */
export function holdOrderLaw<Pair, Step>(
  pairs: fc.Arbitrary<Pair>,
  runs: number,
  unit: string,
  caseOf: (pair: Pair) => OrderCase<Step>,
): string {
  let safe = 0;
  let none = 0;
  let longest = 0;
  fc.assert(
    fc.property(pairs, (pair) => {
      const { change, running, intended, steps, firstFault, safeOrder } = caseOf(pair);
      if (steps.length < 2) return;
      const text = `${running}=>\n${intended}typed:\n${change.commands.join("\n")}`;
      if (change.findings.some((finding) => finding.code === "CFG-UNSAFE-STEP")) {
        if (steps.length > WHOLE) return;
        none++;
        longest = Math.max(longest, steps.length);
        expect(safeOrder(), text).toBeUndefined();
      } else {
        safe++;
        expect(firstFault(), text).toBeUndefined();
      }
    }),
    { numRuns: runs, endOnFailure: true },
  );
  expect(safe).toBeGreaterThan(runs / 4);
  expect(none).toBeGreaterThan(runs / 50);
  expect(longest).toBeGreaterThan(3);
  return `${safe} safe orders, ${none} times none, the longest of them ${longest} ${unit}`;
}

/** How steps are tried on a device. */
export interface Trial<Device, Step> {
  readonly start: Device;
  readonly copy: (device: Device) => Device;
  /** Plays a step; false where the device refuses it or is unsafe then. */
  readonly takes: (device: Device, step: Step) => boolean;
  /** Devices of one key go on alike. */
  readonly key: (device: Device) => string;
  readonly isThere: (device: Device) => boolean;
}

/** Tries every order; one ends where the device refuses a step or a state is unsafe. Which steps are done and what the
 *  device holds decide what follows, so that no such state is gone through twice. */
export function findSafeOrder<Device, Step>(
  { start, copy, takes, key, isThere }: Trial<Device, Step>,
  steps: readonly Step[],
): readonly number[] | undefined {
  const seen = new Set<string>();
  const extend = (from: Device, done: readonly number[]): readonly number[] | undefined => {
    if (done.length === steps.length) return isThere(from) ? done : undefined;
    for (const [i, step] of steps.entries()) {
      if (done.includes(i)) continue;
      const device = copy(from);
      if (!takes(device, step)) continue;
      const state = `${[...done, i].sort((a, b) => a - b)}\n${key(device)}`;
      if (seen.has(state)) continue;
      seen.add(state);
      const found = extend(device, [...done, i]);
      if (found) return found;
    }
    return undefined;
  };
  return extend(start, []);
}
