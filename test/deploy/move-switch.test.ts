import { describe, expect, type TestContext, test } from "vitest";
import { planSite } from "../../src/deploy/plan-site.ts";
import { readSiteDrift } from "../../src/drift/read-drift.ts";
import type { Emulator } from "../../src/lab/emulator/types.ts";
import { pushInChild } from "./kill.ts";
import {
  DEAD_MAN_SECONDS,
  FAILING,
  type MoveBench,
  NEW,
  OLD,
  startMove,
  startRelay,
  startStranger,
  visits,
  WORDS,
} from "./move-bench.ts";
import { siteOf } from "./workspace-fixture.ts";

const OTHER_NETWORK = "10.1.50.12";

describe.each(["iosxe", "vrp"] as const)(
  "an emulated %s switch that moves to another management address",
  { timeout: 180_000, concurrent: true },
  (platform) => {
    const start = async (context: TestContext, neighbours: readonly string[] = []): Promise<MoveBench> => {
      const bench = await startMove(platform, neighbours);
      context.onTestFinished(() => bench.stop());
      return bench;
    };
    const relay = async (context: TestContext, to: () => number | undefined) => {
      const started = await startRelay(to);
      context.onTestFinished(() => started.stop());
      return started.endpoint;
    };
    const stranger = async (context: TestContext): Promise<Emulator> => {
      const started = await startStranger(platform);
      context.onTestFinished(() => started.stop());
      return started;
    };
    const { arm, confirm } = WORDS[platform];

    test("it is armed first, the old session dies with the last command, the new address confirms", async (context) => {
      const bench = await start(context);
      const moved = await bench.push(bench.intentAt(NEW));
      expect(moved, moved.reason).toMatchObject({ result: "done" });
      await bench.expectMoved();
      const typed = bench.typed();
      const armed = typed.findIndex((line) => arm.test(line));
      const left = typed.findIndex((line) => line.startsWith(`ip address ${NEW}`));
      const confirmed = typed.findIndex((line) => confirm.test(line));
      expect(armed).toBeGreaterThan(-1);
      expect(left).toBeGreaterThan(armed);
      // Nothing more is typed in the old session, and the confirmation comes from a new one.
      expect(typed[left + 1]).toBe("(login)");
      expect(confirmed).toBeGreaterThan(left + 1);
      expect(await bench.push(bench.intentAt(NEW))).toMatchObject({ result: "same" });
      const drift = await readSiteDrift(siteOf([bench.intentAt(NEW)]), bench.context);
      expect(drift.devices).toMatchObject([{ state: "clean", items: [] }]);
    });

    test("its plan states the move as a risk, and wants two persons", async (context) => {
      const bench = await start(context);
      const plan = await planSite(siteOf([bench.intentAt(NEW)]), bench.context, { mode: "live" });
      expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(plan).toMatchObject({ changeClass: "special", risk: { level: "high" } });
      expect(plan.devices).toMatchObject([{ moves: { from: OLD, to: NEW } }]);
      expect(plan.risk.reasons).toContainEqual({
        code: "RISK-MOVES",
        text: `acme/hq/sw-1 moves from ${OLD} to ${NEW}: its session ends with that, and unless it answers at the new address it goes back by itself`,
      });
      const stays = await planSite(siteOf([bench.intentAt(OLD)]), bench.context, { mode: "live" });
      expect(stays.devices[0]).not.toHaveProperty("moves");
      expect(stays.risk.reasons).toEqual([]);
    });

    test("nobody answers at either address: it comes back by itself", async (context) => {
      const bench = await start(context);
      await bench.lead(NEW, { endpoint: { kind: "socket", path: `${bench.root}/nobody` } });
      const outcome = await bench.push(bench.intentAt(NEW), { graceSeconds: DEAD_MAN_SECONDS });
      expect(outcome, outcome.reason).toMatchObject({ result: "rolled-back", code: "PUSH-UNREACHABLE" });
      await bench.expectUnmoved();
    });

    test("a stranger at the new address is not talked to, and the switch is awaited at the old one", async (context) => {
      const bench = await start(context);
      const other = await stranger(context);
      // It turns up with the move: the switch itself is not seen at the new address.
      const endpoint = await relay(context, () => (bench.isAt(NEW) ? other.port : undefined));
      await bench.lead(NEW, { endpoint });
      const outcome = await bench.push(bench.intentAt(NEW), { graceSeconds: DEAD_MAN_SECONDS });
      expect(outcome, outcome.reason).toMatchObject({ result: "rolled-back", code: "PUSH-UNREACHABLE" });
      expect(outcome.reason).toContain("host key");
      expect(visits(other)).toEqual([]);
      await bench.expectUnmoved();
    });

    test("a device that shows another key at the new address beforehand: nothing is armed or sent", async (context) => {
      const bench = await start(context);
      const other = await stranger(context);
      await bench.lead(NEW, { endpoint: { kind: "tcp", host: "127.0.0.1", port: other.port } });
      const outcome = await bench.push(bench.intentAt(NEW));
      expect(outcome, outcome.reason).toMatchObject({ result: "refused", code: "PUSH-UNREACHABLE" });
      expect(outcome.reason).toContain("host key");
      expect(bench.typed()).toEqual([]);
      expect(visits(other)).toEqual([]);
      await bench.expectUnmoved();
    });

    test("somebody who answers pings at the new address beforehand: nothing is armed or sent", async (context) => {
      const bench = await start(context, [NEW]);
      const outcome = await bench.push(bench.intentAt(NEW));
      expect(outcome, outcome.reason).toMatchObject({ result: "refused", code: "PUSH-ADDRESS-TAKEN" });
      expect(outcome.reason).toBe(
        `somebody answers at ${NEW} already, where it is to move; nothing was changed`,
      );
      expect(bench.typed().some((line) => line.startsWith("ping "))).toBe(true);
      expect(bench.typed().some((line) => arm.test(line))).toBe(false);
      await bench.expectUnmoved();
    });

    test("a check that fails at the new address leads back to the old one", async (context) => {
      const bench = await start(context);
      const outcome = await bench.push(bench.intentAt(NEW, { checks: [FAILING] }));
      expect(outcome, outcome.reason).toMatchObject({ result: "rolled-back", code: "PUSH-CHECK-FAILED" });
      expect(bench.typed().some((line) => line.startsWith(`ip address ${NEW}`))).toBe(true);
      await bench.expectUnmoved();
    });

    test("an old address that answers as well is no proof, and no hindrance", async (context) => {
      const bench = await start(context);
      const { port, ports } = bench.emulator;
      await bench.lead(OLD, { endpoint: await relay(context, () => (bench.isAt(OLD) ? port : ports[NEW])) });
      const moved = await bench.push(bench.intentAt(NEW));
      expect(moved, moved.reason).toMatchObject({ result: "done" });
      await bench.expectMoved();
    });

    test("only the old address answers afterwards: it is taken back from there, and not confirmed", async (context) => {
      const bench = await start(context);
      const { port, ports } = bench.emulator;
      await bench.lead(OLD, { endpoint: await relay(context, () => (bench.isAt(OLD) ? port : ports[NEW])) });
      await bench.lead(NEW, { endpoint: { kind: "socket", path: `${bench.root}/nobody` } });
      const outcome = await bench.push(bench.intentAt(NEW));
      expect(outcome, outcome.reason).toMatchObject({ result: "rolled-back", code: "PUSH-UNREACHABLE" });
      await bench.expectUnmoved();
    });

    test("a session that ends on an earlier command is an error, not the departure", async (context) => {
      const bench = await start(context);
      const { faults } = bench.emulator;
      faults.dropAt = /^description before the move/;
      const intent = bench.intentAt(NEW);
      const [first, ...ports] = intent.ports;
      if (first === undefined) throw new Error("no port");
      const described = { ports: [{ ...first, description: "before the move" }, ...ports] };
      const steps: string[] = [];
      const outcome = await bench.push({ ...intent, ...described }, { onStep: (step) => steps.push(step) });
      faults.dropAt = undefined;
      expect(outcome, outcome.reason).toMatchObject({ result: "rolled-back", code: "PUSH-UNREACHABLE" });
      expect(steps).toContain("send");
      expect(steps).not.toContain("reconnect");
      expect(bench.typed().some((line) => line.startsWith(`ip address ${NEW}`))).toBe(false);
      await bench.expectUnmoved();
    });

    test("a save that fails after the confirmation leads back, the address last again", async (context) => {
      const bench = await start(context);
      const { faults } = bench.emulator;
      const onStep = (step: string) => {
        if (step === "save") faults.flashFull = true;
        if (step === "roll-back") faults.flashFull = false;
      };
      const intent = bench.intentAt(NEW);
      const [first, ...ports] = intent.ports;
      if (first === undefined) throw new Error("no port");
      const described = { ports: [{ ...first, description: "not for long" }, ...ports] };
      const outcome = await bench.push({ ...intent, ...described }, { onStep });
      expect(outcome, outcome.reason).toMatchObject({ result: "rolled-back" });
      const typed = bench.typed();
      const confirmed = typed.findIndex((line) => confirm.test(line));
      const back = typed.findIndex((line) => line.startsWith(`ip address ${OLD}`));
      expect(confirmed).toBeGreaterThan(-1);
      expect(back).toBeGreaterThan(confirmed);
      expect(typed.slice(confirmed, back)).toContain("description user 1");
      expect(typed[back + 1]).toBe("(login)");
      await bench.expectUnmoved();
    });

    test("killed after the move, with a stranger at the new address: resume waits for the old one", async (context) => {
      const bench = await start(context);
      const other = await stranger(context);
      const job = { root: bench.root, intent: bench.intentAt(NEW), graceSeconds: DEAD_MAN_SECONDS };
      const child = await pushInChild({ ...job, killAt: "send:done" });
      expect(child.signal, child.stdout + child.stderr).toBe("SIGKILL");
      await bench.lead(NEW, { endpoint: { kind: "tcp", host: "127.0.0.1", port: other.port } });
      const outcome = await bench.resume();
      expect(outcome?.result, outcome?.reason).toBe("rolled-back");
      expect(visits(other)).toEqual([]);
      await bench.expectUnmoved();
    });

    test("killed on its way to confirm: what answers at the old address only is not confirmed", async (context) => {
      const bench = await start(context);
      const { port, ports } = bench.emulator;
      const job = { root: bench.root, intent: bench.intentAt(NEW), graceSeconds: 3600 };
      const child = await pushInChild({ ...job, killAt: "confirm:begin" });
      expect(child.signal, child.stdout + child.stderr).toBe("SIGKILL");
      expect(bench.isAt(NEW)).toBe(true);
      await bench.lead(OLD, { endpoint: await relay(context, () => (bench.isAt(OLD) ? port : ports[NEW])) });
      await bench.lead(NEW, { endpoint: { kind: "socket", path: `${bench.root}/nobody` } });
      const outcome = await bench.resume();
      expect(outcome?.result, outcome?.reason).toBe("rolled-back");
      await bench.expectUnmoved();
    });

    test("a network without a way is refused", async (context) => {
      const bench = await start(context);
      const refused = await bench.push(bench.intentAt(OTHER_NETWORK));
      expect(refused).toMatchObject({ result: "refused", code: "PUSH-UNSAFE" });
      expect(bench.typed().some((line) => arm.test(line))).toBe(false);
      await bench.expectUnmoved();
    });
  },
);
