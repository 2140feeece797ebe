import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffConfigs, FULL_CHANGE, rollbackFrom } from "../../src/planner/config/change.ts";
import { compareTrees } from "../../src/planner/config/compare.ts";
import { parseConfig, renderTree } from "../../src/planner/config/parse.ts";
import { casesOf, changeOf } from "../golden/cases.ts";
import { FORMS, type FormDevice, loadForm, typeForm } from "./form-devices.ts";
import { abstractSite, spellSite } from "./random-forms.ts";

const RUNS = { numRuns: 150, seed: 20_261_122 };
const pair = fc.tuple(abstractSite, abstractSite, fc.nat(9));
const PLACEHOLDER = /\$\{secret:[^}]+\}/;

/** Leaves the sections that the commands left open. */
function toTop(platform: string, device: FormDevice): void {
  if (platform !== "fortios") return;
  for (let i = 0; i < 4; i++) {
    try {
      device.type("end");
    } catch {
      return;
    }
  }
}

describe.each(FORMS.map((dialect) => [dialect.platform, dialect] as const))("%s", (platform, dialect) => {
  test("a text comes back from its tree", () => {
    fc.assert(
      fc.property(abstractSite, fc.nat(9), (site, turn) => {
        const text = spellSite(platform, site, turn);
        const tree = parseConfig(dialect, text);
        expect(renderTree(tree)).toBe(text);
        expect(tree.findings).toEqual([]);
        expect(tree.unknown).toEqual([]);
      }),
      RUNS,
    );
  });

  test("nothing is typed where nothing differs, whatever the order and the spelling", () => {
    fc.assert(
      fc.property(abstractSite, fc.nat(9), fc.nat(9), (site, one, two) => {
        const change = diffConfigs(
          dialect,
          spellSite(platform, site, one),
          spellSite(platform, site, two),
          FULL_CHANGE,
        );
        expect(change.commands).toEqual([]);
        expect(change.items).toEqual([]);
      }),
      RUNS,
    );
  });

  test("the commands lead a device to intended and the rollback back", () => {
    fc.assert(
      fc.property(pair, ([before, after, turn]) => {
        const running = spellSite(platform, before, turn);
        const intended = spellSite(platform, after, 0);
        const change = diffConfigs(dialect, running, intended, FULL_CHANGE);
        const errors = change.findings.filter((finding) => finding.severity === "error");
        // Where no order is safe, a step is named; the flow laws judge those.
        expect(errors.filter((finding) => finding.code !== "CFG-UNSAFE-STEP")).toEqual([]);
        const device = typeForm(loadForm(platform, running), change.commands);
        expect(device.show()).toBe(loadForm(platform, intended).show());
        expect(typeForm(device, change.rollback).show()).toBe(loadForm(platform, running).show());
      }),
      RUNS,
    );
  });

  test("the same question gets the same answer, in whatever order unordered input stands", () => {
    fc.assert(
      fc.property(pair, fc.nat(9), ([before, after, turn], other) => {
        const one = diffConfigs(
          dialect,
          spellSite(platform, before, 0),
          spellSite(platform, after, turn),
          FULL_CHANGE,
        );
        const two = diffConfigs(
          dialect,
          spellSite(platform, before, 0),
          spellSite(platform, after, turn),
          FULL_CHANGE,
        );
        expect(two).toEqual(one);
        const turned = diffConfigs(
          dialect,
          // Another order, the same spelling.
          spellSite(platform, before, 6 * other),
          spellSite(platform, after, turn),
          FULL_CHANGE,
        );
        expect(turned.commands).toEqual(one.commands);
      }),
      RUNS,
    );
  });

  test("what is predicted is what intended says", () => {
    fc.assert(
      fc.property(pair, ([before, after, turn]) => {
        const intended = spellSite(platform, after, 0);
        const change = diffConfigs(dialect, spellSite(platform, before, turn), intended, FULL_CHANGE);
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
      fc.property(pair, fc.nat(60), ([before, after, turn], at) => {
        const running = spellSite(platform, before, turn);
        const intended = spellSite(platform, after, 0);
        const { commands } = diffConfigs(dialect, running, intended, FULL_CHANGE);
        const count = commands.length === 0 ? 0 : at % (commands.length + 1);
        const device = typeForm(loadForm(platform, running), commands.slice(0, count));
        toTop(platform, device);
        typeForm(device, rollbackFrom(dialect, running, intended, FULL_CHANGE, count));
        expect(device.show()).toBe(loadForm(platform, running).show());
      }),
      RUNS,
    );
  });

  const cases = casesOf(platform)
    .filter(({ running, intended }) => !PLACEHOLDER.test(running + intended))
    .map((golden) => [golden.name, golden] as const);
  test.each(cases)(
    "%s: the commands lead a modelled device to intended, every rollback back",
    (_, golden) => {
      const change = changeOf(dialect, golden);
      const before = loadForm(platform, golden.running).show();
      const device = typeForm(loadForm(platform, golden.running), change.commands);
      if (golden.options.scope.kind === "full")
        expect(device.show()).toBe(loadForm(platform, golden.intended).show());
      expect(typeForm(device, change.rollback).show()).toBe(before);
      for (let count = 0; count < change.commands.length; count++) {
        const half = typeForm(loadForm(platform, golden.running), change.commands.slice(0, count));
        toTop(platform, half);
        typeForm(half, rollbackFrom(dialect, golden.running, golden.intended, golden.options, count));
        expect(half.show(), `after ${count} commands`).toBe(before);
      }
    },
  );
});
