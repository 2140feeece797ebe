import { expect, test } from "vitest";
import { checkPolicy } from "../../../src/planner/policy/check-policy.ts";
import { type Changes, hqWith } from "../../inventory/spoil.ts";

const exception = (from: string, source: string): string =>
  `EX1:\n  from: ${from}\n  to: server\n  service: dns\n  owner: a\n  approver: b\n  ticket: T\n  reason: r\n  expires: 2027-03-01\n${source}`;

/** A rule that the matrix forbids: the office may reach the servers by https only. */
const FORBIDDEN: Changes = {
  "inventory/acme/hq/rules.yaml": (text) => `${text}R3:\n  from: printer\n  to: srv-1\n  service: dns\n`,
};

function violations(exceptions: string | undefined): string[] {
  const changes =
    exceptions === undefined ? FORBIDDEN : { ...FORBIDDEN, "policies/acme/exceptions.yaml": exceptions };
  return checkPolicy(hqWith(changes), "2026-11-22")
    .findings.filter(({ code, message }) => code === "ZON-005" && message.startsWith("R3"))
    .map(({ message }) => message);
}

test("an exception excuses what it names", () => {
  expect(violations(undefined)).toHaveLength(1);
  expect(violations(exception("office", "  source: [10.1.10.50]\n"))).toEqual([]);
  expect(violations(exception("office", ""))).toEqual([]);
});

test.each(["10.1.10.50", "10.1.10.0/24", "10.0.0.0/8", "0.0.0.0/0"])(
  "an exception for guests excuses nobody of another zone, though it names %s as its source",
  (source) => {
    expect(violations(exception("guest", `  source: [${source}]\n`))).toEqual(violations(undefined));
  },
);
