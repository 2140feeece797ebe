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
        expect(await device.read()).toBe(after);
        await device.type(change.rollback);
        expect(await device.read()).toBe(before);
      } finally {
        await device.stop();
        await wanted.stop();
      }
    },
  );
});
