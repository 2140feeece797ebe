import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SecretError } from "../deploy/secrets.ts";
import { writeAtomic } from "../deploy/stores/atomic.ts";
import { LockedError } from "../deploy/stores/locks.ts";
import { StoreError } from "../deploy/stores/sql/sql.ts";
import type { DeployContext } from "../deploy/types.ts";
import { stateFolder } from "../deploy/workspace.ts";
import { deliverAlerts } from "../drift/alerts/deliver.ts";
import type { Incident, Notice } from "../drift/incidents/types.ts";
import { callHeartbeat, type Heartbeat, writeHeartbeat } from "../drift/night/heartbeat.ts";
import { prometheusText } from "../drift/night/metrics.ts";
import { recallRun, recordRun } from "../drift/night/record.ts";
import { type SettingsOf, targetsOf } from "../drift/night/rules.ts";
import { isIncident, type SiteDrift } from "../drift/read-drift.ts";
import type { CleanReadings } from "../drift/store/clean-readings.ts";
import type { NightStore } from "../drift/store/night-store.ts";
import { type NightMemory, openNightStore, readNightStore } from "../drift/store/open-store.ts";
import { resolveAlerts } from "../inventory/resolve/alerts.ts";
import type { Finding } from "../model/finding.ts";
import { type CommandContext, flag, type Options, textOption } from "./command.ts";
import { type ExitReason, UsageError } from "./exit.ts";
import type { Chosen } from "./open.ts";

/** How long `--alert` goes on trying, milliseconds; what is left waits for the next run. */
const ALERT_BUDGET_MS = 90_000;
const LOCK_RETRY_MS = 1_000;
const LONGEST_WAIT_S = 24 * 3_600;

/** What became of a night. */
export interface Night {
  readonly drifts: readonly SiteDrift[];
  readonly notices: readonly Notice[];
  readonly sent: number;
  readonly findings: readonly Finding[];
  readonly reasons: readonly ExitReason[];
}

/** The parts of a command that a night leans on. */
export interface NightParts {
  readonly context: CommandContext;
  readonly chosen: Chosen;
  readonly deploy: DeployContext;
  readonly options: Options;
}

/** Opens the store of a workspace. A damaged file that was put aside is noted on stderr and comes as a finding. */
export async function openStore(
  context: CommandContext,
  deploy: DeployContext,
): Promise<{ readonly store: NightStore; readonly findings: readonly Finding[] }> {
  const store = await openNightStore({ ...storeOptions(context, deploy), now: deploy.now });
  if (store.keptAside === undefined) return { store, findings: [] };
  const message = "the file of incidents was damaged; it was kept aside and a new one begun";
  return { store, findings: [aboutStore("NIGHT-DAMAGED", "warning", message, `it is ${store.keptAside}`)] };
}

/** How incidents of each site are told. */
export function settingsFor(chosen: Pick<Chosen, "workspace">, sites: readonly string[]): SettingsOf {
  const known = resolveAlerts(chosen.workspace, sites);
  return (site) => {
    const settings = known.get(site) ?? resolveAlerts(chosen.workspace, [site]).get(site);
    if (settings === undefined) throw new Error(`no settings of ${site}`);
    known.set(site, settings);
    return settings;
  };
}

/** Reads the sites; told when their devices were last clean. */
export type ReadSites = (lastClean: CleanReadings) => Promise<SiteDrift[]>;

/** Runs a reading as the night job: one at a time, its drifts recorded as incidents, messages owed and sent, figures and
 *  heartbeat written. With `--no-record` it only reads, the store too. */
export async function runNight(parts: NightParts, read: ReadSites): Promise<Night> {
  const { context, deploy, options } = parts;
  refuseBadOptions(options);
  if (options.record === false) return lookOnly(parts, read);
  let compared: SiteDrift[] = [];
  const readOnce: ReadSites = async (lastClean) => {
    compared = await read(lastClean);
    return compared;
  };
  let opened: Awaited<ReturnType<typeof openStore>>;
  try {
    opened = await openStore(context, deploy);
  } catch (error) {
    if (!(error instanceof StoreError) && !(error instanceof SecretError)) throw error;
    return withoutStore(await read(new Map()), error);
  }
  const { store } = opened;
  try {
    const release = await takeTurn(store, Number(textOption(options, "wait") ?? "0"), context.signal);
    try {
      const night = await recordNight(parts, store, readOnce);
      return { ...night, findings: [...opened.findings, ...night.findings] };
    } finally {
      await release();
    }
  } catch (error) {
    if (error instanceof StoreError) return withoutStore(compared, error);
    if (!(error instanceof LockedError)) throw error;
    const reason: ExitReason = { code: 3, reason: "incomplete", subject: error.message };
    return { drifts: [], notices: [], sent: 0, findings: [busy(error)], reasons: [reason] };
  } finally {
    await store.close();
  }
}

/** Looks at the devices, and into the store for what is known of them. */
async function lookOnly(parts: NightParts, read: ReadSites): Promise<Night> {
  const { known, lastClean, findings } = await recall(parts);
  const compared = await read(lastClean);
  const drifts = recallRun(compared, known, recordOptions(parts, randomUUID()));
  return { drifts, notices: [], sent: 0, findings, reasons: [] };
}

/** What the store knows of the sites; where it cannot be read, that is said. */
async function recall({ context, deploy, chosen }: NightParts): Promise<{
  readonly known: readonly Incident[];
  readonly lastClean: CleanReadings;
  readonly findings: readonly Finding[];
}> {
  const sites = chosen.sites.map((site) => site.id);
  let memory: NightMemory | undefined;
  try {
    memory = await readNightStore(storeOptions(context, deploy));
    const known = (await memory?.incidents({ sites, all: true })) ?? [];
    return { known, lastClean: (await memory?.lastClean(sites)) ?? new Map(), findings: [] };
  } catch (error) {
    if (!(error instanceof StoreError) && !(error instanceof SecretError)) throw error;
    const message = `what earlier nights found is not known: ${error.message}`;
    const finding = aboutStore("NIGHT-STORE", "warning", message, error.hint);
    return { known: [], lastClean: new Map(), findings: [finding] };
  } finally {
    await memory?.close();
  }
}

function storeOptions({ root }: CommandContext, { secrets, stores }: DeployContext) {
  return { folder: stateFolder(root), environment: process.env, secrets, locks: stores.locks };
}

function recordOptions({ chosen, deploy }: NightParts, run: string) {
  const sites = chosen.sites.map((site) => site.id);
  const devices = chosen.sites.flatMap((site) => site.devices);
  return { settingsOf: settingsFor(chosen, sites), devices, run, now: deploy.now() };
}

/** What was compared is still told where it could not be kept. */
function withoutStore(drifts: readonly SiteDrift[], error: StoreError | SecretError): Night {
  const finding = aboutStore("NIGHT-STORE", "error", error.message, error.hint);
  return { drifts, notices: [], sent: 0, findings: [finding], reasons: [] };
}

/** Sends what is owed and tells what could not be sent. */
export async function sendOwed(
  store: NightStore,
  sites: readonly string[],
  settingsOf: SettingsOf,
  parts: Pick<NightParts, "context" | "deploy">,
): Promise<Pick<Night, "sent" | "findings" | "reasons">> {
  const { sent, failures } = await deliverAlerts(targetsOf(sites, settingsOf), {
    outbox: store.outbox,
    secrets: parts.deploy.secrets,
    now: () => parts.deploy.now().getTime(),
    budgetMs: ALERT_BUDGET_MS,
    signal: parts.context.signal,
  });
  const counts = await store.outbox.counts();
  const stuck = counts.filter(({ doubtful }) => doubtful > 0);
  const waiting = counts.filter(
    (count) => count.waiting > 0 && failures.some(({ target }) => target === count.target),
  );
  return {
    sent,
    findings: [
      ...waiting.map(({ target, waiting: owed, error }) =>
        aboutStore(
          "ALERT-WAITS",
          "warning",
          `${owed} notices wait for ${target}: ${error ?? "not tried yet"}`,
          "they go out with the next run; or type: sitewright incidents send",
        ),
      ),
      ...stuck.map(({ target, doubtful }) =>
        aboutStore(
          "ALERT-DOUBTFUL",
          "warning",
          `${doubtful} notices for ${target} were sent twice and never answered`,
          "look into the room whether they arrived; sitewright incidents list shows what they said",
        ),
      ),
    ],
    reasons: waiting.map(({ target, error }) => ({
      code: 3,
      reason: "incomplete",
      subject: `alert to ${target}: ${error ?? "not sent"}`,
    })),
  };
}

async function recordNight(parts: NightParts, store: NightStore, read: ReadSites): Promise<Night> {
  const { context, chosen, deploy, options } = parts;
  const startMs = performance.now();
  const run = randomUUID();
  const sites = chosen.sites.map((site) => site.id);
  const compared = await read(await store.lastClean(sites));
  // After the reading: its time is the time of what it found.
  const recording = recordOptions(parts, run);
  const { drifts, notices } = await recordRun(compared, { store, ...recording });
  const alerts = flag(options, "alert")
    ? await sendOwed(store, sites, recording.settingsOf, parts)
    : { sent: 0, findings: [], reasons: [] };
  const devices = drifts.flatMap((drift) => drift.devices);
  const heartbeat: Heartbeat = {
    run,
    endedAt: deploy.now().toISOString(),
    durationMs: Math.round(performance.now() - startMs),
    devices: devices.length,
    unreachable: devices.filter((device) => device.state === "unreachable").length,
    incidents: devices.flatMap((device) => device.items.filter(isIncident)).length,
  };
  const metrics = textOption(options, "metrics");
  if (metrics !== undefined) {
    const [incidents, outbox] = [await store.incidents({}), await store.outbox.counts()];
    const { durationMs } = heartbeat;
    const text = prometheusText({ endedAt: deploy.now(), durationMs, drifts, incidents, outbox });
    await writeAtomic(resolve(metrics), text, 0o644);
  }
  // A run that was interrupted did not do its job: whoever waits for it shall wait.
  const beat = context.signal.aborted
    ? []
    : await beatOut(heartbeat, textOption(options, "heartbeat"), deploy);
  return { drifts, notices, ...alerts, findings: [...alerts.findings, ...beat] };
}

/** Shows that the job ran, also where it found something. */
async function beatOut(
  heartbeat: Heartbeat,
  file: string | undefined,
  deploy: DeployContext,
): Promise<Finding[]> {
  if (file !== undefined) await writeHeartbeat(resolve(file), heartbeat);
  const url = process.env.SITEWRIGHT_HEARTBEAT_URL?.trim();
  if (url === undefined || url === "") return [];
  const failure = await callHeartbeat(url, heartbeat, deploy.secrets).catch((error: unknown) => {
    if (error instanceof SecretError) return error.message;
    throw error;
  });
  if (failure === undefined) return [];
  const hint = "check SITEWRIGHT_HEARTBEAT_URL; whoever waits for it will think that the job did not run";
  return [aboutStore("NIGHT-HEARTBEAT", "warning", `the heartbeat was not heard: ${failure}`, hint)];
}

/** Takes the night job's lock, waiting as long as was asked for. @throws LockedError */
async function takeTurn(store: NightStore, waitS: number, signal: AbortSignal): Promise<() => Promise<void>> {
  for (let waitedMs = 0; ; waitedMs += LOCK_RETRY_MS) {
    try {
      return await store.lock("drift");
    } catch (error) {
      if (!(error instanceof LockedError) || waitedMs >= waitS * 1000 || signal.aborted) throw error;
      await sleep(LOCK_RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

function refuseBadOptions(options: Options): void {
  const wait = textOption(options, "wait");
  const seconds = Number(wait ?? "0");
  if (!(seconds >= 0 && seconds <= LONGEST_WAIT_S))
    throw new UsageError(`"${wait}" is no number of seconds to wait`, "type e.g. --wait 600");
  if (options.record !== false) return;
  const useless = ["alert", "metrics", "heartbeat"].find((name) => options[name] !== undefined);
  if (useless !== undefined)
    throw new UsageError(`--${useless} needs what --no-record leaves out`, "take one of the two away");
}

function busy(error: LockedError): Finding {
  return aboutStore(
    "NIGHT-BUSY",
    "warning",
    `another drift job runs: ${error.message}`,
    "wait for it, or type --wait 600",
  );
}

function aboutStore(code: string, severity: Finding["severity"], message: string, hint: string): Finding {
  return { code, severity, message, hint, where: { file: ".sitewright/night.sqlite", line: 1, column: 1 } };
}
