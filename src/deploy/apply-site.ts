import { planDigest } from "../planner/plan/digest.ts";
import type { DevicePlan, SitePlan } from "../planner/plan/types.ts";
import { askGate } from "./approval/ask-gate.ts";
import { reviewDue } from "./audit/duties.ts";
import { siteInputs } from "./declare.ts";
import { DEVICE_CONFIG_TYPE, DeviceConfig } from "./device-config.ts";
import { driveEngine } from "./drive-engine.ts";
import { type Engine, findEngine } from "./engine/locate.ts";
import type { EngineEvents } from "./engine-events.ts";
import type { Stack } from "./pulumi.ts";
import { DEFAULT_GRACE_SECONDS } from "./push-types.ts";
import { endRun, newRunFile, stopRun } from "./run-file.ts";
import { type OpenedActions, openActions, REMOTE_COMMAND_TYPE } from "./server-actions.ts";
import { openStack } from "./stack.ts";
import { operatorName, projectOf, stackOf } from "./stack-environment.ts";
import { clearStaleStateLock } from "./state-locks.ts";
import type { ActionOutcome, DeployContext, DeploySite, DeviceOutcome, OnProgress } from "./types.ts";

/** At least as many resources at once, so that the driver host sees all devices of a site and keeps the order. */
const MIN_PARALLEL = 32;

/** How a plan is applied. */
export interface ApplyOptions {
  readonly onProgress?: OnProgress;
  readonly operator?: string;
  /** Seconds after which an unconfirmed device returns by itself. */
  readonly graceSeconds?: number;
  /** The driver host, if not the one that this package ships. */
  readonly host?: string;
  readonly engine?: Engine;
  /** What is done, for the audit log. */
  readonly what?: "applied" | "reverted";
  /** Aborted when no new push shall start; running ones end by themselves. */
  readonly signal?: AbortSignal;
}

/** What became of a plan. */
export interface ApplyResult {
  readonly site: string;
  readonly plan: string;
  readonly devices: readonly DeviceOutcome[];
  readonly actions: readonly ActionOutcome[];
  /** What the engine said where it failed beside the devices. */
  readonly engineErrors: readonly string[];
}

/** The gate did not let a plan pass. */
export class GateError extends Error {
  readonly code: string;
  readonly hint: string;
  constructor(code: string, reason: string, hint: string) {
    super(reason);
    this.name = "GateError";
    this.code = code;
    this.hint = hint;
  }
}

/** Pushes exactly a plan through Pulumi: the site's stack, one resource a device, all side by side within the site's limit.
 *  Devices that the plan could not read are left out; a device that fails leaves the others alone.
 *  @throws GateError where the gate is shut; EngineError or Error where there is no engine or it cannot start */
export async function applySite(
  site: DeploySite,
  plan: SitePlan,
  context: DeployContext,
  options: ApplyOptions = {},
): Promise<ApplyResult> {
  const operator = options.operator ?? operatorName();
  expectGenuine(plan, context);
  const because = await expectGate(site, plan, operator, context);
  const engine = options.engine ?? (await findEngine());
  if (!engine) throw new Error("there is no Pulumi engine here; type: sitewright doctor");
  // Before the first push: what cannot be recorded is not done.
  const event = { who: operator, site: site.id, plan: plan.digest };
  await context.stores.audit.append({ ...event, what: "pushing", note: because });
  await context.stores.plans.put(plan.digest, plan);
  const file = newRunFile(context.root);
  const assets = new Set(plan.devices.filter((d) => d.state !== "unreachable").map((d) => d.asset));
  const actions = await openActions(
    site,
    { assets, due: plan.actions, fetch: plan.actions.length > 0 },
    context,
    engine,
  );
  const settings = {
    runFile: file,
    operator,
    plan: plan.digest,
    graceSeconds: options.graceSeconds ?? DEFAULT_GRACE_SECONDS,
    ...(options.host === undefined ? {} : { host: options.host }),
  };
  const stop = () => stopRun(file);
  options.signal?.addEventListener("abort", stop, { once: true });
  try {
    const stack = await openStack(context.root, site.id, engine, {
      settings,
      program: async () => {
        const inputs = siteInputs(site.devices, context.drivers, plan.devices);
        const devices = inputs.map((entry) => new DeviceConfig(entry));
        const names = inputs.map((entry) => entry.asset);
        actions.declare(devices, names);
      },
    });
    await clearStaleStateLock(stack, context.root, site.id);
    const result = await run({ site, plan, context, options, stack, file, actions });
    await context.stores.audit.append({
      ...event,
      what: options.what ?? "applied",
      note: countResults(result),
    });
    return result;
  } finally {
    options.signal?.removeEventListener("abort", stop);
    await actions.close();
    endRun(file);
  }
}

interface Applying {
  readonly site: DeploySite;
  readonly plan: SitePlan;
  readonly context: DeployContext;
  readonly options: ApplyOptions;
  readonly stack: Stack;
  readonly file: string;
  readonly actions: OpenedActions;
}

async function run(applying: Applying): Promise<ApplyResult> {
  const { site, plan, context, options, stack, actions, file } = applying;
  const { events, outcomes, failure } = await driveEngine(file, options.onProgress, (onEvent) =>
    stack.up({
      parallel: Math.max(MIN_PARALLEL, site.devices.length + plan.actions.length),
      continueOnError: true,
      ...targetsOf(applying),
      onEvent,
    }),
  );
  const devices = plan.devices.map((device) => outcomes.get(device.asset) ?? silent(device, events));
  const failed = devices.some(
    (device) => !["done", "same", "released", "unreachable"].includes(device.result),
  );
  const ran = await actions.outcomes(events, context);
  const explained = failed || ran.some((action) => action.result === "failed");
  return {
    site: site.id,
    plan: plan.digest,
    devices,
    actions: ran,
    engineErrors: failure === undefined || explained ? [] : events.errors(failure),
  };
}

/** All resources, or, where some must not be touched, those that may. */
function targetsOf({ plan, site, context, actions }: Applying): { readonly target?: string[] } {
  const left = site.devices.length > plan.devices.filter((device) => device.state !== "release").length;
  if (
    !left &&
    actions.skipped === undefined &&
    plan.devices.every((device) => device.state !== "unreachable")
  )
    return {};
  const project = projectOf(context.root);
  const stack = stackOf(site.id);
  const urn = (type: string, name: string) => `urn:pulumi:${stack}::${project}::${type}::${name}`;
  const devices = plan.devices.filter((device) => device.state !== "unreachable");
  return {
    target: [
      ...devices.map((device) => urn(DEVICE_CONFIG_TYPE, device.asset)),
      ...actions.names.map((name) => urn(REMOTE_COMMAND_TYPE, name)),
    ],
  };
}

/** A device of which the host said nothing: the engine found nothing to do for it, or failed before it. */
function silent(device: DevicePlan, events: EngineEvents): DeviceOutcome {
  const base = { device: device.device, asset: device.asset, durationMs: 0 };
  if (device.state === "unreachable") {
    return { ...base, result: "unreachable", code: "PUSH-UNREACHABLE", reason: device.reason ?? "no answer" };
  }
  const ending = events.endings(DEVICE_CONFIG_TYPE).find((entry) => entry.name === device.asset);
  if (ending && !ending.failed) return { ...base, result: "same" };
  if (device.state === "release" && !ending) return { ...base, result: "released" };
  return {
    ...base,
    result: "refused",
    code: "PUSH-ENGINE",
    reason: "Pulumi did not hand it to the driver host",
  };
}

/** A plan from a file must be what its digest says, and made under a key that lets it be compared here. */
function expectGenuine(plan: SitePlan, context: DeployContext): void {
  if (planDigest(plan) !== plan.digest) {
    throw new GateError("GATE-ALTERED-PLAN", "the plan was altered after it was made", "plan again");
  }
  if (plan.keyId !== context.fingerprint.keyId) {
    throw new GateError(
      "GATE-OTHER-KEY",
      "the plan was made under another fingerprint key",
      "set SITEWRIGHT_FINGERPRINT_KEY to the shared one, here and where plans are made",
    );
  }
}

/** @returns why the gate is open */
async function expectGate(
  site: DeploySite,
  plan: SitePlan,
  operator: string,
  context: DeployContext,
): Promise<string> {
  const { audit } = context.stores;
  const event = { site: site.id, plan: plan.digest };
  const gate = await askGate(site, plan, operator, context);
  if (!gate.open) {
    await audit.append({ ...event, what: "refused", who: operator, note: `${gate.code}: ${gate.reason}` });
    throw new GateError(gate.code, gate.reason, gate.hint);
  }
  const [called] = gate.by;
  if (gate.emergency && called !== undefined) {
    await audit.append({
      ...event,
      // Whoever reviews it looks at what was signed.
      plan: called.plan,
      what: "emergency",
      who: called.by,
      proved: called.proof !== undefined,
      note: `${called.ticket ?? ""}: ${called.reason ?? ""}`,
      due: reviewDue(context.now(), site.timezone).toISOString(),
    });
  }
  return gate.because;
}

/** `1 done, 4 same`. */
function countResults({ devices, actions, engineErrors }: ApplyResult): string {
  const counts = new Map<string, number>();
  for (const { result } of devices) counts.set(result, (counts.get(result) ?? 0) + 1);
  for (const { result } of actions) counts.set(`action ${result}`, (counts.get(`action ${result}`) ?? 0) + 1);
  if (engineErrors.length > 0) counts.set("engine error", engineErrors.length);
  return [...counts].map(([result, count]) => `${count} ${result}`).join(", ");
}
