import { describe, expect, test } from "vitest";
import { splitEdit } from "../../src/drift/in-place.ts";
import { driftItems } from "../../src/drift/items.ts";
import { driverFor, isFullDriver } from "../../src/drivers/registry.ts";

const RULES = [
  'ip saddr 10.1.1.0/24 tcp dport 443 accept comment "R0001: portal"',
  'ip saddr 10.1.2.0/24 tcp dport 22 accept comment "R0002: ops"',
  "counter drop",
];

/** A ruleset with one chain between two zones. */
const ruleset = (rules: readonly string[], chain = "office_to_server") =>
  `table inet sitewright {\n\tchain ${chain} {\n${rules.map((rule) => `\t\t${rule}\n`).join("")}\t}\n}\n`;

function drift(running: readonly string[], intended: readonly string[] = RULES) {
  const driver = driverFor("nftables");
  if (driver === undefined || !isFullDriver(driver)) throw new Error("no driver");
  return driftItems(driver, {
    intended: ruleset(intended),
    applied: ruleset(RULES),
    running: ruleset(running),
    scope: { kind: "full" },
    saved: "same",
  }).map(({ kind, state, path, applied, running: now }) => ({ kind, state, rule: path[2], applied, now }));
}

const [first = "", second = "", last = ""] = RULES;
const wider = second.replace("22", "{ 22, 3389 }");

describe("a rule that was edited in its place", () => {
  test("is one change, named by the rule that was applied", () => {
    expect(drift([first, wider, last])).toEqual([
      { kind: "changed", state: "unauthorised", rule: second, applied: second, now: wider },
    ]);
  });

  test("keeps its name when it is edited once more, so that its incident goes on", () => {
    const [once] = drift([first, wider, last]);
    const [twice] = drift([first, second.replace("22", "23"), last]);
    expect(twice?.rule).toBe(once?.rule);
  });

  test("is one each where two neighbours were edited", () => {
    const found = drift([first.replace("443", "8443"), wider, last]);
    expect(found.map(({ kind, applied, now }) => [kind, applied, now])).toEqual([
      ["changed", first, first.replace("443", "8443")],
      ["changed", second, wider],
    ]);
  });

  test("is two where it came in another place", () => {
    expect(
      drift([wider, first, last])
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(["added", "removed"]);
  });

  test("is not guessed where one went and two came", () => {
    const found = drift([first, wider, wider.replace("3389", "5900"), last]);
    expect(found.map(({ kind }) => kind).sort()).toEqual(["added", "added", "removed"]);
  });

  test("is the two lines again for who takes it into the inventory", () => {
    const item = {
      kind: "changed",
      path: ["table inet t", "chain c", "a"],
      applied: "a",
      running: "b",
    } as const;
    expect(splitEdit({ ...item, intended: "a" })).toMatchObject([
      { kind: "removed", path: ["table inet t", "chain c", "a"], applied: "a", running: undefined },
      { kind: "added", path: ["table inet t", "chain c", "b"], applied: undefined, running: "b" },
    ]);
  });

  test("is a conflict where the inventory wants another edit of it", () => {
    const wanted = second.replace("22", "2222");
    expect(drift([first, wider, last], [first, wanted, last])).toMatchObject([
      { kind: "changed", state: "conflict", rule: second },
    ]);
  });

  test("is work of ours where only the inventory moved on", () => {
    expect(drift(RULES, [first, wider, last])).toMatchObject([{ kind: "changed", state: "pending" }]);
  });
});
