import type { FullDriver } from "../drivers/driver.ts";
import type { DeviceIntent } from "../model/intent.ts";
import { askGate } from "./approval/ask-gate.ts";
import type { DeviceInputs, DeviceOutputs } from "./device-config.ts";
import { engineLives } from "./engine-watch.ts";
import { spellChecks } from "./health.ts";
import { checkInputs, hasDiff } from "./host-diff.ts";
import { type Limiter, limitTo } from "./limit.ts";
import { approvedPlan, type PlannedShare, plannedDevice } from "./planned-device.ts";
import { predecessors } from "./predecessors.ts";
import { pushDevice } from "./push.ts";
import { PushError } from "./push-error.ts";
import { DEFAULT_GRACE_SECONDS, type PushObserver } from "./push-types.ts";
import { readDevice } from "./read-device.ts";
import { renderDevice } from "./render-device.ts";
import { isStopped, tellRun } from "./run-file.ts";
import type { DeployContext, DeploySite, DeviceOutcome } from "./types.ts";

/** Paths that a refresh reports at most; the drift command names them all. */
const MAX_DRIFTED = 100;

/** What the driver host is opened with, once a plugin process. */
export interface HostOptions {
  readonly context: DeployContext;
  /** Loads a site of the workspace. @throws Error where it has errors */
  readonly loadSite: (site: string) => Promise<DeploySite>;
  readonly operator: string;
  /** Digest of the plan that `sitewright apply` pushes; undefined under a plain `pulumi up`. */
  readonly plan: string | undefined;
  /** Where the process that drives the engine reads what happens. */
  readonly runFile: string | undefined;
  readonly graceSeconds?: number;
  /** Told of every step of every push. */
  readonly observe?: (device: string, ...step: Parameters<PushObserver>) => void | Promise<void>;
  /** Shows a line among the engine's messages. */
  readonly say: (line: string) => void;
}

/** The methods that the shim calls. */
export interface DriverHost {
  check(
    olds: unknown,
    news: DeviceInputs,
  ): Promise<{ inputs: DeviceInputs; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: DeviceOutputs, news: DeviceInputs): Promise<{ changes: boolean }>;
  create(inputs: DeviceInputs): Promise<{ id: string; outs: DeviceOutputs }>;
  read(id: string, props: DeviceOutputs): Promise<{ id: string; props: DeviceOutputs }>;
  update(id: string, olds: DeviceOutputs, news: DeviceInputs): Promise<{ outs: DeviceOutputs }>;
  delete(id: string, props: DeviceOutputs): Promise<void>;
  /** From now on no push starts; those under way end by themselves. */
  stop(): void;
  /** True while a push is under way. */
  isBusy(): boolean;
}

/** Opens the driver host: it owns the conversation with the devices, the gate before them and the order between them. */
export function openHost(options: HostOptions): DriverHost {
  const sites = new Map<string, Promise<DeploySite>>();
  const limits = new Map<string, Limiter>();
  const order = predecessors();
  const run: HostRun = { stopped: false, pushes: 0 };
  const loadSite = (id: string) => remember(sites, id, () => options.loadSite(id));
  const push = async (inputs: DeviceInputs): Promise<DeviceOutputs> => {
    const site = await loadSite(inputs.site);
    const limit = remember(limits, site.id, () => limitTo(site.parallel));
    const outcome = await order.run(inputs.device, await afterOf(inputs, site, options), () =>
      limit(() => counted(run, () => pushGated(inputs, site, { ...options, run }))),
    );
    return outputsOf(inputs, outcome, options);
  };
  return {
    check: async (_olds, news) => ({ inputs: news, failures: checkInputs(news) }),
    diff: async (_id, olds, news) => ({ changes: hasDiff(olds, news) }),
    create: async (inputs) => ({ id: inputs.asset, outs: await push(clean(inputs)) }),
    update: async (_id, _olds, news) => ({ outs: await push(clean(news)) }),
    read: async (id, props) => ({ id, props: await refresh(clean(props), loadSite, options) }),
    delete: async (_id, props) => release(props, options),
    stop: () => {
      run.stopped = true;
    },
    isBusy: () => run.pushes > 0,
  };
}

/** What one plugin process is at. */
interface HostRun {
  stopped: boolean;
  pushes: number;
}

async function counted<T>(run: HostRun, work: () => Promise<T>): Promise<T> {
  run.pushes += 1;
  try {
    return await work();
  } finally {
    run.pushes -= 1;
  }
}

async function afterOf(
  inputs: DeviceInputs,
  site: DeploySite,
  options: HostOptions,
): Promise<readonly string[]> {
  const planned = await planOf(inputs, site, options);
  return planned?.device.after ?? [];
}

/** The plan that covers a device: the one being applied, else an approved one that still intends the same. */
async function planOf(
  inputs: DeviceInputs,
  site: DeploySite,
  options: HostOptions,
): Promise<PlannedShare | undefined> {
  const intent = site.devices.find((device) => device.asset === inputs.asset);
  const wanted = { inputs, checks: spellChecks(intent?.checks ?? []) };
  if (options.plan !== undefined) return plannedDevice(options.plan, wanted, options.context);
  if (site.gate === "none") return undefined;
  return approvedPlan(site.id, wanted, options.context);
}

async function pushGated(
  inputs: DeviceInputs,
  site: DeploySite,
  options: HostOptions & { readonly run: HostRun },
): Promise<DeviceOutcome> {
  const started = Date.now();
  const refused = (code: string, reason: string): DeviceOutcome => ({
    device: inputs.device,
    asset: inputs.asset,
    result: "refused",
    code,
    reason,
    durationMs: Date.now() - started,
  });
  try {
    if (options.run.stopped || !engineLives() || isStopped(options.runFile))
      return refused("PUSH-INTERRUPTED", "interrupted before its push began");
    const planned = await planOf(inputs, site, options);
    const { context, operator } = options;
    const plan = planned?.plan.digest;
    const gate = await askGate(site, planned?.plan, operator, context);
    if (!gate.open) return refused(gate.code, `${gate.reason}; ${gate.hint}`);
    const { intent, driver } = deviceOf(inputs, site, context);
    return await pushDevice(
      {
        intent,
        driver,
        operator,
        plan,
        commandsDigest: planned?.device.commandsDigest,
        graceSeconds: options.graceSeconds ?? DEFAULT_GRACE_SECONDS,
        observe: async (...step) => {
          tellProgress(options.runFile, inputs.device, step);
          await options.observe?.(inputs.device, ...step);
        },
      },
      context,
    );
  } catch (error) {
    if (error instanceof PushError) return refused(error.code, error.message);
    throw error;
  }
}

function tellProgress(
  file: string | undefined,
  device: string,
  [step, when, progress]: Parameters<PushObserver>,
): void {
  if (file === undefined) return;
  if (when === "begin") tellRun(file, { kind: "step", device, step });
  if (progress) tellRun(file, { kind: "command", device, ...progress });
}

/** The device as the inventory has it now; it must be the very thing that the program declared. */
function deviceOf(
  inputs: DeviceInputs,
  site: DeploySite,
  context: DeployContext,
): { readonly intent: DeviceIntent; readonly driver: FullDriver } {
  const intent = site.devices.find((device) => device.asset === inputs.asset);
  if (!intent) throw new PushError("PUSH-STALE-PLAN", `${inputs.device} is no longer in the inventory`);
  const driver = context.drivers(intent.platform);
  if (driver?.level !== "full") {
    throw new PushError("PUSH-NO-DRIVER", `no driver pushes platform ${intent.platform}`);
  }
  if (renderDevice(driver, intent).digest !== inputs.intendedDigest) {
    throw new PushError("PUSH-STALE-PLAN", "the inventory changed while the run was under way; run again");
  }
  return { intent, driver };
}

/** @throws Error with the reason where the device is not what was asked for */
async function outputsOf(
  inputs: DeviceInputs,
  outcome: DeviceOutcome,
  options: HostOptions,
): Promise<DeviceOutputs> {
  if (options.runFile !== undefined) tellRun(options.runFile, { kind: "outcome", outcome });
  else await tellAlone(inputs, outcome, options);
  if (outcome.result === "done" || outcome.result === "same") return settled(inputs, options);
  throw new Error(`${outcome.device}: ${outcome.result}: ${outcome.reason ?? "no reason given"}`);
}

/** Under a plain `pulumi up` nobody else tells what became of a device, or writes it down. */
async function tellAlone(inputs: DeviceInputs, outcome: DeviceOutcome, options: HostOptions): Promise<void> {
  const note = `${outcome.result}${outcome.reason ? `, ${outcome.reason}` : ""}`;
  options.say(`${outcome.device}: ${note}`);
  await options.context.stores.audit.append({
    what: outcome.result === "refused" ? "refused" : "applied",
    who: options.operator,
    site: inputs.site,
    device: outcome.device,
    note: `pulumi up: ${note}`,
  });
}

async function settled(inputs: DeviceInputs, options: HostOptions): Promise<DeviceOutputs> {
  const receipt = await options.context.stores.receipts.last(inputs.asset);
  if (!receipt) throw new Error(`${inputs.device} was pushed, but its receipt cannot be read`);
  return { ...inputs, receipt: receipt.id, running: receipt.snapshot, drift: false, drifted: [] };
}

/** Reads the live device and compares it with the last receipt. An absent device is an error: silence is not sameness. */
async function refresh(
  props: DeviceOutputs,
  loadSite: (site: string) => Promise<DeploySite>,
  options: HostOptions,
): Promise<DeviceOutputs> {
  const { context } = options;
  const site = await loadSite(props.site);
  const intent = site.devices.find((device) => device.asset === props.asset);
  const driver = intent && context.drivers(intent.platform);
  if (!intent || driver?.level !== "full") return props;
  const receipt = await context.stores.receipts.last(props.asset);
  const now = await readDevice(intent, driver, receipt, context);
  const running = context.fingerprint.of(now.text);
  const applied = receipt && (await context.stores.archive.redacted(receipt.archived));
  if (!receipt || applied === undefined) return { ...props, running, drift: true, drifted: ["no receipt"] };
  const items = driver.compare(applied, driver.redact(now.text), { kind: "full" });
  const drifted = items.slice(0, MAX_DRIFTED).map((item) => `${item.kind} ${item.path.join(" › ")}`);
  if (now.saved === "differs") drifted.push("unsaved changes");
  const drift = drifted.length > 0;
  return { ...props, running: drift ? running : receipt.snapshot, drift, drifted };
}

/** Lets go of a device without touching it (D12). */
async function release(props: DeviceOutputs, options: HostOptions): Promise<void> {
  const { context, operator } = options;
  await context.stores.receipts.release(props.asset, context.now().toISOString(), operator);
  const { device, asset } = props;
  const outcome: DeviceOutcome = { device, asset, result: "released", durationMs: 0 };
  if (options.runFile !== undefined) tellRun(options.runFile, { kind: "outcome", outcome });
  else options.say(`${device}: released; nothing on it was changed`);
}

/** Pulumi hands its own key along with ours. */
function clean<T extends object>(props: T): T {
  return Object.fromEntries(Object.entries(props).filter(([key]) => key !== "__provider")) as T;
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
