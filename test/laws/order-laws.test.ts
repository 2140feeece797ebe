import fc from "fast-check";
import { describe, test } from "vitest";
import { FRR_DIALECT } from "../../src/drivers/frr/dialect.ts";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import type { Dialect } from "../../src/planner/config/dialect.ts";
import { MODELLED } from "../golden/cases.ts";
import type { Played, World } from "./minimal/search.ts";
import { smallPair } from "./minimal/trees.ts";
import { routerWorldOf, worldOf } from "./minimal/worlds.ts";
import { Refused } from "./model/device.ts";
import { findSafeOrder, holdOrderLaw } from "./order-law.ts";
import { type Abstract, spellDevice } from "./random-config.ts";
import { editedPair, routerPair, spellRouter } from "./random-router.ts";

const RUNS = process.env.SITEWRIGHT_SEED === "random" ? 2000 : 250;

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

/** Pairs of texts of a platform, and the two states that they are. */
function worldsOf(dialect: Dialect): {
  readonly pairs: fc.Arbitrary<readonly string[]>;
  readonly worldOf: (running: string, intended: string) => World;
} {
  const { platform } = dialect;
  if (dialect === FRR_DIALECT) {
    const pairs = fc.oneof({ weight: 4, arbitrary: editedPair }, { weight: 1, arbitrary: routerPair });
    return {
      pairs: pairs.map((pair) => pair.map((router) => spellRouter(router, 1))),
      worldOf: (...texts) => routerWorldOf(...texts, "named"),
    };
  }
  const pairs = fc.oneof({ weight: 4, arbitrary: boundPair }, { weight: 1, arbitrary: smallPair });
  return {
    pairs: pairs.map((pair) => pair.map((device) => spellDevice(platform, device))),
    worldOf: (...texts) => worldOf(platform, ...texts),
  };
}

const ALL = [...MODELLED, FRR_DIALECT].map((dialect) => [dialect.platform, dialect] as const);

describe.each(ALL)("%s", (platform, dialect) => {
  test("it says that no safe order exists where none of all orders is safe, and only there", {
    timeout: 300_000,
  }, async ({ annotate }) => {
    const worlds = worldsOf(dialect);
    const seen = holdOrderLaw(worlds.pairs, RUNS, "steps", ([running = "", intended = ""]) => {
      const change = diffConfigs(dialect, running, intended, FULL_CHANGE);
      const world = worlds.worldOf(running, intended);
      const steps = change.steps.map((step) => step.commands);
      return {
        change,
        running,
        intended,
        steps,
        firstFault: () => unsafeAt(world.running(), change.commands),
        safeOrder: () => safeOrder(world, steps),
      };
    });
    await annotate(`${platform}: ${seen}`);
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

function safeOrder(world: World, steps: readonly (readonly string[])[]): readonly number[] | undefined {
  const target = world.intended().show();
  const trial = {
    start: world.running(),
    copy: (device: Played) => device.copy(),
    takes: isTaken,
    key: (device: Played) => device.key(),
    isThere: (device: Played) => device.show() === target,
  };
  return findSafeOrder(trial, steps);
}

function isTaken(device: Played, commands: readonly string[]): boolean {
  try {
    return unsafeAt(device, commands) === undefined;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
