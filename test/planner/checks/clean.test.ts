import { expect, test } from "vitest";
import { runChecks } from "../../../src/planner/checks/run-checks.ts";
import { cleanWorld, inputOf } from "./world.ts";

test("a site with nothing wrong gives no finding, and only what waits for data is not evaluated", () => {
  const { sites, input } = inputOf(cleanWorld());
  const report = runChecks(sites, input);
  expect(report.findings.map((finding) => `${finding.code} ${finding.severity} ${finding.message}`)).toEqual(
    [],
  );
  expect(report.notEvaluated.filter((entry) => !entry.reason.startsWith("waits for"))).toEqual([]);
  expect(report.notEvaluated).toHaveLength(20);
  expect(report.evaluated).toHaveLength(126);
});
