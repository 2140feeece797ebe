import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DeviceError, type DeviceSession } from "../../../src/drivers/driver.ts";
import { nftables } from "../../../src/drivers/nftables/index.ts";
import { killSessions, powerOff, powerOn } from "../../../src/lab/real/faults.ts";
import { labDown } from "../../../src/lab/real/lab-down.ts";
import { labUp } from "../../../src/lab/real/lab-up.ts";
import type { DeviceIntent } from "../../../src/model/intent.ts";
import { newLabOptions, officeSite, titled, whyNoLab } from "../../lab/real/practice-site.ts";
import { practiceFirewall } from "../linux-common/intents.ts";
import { type Bench, byHand, planFor, push, reveal, targetOf, within } from "../linux-common/real-device.ts";

const reason = await whyNoLab();

/** The firewall that lets only a far network manage it: whoever pushes it is locked out. */
function lockedOut(): DeviceIntent {
  const intent = practiceFirewall();
  return {
    ...intent,
    management: { ...intent.management, allowedFrom: ["203.0.113.0/24"] },
    system: { ...intent.system, ntp: ["10.77.20.10"] },
  };
}

describe.skipIf(reason)(titled("the dead-man of a real firewall", reason), () => {
  const options = newLabOptions();
  let bench: Bench;
  let before = "";

  beforeAll(async () => {
    const up = await labUp(officeSite(), options);
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    bench = { state: up.state, name: "fw", driver: nftables };
    await push(bench, practiceFirewall(), "first");
    before = await textNow();
  });
  afterAll(() => labDown(options));

  /** A test that failed must not fail those behind it. */
  afterEach(async () => {
    await byHand(bench, "rm -rf /run/sitewright/lock /var/lib/sitewright/pending");
  });

  const textNow = async () => (await within(bench, (session) => session.read())).text;

  /** Locks, arms and sends, and leaves the session as it stands. */
  const startPush = async (token: string, graceSeconds: number, intent = lockedOut()) => {
    const { change, running } = await planFor(bench, intent);
    const session = await nftables.connect(targetOf(bench.state, "fw"));
    await session.lock(token);
    const request = { token, graceSeconds, running, change };
    await session.arm(request);
    await session.send(change, reveal);
    return { session, request };
  };

  const awaitAnswer = async (limitMs: number): Promise<DeviceSession> => {
    const end = Date.now() + limitMs;
    for (;;) {
      try {
        const timeouts = { connectMs: 1000, commandMs: 10_000, keepaliveMs: 2000 };
        return await nftables.connect(targetOf(bench.state, "fw", { timeouts }));
      } catch (error) {
        if (Date.now() > end) throw error;
        await sleep(300);
      }
    }
  };

  test("the plan says beforehand that the new rules would lock the operator out", () => {
    const rendered = nftables.render(lockedOut());
    const management = "198.18.0.1";
    const change = nftables.change(before, rendered.config, { scope: rendered.scope, management });
    expect(change.findings).toMatchObject([{ code: "CHG-ACCESS", severity: "error" }]);
    const fine = nftables.render(practiceFirewall([]));
    const harmless = nftables.change(before, fine.config, { scope: fine.scope, management });
    expect(harmless.equal).toBe(false);
    expect(harmless.findings).toEqual([]);
  });

  test("rules that lock the operator out heal by themselves, files included", async () => {
    const { session, request } = await startPush("lockout", 6);
    await expect(
      nftables.connect(
        targetOf(bench.state, "fw", { timeouts: { connectMs: 1500, commandMs: 1500, keepaliveMs: 1000 } }),
      ),
    ).rejects.toMatchObject({ kind: expect.stringMatching(/unreachable|timeout|closed/) });
    await session.close();
    const healed = await awaitAnswer(15_000);
    try {
      expect(await healed.pending()).toMatchObject({ token: "lockout" });
      await healed.lock("lockout");
      await healed.rollBack(request, reveal);
      expect((await healed.read()).text).toBe(before);
      await healed.unlock("lockout");
      expect(await healed.pending()).toBeUndefined();
    } finally {
      await healed.close();
    }
  });

  test("a confirmation that comes too late is refused, and what was before stands", async () => {
    const { session } = await startPush("late", 5, practiceFirewall([]));
    await sleep(7500);
    await expect(session.confirm("late")).rejects.toMatchObject({ kind: "refused" });
    expect((await session.read()).text).toBe(before);
    await session.unlock("late");
    await session.close();
  });

  test("a step that comes after the dead-man has fired is refused, and changes nothing", async () => {
    const { change, running } = await planFor(bench, practiceFirewall([]));
    await within(bench, async (session) => {
      await session.lock("slow");
      await session.arm({ token: "slow", graceSeconds: 5, running, change });
      await sleep(7500);
      await expect(session.send(change, reveal)).rejects.toMatchObject({ kind: "refused" });
      expect((await session.read()).text).toBe(before);
      await session.unlock("slow");
    });
  });

  test("after every session was killed in mid-push, the device still goes back by itself", async () => {
    await startPush("killed", 5, practiceFirewall([]));
    expect(killSessions(bench.state, "fw")).toBeGreaterThan(0);
    expect(await textNow()).not.toBe(before);
    await sleep(7500);
    expect(await textNow()).toBe(before);
    await within(bench, (session) => session.unlock("killed"));
  });

  test("rolling back at once brings the device to what it was, and may be asked for twice", async () => {
    const { session, request } = await startPush("undo", 60, practiceFirewall([]));
    expect((await session.read()).text).not.toBe(before);
    await session.rollBack(request, reveal);
    await session.rollBack(request, reveal);
    expect((await session.read()).text).toBe(before);
    await session.unlock("undo");
    await session.close();
  });

  test("a restore that was cut off in its middle is done again", async () => {
    const { session, request } = await startPush("cut", 60, practiceFirewall([]));
    await byHand(bench, "mv /var/lib/sitewright/pending/armed /var/lib/sitewright/pending/restoring");
    expect(await session.pending()).toMatchObject({ detail: expect.stringContaining("restoring") });
    await session.rollBack(request, reveal);
    expect((await session.read()).text).toBe(before);
    expect(await session.pending()).toMatchObject({ detail: "locked, nothing armed" });
    await session.unlock("cut");
    await session.close();
  });

  test("a confirmed push can still be undone by its own commands", async () => {
    const { session, request } = await startPush("kept", 60, practiceFirewall([]));
    await session.confirm("kept");
    await session.confirm("kept");
    await session.rollBack(request, reveal);
    expect((await session.read()).text).toBe(before);
    await session.unlock("kept");
    await session.close();
  });

  test("a device is locked for one push at a time, and the holder is named", async () => {
    await within(bench, async (session) => {
      await session.lock("mine");
      await session.lock("mine");
      await expect(session.lock("other")).rejects.toThrow(/locked by mine since/);
      await expect(session.unlock("other")).rejects.toMatchObject({ kind: "locked" });
      expect(await session.pending()).toMatchObject({ token: "mine" });
      await session.unlock("mine");
      await session.unlock("mine");
    });
  });

  test("of six that ask for the lock at once, one gets it", async () => {
    const sessions = await Promise.all(
      Array.from({ length: 6 }, () => nftables.connect(targetOf(bench.state, "fw"))),
    );
    const results = await Promise.allSettled(sessions.map((session, at) => session.lock(`racer-${at}`)));
    const winners = results.flatMap((result, at) => (result.status === "fulfilled" ? [at] : []));
    expect(winners).toHaveLength(1);
    await sessions[winners[0] ?? 0]?.unlock(`racer-${winners[0]}`);
    await Promise.all(sessions.map((session) => session.close()));
  });

  test("nft refuses a file: nothing of it is applied, and the refusal names the place", async () => {
    const { change, running } = await planFor(bench, practiceFirewall([]));
    const broken = {
      ...change,
      steps: change.steps.map((step) => ({
        ...step,
        commands: [...step.commands, "add rule inet sitewright nowhere drop"],
      })),
    };
    await within(bench, async (session) => {
      await session.lock("broken");
      await session.arm({ token: "broken", graceSeconds: 60, running, change: broken });
      const refusal = await session.send(broken, reveal).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(DeviceError);
      expect(refusal).toMatchObject({ kind: "refused", reply: expect.stringContaining("nowhere") });
      expect((await session.read()).text).toBe(before);
      await session.rollBack({ token: "broken", graceSeconds: 60, running, change: broken }, reveal);
      await session.unlock("broken");
    });
  });

  test("another name than the expected one ends the session before anything is read", async () => {
    await expect(
      nftables.connect(targetOf(bench.state, "fw", { expectHostname: "fw-2" })),
    ).rejects.toMatchObject({ kind: "wrong-device" });
  });

  test("a power cut in mid-push ends with the old rules and the old files", async () => {
    await startPush("power", 120);
    await powerOff(bench.state, "fw");
    await powerOn(bench.state, "fw");
    // What the boot hook runs; the practice device's own boot knows no units of ours.
    await byHand(bench, "sh /var/lib/sitewright/pending/boot.sh; sh /var/lib/sitewright/boot.sh");
    await within(bench, async (session) => {
      const { text, saved } = await session.read();
      expect(text).toBe(before);
      expect(saved).toBe("same");
      expect(await session.pending()).toMatchObject({
        token: "power",
        detail: expect.stringContaining("restored"),
      });
    });
  });
});
