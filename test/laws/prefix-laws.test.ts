import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
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
