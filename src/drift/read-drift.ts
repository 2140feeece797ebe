import { limitTo } from "../deploy/limit.ts";
import { explainFailure } from "../deploy/push-error.ts";
import { readDevice } from "../deploy/read-device.ts";
import { renderDevice } from "../deploy/render-device.ts";
import type { Receipt } from "../deploy/stores/types.ts";
import type { DeployContext, DeploySite, OnProgress } from "../deploy/types.ts";
import type { FullDriver, RunningState } from "../drivers/driver.ts";
import type { Priority } from "../model/alert.ts";
import type { Finding } from "../model/finding.ts";
import type { DeviceIntent } from "../model/intent.ts";
import { askDevice } from "./attribution/ask-device.ts";
import { type Attribution, attributeAll, type Evidence, NOBODY_KNOWN } from "./attribution/attribute.ts";
import { heardOf } from "./attribution/heard.ts";
import type { SyslogMessages } from "./attribution/syslog.ts";
import { type CompareFilters, effectOf, type ItemEffect, isAboutFilters } from "./exposure.ts";
import { type Culprit, type DriftItem, driftItems } from "./items.ts";
import { priorityOf } from "./priority.ts";
import { type CleanReading, type CleanReadings, cleanSince } from "./store/clean-readings.ts";

/** An item as the drift report has it: graded, and attributed as far as the device tells. */
export interface ReportedItem extends Omit<DriftItem, "state"> {
  /** `adopted`: somebody took it into the inventory, and the next apply makes it ours. */
  readonly state: DriftItem["state"] | "adopted";
  readonly by: Culprit;
  readonly at: string | undefined;
  readonly from: string | undefined;
  readonly evidence: string | undefined;
  readonly priority: Priority;
  readonly reason: string;
  /** A packet that passes since then and did not before. */
  readonly witness: string | undefined;
  /** Whether a reboot would take it away: nobody saved the running configuration. */
  readonly unsaved: boolean;
  readonly incident: string | undefined;
  /** The branch that takes it into the inventory, once somebody adopted it. */
  readonly adopted: string | undefined;
}

/** What became of one device. `drift` also where only work of ours is pending: `items` say which. */
export interface DeviceDrift {
  readonly device: string;
  readonly state: "clean" | "drift" | "unadopted" | "unreachable";
  readonly items: readonly ReportedItem[];
  /** Why it could not be compared. */
  readonly reason?: string;
}

export interface SiteDrift {
  readonly site: string;
  readonly devices: readonly DeviceDrift[];
  readonly findings: readonly Finding[];
  /** Readings that found nothing but what was applied: where the search for a culprit may begin the next time. */
  readonly clean: readonly CleanReading[];
}

/** What a reading of a site may be told. */
export interface DriftOptions {
  readonly only?: ReadonlySet<string>;
  readonly onProgress?: OnProgress;
  /** Messages of a syslog server that may name who did it. */
  readonly syslog?: SyslogMessages;
  /** Compares packet filters, so that a priority is proved; without it a changed filter counts as open. */
  readonly filters?: CompareFilters;
  /** What the night job remembers of clean readings. */
  readonly lastClean?: CleanReadings;
}

/** Reads a site's devices with read-only credentials and compares each three ways. A device that does not answer is
 *  named and the rest goes on (D8); one that was never pushed is `unadopted` and not drifting. */
export async function readSiteDrift(
  site: DeploySite,
  context: DeployContext,
  options: DriftOptions = {},
): Promise<SiteDrift> {
  const limit = limitTo(site.parallel);
  const devices = site.devices.filter((intent) => options.only?.has(intent.id) ?? true);
  const clean: CleanReading[] = [];
  const drifts = await Promise.all(
    devices.map((intent) =>
      limit(async () => {
        options.onProgress?.({ device: intent.id, phase: "read", status: "start", text: "reading" });
        const drift = await readDeviceDrift(intent, context, {
          heard: heard(site, intent, options.syslog),
          filters: options.filters,
          lastClean: options.lastClean?.get(intent.asset),
          onClean: (reading) => clean.push(reading),
        });
        const status = drift.state === "unreachable" ? "failed" : "done";
        options.onProgress?.({ device: intent.id, phase: "read", status, text: drift.state });
        return drift;
      }),
    ),
  );
  return { site: site.id, devices: drifts, findings: [], clean };
}

/** True where a person has to look: running is not what we left. */
export function isIncident(item: Pick<ReportedItem, "state">): boolean {
  return item.state !== "pending" && item.state !== "adopted";
}

async function readDeviceDrift(
  intent: DeviceIntent,
  context: DeployContext,
  helps: Helps,
): Promise<DeviceDrift> {
  const driver = context.drivers(intent.platform);
  if (driver?.level !== "full") return unreachable(intent, `no driver reads platform ${intent.platform}`);
  try {
    const receipt = await context.stores.receipts.last(intent.asset);
    if (receipt === undefined) return { device: intent.id, state: "unadopted", items: [] };
    const applied = await context.stores.archive.redacted(receipt.archived);
    if (applied === undefined) {
      return unreachable(
        intent,
        `the archive lost what was applied on ${receipt.at}; apply again to renew it`,
      );
    }
    return await compareDevice({ intent, driver, receipt, applied, ...helps }, context);
  } catch (error) {
    return unreachable(intent, explainFailure(error).reason);
  }
}

/** A device to compare, with all that is known before it is read. */
interface Comparing extends Helps {
  readonly intent: DeviceIntent;
  readonly driver: FullDriver;
  readonly receipt: Receipt;
  /** Redacted text of what was last applied. */
  readonly applied: string;
}

/** What helps to judge a drift. */
interface Helps {
  readonly heard: Heard;
  readonly filters: CompareFilters | undefined;
  readonly lastClean: CleanReading | undefined;
  readonly onClean: (reading: CleanReading) => void;
}

/** Finds what a syslog server heard of a device; asked only where there is drift. */
type Heard = (driver: FullDriver) => Evidence | undefined;

function heard(site: DeploySite, intent: DeviceIntent, syslog: SyslogMessages | undefined): Heard {
  return (driver) => syslog && heardOf(driver, intent, syslog, site.timezone);
}

async function compareDevice(comparing: Comparing, context: DeployContext): Promise<DeviceDrift> {
  const { intent, driver, receipt, applied } = comparing;
  const startedMs = context.now().getTime();
  const running = await readDevice(intent, driver, receipt, context);
  const { config, scope } = renderDevice(driver, intent).rendered;
  const now = driver.redact(running.text);
  const { items, unsaved } = joinUnsaved(
    driftItems(driver, { intended: config, applied, running: now, scope, saved: running.saved }),
  );
  const effects = effectsOf(items, comparing, now);
  if (!items.some(isIncident)) comparing.onClean(cleanReading(comparing, running, startedMs));
  const who = await whoDidIt(items, Date.parse(running.readAt), comparing, context);
  return {
    device: intent.id,
    state: items.length === 0 ? "clean" : "drift",
    items: items.map((item, index) => ({
      ...item,
      ...(who[index] ?? NOBODY_KNOWN),
      ...priorityOf(intent, item, effects[index]),
      unsaved: unsaved && isIncident(item),
      incident: undefined,
      adopted: undefined,
    })),
  };
}

function cleanReading({ intent, receipt }: Comparing, running: RunningState, atMs: number): CleanReading {
  const saved = running.saved === "same";
  const site = `${intent.client}/${intent.site}`;
  return { asset: intent.asset, site, atMs, receipt: receipt.id, applied: receipt.archived, saved };
}

/** That nobody saved is part of what was changed, told with it; it stands alone where nothing else differs. */
function joinUnsaved(items: readonly DriftItem[]): {
  readonly items: readonly DriftItem[];
  readonly unsaved: boolean;
} {
  const others = items.filter((item) => item.kind !== "unsaved");
  const unsaved = others.length < items.length && others.some(isIncident);
  return { items: unsaved ? others : items, unsaved };
}

/** What each item does to packets; undefined where it is about something else, or is work of ours. */
function effectsOf(
  items: readonly DriftItem[],
  { intent, driver, applied, filters }: Comparing,
  running: string,
): readonly (ItemEffect | undefined)[] {
  const asked = (item: DriftItem): boolean => isIncident(item) && isAboutFilters(item);
  if (!items.some(asked)) return [];
  const drift = filters?.({ intent, driver }, applied, running);
  const changed = items.filter(isIncident);
  return items.map((item) => (asked(item) ? effectOf(item, changed, drift) : undefined));
}

/** Asks the device and the syslog who made the changes; work of ours that waits was made by nobody. */
async function whoDidIt(
  items: readonly DriftItem[],
  firstSeenMs: number,
  comparing: Comparing,
  context: DeployContext,
): Promise<readonly Attribution[]> {
  if (!items.some(isIncident)) return [];
  const { intent, driver, receipt, heard } = comparing;
  const sources = [await askDevice({ intent, driver, receipt }, context), heard(driver)];
  const { user, readOnly } = intent.management;
  const own = { users: new Set([user, ...(readOnly ? [readOnly.user] : [])]) };
  const known = sources.flatMap((source) => source ?? []);
  const good = await lastGood(comparing, firstSeenMs, context);
  const found = items.flatMap((item) => {
    const lastGoodMs = item.kind === "unsaved" ? good.savedMs : good.cleanMs;
    return attributeAll([item], { lastGoodMs, firstSeenMs }, known, own);
  });
  return items.map((item, index) => (isIncident(item) && found[index]) || NOBODY_KNOWN);
}

/** When the device was last known to run what was applied, and to have it saved: at its push, or at a later reading that
 *  found it so. The archive keeps what ran when it changed, and not whether it was saved; a time that is still to come
 *  was told by a wrong clock. */
async function lastGood(
  { receipt, lastClean }: Comparing,
  nowMs: number,
  { stores }: DeployContext,
): Promise<{ readonly cleanMs: number; readonly savedMs: number }> {
  const pushedMs = Date.parse(receipt.at);
  const archived = (await stores.archive.entries(receipt.asset))
    .filter((entry) => entry.redacted === receipt.archived)
    .map((entry) => Date.parse(entry.at));
  const read = cleanSince(lastClean, receipt, nowMs) ?? pushedMs;
  const before = [...archived, read].filter((atMs) => atMs <= nowMs);
  return {
    cleanMs: Math.max(pushedMs, ...before),
    savedMs: lastClean?.saved === true ? Math.max(pushedMs, read) : pushedMs,
  };
}

function unreachable(intent: DeviceIntent, reason: string): DeviceDrift {
  return { device: intent.id, state: "unreachable", items: [], reason };
}
