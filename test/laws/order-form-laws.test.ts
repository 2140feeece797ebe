import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FORTIOS_DIALECT } from "../../src/drivers/fortios/dialect.ts";
import { ROUTEROS_DIALECT } from "../../src/drivers/routeros/dialect.ts";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import { type FormDevice, loadForm, typeForm } from "./form-devices.ts";
import { Refused } from "./model/device.ts";
import { type FlowVerdicts, judgeForm, straysOf } from "./model/form-oracle.ts";
import { RouterosDevice } from "./model/routeros.ts";
import { rulesPair, shieldedPair, spellRules, swappedPair } from "./random-rules.ts";

const RUNS = process.env.SITEWRIGHT_SEED === "random" ? 2000 : 150;
/** Lists up to this length are tried in every order. */
const WHOLE = 7;

describe.each([FORTIOS_DIALECT, ROUTEROS_DIALECT].map((dialect) => [dialect.platform, dialect] as const))(
  "%s",
  (platform, dialect) => {
    test("it says that no safe order exists where none of all orders is safe, and only there", {
      timeout: 300_000,
    }, async ({ annotate }) => {
      let safe = 0;
      let none = 0;
      let longest = 0;
      fc.assert(
        fc.property(fc.oneof(rulesPair, swappedPair, shieldedPair), (pair) => {
          const [running = "", intended = ""] = pair.map((rules) => spellRules(platform, rules));
          const change = diffConfigs(dialect, running, intended, FULL_CHANGE);
          const world = new OrderWorld(platform, running, intended);
          const moments = world.momentsOf(change.commands);
          if (moments.length < 2) return;
          const text = `${running}=>\n${intended}typed:\n${change.commands.join("\n")}`;
          if (change.findings.some((finding) => finding.code === "CFG-UNSAFE-STEP")) {
            if (moments.length > WHOLE) return;
            none++;
            longest = Math.max(longest, moments.length);
            expect(world.safeOrder(moments), text).toBeUndefined();
          } else {
            safe++;
            expect(world.firstStray(moments), text).toBeUndefined();
          }
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
      await annotate(
        `${platform}: ${safe} safe orders, ${none} times none, the longest of them ${longest} moments`,
      );
      expect(safe).toBeGreaterThan(RUNS / 4);
      expect(none).toBeGreaterThan(RUNS / 50);
      expect(longest).toBeGreaterThan(3);
    });
  },
);

/** Lines that take effect together. */
type Moment = readonly string[];

/** Two states of a firewall, and the orders between them. */
class OrderWorld {
  readonly #platform: string;
  readonly #running: FormDevice;
  readonly #before: FlowVerdicts;
  readonly #after: FlowVerdicts;
  readonly #target: string;

  constructor(platform: string, running: string, intended: string) {
    this.#platform = platform;
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

  /** Tries every order; one ends where the device refuses a moment or a state is unsafe. */
  safeOrder(moments: readonly Moment[]): readonly Moment[] | undefined {
    const seen = new Set<string>();
    const extend = (from: FormDevice, done: readonly number[]): readonly Moment[] | undefined => {
      if (done.length === moments.length)
        return from.show() === this.#target ? done.map((i) => moments[i] ?? []) : undefined;
      for (const [i, moment] of moments.entries()) {
        if (done.includes(i)) continue;
        const device = from.copy();
        if (!this.#takes(device, moment)) continue;
        const key = `${[...done, i].sort((a, b) => a - b)}\n${this.#platform}\n${device.show()}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const found = extend(device, [...done, i]);
        if (found) return found;
      }
      return undefined;
    };
    return extend(this.#running, []);
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
