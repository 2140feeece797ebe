import { pathToFileURL } from "node:url";
import { compareFilters } from "../src/planner/flows/compare.ts";
import { partialConflicts } from "../src/planner/flows/conflicts.ts";
import { deadRules } from "../src/planner/flows/dead-rules.ts";
import { createMatrixChecker } from "../src/planner/flows/matrix.ts";
import type { Family, FilterList, FilterRule } from "../src/planner/flows/types.ts";
import { runAerleon } from "./flows-aerleon.ts";
import { createRandom, makeEstate, makeRules, makeTightCells, makeWideBoxes } from "./flows-generator.ts";

/** CPU milliseconds of this process that `work` takes, and what it returns. */
function timed<T>(work: () => T): { readonly cpuMs: number; readonly result: T } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, result };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function line(work: string, figure: string, note: string): void {
  console.log(`${work.padEnd(58)} ${figure.padStart(12)}  ${note}`);
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

/** Measures the packet-filter algebra and prints CPU times, limits and growth. */
export async function runFlowsBench(): Promise<void> {
  console.log("packet-filter algebra: CPU time of one thread, median of 5 runs (first run in brackets)");
  benchDeadRules(4);
  benchDeadRules(6);
  benchMatrix();
  benchAdversarial();
  benchAerleon();
}

function estateRules(count: number, family: Family): FilterList {
  const random = createRandom(20260101);
  return makeRules(makeEstate(100, family, random), count, family, random);
}

function benchDeadRules(family: Family): void {
  let last = 0;
  for (const count of [1000, 5000, 10_000]) {
    const list = estateRules(count, family);
    const runs = Array.from({ length: 5 }, () => timed(() => deadRules(list, { downward: false })));
    const cpuMs = median(runs.map((run) => run.cpuMs));
    const dead = runs[0]?.result.dead.length ?? 0;
    const unknown = runs[0]?.result.unknown.length ?? 0;
    const growth = last === 0 ? "" : `, x${(cpuMs / last).toFixed(1)}`;
    const limit = count === 10_000 ? ", at most 100 ms" : "";
    const first = ms(runs[0]?.cpuMs ?? 0);
    line(
      `dead rules, ${count} IPv${family} rules`,
      ms(cpuMs),
      `(${first}) ${dead} dead, ${unknown} unknown${growth}${limit}`,
    );
    last = cpuMs;
  }
  if (family === 6) return;
  const list = estateRules(10_000, family);
  const all = timed(() => deadRules(list));
  line(
    "dead rules with downward redundancy, 10000 rules",
    ms(all.cpuMs),
    `${all.result.dead.length} dead, ${all.result.unknown.length} unknown`,
  );
  const conflicts = timed(() => partialConflicts(list));
  line("partial conflicts, 10000 rules", ms(conflicts.cpuMs), `${conflicts.result.total} pairs`);
  const next = {
    ...list,
    rules: list.rules.toSpliced(5000, 1).toSpliced(7000, 0, list.rules[5000] as FilterRule),
  };
  const compared = timed(() => compareFilters(list, next));
  const { opened, closed, verdict } = compared.result;
  line(
    "compare, one of 10000 rules moved",
    ms(compared.cpuMs),
    `${opened.length} opened, ${closed.length} closed, ${verdict}`,
  );
}

function benchMatrix(): void {
  const random = createRandom(20260101);
  const estate = makeEstate(100, 4, random);
  const filter = makeRules(estate, 10_000, 4, random);
  const input = { zones: estate.zones, cells: makeTightCells(estate, filter), filter };
  const runs = Array.from({ length: 5 }, () => timed(() => createMatrixChecker(input)));
  const checker = runs[0]?.result as ReturnType<typeof createMatrixChecker>;
  const { cells, pairs, verdict } = checker.report();
  const cpuMs = median(runs.map((run) => run.cpuMs));
  const first = ms(runs[0]?.cpuMs ?? 0);
  line(
    "matrix of 100 zones x 10000 rules",
    ms(cpuMs),
    `(${first}) ${cells} cells, ${pairs} pairs, ${verdict}, at most 1000 ms`,
  );

  const times: number[] = [];
  let violations = 0;
  for (let step = 0; step < 200; step += 1) {
    const place = random(filter.rules.length);
    const old = filter.rules[place] as FilterRule;
    const edit = editOf(old, filter.rules[random(filter.rules.length)] as FilterRule, step);
    const { cpuMs: one, result } = timed(() => checker.replaceRule(edit));
    times.push(one);
    violations += result.violations.length > 0 ? 1 : 0;
    checker.replaceRule(old);
  }
  const worst = Math.max(...times);
  line(
    "  again after one rule changed, median of 200",
    ms(median(times)),
    `worst ${ms(worst)}, ${violations} broke the matrix, at most 10 ms`,
  );

  const loose = {
    ...input,
    cells: input.cells.map((cell) => ({ ...cell, allowed: cell.allowed.slice(0, 3) as never })),
  };
  const broken = timed(() => createMatrixChecker(loose).report());
  line(
    "matrix broken nearly everywhere, each with a witness",
    ms(broken.cpuMs),
    `${broken.result.violations.length} violations`,
  );
}

/** Takes the conditions of another rule, turns the action, or asks for an address that nobody named so far. */
function editOf(old: FilterRule, other: FilterRule, step: number): FilterRule {
  if (step % 3 === 0) return { ...other, id: old.id };
  if (step % 3 === 1) return { ...old, action: old.action === "permit" ? "deny" : "permit" };
  const lo = BigInt(0x0a000000 + step * 0x8000 + 7);
  return {
    ...old,
    matches: old.matches.map((match) => ({ ...match, src: [{ family: 4, lo, hi: lo + 1n }] })),
  };
}

function benchAdversarial(): void {
  for (const count of [1000, 3000]) {
    const list = makeWideBoxes(count, createRandom(7));
    const { cpuMs, result } = timed(() => deadRules(list, { downward: false }));
    const limit = count === 3000 ? ", at most 5000 ms" : "";
    line(
      `adversarial: ${count} wide boxes, exact`,
      ms(cpuMs),
      `${result.dead.length} dead, ${result.unknown.length} unknown${limit}`,
    );
  }
}

/** Aerleon looks at pairs only, so that it finds fewer. */
function benchAerleon(): void {
  const list = estateRules(4000, 4);
  const theirs = runAerleon(list, process.env.AERLEON_PYTHON ?? "python3");
  const ours = Array.from({ length: 5 }, () => timed(() => deadRules(list, { downward: false })));
  const cpuMs = median(ours.map((run) => run.cpuMs));
  line("dead rules, 4000 rules", ms(cpuMs), `${ours[0]?.result.dead.length ?? 0} dead`);
  if (theirs === undefined) {
    line(
      "  Aerleon's shade check on the same",
      "not run",
      "needs `pip install aerleon`; AERLEON_PYTHON names the interpreter",
    );
    return;
  }
  const shadeMs = theirs.checkedCpuMs - theirs.parseCpuMs;
  const ratio = `${Math.round(shadeMs / cpuMs)} times ours, at least 100`;
  line(
    `  Aerleon ${theirs.version}'s shade check on the same`,
    ms(shadeMs),
    `${theirs.shaded} shaded, ${ratio}`,
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await runFlowsBench();
