import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { ensureEngine } from "../src/deploy/engine/ensure.ts";

/** Installs what the tests need, runs everything that can run here, and ends with `N passed, N failed, N skipped`.
 *  Arguments are vitest's: `npm test -- test/planner`. In CI a skipped test fails the run. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

$.stdio = "inherit";
$.nothrow = true;

const ci = process.env.CI === "true";
await ensureEngine((message) => process.stderr.write(`engine: ${message}\n`));
const folder = await mkdtemp(join(tmpdir(), "sitewright-test-"));
const reportFile = join(folder, "report.json");
const run =
  await $`vitest run --reporter=default --reporter=json --outputFile.json=${reportFile} ${process.argv.slice(2)}`;
const report = JSON.parse(await readFile(reportFile, "utf8")) as VitestReport;
await rm(folder, { recursive: true });

const skipped = report.testResults.flatMap((file) =>
  file.assertionResults.filter((test) => test.status !== "passed" && test.status !== "failed"),
);
for (const test of skipped) process.stdout.write(`skipped: ${test.fullName}\n`);
const failed = Math.max(report.numFailedTests, run.exitCode === 0 ? 0 : 1);
process.stdout.write(`${report.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped\n`);
process.exit(failed > 0 || (ci && skipped.length > 0) ? 1 : 0);
