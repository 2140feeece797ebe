import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffConfigs, FULL_CHANGE, rollbackFrom } from "../../src/planner/config/change.ts";
import { compareTrees } from "../../src/planner/config/compare.ts";
import { parseConfig, renderTree } from "../../src/planner/config/parse.ts";
import { MODELLED } from "../golden/cases.ts";
import { leaveAll, loadDevice, typeAll } from "./devices.ts";
import { abstractDevice, spellDevice } from "./random-config.ts";

const RUNS = { numRuns: 150, seed: 20_261_122 };
const pair = fc.tuple(abstractDevice, abstractDevice, fc.nat(20), fc.constantFrom(1, 5, 10));

describe.each(MODELLED.map((dialect) => [dialect.platform, dialect] as const))("%s", (platform, dialect) => {
  test("a text comes back from its tree", () => {
    fc.assert(
      fc.property(abstractDevice, fc.nat(20), (device, turn) => {
        const text = spellDevice(platform, device, turn);
        expect(renderTree(parseConfig(dialect, text))).toBe(text);
      }),
      RUNS,
    );
  });

  test("nothing is typed where nothing differs, whatever the order and the numbers", () => {
    fc.assert(
      fc.property(abstractDevice, fc.nat(20), fc.nat(20), (device, one, two) => {
        const change = diffConfigs(
          dialect,
          spellDevice(platform, device, one, 10),
          spellDevice(platform, device, two, 5),
          FULL_CHANGE,
        );
        expect(change.commands).toEqual([]);
        expect(change.equal).toBe(true);
      }),
      RUNS,
    );
  });

  test("the commands lead a device to intended and the rollback back", () => {
    fc.assert(
      fc.property(pair, ([before, after, turn, step]) => {
        const running = spellDevice(platform, before, turn, step);
        const intended = spellDevice(platform, after);
        const change = diffConfigs(dialect, running, intended, FULL_CHANGE);
        const device = typeAll(loadDevice(platform, running), change.commands);
        expect(device.show()).toBe(loadDevice(platform, intended).show());
        expect(typeAll(device, change.rollback).show()).toBe(loadDevice(platform, running).show());
      }),
      RUNS,
    );
  });

  test("the order of unordered input does not change the commands", () => {
    fc.assert(
      fc.property(pair, fc.nat(20), ([before, after, turn], other) => {
        const one = diffConfigs(
          dialect,
          spellDevice(platform, before, turn),
          spellDevice(platform, after, 0),
          FULL_CHANGE,
        );
        const two = diffConfigs(
          dialect,
          spellDevice(platform, before, 0),
          spellDevice(platform, after, other),
          FULL_CHANGE,
        );
        expect(two.commands).toEqual(one.commands);
        expect(two.rollback).toEqual(one.rollback);
      }),
      RUNS,
    );
  });

  test("what is predicted is what intended says", () => {
    fc.assert(
      fc.property(pair, ([before, after, turn, step]) => {
        const intended = spellDevice(platform, after);
        const change = diffConfigs(dialect, spellDevice(platform, before, turn, step), intended, FULL_CHANGE);
        const items = compareTrees(
          dialect,
          parseConfig(dialect, change.predicted),
          parseConfig(dialect, intended),
          FULL_CHANGE.scope,
        );
        expect(items).toEqual([]);
      }),
      RUNS,
    );
  });

  test("from any step the rollback leads back", () => {
    fc.assert(
      fc.property(pair, fc.nat(60), ([before, after, turn, step], at) => {
        const running = spellDevice(platform, before, turn, step);
        const intended = spellDevice(platform, after);
        const { commands } = diffConfigs(dialect, running, intended, FULL_CHANGE);
        const count = commands.length === 0 ? 0 : at % (commands.length + 1);
        const device = typeAll(loadDevice(platform, running), commands.slice(0, count));
        leaveAll(platform, device);
        typeAll(device, rollbackFrom(dialect, running, intended, FULL_CHANGE, count));
        expect(device.show()).toBe(loadDevice(platform, running).show());
      }),
      RUNS,
    );
  });
});
