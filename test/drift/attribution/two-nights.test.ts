import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeployContext } from "../../../src/deploy/types.ts";
import { recallRun, recordRun } from "../../../src/drift/night/record.ts";
import { readSiteDrift, type SiteDrift } from "../../../src/drift/read-drift.ts";
import type { CleanReadings } from "../../../src/drift/store/clean-readings.ts";
import type { NightStore } from "../../../src/drift/store/night-store.ts";
import { openNightStore } from "../../../src/drift/store/open-store.ts";
import { accessSwitch, type SwitchLab } from "../../deploy/switches.ts";
import { siteOf } from "../../deploy/workspace-fixture.ts";
import { QUIET } from "../alert-settings.ts";
import { FIRST_PORT, startPushed, typeAs } from "./pushed-switch.ts";

const NOBODY: CleanReadings = new Map();

describe.each(["iosxe", "vrp"] as const)("two nights of a %s switch", (platform) => {
  const words = FIRST_PORT[platform];
  // IOS writes into its text when it was changed, so that the archive got a line for the clean night too.
  const ALONE = platform === "iosxe" ? "bob" : undefined;
  const intent = accessSwitch(platform, 1);
  const site = siteOf([intent]);
  let lab: SwitchLab;
  let context: DeployContext;
  let store: NightStore;

  beforeAll(async () => {
    ({ lab, context } = await startPushed(platform, intent));
    const { stores, secrets, now } = context;
    store = await openNightStore({ folder: lab.root, environment: {}, secrets, locks: stores.locks, now });
  });
  afterAll(async () => {
    await store.close();
    await lab.stop();
  });

  const types = (username: string, lines: readonly string[]) => typeAs(lab, username, lines);
  const read = (lastClean: CleanReadings): Promise<SiteDrift> => readSiteDrift(site, context, { lastClean });
  const lastClean = () => store.lastClean([site.id]);
  const culprit = (drift: SiteDrift) =>
    drift.devices[0]?.items.find((item) => `${item.path} ${item.running}`.includes("20"))?.by;
  const night = async (run: string): Promise<SiteDrift> => {
    const drift = await read(await lastClean());
    const settingsOf = () => QUIET;
    await recordRun([drift], { store, settingsOf, devices: [intent], run, now: new Date() });
    return drift;
  };

  it("only who came after the clean night comes into question", async () => {
    // Nobody reads between these two: no archived text tells that alice put it back.
    await types("alice", words.moved);
    await types("alice", words.back);
    // Logs of whole seconds: what was typed in the very second of the reading counts as after it.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const looked = await read(NOBODY);
    recallRun([looked], [], { settingsOf: () => QUIET, devices: [intent], run: "look", now: new Date() });
    expect(await lastClean(), "who only looks records nothing").toEqual(new Map());
    await night("night-1");
    const remembered = (await lastClean()).get(intent.asset);
    expect(remembered).toMatchObject({ site: site.id });

    await types("bob", words.moved);
    const second = await read(await lastClean());
    expect(culprit(await read(NOBODY))?.name, "without the memory, both come into question").toBe(ALONE);
    expect(culprit(second)).toEqual({ name: "bob", confidence: "named" });
    expect(second.clean).toEqual([]);
    await night("night-2");
    expect((await lastClean()).get(intent.asset), "a night with a drift moves nothing").toEqual(remembered);
  });

  it("a reading that a wrong clock put into the future is not believed", async () => {
    const remembered = (await lastClean()).get(intent.asset);
    if (!remembered) throw new Error("nothing remembered");
    const ahead = new Map([[intent.asset, { ...remembered, atMs: Date.now() + 3_600_000 }]]);
    expect(culprit(await read(ahead))?.name).toBe(ALONE);
  });
});
