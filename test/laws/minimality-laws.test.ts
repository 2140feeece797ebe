import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FRR_DIALECT } from "../../src/drivers/frr/dialect.ts";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import type { Dialect } from "../../src/planner/config/dialect.ts";
import { MODELLED } from "../golden/cases.ts";
import { FORMS } from "./form-devices.ts";
import { commandsOf, waysOf } from "./minimal/commands.ts";
import { FORM_WAYS, formCommandsOf } from "./minimal/form-commands.ts";
import { HARD_CASES } from "./minimal/hard-cases.ts";
import { type Candidate, countCommands, type Found, searchList, type World } from "./minimal/search.ts";
import { smallPair, smallSites } from "./minimal/trees.ts";
import { formWorldOf, routerWorldOf, worldOf } from "./minimal/worlds.ts";
import { spellDevice } from "./random-config.ts";
import { spellSite } from "./random-forms.ts";
import { smallRouters, spellRouter } from "./random-router.ts";

/** Trees a platform; a fuzz run looks at ten times as many. */
const TREES = process.env.SITEWRIGHT_SEED === "random" ? 400 : 30;
/** States that one search may look at. */
const BUDGET = 1500;

interface Asked {
  readonly world: World;
  readonly candidates: readonly Candidate[];
  readonly commands: readonly string[];
  /** What the engine types, counted. */
  readonly count: number;
  readonly unsafe: boolean;
}

function ask(dialect: Dialect, running: string, intended: string): Asked {
  const { platform } = dialect;
  const texts = [running, intended] as const;
  const isForm = FORMS.includes(dialect);
  const change = diffConfigs(dialect, running, intended, FULL_CHANGE);
  const world = worldOfAny(dialect, ...texts);
  const ways = isForm ? FORM_WAYS : waysOf(platform, texts);
  const { count, idle, states } = countCommands(world.running(), change.commands, ways);
  expect(idle, change.commands.join("\n")).toEqual([]);
  const candidates = isForm
    ? formCommandsOf(platform, [...texts], world)
    : commandsOf(platform, [...texts], states);
  const unsafe = change.findings.some((finding) => finding.code === "CFG-UNSAFE-STEP");
  return { world, candidates, commands: change.commands, count, unsafe };
}

function worldOfAny(dialect: Dialect, ...texts: readonly [string, string]): World {
  // A list of FRR that nothing names is edited as one in use, at the price of a command.
  if (dialect === FRR_DIALECT) return routerWorldOf(...texts, "all");
  return (FORMS.includes(dialect) ? formWorldOf : worldOf)(dialect.platform, ...texts);
}

/** Two small trees of a platform, as it shows them. */
function smallTexts(dialect: Dialect): fc.Arbitrary<readonly string[]> {
  const { platform } = dialect;
  if (dialect === FRR_DIALECT) return smallRouters.map((pair) => pair.map((router) => spellRouter(router)));
  if (!FORMS.includes(dialect))
    return smallPair.map((pair) => pair.map((device) => spellDevice(platform, device)));
  return smallSites(platform === "junos" ? 1 : 2).map((pair) =>
    pair.map((site) => spellSite(platform, site, 0)),
  );
}

function shorter({ world, candidates, count }: Asked): Found {
  return searchList(world, candidates, count - 1, BUDGET);
}

describe.each([...MODELLED, ...FORMS, FRR_DIALECT].map((dialect) => [dialect.platform, dialect] as const))(
  "%s",
  (platform, dialect) => {
    test("no shorter safe list leads from one small tree to another", { timeout: 300_000 }, async ({
      annotate,
    }) => {
      const texts = smallTexts(dialect);
      let searched = 0;
      let cut = 0;
      let largest = 0;
      let reached = 0;
      fc.assert(
        fc.property(texts, ([running = "", intended = ""]) => {
          const asked = ask(dialect, running, intended);
          if (asked.count === 0 || asked.unsafe) return;
          const found = shorter(asked);
          expect(
            found.commands,
            `${running}=>\n${intended}typed:\n${asked.commands.join("\n")}`,
          ).toBeUndefined();
          searched++;
          if (!found.whole) cut++;
          largest = Math.max(largest, asked.count);
          // The search is no blind one: as many commands as the engine types are found, where the list is short.
          if (asked.count > 3) return;
          const same = searchList(asked.world, asked.candidates, asked.count, BUDGET);
          expect(
            same.commands,
            `not found: ${asked.commands.join("; ")} of\n${running}=>\n${intended}`,
          ).toBeDefined();
          reached++;
        }),
        { numRuns: TREES, endOnFailure: true },
      );
      await annotate(
        `${platform}: ${searched} trees searched, ${cut} not to the end, the longest list ${largest}`,
      );
      expect(searched).toBeGreaterThan(TREES / 2);
      expect(cut).toBeLessThan(searched / 4);
      expect(reached).toBeGreaterThan(TREES / 20);
      expect(largest).toBeGreaterThan(5);
    });

    const cases = (HARD_CASES[platform] ?? []).map((hard) => [hard.name, hard.fewest, hard] as const);
    test.each(cases)("%s: %i commands, and no list of fewer is safe", (_, fewest, hard) => {
      const [running, intended] = [hard.running, hard.intended].map((lines) => `${lines.join("\n")}\n`);
      const asked = ask(dialect, running ?? "", intended ?? "");
      const found = shorter(asked);
      expect(found.commands).toBeUndefined();
      expect(found.whole).toBe(true);
      expect(asked.count, asked.commands.join("\n")).toBe(fewest);
      expect(searchList(asked.world, asked.candidates, asked.count, BUDGET).commands).toBeDefined();
    });
  },
);
