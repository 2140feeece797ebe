import { afterAll, beforeAll, expect, it } from "vitest";
import { pushDevice } from "../../src/deploy/push.ts";
import { openSecrets } from "../../src/deploy/secrets.ts";
import type { DeployContext } from "../../src/deploy/types.ts";
import { deliverAlerts } from "../../src/drift/alerts/deliver.ts";
import { prometheusText } from "../../src/drift/night/metrics.ts";
import { recordRun } from "../../src/drift/night/record.ts";
import { targetsOf } from "../../src/drift/night/rules.ts";
import { readSiteDrift } from "../../src/drift/read-drift.ts";
import type { NightStore } from "../../src/drift/store/night-store.ts";
import { openNightStore } from "../../src/drift/store/open-store.ts";
import type { AlertSettings } from "../../src/model/alert.ts";
import { accessSwitch, CANARY, type SwitchLab, startSwitches } from "../deploy/switches.ts";
import { testDrivers } from "../deploy/test-drivers.ts";
import { QUIET } from "./alert-settings.ts";
import { openRoom, ROBOTS, type Room } from "./alerts/rooms.ts";

const settings: AlertSettings = {
  ...QUIET,
  language: "zh",
  timezone: "Asia/Shanghai",
  channels: [
    {
      name: "duty",
      type: "slack",
      minimum: "P4",
      closed: true,
      url: { scheme: "env", locator: "ROOM", version: "1" },
    },
  ],
};
const intent = accessSwitch("iosxe", 1);
const site = {
  id: "acme/hq",
  devices: [intent],
  timezone: "Asia/Shanghai",
  changeWindows: [],
  freezes: [],
  binding: "lab",
  gate: "none",
  parallel: 4,
  links: [],
} as const;

let lab: SwitchLab;
let context: DeployContext;
let store: NightStore;
let room: Room;
let runs = 0;

beforeAll(async () => {
  lab = await startSwitches("iosxe", [1]);
  context = lab.context();
  const driver = testDrivers("iosxe");
  if (driver?.level !== "full") throw new Error("no driver");
  const push = {
    intent,
    driver,
    operator: "test",
    plan: undefined,
    commandsDigest: undefined,
    graceSeconds: 120,
    checks: [],
  };
  expect(await pushDevice(push, context)).toMatchObject({ result: "done" });
  const { stores, secrets, now } = context;
  store = await openNightStore({ folder: lab.root, environment: {}, secrets, locks: stores.locks, now });
  room = await openRoom(ROBOTS.slack ?? (() => "hang"));
});
afterAll(async () => {
  await room.stop();
  await store.close();
  await lab.stop();
});

async function night() {
  runs += 1;
  const drifts = [await readSiteDrift(site, context)];
  const recorded = await recordRun(drifts, {
    store,
    settingsOf: () => settings,
    devices: site.devices,
    run: `run-${runs}`,
    now: new Date(),
  });
  const delivery = await deliverAlerts(
    targetsOf(["acme/hq"], () => settings),
    {
      outbox: store.outbox,
      secrets: openSecrets({ root: "/", environment: { ROOM: room.url } }),
      now: Date.now,
      budgetMs: 5_000,
    },
  );
  return { ...recorded, delivery };
}

it("a clean night opens nothing and tells nobody", async () => {
  const { notices, delivery } = await night();
  expect(notices).toEqual([]);
  expect(delivery).toEqual({ sent: 0, failures: [] });
});

it("a hand edit on a switch is an incident, told once in the client's language, with no secret", async () => {
  lab.emulators.get(1)?.handEdit(["interface GigabitEthernet1/0/1", "switchport access vlan 20"], "mallory");
  const { drifts, notices, delivery } = await night();
  expect(notices.map((notice) => notice.kind)).toContain("opened");
  expect(delivery).toEqual({ sent: 1, failures: [] });
  const ids = drifts.flatMap(({ devices }) =>
    devices.flatMap(({ items }) => items.map((item) => item.incident)),
  );
  expect(ids.length).toBeGreaterThan(0);
  for (const id of ids) expect(room.received[0]?.text).toContain(id);
  expect(room.received[0]?.text).toContain("新事件");
  expect(room.received[0]?.text).not.toContain(CANARY);
  expect((await night()).delivery.sent).toBe(0);
});

it("the figures name the site, its drift and its incidents", async () => {
  const drifts = [await readSiteDrift(site, context)];
  const [incidents, outbox] = [await store.incidents({}), await store.outbox.counts()];
  const text = prometheusText({ endedAt: new Date(), durationMs: 1500, drifts, incidents, outbox });
  expect(text).toContain('sitewright_devices{site="acme/hq",state="drift"} 1\n');
  expect(text).toMatch(/^sitewright_incidents\{site="acme\/hq",state="open",priority="P\d"\} [1-9]/m);
  expect(text).toContain("sitewright_drift_duration_seconds 1.5\n");
  for (const line of text.trimEnd().split("\n")) {
    expect(line).toMatch(
      /^(# (HELP|TYPE) sitewright_\w+ .+|sitewright_\w+(\{(\w+="[^"]*",?)+\})? [0-9.e+]+)$/,
    );
  }
});

it("a device that stops answering is an incident of its own, and its drift stays open", async () => {
  await lab.emulators.get(1)?.stop();
  const { notices } = await night();
  expect(notices.map(({ kind, incident }) => `${kind} ${incident.subject.kind}`)).toEqual([
    "opened unreadable",
  ]);
  const kinds = (await store.incidents({})).map((incident) => incident.subject.kind);
  expect(kinds).toContain("drift");
});
