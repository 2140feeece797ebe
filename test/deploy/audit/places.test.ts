import { describe, expect, test } from "vitest";
import { parseEntry } from "../../../src/deploy/audit/chain.ts";
import { resumeSite, unlockSite } from "../../../src/deploy/resume-site.ts";
import { ourselves } from "../../../src/deploy/stores/locks.ts";
import { openContext } from "../../../src/deploy/workspace.ts";
import { driverFor } from "../../../src/drivers/registry.ts";
import { accessSwitch } from "../switches.ts";
import { newWorkspace, siteOf } from "../workspace-fixture.ts";

const site = siteOf([accessSwitch("iosxe", 1)]);

function workspace() {
  const root = newWorkspace();
  return openContext({ root, drivers: driverFor, isLab: () => true, environment: {} });
}
const told = async (context: ReturnType<typeof workspace>) =>
  (await context.stores.audit.lines()).map((line) => parseEntry(line));

describe("what is done with a site stands in the audit log", () => {
  test("a lock that was taken from a living process, and whose it was", async () => {
    const context = workspace();
    const asset = site.devices[0]?.asset ?? "";
    await context.stores.locks.acquire(asset);
    expect(await told(context)).toEqual([]);
    await unlockSite(site, context, { force: false, cancel: async () => undefined });
    expect(await told(context)).toEqual([]);
    await unlockSite(site, context, { force: true, cancel: async () => undefined });
    expect(await told(context)).toMatchObject([
      { seq: 1, what: "unlocked", site: site.id, note: expect.stringContaining(`${asset}, held by`) },
    ]);
    expect((await told(context))[0]?.note).toContain("seemed to be alive");
  });

  test("a killed push that was settled, and how", async () => {
    const context = workspace();
    const [intent] = site.devices;
    await context.stores.journal.append({
      kind: "push",
      push: "p-1",
      asset: intent?.asset ?? "",
      device: intent?.id ?? "",
      at: "2026-03-07T15:00:00Z",
      operator: "sam",
      plan: undefined,
      holder: { ...ourselves(), pid: 4_194_304, started: "1" },
    });
    const [outcome] = await resumeSite(site, context);
    expect(await told(context)).toMatchObject([
      {
        what: "resumed",
        site: site.id,
        device: intent?.id,
        note: expect.stringContaining(outcome?.result ?? "?"),
      },
    ]);
    expect(await resumeSite(site, context)).toEqual([]);
    expect(await told(context)).toHaveLength(1);
  });
});
