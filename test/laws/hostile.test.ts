import { describe, expect, test } from "vitest";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import { parseConfig, renderTree } from "../../src/planner/config/parse.ts";
import { redactConfig } from "../../src/planner/config/secrets.ts";
import { casesOf, DIALECTS } from "../golden/cases.ts";

/** How many hostile texts a platform gets; raise it by HOSTILE=100000 for the long run. */
const COUNT = Number(process.env.HOSTILE ?? 3000);
const LIMIT_MS = 2000;
/** A text takes about 3 ms; a machine under load takes many times that. */
const TIMEOUT_MS = Math.max(600_000, COUNT * 60);

/** Time of the processor since it was asked before, in milliseconds: what other work the machine does is left out. */
function cpuMs(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** A small generator of numbers, so that a failure can be repeated by its seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

const JUNK = [
  "\0",
  "\r\n",
  "\t",
  "no no no ",
  "^C",
  '"',
  "{",
  "}",
  "banner login ^C",
  "\u001b[42D",
  " --More-- ",
  "999999999999",
  "1-4094,1-4094",
  "ü中",
  "\uffff",
  " ".repeat(50),
  "!",
  "#",
  "-".repeat(9),
];

/** Bends a text: cuts, doubles, swaps and salts it. */
function mutate(text: string, next: (below: number) => number): string {
  let result = text;
  for (let i = next(6); i >= 0; i--) {
    const at = next(result.length + 1);
    const end = Math.min(result.length, at + next(80));
    const kind = next(6);
    if (kind === 0) result = result.slice(0, at);
    else if (kind === 1) result = result.slice(0, at) + result.slice(end);
    else if (kind === 2) result = result.slice(0, end) + result.slice(at, end) + result.slice(end);
    else if (kind === 3) result = result.slice(0, at) + (JUNK[next(JUNK.length)] ?? "") + result.slice(at);
    else if (kind === 4) result = result.split("\n").reverse().join("\n");
    else
      result =
        result.slice(0, at) +
        String.fromCharCode(...Array.from({ length: 20 }, () => next(256))) +
        result.slice(at);
  }
  return result;
}

describe.each(DIALECTS.map((dialect) => [dialect.platform, dialect] as const))("%s", (platform, dialect) => {
  test(`${COUNT} hostile texts give a tree and a change, never a crash or a hang`, {
    timeout: TIMEOUT_MS,
  }, () => {
    const sources = casesOf(platform).map((golden) => golden.running + golden.intended);
    const began = process.cpuUsage();
    let slowest = { ms: 0, seed: -1 };
    for (let seed = 0; seed < COUNT; seed++) {
      const next = numbers(seed);
      const text = mutate(sources[next(sources.length)] ?? "", next);
      const other = mutate(sources[next(sources.length)] ?? "", next);
      const start = process.cpuUsage();
      const tree = parseConfig(dialect, text);
      expect(tree.lines, `seed ${seed}`).toBeGreaterThanOrEqual(0);
      // What was cleaned once stays as it is.
      const again = renderTree(tree);
      expect(renderTree(parseConfig(dialect, again)), `seed ${seed}`).toBe(again);
      redactConfig(dialect, text);
      expect(diffConfigs(dialect, text, text, FULL_CHANGE).commands, `seed ${seed}`).toEqual([]);
      diffConfigs(dialect, text, other, FULL_CHANGE);
      const ms = cpuMs(start);
      if (ms > slowest.ms) slowest = { ms, seed };
    }
    if (process.env.HOSTILE !== undefined) {
      const each = (cpuMs(began) / COUNT).toFixed(1);
      const worst = `the slowest ${slowest.ms.toFixed(0)} ms (seed ${slowest.seed})`;
      process.stdout.write(`${platform}: ${COUNT} texts, ${each} ms each, ${worst}\n`);
    }
    expect(slowest.ms, `seed ${slowest.seed}`).toBeLessThan(LIMIT_MS);
  });

  test("time grows with the length of the text, not with its square", () => {
    const line =
      platform === "iosxe" ? "banner login ^C never closed\n" : 'header login information "never closed\n';
    for (const shape of [line, "a\n", "   x\n", "no no no no\n", "(((((((((\n"]) {
      const start = process.cpuUsage();
      parseConfig(dialect, shape.repeat(20_000));
      expect(cpuMs(start), JSON.stringify(shape)).toBeLessThan(LIMIT_MS);
    }
    const stairs = Array.from({ length: 3000 }, (_, i) => `${" ".repeat(i)}x`).join("\n");
    const start = process.cpuUsage();
    const tree = parseConfig(dialect, stairs);
    expect(renderTree(tree)).toBe(`${stairs}\n`);
    expect(cpuMs(start)).toBeLessThan(LIMIT_MS);
  });
});
