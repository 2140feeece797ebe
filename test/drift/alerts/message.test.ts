import { expect, test } from "vitest";
import { alertMessage } from "../../../src/drift/alerts/message.ts";
import { advance, begin } from "../../../src/drift/incidents/life.ts";
import type { Facts } from "../../../src/drift/incidents/types.ts";
import { facts, portDrift, RULES } from "../incidents/cases.ts";

const PACKET = "tcp 10.60.90.10:49152 -> 10.60.20.10:445";
const AT = "2026-11-22T01:00:00.000Z";
const { subject } = portDrift("eth0");
const BIRTH = { id: "INC-0123456789ab", site: "acme/hq", device: "acme/hq/fw-1", asset: "FW-1", subject };

const found = (running: string, more: Partial<Facts> = {}) =>
  begin(
    BIRTH,
    { kind: "seen", run: "1", at: AT, facts: { ...facts(running), ...more }, night: "2026-11-22" },
    RULES,
  );

test.each([
  ["en", `passes now: ${PACKET}`, "not saved: a reboot would undo it"],
  ["zh", `现可通过的报文: ${PACKET}`, "未保存：重启后会失效"],
] as const)(
  "an alert (%s) names the packet that passes now, and that nobody saved the change",
  (language, packet, unsaved) => {
    const { notices } = found("accept", { witness: PACKET, unsaved: true });
    const [entry] = alertMessage("1", "acme/hq", notices, language, false).entries;
    expect(entry?.lines).toEqual(expect.arrayContaining([packet, unsaved]));
  },
);

test("an alert of a change that opens nothing and was saved has neither line", () => {
  const text = JSON.stringify(alertMessage("1", "acme/hq", found("accept").notices, "en", false));
  expect(text).not.toMatch(/passes now|not saved/);
});

test("what is adopted is told again only when somebody changes it once more", () => {
  const opened = found("vlan 20").incident;
  if (opened === undefined) throw new Error("nothing was opened");
  const adopted = advance(
    opened,
    { kind: "adopt", at: AT, who: "li.wei", branch: "adopt/x" },
    RULES,
  ).incident;
  expect(adopted).toMatchObject({ state: "acknowledged", adopted: { by: "li.wei", branch: "adopt/x" } });
  if (adopted === undefined) throw new Error("nothing was adopted");
  const seen = (run: string, running: string) =>
    advance(adopted, { kind: "seen", run, at: AT, facts: facts(running), night: "2026-11-23" }, RULES);
  expect(seen("2", "vlan 20").notices).toEqual([]);
  expect(seen("2", "vlan 20").incident?.adopted?.branch).toBe("adopt/x");
  const again = seen("3", "vlan 30");
  expect(again.notices.map((notice) => notice.kind)).toEqual(["changed"]);
  expect([again.incident?.state, again.incident?.adopted]).toEqual(["open", undefined]);
});
