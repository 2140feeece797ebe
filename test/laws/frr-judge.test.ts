import { describe, expect, test } from "vitest";
import { FRR_DIALECT } from "../../src/drivers/frr/dialect.ts";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import { casesOf } from "../golden/cases.ts";
import { FrrRouter, whyNoFrr } from "./frr-router.ts";

const reason = whyNoFrr();
const cases = casesOf("frr").map((golden) => [golden.name, golden] as const);

/** Lines to type from a configuration text. */
function lines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("!"));
}

/** A text with its prefix lists in the order of their names: FRR prints them as they came. What the numbers of their
 *  entries are says nothing, only which is first. */
function settled(text: string): string {
  const lists = new Map<string, string[]>();
  const rest = text.split("\n").filter((line) => {
    const [, list = "", entry = ""] = /^(ip(?:v6)? prefix-list \S+) (.*)$/.exec(line) ?? [];
    if (list !== "") lists.set(list, [...(lists.get(list) ?? []), entry.replace(/^seq \d+ /, "")]);
    return list === "" && line !== "!";
  });
  const sorted = [...lists].sort().flatMap(([list, entries]) => [list, ...entries]);
  return [...rest, ...sorted].join("\n");
}

async function routerWith(name: string, text: string): Promise<FrrRouter> {
  const router = await FrrRouter.start(name);
  await router.type(lines(text));
  return router;
}

describe.skipIf(reason)(`real FRR daemons${reason ? ` (${reason})` : ""}`, () => {
  test.each(cases)(
    "%s: vtysh takes the commands, reads back intended, and the rollback leads back",
    { timeout: 60_000 },
    async (_, golden) => {
      const device = await routerWith("a", golden.running);
      const wanted = await routerWith("b", golden.intended);
      try {
        const before = await device.read();
        const after = await wanted.read();
        const change = diffConfigs(FRR_DIALECT, before, after, FULL_CHANGE);
        await device.type(change.commands);
        expect(settled(await device.read())).toBe(settled(after));
        await device.type(change.rollback);
        expect(settled(await device.read())).toBe(settled(before));
      } finally {
        await device.stop();
        await wanted.stop();
      }
    },
  );
});
