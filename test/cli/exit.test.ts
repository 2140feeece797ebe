import { describe, expect, it } from "vitest";
import { type ExitReason, exitCodeOf } from "../../src/cli/exit.ts";

const REASONS: Readonly<Record<number, ExitReason>> = {
  1: { code: 1, reason: "findings" },
  2: { code: 2, reason: "difference" },
  3: { code: 3, reason: "incomplete", subject: "sw-1" },
  4: { code: 4, reason: "usage", subject: "flag" },
  5: { code: 5, reason: "rolled-back", subject: "sw-1" },
  6: { code: 6, reason: "needs-person", subject: "sw-1" },
  70: { code: 70, reason: "bug", subject: "trace" },
  130: { code: 130, reason: "interrupted" },
};

function reasons(...codes: readonly number[]): ExitReason[] {
  return codes.flatMap((code) => REASONS[code] ?? []);
}

describe("where several exit codes apply, the worst counts", () => {
  it.each([
    [[], 0],
    [[2], 2],
    [[3, 2], 2],
    [[3, 1], 1],
    [[3, 5], 5],
    [[5, 6], 6],
    [[1, 4], 4],
    [[5, 130], 130],
    [[130, 6], 6],
    [[70, 6, 130, 5, 4, 1, 2, 3], 70],
  ])("%j ends with %i", (codes, expected) => {
    expect(exitCodeOf(reasons(...codes))).toBe(expected);
    expect(exitCodeOf(reasons(...codes.toReversed()))).toBe(expected);
  });
});
