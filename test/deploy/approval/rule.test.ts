import { describe, expect, test } from "vitest";
import type { JudgedApproval } from "../../../src/deploy/approval/prove.ts";
import { checkGate, type GateRequest } from "../../../src/deploy/gate.ts";
import type { Approval } from "../../../src/deploy/stores/types.ts";

const PLAN = "sha256:aa";
const OFFLINE = "sha256:off";
const ORIGIN = { file: "inventory/acme/hq/site.yaml", line: 1, column: 1 } as const;
const FREEZE = { name: "spring", from: "2026-03-01", to: "2026-03-31", origin: ORIGIN };
const WEEKLY = { name: "weekly", days: ["sat"], from: "22:00", to: "02:00", origin: ORIGIN } as const;
/** Saturday 2026-03-07, 23:00 in Shanghai. */
const IN_WINDOW = new Date("2026-03-07T15:00:00Z");
const AT_NOON = new Date("2026-03-07T04:00:00Z");

/** A proved word of a person; the key is the person's own unless another is named. */
const signed = (by: string, change: Partial<Approval> = {}, key = `SHA256:${by}`): JudgedApproval => ({
  approval: word(by, change),
  proof: { proved: true, person: { kind: "ssh", name: by, key } },
});
const reviewed = (by: string): JudgedApproval => ({
  approval: word(by),
  proof: { proved: true, person: { kind: "forge", name: by, key: undefined } },
});
const claimed = (by: string, change: Partial<Approval> = {}): JudgedApproval => ({
  approval: word(by, change),
  proof: { proved: false, why: `${by} did not sign it` },
});
const word = (by: string, change: Partial<Approval> = {}): Approval => ({
  schemaVersion: 1,
  plan: PLAN,
  site: "acme/hq",
  by,
  at: "2026-03-06T10:00:00Z",
  expires: "2026-03-09T00:00:00Z",
  ...change,
});
const author = (by: string) => signed(by, { role: "author" });
const EMERGENCY = { role: "emergency", ticket: "INC-77", reason: "line down" } as const;
const OUTSIDE = { outsideWindow: "line down" } as const;

interface Case {
  readonly says: readonly JudgedApproval[];
  readonly kind?: "normal" | "special";
  readonly operator?: string;
  readonly now?: Date;
  readonly site?: Partial<GateRequest["site"]>;
}

const ask = ({ says, kind = "normal", operator = "deploy@nms-1", now = IN_WINDOW, site = {} }: Case) =>
  checkGate({
    site: {
      id: "acme/hq",
      gate: "required",
      timezone: "Asia/Shanghai",
      changeWindows: [WEEKLY],
      freezes: [],
      ...site,
    },
    plan: { digest: PLAN, offline: OFFLINE, changeClass: kind },
    approvals: says,
    operator,
    practice: false,
    now,
  });

describe("enough people agreed to exactly this plan", () => {
  test.each<[string, Case]>([
    ["one beside the proved author of a normal change", { says: [author("sam"), signed("jane")] }],
    ["two, where nobody is proved to be the author", { says: [signed("jane"), signed("ann")] }],
    [
      "two beside the author of a special change",
      { kind: "special", says: [author("sam"), signed("jane"), signed("client.cio")] },
    ],
    [
      "three for a special change without a proved author",
      { kind: "special", says: [signed("sam"), signed("jane"), signed("ann")] },
    ],
    ["one review of a normal change", { says: [reviewed("jane")] }],
    ["two reviews of a special change", { kind: "special", says: [reviewed("jane"), reviewed("ann")] }],
    [
      "an approval of the same plan made offline",
      { says: [author("sam"), signed("jane", { plan: OFFLINE })] },
    ],
    ["one emergency with ticket and reason", { kind: "special", says: [signed("sam", EMERGENCY)] }],
    ["an emergency by who pushes it", { says: [signed("sam", EMERGENCY)], operator: "sam" }],
    ["an emergency at noon", { says: [signed("sam", EMERGENCY)], now: AT_NOON }],
    ["an emergency in a freeze", { says: [signed("sam", EMERGENCY)], site: { freezes: [FREEZE] } }],
    [
      "outside the window, where every needed person says so",
      { says: [author("sam"), signed("jane", OUTSIDE)], now: AT_NOON },
    ],
  ])("%s", (_title, request) => {
    expect(ask(request)).toMatchObject({ open: true });
  });

  test("an emergency is named as one, so that somebody looks at it later", () => {
    expect(ask({ says: [signed("sam", EMERGENCY)] })).toMatchObject({
      open: true,
      emergency: true,
      because: "emergency INC-77 by sam: line down",
    });
    expect(ask({ says: [author("sam"), signed("jane")] })).toMatchObject({ emergency: false });
  });
});

describe("the gate stays shut, and says why and what to type", () => {
  test.each<[string, Case, string]>([
    ["nobody said anything", { says: [] }, "GATE-NO-APPROVAL"],
    ["the author alone", { says: [author("sam")] }, "GATE-NO-APPROVAL"],
    ["an approval of another plan", { says: [signed("jane", { plan: "sha256:bb" })] }, "GATE-NO-APPROVAL"],
    ["an approval of another site", { says: [signed("jane", { site: "acme/x" })] }, "GATE-NO-APPROVAL"],
    ["a later review of something", { says: [signed("jane", { role: "review" })] }, "GATE-NO-APPROVAL"],
    ["a name in git and nothing else", { says: [author("sam"), claimed("jane")] }, "GATE-UNPROVED"],
    ["an emergency that nobody signed", { says: [claimed("sam", EMERGENCY)] }, "GATE-UNPROVED"],
    ["self approval", { says: [author("sam"), signed("sam")] }, "GATE-OWN-APPROVAL"],
    [
      "self approval under another name of the key",
      { says: [author("sam"), signed("sammy", {}, "SHA256:sam")] },
      "GATE-OWN-APPROVAL",
    ],
    [
      "self approval with a second key",
      { says: [author("sam"), signed("sam", {}, "SHA256:other")] },
      "GATE-OWN-APPROVAL",
    ],
    [
      "an approver who pushes it",
      { says: [signed("sam@example.com")], operator: "sam@nms-1" },
      "GATE-OWN-APPROVAL",
    ],
    [
      "one approver under a forged operator's name",
      { says: [signed("sam")], operator: "jane" },
      "GATE-AUTHOR-UNPROVED",
    ],
    ["one person twice", { says: [signed("jane"), signed("jane")] }, "GATE-AUTHOR-UNPROVED"],
    [
      "two names of one key",
      { says: [signed("jane", {}, "SHA256:k"), signed("june", {}, "SHA256:k")] },
      "GATE-AUTHOR-UNPROVED",
    ],
    [
      "one person of two keys at a special change",
      {
        kind: "special",
        says: [author("sam"), signed("jane", {}, "SHA256:a"), signed("Jane", {}, "SHA256:b")],
      },
      "GATE-SECOND-PERSON",
    ],
    [
      "three statements that a chain of names and keys makes one person",
      {
        kind: "special",
        says: [
          author("sam"),
          signed("a", {}, "SHA256:1"),
          signed("b", {}, "SHA256:2"),
          signed("a", {}, "SHA256:2"),
        ],
      },
      "GATE-SECOND-PERSON",
    ],
    [
      "one person at a special change",
      { kind: "special", says: [author("sam"), signed("jane")] },
      "GATE-SECOND-PERSON",
    ],
    [
      "a signature and a review, which may be one person",
      { kind: "special", says: [author("sam"), signed("jane@example.com"), reviewed("jane.w")] },
      "GATE-SECOND-PERSON",
    ],
    ["one review of a special change", { kind: "special", says: [reviewed("jane")] }, "GATE-SECOND-PERSON"],
    [
      "an approval that ended",
      { says: [author("sam"), signed("jane", { expires: "2026-03-07T00:00:00Z" })] },
      "GATE-APPROVAL-EXPIRED",
    ],
    [
      "an emergency without a ticket",
      { says: [signed("sam", { role: "emergency", reason: "x" })] },
      "GATE-EMERGENCY-INCOMPLETE",
    ],
    [
      "an emergency without a reason",
      { says: [signed("sam", { role: "emergency", ticket: "T" })] },
      "GATE-EMERGENCY-INCOMPLETE",
    ],
    ["a freeze", { says: [author("sam"), signed("jane")], site: { freezes: [FREEZE] } }, "GATE-FROZEN"],
    [
      "a freeze, also with leave to push outside the window",
      { says: [author("sam"), signed("jane", OUTSIDE)], site: { freezes: [FREEZE] } },
      "GATE-FROZEN",
    ],
    ["noon", { says: [author("sam"), signed("jane")], now: AT_NOON }, "GATE-OUTSIDE-WINDOW"],
    [
      "noon, where one of two persons did not agree to that",
      { kind: "special", says: [author("sam"), signed("jane", OUTSIDE), signed("ann")], now: AT_NOON },
      "GATE-OUTSIDE-WINDOW",
    ],
  ])("%s", (_title, request, code) => {
    const decision = ask(request);
    expect(decision).toMatchObject({ open: false, code });
    expect(!decision.open && decision.hint.length > 10 && decision.reason.length > 10).toBe(true);
  });
});
