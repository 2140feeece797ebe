import { afterEach, expect, test } from "vitest";
import type { DeviceSession } from "../../../src/drivers/driver.ts";
import { savedState, snmpUserLines } from "../../../src/drivers/iosxe/facts.ts";
import { iosxe } from "../../../src/drivers/iosxe/index.ts";
import type { Emulator, EmulatorOptions } from "../../../src/lab/emulator/types.ts";
import { Secret } from "../../../src/model/secret.ts";
import { BENCHES, differenceOf, errorOf, handPlan, reveal, startDevice, targetOf } from "../push-bench.ts";

const devices: Emulator[] = [];
const sessions: DeviceSession[] = [];
const bench = BENCHES.find((one) => one.platform === "iosxe");
if (!bench) throw new Error("iosxe is tested");
const known = () => bench;

/** The same switch without an archive path. */
const BARE = bench.startup.replace(/archive\n path \S+\n!\n/, "");

async function device(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const emulator = await startDevice(known(), options);
  devices.push(emulator);
  return emulator;
}

async function dial(...args: Parameters<typeof targetOf>): Promise<DeviceSession> {
  const session = await iosxe.connect(targetOf(...args));
  sessions.push(session);
  return session;
}

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  for (const one of devices.splice(0)) await one.stop();
});

const USERS = [
  { name: "ops", password: "pw", privilege: 15 },
  { name: "low", password: "pw", privilege: 1 },
];

const LOW = { user: "low", password: new Secret("pw") };

test("a login without privilege gets it by the enable password, which no error shows", async () => {
  const config = bench.startup.replace("!\narchive", "!\nenable secret Enable-77\n!\narchive");
  const emulator = await device({ users: USERS, config });
  const session = await dial(emulator, { login: LOW, enable: new Secret("Enable-77") });
  expect((await session.read()).facts.hostname).toBe("sw-1");
  const error = await errorOf(
    iosxe.connect(targetOf(emulator, { login: LOW, enable: new Secret("Wrong-99") })),
  );
  expect(error.kind).toBe("authentication");
  expect(`${error.stack}${error.reply}`).not.toContain("Wrong-99");
});

test("a login that may not see the configuration is refused, not taken for an empty device", async () => {
  const session = await dial(await device({ users: USERS }), { login: LOW });
  expect((await errorOf(session.read())).kind).toBe("refused");
});

test("without an archive path one is set for the push and taken away with the confirmation", async () => {
  const emulator = await device({ config: BARE });
  const session = await dial(emulator);
  const plan = await handPlan(session, "p1", bench.handEdit.lines);
  expect(plan.running).not.toContain(" path ");
  await session.arm(plan);
  expect(emulator.running()).toContain(" path flash:");
  await session.send(plan.change, reveal);
  await session.confirm("p1");
  expect(differenceOf(bench, plan.running, (await session.read()).text)).toEqual([
    "vlan 77",
    "name by-hand",
    "exit",
  ]);
  expect(await session.pending()).toBeUndefined();
});

test("without an archive path a rollback leaves none behind", async () => {
  const emulator = await device({ config: BARE });
  const session = await dial(emulator);
  const plan = await handPlan(session, "p2", bench.handEdit.lines);
  await session.arm(plan);
  await session.send(plan.change, reveal);
  await session.rollBack(plan, reveal);
  expect(differenceOf(bench, (await session.read()).text, plan.running)).toEqual([]);
});

test("an image without the rollback timer is made to reload, and confirming calls the reload off", async () => {
  const emulator = await device({ faults: { refuse: [/^configure terminal revert/] } });
  const session = await dial(emulator);
  const plan = await handPlan(session, "p3", bench.handEdit.lines);
  await session.arm(plan);
  await session.send(plan.change, reveal);
  expect((await session.pending())?.detail).toContain("reload");
  await session.confirm("p3");
  expect(await session.pending()).toBeUndefined();
  expect((await session.read()).text).toMatch(bench.handEdit.shows);
});

test("a reload is no net where it would lose what is not saved", async () => {
  const emulator = await device({ faults: { refuse: [/^configure terminal revert/] } });
  emulator.handEdit(["vlan 66"]);
  const session = await dial(emulator);
  const plan = await handPlan(session, "p4", bench.handEdit.lines);
  const error = await errorOf(session.arm(plan));
  expect(error.kind).toBe("no-safety-net");
  expect(error.message).toContain("write memory");
});

test("a token that makes no file name is refused before anything is typed", async () => {
  const session = await dial(await device());
  const plan = await handPlan(session, "a b", bench.handEdit.lines);
  expect((await errorOf(session.arm(plan))).kind).toBe("unexpected");
});

test("a VTP server's VLANs are seen although its running configuration leaves them out", async () => {
  const config = bench.startup.replace("!\narchive", "!\nvtp mode server\n!\narchive");
  const emulator = await device({ config });
  emulator.handEdit(["vlan 77", "name by-hand"]);
  expect(emulator.running()).not.toMatch(/^vlan 77$/m);
  const session = await dial(emulator);
  const { text } = await session.read();
  expect(text).toMatch(/^vlan 77\n name by-hand$/m);
  expect(text).toMatch(/^vlan 99\n name mgmt$/m);
});

test("saved and running are compared without time stamps and byte counts", () => {
  const running =
    "Building configuration...\n\nCurrent configuration : 42 bytes\n!\n! Last configuration change at 1\nhostname x\nend";
  const startup = "Using 42 out of 2097152 bytes\n!\n! NVRAM config last updated at 2\nhostname x\nend";
  expect(savedState(running, startup)).toBe("same");
  expect(savedState(running, startup.replace("x", "y"))).toBe("differs");
  expect(savedState(running, "")).toBe("differs");
  expect(savedState(running, undefined)).toBe("unknown");
});

test("SNMPv3 users are read from where the device shows them", () => {
  const shown = `
User name: mon
Engine ID: 800000090300F44E05A1B2C3
storage-type: nonvolatile        active
Authentication Protocol: SHA
Privacy Protocol: AES128
Group-name: NMS

User name: old
Engine ID: 800000090300F44E05A1B2C3
storage-type: nonvolatile        active
Authentication Protocol: None
Privacy Protocol: None
Group-name: V1
`;
  expect(snmpUserLines(shown)).toEqual([
    "snmp-server user mon NMS v3 auth sha <hidden> priv aes 128 <hidden>",
  ]);
  expect(snmpUserLines("")).toEqual([]);
});
