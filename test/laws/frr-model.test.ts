import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FrrRouter, whyNoFrr } from "./frr-router.ts";
import { commandsOf } from "./minimal/commands.ts";
import { routerWorldOf } from "./minimal/worlds.ts";
import { Refused } from "./model/device.ts";
import { FrrDevice } from "./model/frr.ts";
import { routerPair, spellRouter } from "./random-router.ts";

const RUNS = process.env.SITEWRIGHT_SEED === "random" ? 100 : 12;
/** Commands tried on each router. */
const TRIED = 10;

const reason = whyNoFrr();

describe.skipIf(reason)(`the model of FRR, judged by its real daemons${reason ? ` (${reason})` : ""}`, () => {
  let router: FrrRouter;
  beforeAll(async () => {
    router = await FrrRouter.start("model");
  });
  afterAll(() => router?.stop());

  /** What the daemons hold, as the model shows it. */
  const real = async () => FrrDevice.load(onlyOurs(await router.read())).show();

  test("takes each command as they do, and refuses only what they refuse or what does nothing", {
    timeout: 180_000,
  }, async ({ annotate }) => {
    let taken = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(routerPair, fc.infiniteStream(fc.nat(10_000)), async (pair, picks) => {
        const texts = pair.map((one) => spellRouter(one)) as unknown as readonly [string, string];
        await router.type(linesOf(texts[0]));
        let model = FrrDevice.load(texts[0]);
        expect(await real()).toBe(model.show());
        const states = [routerWorldOf(...texts, "named").running()];
        const candidates = commandsOf("frr", [...texts], states);
        for (const pick of picks.take(candidates.length === 0 ? 0 : TRIED)) {
          const { enter, line } = candidates[pick % candidates.length] as (typeof candidates)[number];
          const typed = [...enter, line, ...enter.map(() => "exit")];
          const before = model.show();
          const answers = await Promise.allSettled([router.type(typed)]);
          const { next, isTaken } = played(model, [...enter, line]);
          expect(await real(), `${before}\n=> ${typed.join("; ")}`).toBe(next.show());
          if (isTaken) expect(answers[0]?.status, typed.join("; ")).toBe("fulfilled");
          if (isTaken) taken++;
          else refused++;
          model = next;
        }
        await clear(router);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    await annotate(`${taken} commands taken alike, ${refused} that change nothing or are refused`);
    expect(taken).toBeGreaterThan(RUNS * 2);
  });
});

/** The modelled device after some commands, at its top. It stops at the first one that it refuses, as `vtysh` does. */
function played(model: FrrDevice, commands: readonly string[]): { next: FrrDevice; isTaken: boolean } {
  const next = model.copy();
  try {
    for (const command of commands) next.type(command);
  } catch (error) {
    if (error instanceof Refused) return { next: next.copy(), isTaken: false };
    throw error;
  }
  return { next: next.copy(), isTaken: true };
}

async function clear(router: FrrRouter): Promise<void> {
  const lines = linesOf(onlyOurs(await router.read()));
  const tops = lines.filter((line) => /^(?:ip route|ip prefix-list|route-map|router) /.test(line));
  const port = lines.filter((line) => /^(?:description|ip address) /.test(line.trim()));
  // What uses goes before what is used.
  for (const line of tops.toReversed()) await router.type([`no ${line}`]);
  if (port.length > 0)
    await router.type([
      "interface eth0",
      ...port.map((line) => `no ${line.trim().replace(/^description .*/, "description")}`),
      "exit",
    ]);
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("!"));
}

/** A running configuration without what the machine and the daemons bring. */
function onlyOurs(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^(?:Building|Current|frr |hostname|log |no ip|service|domainname)/.test(line))
    .join("\n");
}
