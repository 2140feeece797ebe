import { afterEach, describe, expect, test } from "vitest";
import type { DeviceSession } from "../../src/drivers/driver.ts";
import type { Emulator, EmulatorOptions } from "../../src/lab/emulator/types.ts";
import {
  BENCHES,
  CLEAR,
  dialAgain,
  differenceOf,
  errorOf,
  handPlan,
  intentOf,
  planFor,
  reveal,
  startDevice,
  targetOf,
} from "./push-bench.ts";

const devices: Emulator[] = [];
const sessions: DeviceSession[] = [];

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  for (const device of devices.splice(0)) await device.stop();
});

describe.each(BENCHES)("push to $platform", (bench) => {
  async function device(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
    const emulator = await startDevice(bench, options);
    devices.push(emulator);
    return emulator;
  }
  async function dial(
    emulator: Emulator,
    change: Parameters<typeof targetOf>[1] = {},
  ): Promise<DeviceSession> {
    const session = await bench.driver.connect(targetOf(emulator, change));
    sessions.push(session);
    return session;
  }
  async function again(emulator: Emulator): Promise<DeviceSession> {
    const session = await dialAgain(bench, emulator);
    sessions.push(session);
    return session;
  }

  test("a whole switch is configured, confirmed from a new session, saved, and is what was predicted", async () => {
    const emulator = await device();
    const first = await dial(emulator);
    const plan = await planFor(bench, first, "push-1");
    expect(plan.change.commands.length).toBeGreaterThan(100);
    const steps: number[] = [];
    await first.lock("push-1");
    await first.arm(plan);
    await first.send(plan.change, reveal, (done) => steps.push(done));
    expect(steps.at(-1)).toBe(plan.change.commands.length);
    const second = await dial(emulator);
    expect((await second.pending())?.token).toBe("push-1");
    await second.confirm("push-1");
    await second.save();
    const after = await second.read();
    await second.unlock("push-1");
    expect(bench.driver.compare(plan.change.predicted, after.text, { kind: "full" })).toEqual([]);
    expect(after.saved).toBe("same");
    expect(await second.pending()).toBeUndefined();
    const rendered = bench.driver.render(intentOf(bench));
    expect(bench.driver.change(after.text, rendered.config, { scope: rendered.scope }).commands).toEqual([]);
  });

  test("a change that nobody confirms is undone by the device itself", async () => {
    const emulator = await device({ minuteMs: 500 });
    const first = await dial(emulator);
    const plan = await planFor(bench, first, "push-2", 60);
    await first.arm(plan);
    await first.send(plan.change, reveal).catch(() => undefined);
    await expect
      .poll(() => emulator.log.some((entry) => /rollback|boot/.test(entry.kind)), { timeout: 10_000 })
      .toBe(true);
    const later = await again(emulator);
    await later.rollBack(plan, reveal);
    expect(differenceOf(bench, (await later.read()).text, plan.running)).toEqual([]);
    expect(await later.pending()).toBeUndefined();
  });

  test("a change that locks the operator out heals by itself", async () => {
    const emulator = await device({
      minuteMs: 500,
      management: { address: "10.1.99.11", port: bench.managementPort },
    });
    const first = await dial(emulator);
    const plan = await handPlan(first, "push-3", bench.lockOut);
    await first.arm(plan);
    const sending = first.send(plan.change, reveal).catch(() => undefined);
    await expect.poll(() => emulator.reachable(), { timeout: 5000, interval: 10 }).toBe(false);
    await sending;
    const later = await again(emulator);
    await later.rollBack(plan, reveal);
    expect(differenceOf(bench, (await later.read()).text, plan.running)).toEqual([]);
    expect(await later.pending()).toBeUndefined();
  });

  test("a refused line stops the push, is named, and the rollback is proved equal to before", async () => {
    const emulator = await device({ faults: { refuse: [bench.middle] } });
    const session = await dial(emulator);
    const plan = await planFor(bench, session, "push-4");
    await session.arm(plan);
    const error = await errorOf(session.send(plan.change, reveal));
    expect(error.kind).toBe("refused");
    expect(error.command).toMatch(bench.middle);
    await session.rollBack(plan, reveal);
    expect(differenceOf(bench, (await session.read()).text, plan.running)).toEqual([]);
    expect(await session.pending()).toBeUndefined();
  });

  test.each([
    ["hangs", "timeout"],
    ["drops the session", "closed"],
    ["drops the session after it took the line", "closed"],
    ["loses power", "closed"],
    ["loses power after it took the line", "closed"],
  ])("a device that %s in mid-push is brought back from a new session", async (what, kind) => {
    const emulator = await device();
    const first = await dial(emulator, {
      timeouts: { connectMs: 5000, commandMs: 500, keepaliveMs: 10_000 },
    });
    const plan = await planFor(bench, first, "push-5");
    await first.arm(plan);
    if (what === "hangs") emulator.faults.hangAt = bench.middle;
    if (what === "drops the session") emulator.faults.dropAt = bench.middle;
    if (what === "drops the session after it took the line") emulator.faults.dropAfter = bench.middle;
    if (what === "loses power") emulator.faults.powerLossAt = bench.middle;
    if (what === "loses power after it took the line") emulator.faults.powerLossAfter = bench.middle;
    const error = await errorOf(first.send(plan.change, reveal));
    expect(error.kind).toBe(kind);
    emulator.faults.hangAt = undefined;
    emulator.faults.dropAt = undefined;
    emulator.faults.dropAfter = undefined;
    emulator.faults.powerLossAt = undefined;
    emulator.faults.powerLossAfter = undefined;
    const later = await again(emulator);
    expect((await later.pending())?.token).toBe("push-5");
    await later.rollBack(plan, reveal);
    expect(differenceOf(bench, (await later.read()).text, plan.running)).toEqual([]);
    expect(await later.pending()).toBeUndefined();
  });

  test("a push that was killed after sending can still be confirmed by who holds its token", async () => {
    const emulator = await device();
    const first = await dial(emulator);
    const plan = await planFor(bench, first, "push-6");
    await first.arm(plan);
    await first.send(plan.change, reveal);
    await first.close();
    const later = await dial(emulator);
    await later.lock("push-6");
    await later.confirm("push-6");
    await later.confirm("push-6").catch((error: unknown) => expect(error).toMatchObject({ kind: "refused" }));
    expect(bench.driver.compare(plan.change.predicted, (await later.read()).text, { kind: "full" })).toEqual(
      [],
    );
  });

  test("a device in the middle of another push is locked, and the push is named", async () => {
    const emulator = await device();
    const first = await dial(emulator);
    await first.arm(await planFor(bench, first, "push-7"));
    const other = await dial(emulator);
    const error = await errorOf(other.lock("push-8"));
    expect(error.kind).toBe("locked");
    expect(error.message).toContain("push-7");
  });

  test("confirming after the device went back is refused", async () => {
    const emulator = await device({ minuteMs: 500 });
    const first = await dial(emulator);
    const plan = await planFor(bench, first, "push-9", 60);
    await first.arm(plan);
    await first.send(plan.change, reveal).catch(() => undefined);
    await expect
      .poll(() => emulator.log.some((entry) => /rollback|boot/.test(entry.kind)), { timeout: 10_000 })
      .toBe(true);
    const later = await again(emulator);
    expect((await errorOf(later.confirm("push-9"))).kind).toBe("refused");
  });

  test("a device without room for its copy is not changed", async () => {
    const emulator = await device();
    const session = await dial(emulator);
    const plan = await planFor(bench, session, "push-10");
    emulator.faults.flashFull = true;
    expect(["no-safety-net", "refused"]).toContain((await errorOf(session.arm(plan))).kind);
    emulator.faults.flashFull = false;
    expect(differenceOf(bench, (await session.read()).text, plan.running)).toEqual([]);
  });

  test("saving on a full flash is refused", async () => {
    const emulator = await device();
    const session = await dial(emulator);
    emulator.faults.flashFull = true;
    expect((await errorOf(session.save())).kind).toBe("refused");
  });

  test("no error shows a secret, although the device echoes it", async () => {
    const emulator = await device({ faults: { refuse: [bench.secretLine] } });
    const session = await dial(emulator);
    const plan = await planFor(bench, session, "push-11");
    await session.arm(plan);
    const error = await errorOf(session.send(plan.change, reveal));
    expect(error.kind).toBe("refused");
    expect(`${error.stack}${JSON.stringify(error)}${error.reply}${String(error.cause)}`).not.toContain(CLEAR);
    expect(error.command).toContain("secret:env:OPS@1}");
  });

  test("log messages thrown into every reply change nothing", async () => {
    const emulator = await device({ faults: { chatter: [...bench.chatter] } });
    const session = await dial(emulator);
    const plan = await planFor(bench, session, "push-12");
    await session.arm(plan);
    await session.send(plan.change, reveal);
    await session.confirm("push-12");
    expect(
      bench.driver.compare(plan.change.predicted, (await session.read()).text, { kind: "full" }),
    ).toEqual([]);
  });

  test("an edit by hand is seen, and that it is not saved", async () => {
    const emulator = await device();
    const session = await dial(emulator);
    expect((await session.read()).saved).toBe("same");
    emulator.handEdit(bench.handEdit.lines);
    const state = await session.read();
    expect(state.saved).toBe("differs");
    expect(state.text).toMatch(bench.handEdit.shows);
    expect(state.facts).toMatchObject({ hostname: "sw-1" });
    expect(state.facts.serial).toBeDefined();
    expect(state.facts.version).toBeDefined();
    expect(state.facts.model).toBeDefined();
  });

  test("a device with another name is not the one meant", async () => {
    const emulator = await device();
    expect((await errorOf(dial(emulator, { expectHostname: "sw-2" }))).kind).toBe("wrong-device");
  });

  test("a device with a long name is talked to in every mode", async () => {
    const hostname = "shanghai-headquarters-access-switch-17";
    const config = bench.startup.replaceAll("sw-1", hostname);
    const emulator = await startDevice({ ...bench, driver: withName(hostname) }, { hostname, config });
    devices.push(emulator);
    const session = await dial(emulator, { expectHostname: hostname });
    const plan = await handPlan(session, "push-13", bench.handEdit.lines);
    await session.arm(plan);
    await session.send(plan.change, reveal);
    await session.confirm("push-13");
    expect((await session.read()).text).toMatch(bench.handEdit.shows);
  });

  test("a device that is renamed by the change keeps talking", async () => {
    const emulator = await device();
    const word = bench.platform === "iosxe" ? "hostname" : "sysname";
    const session = await dial(emulator, { expectHostname: undefined as never });
    const plan = await handPlan(session, "push-14", [`${word} sw-1-new`, ...bench.handEdit.lines]);
    await session.arm(plan);
    await session.send(plan.change, reveal);
    await session.confirm("push-14");
    expect((await session.read()).facts.hostname).toBe("sw-1-new");
  });

  test("a question that nobody foresaw is not answered", async () => {
    const emulator = await device();
    const session = await dial(emulator);
    const asking = bench.platform === "iosxe" ? ["crypto key zeroize rsa"] : ["rsa local-key-pair destroy"];
    const plan = await handPlan(session, "push-15", asking);
    await session.arm(plan);
    expect((await errorOf(session.send(plan.change, reveal))).kind).toBe("refused");
    await session.rollBack(plan, reveal);
    expect(await session.pending()).toBeUndefined();
  });

  function withName(hostname: string): typeof bench.driver {
    return {
      ...bench.driver,
      connect: (target) => bench.driver.connect({ ...target, expectHostname: hostname }),
    };
  }
});
