import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FORTIOS_DIALECT } from "../../src/drivers/fortios/dialect.ts";
import { JUNOS_DIALECT } from "../../src/drivers/junos/dialect.ts";
import { ROUTEROS_DIALECT } from "../../src/drivers/routeros/dialect.ts";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import { type FormDevice, loadForm, typeForm } from "./form-devices.ts";
import { Refused } from "./model/device.ts";
import { type FlowVerdicts, judgeForm, straysOf } from "./model/form-oracle.ts";
import { RouterosDevice } from "./model/routeros.ts";
import { findSafeOrder, holdOrderLaw, WHOLE } from "./order-law.ts";
import { rulesPair, shieldedPair, spellRules, swappedPair } from "./random-rules.ts";

const PAIRS = fc.oneof(rulesPair, swappedPair, shieldedPair);
const RUNS = process.env.SITEWRIGHT_SEED === "random" ? 2000 : 150;

describe.each([FORTIOS_DIALECT, ROUTEROS_DIALECT].map((dialect) => [dialect.platform, dialect] as const))(
  "%s",
  (platform, dialect) => {
    test("it says that no safe order exists where none of all orders is safe, and only there", {
      timeout: 300_000,
    }, async ({ annotate }) => {
      const seen = holdOrderLaw(PAIRS, RUNS, "moments", (pair) => {
        const [running = "", intended = ""] = pair.map((rules) => spellRules(platform, rules));
        const change = diffConfigs(dialect, running, intended, FULL_CHANGE);
        const world = new OrderWorld(platform, running, intended);
        const steps = world.momentsOf(change.commands);
        return {
          change,
          running,
          intended,
          steps,
          firstFault: () => world.firstStray(steps),
          safeOrder: () => world.safeOrder(steps),
        };
      });
      await annotate(`${platform}: ${seen}`);
    });
  },
);

describe("junos", () => {
  // The commit is one moment: what the device does is what it did before, or what is intended.
  test("no order is unsafe, and the list is typed in one that the candidate takes", {
    timeout: 300_000,
  }, async ({ annotate }) => {
    let lists = 0;
    let barred = 0;
    fc.assert(
      fc.property(PAIRS, (pair) => {
        const [running = "", intended = ""] = pair.map((rules) => spellRules("junos", rules));
        const { commands, findings } = diffConfigs(JUNOS_DIALECT, running, intended, FULL_CHANGE);
        const target = loadForm("junos", intended).show();
        const text = `${running}=>\n${intended}typed:\n${commands.join("\n")}`;
        expect(
          findings.filter((finding) => finding.code === "CFG-UNSAFE-STEP"),
          text,
        ).toEqual([]);
        expect(endOf(running, commands), text).toBe(target);
        if (commands.length < 2 || commands.length > WHOLE) return;
        lists++;
        if (permutations(commands).some((order) => endOf(running, order) !== target)) barred++;
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    await annotate(`junos: ${lists} lists tried in every order, ${barred} of them with orders that fail`);
    expect(lists).toBeGreaterThan(RUNS / 4);
    expect(barred).toBeGreaterThan(0);
  });
});

/** What a candidate holds once it took the commands; undefined where it refuses one. */
function endOf(running: string, commands: readonly string[]): string | undefined {
  const device = loadForm("junos", running);
  try {
    for (const command of commands) device.type(command);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
  return device.show();
}

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((first, i) =>
    permutations([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [first, ...rest]),
  );
}

/** Lines that take effect together. */
type Moment = readonly string[];

/** Two states of a firewall, and the orders between them. */
class OrderWorld {
  readonly #running: FormDevice;
  readonly #before: FlowVerdicts;
  readonly #after: FlowVerdicts;
  readonly #target: string;

  constructor(platform: string, running: string, intended: string) {
    this.#running = loadForm(platform, running);
    const target = loadForm(platform, intended);
    this.#before = judgeForm(this.#running);
    this.#after = judgeForm(target);
    this.#target = target.show();
  }

  /** Cuts commands into what takes effect together: on FortiOS an entry from `edit` to `next`, a move, a deletion; on
   *  RouterOS a line, whose entries are told by number, so that it means the same in any order. */
  momentsOf(commands: readonly string[]): readonly Moment[] {
    const device = this.#running.copy();
    if (device instanceof RouterosDevice) return commands.map((line) => [device.pin(line)]);
    const moments: string[][] = [];
    let table = "";
    let entry: string[] | undefined;
    for (const line of commands) {
      if (entry) entry.push(line);
      if (line.startsWith("config ")) table = line;
      else if (line.startsWith("edit ")) entry = [table, line];
      else if (/^(?:move|delete) /.test(line)) moments.push([table, line, "end"]);
      else if (line === "next") {
        moments.push([...(entry ?? []), "end"]);
        entry = undefined;
      }
    }
    return moments;
  }

  /** The first moment of a list that is unsafe. */
  firstStray(moments: readonly Moment[]): string | undefined {
    const device = this.#running.copy();
    for (const moment of moments) {
      typeForm(device, moment);
      const [stray] = straysOf(this.#before, this.#after, judgeForm(device));
      if (stray !== undefined) return `${moment.join("; ")}: ${stray}`;
    }
    return device.show() === this.#target ? undefined : `it ends as\n${device.show()}`;
  }

  safeOrder(moments: readonly Moment[]): readonly number[] | undefined {
    const trial = {
      start: this.#running,
      copy: (device: FormDevice) => device.copy(),
      takes: (device: FormDevice, moment: Moment) => this.#takes(device, moment),
      key: (device: FormDevice) => device.show(),
      isThere: (device: FormDevice) => device.show() === this.#target,
    };
    return findSafeOrder(trial, moments);
  }

  #takes(device: FormDevice, moment: Moment): boolean {
    try {
      for (const line of moment) device.type(line);
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
    return straysOf(this.#before, this.#after, judgeForm(device)).length === 0;
  }
}
