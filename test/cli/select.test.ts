import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/cli/exit.ts";
import { select } from "../../src/cli/select.ts";

const DEVICES = [
  { client: "acme", site: "hq", name: "core-1", role: "core" },
  { client: "acme", site: "hq", name: "sw-1", role: "access" },
  { client: "acme", site: "branch", name: "sw-1", role: "access" },
  { client: "lanhai", site: "hq", name: "fw", role: undefined },
];

function chosen(selectors: readonly string[], role?: string): string[] {
  return select(DEVICES, selectors, role).map((device) => `${device.client}/${device.site}/${device.name}`);
}

describe("a selector chooses by client, site and device", () => {
  it.each([
    [[], ["acme/hq/core-1", "acme/hq/sw-1", "acme/branch/sw-1", "lanhai/hq/fw"]],
    [["acme"], ["acme/hq/core-1", "acme/hq/sw-1", "acme/branch/sw-1"]],
    [["acme/hq"], ["acme/hq/core-1", "acme/hq/sw-1"]],
    [["*/hq/sw-*"], ["acme/hq/sw-1"]],
    [
      ["acme", "!acme/branch"],
      ["acme/hq/core-1", "acme/hq/sw-1"],
    ],
    [["!acme"], ["lanhai/hq/fw"]],
    [
      ["acme/hq/core-1", "lanhai"],
      ["acme/hq/core-1", "lanhai/hq/fw"],
    ],
  ])("%j", (selectors, expected) => expect(chosen(selectors)).toEqual(expected));

  it("narrows by role", () =>
    expect(chosen(["acme"], "access")).toEqual(["acme/hq/sw-1", "acme/branch/sw-1"]));

  it.each([["nobody"], ["acme/hq/sw-9"], ["!nobody"], ["a/b/c/d"], ["acme//sw-1"], [""]])(
    "refuses %j rather than doing nothing",
    (selector) => expect(() => chosen([selector])).toThrow(UsageError),
  );

  it("treats a dot as a dot", () => expect(() => chosen(["a.me"])).toThrow(UsageError));
});
