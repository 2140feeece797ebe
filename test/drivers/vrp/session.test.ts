import { afterEach, expect, test } from "vitest";
import type { DeviceSession } from "../../../src/drivers/driver.ts";
import {
  checkpointOf,
  factsOf,
  findCheckpoint,
  nextStartup,
  savedState,
} from "../../../src/drivers/vrp/facts.ts";
import { vrp } from "../../../src/drivers/vrp/index.ts";
import { startEmulator } from "../../../src/lab/emulator/emulator.ts";
import type { Emulator } from "../../../src/lab/emulator/types.ts";
import { BENCHES, differenceOf, errorOf, handPlan, reveal, startDevice, targetOf } from "../push-bench.ts";
import { type Practice, targetOf as practiceTarget, startPractice } from "../transport/practice-server.ts";

const devices: Emulator[] = [];
const practices: Practice[] = [];
const sessions: DeviceSession[] = [];
const bench = BENCHES.find((one) => one.platform === "vrp");
if (!bench) throw new Error("vrp is tested");
const known = () => bench;

async function device(): Promise<Emulator> {
  const emulator = await startDevice(known());
  devices.push(emulator);
  return emulator;
}

async function dial(...args: Parameters<typeof targetOf>): Promise<DeviceSession> {
  const session = await vrp.connect(targetOf(...args));
  sessions.push(session);
  return session;
}

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  for (const one of devices.splice(0)) await one.stop();
  for (const one of practices.splice(0)) await one.stop();
});

test("a device that has never saved has nothing to start from, and is not changed", async () => {
  const emulator = await startEmulator({
    platform: "vrp",
    hostname: "sw-1",
    users: [{ name: "ops", password: "pw", privilege: 15 }],
  });
  devices.push(emulator);
  const session = await dial(emulator);
  const plan = await handPlan(session, "p1", bench.handEdit.lines);
  const error = await errorOf(session.arm(plan));
  expect(error.kind).toBe("no-safety-net");
  expect(error.message).toContain("save once");
  expect(differenceOf(bench, (await session.read()).text, plan.running)).toEqual([]);
});

test("after the confirmation the device starts from its own file again, and the copy is gone", async () => {
  const emulator = await device();
  const session = await dial(emulator);
  const plan = await handPlan(session, "p2", bench.handEdit.lines);
  await session.arm(plan);
  await session.send(plan.change, reveal);
  await session.confirm("p2");
  expect(await session.pending()).toBeUndefined();
  expect((await session.read()).saved).toBe("differs");
  await session.save();
  expect((await session.read()).saved).toBe("same");
  await emulator.powerCycle();
  await expect.poll(() => emulator.reachable(), { timeout: 5000 }).toBe(true);
  expect(emulator.running()).toMatch(bench.handEdit.shows);
});

test("what the device refuses to take back line by line, a reboot to the copy takes back", async () => {
  const emulator = await device();
  const session = await dial(emulator);
  const plan = await handPlan(session, "p3", bench.handEdit.lines);
  await session.arm(plan);
  await session.send(plan.change, reveal);
  emulator.faults.refuse = [/^undo vlan/];
  await session.rollBack(plan, reveal);
  expect(emulator.log.some((entry) => entry.kind === "boot")).toBe(true);
  expect(differenceOf(bench, (await session.read()).text, plan.running)).toEqual([]);
  expect(await session.pending()).toBeUndefined();
});

test("lines that were not saved before the push survive its rollback by reboot", async () => {
  const emulator = await device();
  emulator.handEdit(["vlan 66", "description unsaved"]);
  const session = await dial(emulator);
  const plan = await handPlan(session, "p4", bench.handEdit.lines);
  await session.arm(plan);
  await session.send(plan.change, reveal);
  emulator.faults.refuse = [/^undo vlan/];
  await session.rollBack(plan, reveal);
  const state = await session.read();
  expect(state.text).toMatch(/^vlan 66$/m);
  expect(state.saved).toBe("differs");
});

test("a device that keeps changes back until they are committed (VRP8) is refused before any line is typed", async () => {
  const typed: string[] = [];
  const practice = await startPractice({
    onShell: (channel) => {
      channel.write("\r\n<sw-1>");
      let prompt = "<sw-1>";
      channel.on("data", (chunk: Buffer) => {
        const line = chunk.toString().trim();
        typed.push(line);
        if (line === "system-view") prompt = "[~sw-1]";
        channel.write(`${line}\r\n${prompt}`);
      });
    },
  });
  practices.push(practice);
  const session = await vrp.connect(practiceTarget(practice));
  sessions.push(session);
  const change = { ...vrp.change("", "", { scope: { kind: "full" } }), commands: ["vlan 77"] };
  expect((await errorOf(session.send(change, reveal))).kind).toBe("no-safety-net");
  expect(typed).not.toContain("vlan 77");
});

test("the copy's name tells the push and the file that it stands for", () => {
  const made = checkpointOf("push-7", "flash:/vrpcfg.zip");
  expect(made).toEqual({ file: "sw_push-7_vrpcfg_zip.cfg", token: "push-7", startup: "vrpcfg.zip" });
  expect(findCheckpoint(`  3  -rw-  1,024  Nov 22 2026 20:00:00  ${made?.file}`)).toEqual(made);
  expect(findCheckpoint("  3  -rw-  1,024  Nov 22 2026 20:00:00  vrpcfg.zip")).toBeUndefined();
  expect(checkpointOf("a b", "flash:/vrpcfg.zip")).toBeUndefined();
  expect(checkpointOf("x".repeat(60), "flash:/vrpcfg.zip")).toBeUndefined();
});

test("the next start is read from what real devices print", () => {
  const shown = `MainBoard:
  Startup saved-configuration file:          flash:/vrpcfg.zip
  Next startup saved-configuration file:     flash:/vrpcfg2.zip
`;
  expect(nextStartup(shown)).toBe("flash:/vrpcfg2.zip");
  expect(nextStartup(shown.replace("flash:/vrpcfg2.zip", "NULL"))).toBeUndefined();
});

test("facts come from what real devices print", () => {
  const version = `Huawei Versatile Routing Platform Software
VRP (R) software, Version 5.170 (S5735 V200R019C10SPC500)
HUAWEI S5735-L24T4S-A Routing Switch uptime is 1 week, 2 days
`;
  expect(factsOf(version, "ESN of slot 0: 2102351234567890", "sysname x\n")).toEqual({
    hostname: "x",
    model: "S5735-L24T4S-A",
    version: "5.170 (S5735 V200R019C10SPC500)",
    serial: "2102351234567890",
  });
});

test("saved and running are compared without headers and separators", () => {
  expect(savedState("!Software Version V200R019\n#\nsysname x\n#\nreturn", "#\nsysname x\nreturn\n")).toBe(
    "same",
  );
  expect(savedState("#\nsysname x\nreturn", "#\nsysname y\nreturn")).toBe("differs");
  expect(savedState("#\nsysname x\nreturn", undefined)).toBe("unknown");
});
