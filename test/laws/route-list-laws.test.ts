import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import { MODELLED } from "../golden/cases.ts";
import { leaveAll, loadDevice, typeAll } from "./devices.ts";
import { decideRoutes, strayRoutes } from "./model/route-oracle.ts";

const RUNS = process.env.SITEWRIGHT_SEED === "random" ? 3000 : 250;

interface Listed {
  readonly number: number;
  readonly permits: boolean;
  readonly net: string;
  readonly size: number;
  readonly most: number | undefined;
}

const entry = fc.record({
  permits: fc.boolean(),
  net: fc.constantFrom(["0.0.0.0", 0], ["10.0.0.0", 8], ["10.1.0.0", 16], ["10.1.1.0", 24], ["10.2.0.0", 16]),
  most: fc.constantFrom(undefined, 24, 32),
});

/** Prefix lists of up to four entries, close together or far apart. */
const list: fc.Arbitrary<readonly Listed[]> = fc
  .tuple(
    fc.uniqueArray(entry, {
      minLength: 1,
      maxLength: 4,
      selector: ({ net, most }) => `${net[0]} ${most === net[1] ? undefined : most}`,
    }),
    fc.constantFrom(1, 5, 10),
  )
  .map(([entries, step]) =>
    entries.map(({ permits, net, most }, i) => {
      const size = Number(net[1]);
      return {
        number: (i + 1) * step,
        permits,
        net: String(net[0]),
        size,
        most: most !== undefined && most > size ? most : undefined,
      };
    }),
  );

/** Two lists that have something in common: some entries of the first stay, perhaps in another order. */
const pair = fc
  .tuple(list, list, fc.nat(3), fc.boolean())
  .map(([one, two, kept, turned]): readonly [readonly Listed[], readonly Listed[]] => {
    const stays = turned ? one.slice(0, kept).reverse() : one.slice(0, kept);
    const named = new Set(stays.map(({ net, most }) => `${net} ${most}`));
    const others = two.filter(({ net, most }) => !named.has(`${net} ${most}`));
    return [one, [...stays, ...others].map((item, i) => ({ ...item, number: (i + 1) * 5 }))];
  });

const WORDS: Readonly<Record<string, { head: string; use: readonly string[] }>> = {
  comware: {
    head: "ip prefix-list P index",
    use: ["route-policy R permit node 10", " if-match ip address prefix-list P"],
  },
  eos: { head: "ip prefix-list P seq", use: ["route-map R permit 10", "   match ip address prefix-list P"] },
  iosxe: { head: "ip prefix-list P seq", use: ["route-map R permit 10", " match ip address prefix-list P"] },
  vrp: { head: "ip ip-prefix P index", use: ["route-policy R permit node 10", " if-match ip-prefix P"] },
};

function spell(platform: string, entries: readonly Listed[]): string {
  const { head = "", use = [] } = WORDS[platform] ?? {};
  const isWords = platform === "vrp" || platform === "comware";
  const lines = entries.map(({ number, permits, net, size, most }) => {
    const bound = most === undefined ? "" : ` ${isWords ? "less-equal" : "le"} ${most}`;
    return `${head} ${number} ${permits ? "permit" : "deny"} ${net}${isWords ? " " : "/"}${size}${bound}`;
  });
  return `${[...lines, ...use].join("\n")}\n`;
}

function entriesOf(
  platform: string,
  device: ReturnType<typeof loadDevice>,
): ReadonlyMap<number, string> | undefined {
  return device.root.get((WORDS[platform]?.head ?? "").split(" ").slice(0, 3).join(" "))?.entries;
}

describe.each(MODELLED.map((dialect) => [dialect.platform, dialect] as const))("%s", (platform, dialect) => {
  test("a prefix list in use lets no route through, and drops none, that neither end does, or the step is named", {
    timeout: 120_000,
  }, async ({ annotate }) => {
    let proved = 0;
    let refused = 0;
    fc.assert(
      fc.property(pair, ([one, two]) => {
        const [running, intended] = [spell(platform, one), spell(platform, two)];
        const change = diffConfigs(dialect, running, intended, FULL_CHANGE);
        const text = `${running}=>\n${intended}typed:\n${change.commands.join("\n")}`;
        const device = loadDevice(platform, running);
        const old = decideRoutes(entriesOf(platform, device));
        const next = decideRoutes(entriesOf(platform, loadDevice(platform, intended)));
        const strays = change.commands.flatMap((command) => {
          typeAll(device, [command]);
          const now = entriesOf(platform, device);
          return now && now.size > 0
            ? strayRoutes(old, next, decideRoutes(now))
            : [`no list after ${command}`];
        });
        leaveAll(platform, device);
        expect(device.show(), text).toBe(loadDevice(platform, intended).show());
        if (change.findings.some(({ code }) => code === "CFG-UNSAFE-STEP")) refused++;
        else {
          expect(strays, text).toEqual([]);
          proved++;
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    await annotate(`${platform}: ${proved} edits safe at every step, ${refused} times a step is named`);
    expect(proved).toBeGreaterThan(RUNS / 2);
    expect(refused).toBeGreaterThan(0);
  });

  test("the same entries in the same order are the same list, whatever their numbers", () => {
    fc.assert(
      fc.property(list, fc.constantFrom(2, 7, 20), (entries, step) => {
        const other = entries.map((item, i) => ({ ...item, number: (i + 1) * step }));
        const change = diffConfigs(dialect, spell(platform, entries), spell(platform, other), FULL_CHANGE);
        expect(change.commands).toEqual([]);
        expect(change.items).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
