import { describe, expect, test } from "vitest";
import type { JudgedApproval } from "../../src/deploy/approval/prove.ts";
import { checkGate, type GateRequest } from "../../src/deploy/gate.ts";
import type { Approval } from "../../src/deploy/stores/types.ts";

const PLAN = "sha256:aa";
const approval = (change: Partial<Approval> = {}): JudgedApproval => ({
  approval: {
    schemaVersion: 1,
    plan: PLAN,
    site: "acme/hq",
    by: "zhang.min",
    at: "2026-03-06T10:00:00Z",
    expires: "2026-03-09T00:00:00Z",
    ...change,
  },
  proof: { proved: false, why: "zhang.min did not sign it" },
});
const WEEKLY = {
  name: "weekly",
  days: ["sat"],
  from: "22:00",
  to: "02:00",
  origin: { file: "inventory/acme/hq/site.yaml", line: 1, column: 1 },
} as const;

/** Saturday 2026-03-07, 23:00 in Shanghai. */
const IN_WINDOW = new Date("2026-03-07T15:00:00Z");

type Change = Omit<Partial<GateRequest>, "site"> & { readonly site?: Partial<GateRequest["site"]> };
const request = (change: Change = {}): GateRequest => ({
  plan: { digest: PLAN, offline: "sha256:off", changeClass: "special" },
  approvals: [approval()],
  operator: "li.wei",
  practice: true,
  now: IN_WINDOW,
  ...change,
  site: {
    id: "acme/hq",
    gate: "required",
    timezone: "Asia/Shanghai",
    changeWindows: [WEEKLY],
    freezes: [],
    ...change.site,
  },
});

describe("the gate before every push to practice devices", () => {
  test("opens for exactly the approved plan, approved by somebody else, in the change window", () => {
    expect(checkGate(request())).toMatchObject({ open: true });
  });

  test("is no gate where the site says gate: none", () => {
    const free = request({ approvals: [], plan: undefined, site: { gate: "none" } });
    expect(checkGate(free)).toMatchObject({ open: true });
  });

  const origin = WEEKLY.origin;
  test.each([
    ["a push without a plan", { plan: undefined }, "GATE-NO-PLAN"],
    ["a plan that nobody approved", { approvals: [] }, "GATE-NO-APPROVAL"],
    ["an approval of another plan", { approvals: [approval({ plan: "sha256:bb" })] }, "GATE-NO-APPROVAL"],
    ["an approval for another site", { approvals: [approval({ site: "acme/lab" })] }, "GATE-NO-APPROVAL"],
    ["one's own approval", { operator: "zhang.min" }, "GATE-OWN-APPROVAL"],
    [
      "an approval that ended",
      { approvals: [approval({ expires: "2026-03-07T00:00:00Z" })] },
      "GATE-APPROVAL-EXPIRED",
    ],
    ["Friday night", { now: new Date("2026-03-06T15:00:00Z") }, "GATE-OUTSIDE-WINDOW"],
    ["Saturday noon", { now: new Date("2026-03-07T04:00:00Z") }, "GATE-OUTSIDE-WINDOW"],
    ["Sunday after two", { now: new Date("2026-03-07T18:00:00Z") }, "GATE-OUTSIDE-WINDOW"],
    [
      "a freeze",
      { site: { freezes: [{ name: "spring", from: "2026-03-01", to: "2026-03-07", origin }] } },
      "GATE-FROZEN",
    ],
  ])("stays shut for %s", (_title, change, code) => {
    expect(checkGate(request(change as Change))).toMatchObject({ open: false, code });
  });

  test("counts the small hours to the window of the evening before", () => {
    expect(checkGate(request({ now: new Date("2026-03-07T17:30:00Z") }))).toMatchObject({ open: true });
  });

  test("lets an approval outside the window pass that says why", () => {
    const urgent = request({
      now: new Date("2026-03-06T15:00:00Z"),
      approvals: [approval({ outsideWindow: "line down, INC-77" })],
    });
    expect(checkGate(urgent)).toMatchObject({ open: true, because: expect.stringContaining("INC-77") });
  });

  test("takes an emergency at any time, with a ticket and a reason, and marks it for a later review", () => {
    const noon = new Date("2026-03-06T04:00:00Z");
    const bare = request({ now: noon, approvals: [approval({ role: "emergency" })] });
    expect(checkGate(bare)).toMatchObject({ open: false, code: "GATE-EMERGENCY-INCOMPLETE" });
    const whole = approval({ role: "emergency", ticket: "INC-77", reason: "line down" });
    for (const approvals of [[whole], [approval(), whole]])
      expect(checkGate(request({ now: noon, approvals }))).toMatchObject({ open: true, emergency: true });
  });

  test("says that a name was believed, and believes none where the site is no practice", () => {
    expect(checkGate(request())).toMatchObject({ because: expect.stringContaining("unproved") });
    expect(checkGate(request({ practice: false }))).toMatchObject({ open: false, code: "GATE-UNPROVED" });
  });
});
