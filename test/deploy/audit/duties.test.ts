import { describe, expect, test } from "vitest";
import type { JudgedApproval } from "../../../src/deploy/approval/prove.ts";
import { openDuties, reviewDue } from "../../../src/deploy/audit/duties.ts";
import type { AuditEntry } from "../../../src/deploy/audit/types.ts";
import type { Approval } from "../../../src/deploy/stores/types.ts";

const PLAN = "sha256:aa";
const EMERGENCY: AuditEntry = {
  seq: 4,
  prev: "sha256:0",
  hash: "sha256:1",
  at: "2026-03-06T20:00:00Z",
  what: "emergency",
  who: "sam",
  proved: true,
  site: "acme/hq",
  plan: PLAN,
  note: "INC-77: line down",
  due: "2026-03-10T20:00:00Z",
};
const NOW = new Date("2026-03-07T10:00:00Z");
const said = (
  by: string,
  change: Partial<Approval> = {},
  key: string | undefined = `SHA256:${by}`,
): JudgedApproval => ({
  approval: {
    schemaVersion: 1,
    role: "review",
    plan: PLAN,
    site: "acme/hq",
    by,
    at: "2026-03-07T09:00:00Z",
    expires: "2026-03-10T09:00:00Z",
    ...change,
  },
  proof:
    key === ""
      ? { proved: false, why: "not signed" }
      : { proved: true, person: { kind: "ssh", name: by, key } },
});
const emergency = said("sam", { role: "emergency", at: "2026-03-06T19:00:00Z" });

describe("an emergency is owed a review", () => {
  test("until somebody else gives it", () => {
    expect(openDuties([EMERGENCY], [emergency], NOW)).toMatchObject([
      { site: "acme/hq", plan: PLAN, by: "sam", overdue: false },
    ]);
    expect(openDuties([EMERGENCY], [emergency, said("jane")], NOW)).toEqual([]);
  });

  test("once, however often it was pushed", () => {
    expect(openDuties([EMERGENCY, { ...EMERGENCY, seq: 5 }], [], NOW)).toHaveLength(1);
  });

  test("and is overdue after its day", () => {
    expect(openDuties([EMERGENCY], [], new Date("2026-03-11T00:00:00Z"))).toMatchObject([{ overdue: true }]);
  });

  test.each<[string, JudgedApproval]>([
    ["who called it", said("sam")],
    ["who called it, under another name of the key", said("sammy", {}, "SHA256:sam")],
    ["a review of another plan", said("jane", { plan: "sha256:bb" })],
    ["a review of another site", said("jane", { site: "acme/lab" })],
    ["a review from before the push", said("jane", { at: "2026-03-06T19:30:00Z" })],
    ["an approval", said("jane", { role: "approval" })],
    ["a name that nobody can prove", said("jane", {}, "")],
  ])("which %s does not give", (_title, statement) => {
    expect(openDuties([EMERGENCY], [emergency, statement], NOW)).toHaveLength(1);
  });
});

describe("the day until which it is reviewed", () => {
  test.each([
    ["Monday", "2026-03-02T10:00:00Z", "2026-03-04T10:00:00.000Z"],
    ["Thursday", "2026-03-05T10:00:00Z", "2026-03-09T10:00:00.000Z"],
    ["Friday", "2026-03-06T10:00:00Z", "2026-03-10T10:00:00.000Z"],
    ["Saturday", "2026-03-07T10:00:00Z", "2026-03-10T10:00:00.000Z"],
    // Friday evening in London is Saturday in Shanghai: the two working days are Monday and Tuesday there.
    ["Friday night, Saturday at the site", "2026-03-06T20:00:00Z", "2026-03-09T20:00:00.000Z"],
  ])("is two working days after %s, by the site's calendar", (_day, at, due) => {
    expect(reviewDue(new Date(at), "Asia/Shanghai").toISOString()).toBe(due);
  });
});
