import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import { MODELLED } from "../golden/cases.ts";
import type { Played, World } from "./minimal/search.ts";
import { smallPair } from "./minimal/trees.ts";
import { worldOf } from "./minimal/worlds.ts";
import { Refused } from "./model/device.ts";
import { type Abstract, spellDevice } from "./random-config.ts";

const RUNS = process.env.SITEWRIGHT_SEED === "random" ? 2000 : 250;
/** Lists up to this length are tried in every order. */
const WHOLE = 7;

const rules = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 2, maxLength: 4 });

/** A list in use whose entries come, go and change places; one more use of it, or of another, on the terminal. */
const boundPair = rules
  .chain((one) =>
    fc.tuple(
      fc.constant(one),
      fc.shuffledSubarray(one, { minLength: Math.max(1, one.length - 1) }),
      fc.nat(7),
      fc.boolean(),
      fc.constantFrom(undefined, "3001", "3002"),
      fc.constantFrom(undefined, "3001"),
    ),
  )
  .map(([one, kept, extra, adds, terminal, later]): readonly [Abstract, Abstract] => {
    const next = adds && !kept.includes(extra) ? [...kept, extra] : kept;
    const device = (list: readonly number[], at: string | undefined): Abstract => ({
      vlans: { 10: "" },
      ports: {},
      lists: { "3001": list, ...(at === "3002" ? { "3002": [0, 3] } : {}) },
      svis: { 10: { address: 1, list: "3001" } },
      routes: [],
      terminal: at,
    });
    return [device(one, terminal), device(next, later)];
  });

describe.each(MODELLED.map((dialect) => [dialect.platform, dialect] as const))("%s", (platform, dialect) => {
  test("it says that no safe order exists where none of all orders is safe, and only there", {
    timeout: 300_000,
  }, async ({ annotate }) => {
    let safe = 0;
    let none = 0;
    let longest = 0;
    fc.assert(
      fc.property(
        fc.oneof({ weight: 4, arbitrary: boundPair }, { weight: 1, arbitrary: smallPair }),
        (pair) => {
          const [running = "", intended = ""] = pair.map((device) => spellDevice(platform, device));
          const change = diffConfigs(dialect, running, intended, FULL_CHANGE);
          const world = worldOf(platform, running, intended);
          const steps = change.steps.map((step) => step.commands);
          if (steps.length < 2) return;
          const text = `${running}=>\n${intended}typed:\n${change.commands.join("\n")}`;
          if (change.findings.some((finding) => finding.code === "CFG-UNSAFE-STEP")) {
            if (steps.length > WHOLE) return;
            none++;
            longest = Math.max(longest, steps.length);
            expect(safeOrder(world, steps), text).toBeUndefined();
          } else {
            safe++;
            expect(unsafeAt(world.running(), change.commands), text).toBeUndefined();
          }
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
    await annotate(
      `${platform}: ${safe} safe orders, ${none} times none, the longest of them ${longest} steps`,
    );
    expect(safe).toBeGreaterThan(RUNS / 4);
    expect(none).toBeGreaterThan(RUNS / 50);
    expect(longest).toBeGreaterThan(3);
  });
});

/** The first command after which something is unsafe. */
function unsafeAt(device: Played, commands: readonly string[]): string | undefined {
  for (const command of commands) {
    device.type(command);
    const [fault] = device.faults();
    if (fault !== undefined) return `${command}: ${fault}`;
  }
  return undefined;
}

/** Tries every order of the steps; an order ends where the device refuses a step or a state is unsafe. Which steps are
 *  done and what the device holds decide what follows, so that no such state is gone through twice. */
function safeOrder(world: World, steps: readonly (readonly string[])[]): readonly number[] | undefined {
  const target = world.intended().show();
  const seen = new Set<string>();
  const extend = (from: Played, done: readonly number[]): readonly number[] | undefined => {
    if (done.length === steps.length) return from.show() === target ? done : undefined;
    for (const [i, commands] of steps.entries()) {
      if (done.includes(i)) continue;
      const device = from.copy();
      if (!isTaken(device, commands)) continue;
      const key = `${[...done, i].sort((a, b) => a - b)}\n${device.key()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const found = extend(device, [...done, i]);
      if (found) return found;
    }
    return undefined;
  };
  return extend(world.running(), []);
}

function isTaken(device: Played, commands: readonly string[]): boolean {
  try {
    return unsafeAt(device, commands) === undefined;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
