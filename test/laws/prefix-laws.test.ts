import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import type { Dialect } from "../../src/planner/config/dialect.ts";
import { MODELLED } from "../golden/cases.ts";
import { loadDevice, type ModelDevice } from "./devices.ts";
import { faultsOf, judge, type Verdicts } from "./model/oracle.ts";
import { abstractDevice, spellDevice } from "./random-config.ts";

const RUNS = { numRuns: 100, seed: 20_261_123 };

describe.each(MODELLED.map((dialect) => [dialect.platform, dialect] as const))("%s", (platform, dialect) => {
  test("no step opens a flow, drops one, or leaves a name dangling, unless a finding names the step", () => {
    let proved = 0;
    fc.assert(
      fc.property(abstractDevice, abstractDevice, (one, two) => {
        const running = spellDevice(platform, one);
        const intended = spellDevice(platform, two);
        const change = diffConfigs(dialect, running, intended, FULL_CHANGE);
        if (change.findings.some((finding) => finding.code === "CFG-UNSAFE-STEP")) return;
        proved++;
        expect(firstFault(platform, running, intended, change.commands)).toBeUndefined();
      }),
      RUNS,
    );
    expect(proved).toBeGreaterThan(80);
  });

  test("where it says that no safe order exists, none of all orders is safe", () => {
    let judged = 0;
    const shuffled = fc
      .shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 2, maxLength: 4 })
      .chain((rules) =>
        fc.tuple(
          fc.constant(rules),
          fc.shuffledSubarray(rules, { minLength: Math.max(1, rules.length - 1) }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([one, two]) => {
        const device = (rules: readonly number[]) => ({
          vlans: { 10: "" },
          ports: {},
          lists: { "3001": rules },
          svis: { 10: { address: 1, list: "3001" } },
          routes: [],
          terminal: undefined,
        });
        const running = spellDevice(platform, device(one));
        const intended = spellDevice(platform, device(two));
        const change = diffConfigs(dialect, running, intended, FULL_CHANGE);
        if (!change.findings.some((finding) => finding.code === "CFG-UNSAFE-STEP")) return;
        if (change.steps.length > 5) return;
        judged++;
        expect(safeOrder(platform, dialect, running, intended)).toBeUndefined();
      }),
      { numRuns: 250, seed: 7 },
    );
    expect(judged).toBeGreaterThan(3);
  });
});

/** Walks the commands on a modelled device and judges the state after each. */
function firstFault(
  platform: string,
  running: string,
  intended: string,
  commands: readonly string[],
): string | undefined {
  const before = verdictsOf(platform, loadDevice(platform, running));
  const after = verdictsOf(platform, loadDevice(platform, intended));
  const device = loadDevice(platform, running);
  for (const command of commands) {
    device.type(command);
    const [fault] = faultsOf(before, after, verdictsOf(platform, device));
    if (fault !== undefined) return `after "${command}" of\n${commands.join("\n")}\n${fault}`;
  }
  return undefined;
}

function verdictsOf(platform: string, device: ModelDevice): Verdicts {
  return judge(platform, device.root);
}

/** Tries every order of the steps on a modelled device. */
function safeOrder(
  platform: string,
  dialect: Dialect,
  running: string,
  intended: string,
): string[] | undefined {
  const steps = diffConfigs(dialect, running, intended, FULL_CHANGE).steps.map((step) => step.commands);
  const wanted = loadDevice(platform, intended).show();
  for (const order of permutations(steps)) {
    const commands = order.flat();
    try {
      if (firstFault(platform, running, intended, commands) !== undefined) continue;
      const device = loadDevice(platform, running);
      for (const command of commands) device.type(command);
      if (device.show() === wanted) return commands;
    } catch {
      // The device refuses this order.
    }
  }
  return undefined;
}

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) {
    for (const rest of permutations([...items.slice(0, i), ...items.slice(i + 1)])) yield [item, ...rest];
  }
}
