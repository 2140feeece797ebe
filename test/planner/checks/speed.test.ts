import { expect, test } from "vitest";
import { runChecks } from "../../../src/planner/checks/run-checks.ts";
import { bigSite, ZONES } from "./big-site.ts";
import { cleanWorld, inputOf } from "./world.ts";

const SITES = 500;
const BUDGET_SECONDS = 5;

test(`${SITES} sites of ${ZONES} zones are checked within ${BUDGET_SECONDS} s of CPU`, () => {
  const made = Array.from({ length: SITES }, (_, number) => bigSite(number));
  const { input } = inputOf(cleanWorld());
  const before = process.cpuUsage();
  const report = runChecks(
    made.map(({ site }) => site),
    { ...input, facts: new Map(), rendered: new Map(made.flatMap(({ rendered }) => rendered)) },
  );
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  expect(report.evaluated.length).toBeGreaterThan(100);
  expect(report.findings.length).toBeGreaterThan(SITES);
  expect(seconds).toBeLessThan(BUDGET_SECONDS);
}, 120_000);
