import type { DeviceIntent } from "../../model/intent.ts";
import { incidentId } from "../incidents/identity.ts";
import { advance, begin } from "../incidents/life.ts";
import { applyReadings, type Changes, type DeviceReading, type Sighting } from "../incidents/readings.ts";
import type { Facts, Incident, Notice, Subject } from "../incidents/types.ts";
import { type DeviceDrift, isIncident, type ReportedItem, type SiteDrift } from "../read-drift.ts";
import type { NightStore } from "../store/night-store.ts";
import { owedFor, rulesFrom, type SettingsOf } from "./rules.ts";

/** What a run is recorded with. */
export interface RecordOptions {
  readonly store: NightStore;
  readonly settingsOf: SettingsOf;
  /** Every device of the sites, for its asset and its weight. */
  readonly devices: readonly DeviceIntent[];
  /** Names the run: what is recorded twice under one name counts once. */
  readonly run: string;
  readonly now: Date;
}

/** The drifts with their incidents, and what happened to these. */
export interface Recorded {
  readonly drifts: readonly SiteDrift[];
  readonly notices: readonly Notice[];
}

const LONGEST_TEXT = 4_000;

/** Lets a run's drifts happen to the incidents of their sites, and owes their messages, in one transaction. */
export async function recordRun(drifts: readonly SiteDrift[], options: RecordOptions): Promise<Recorded> {
  const { store, settingsOf, now } = options;
  const clean = drifts.flatMap((drift) => drift.clean);
  const sites = drifts.map((drift) => drift.site);
  const { notices, changed } = await store.change(sites, now.getTime(), (known) => {
    const changes = happen(drifts, known, options);
    return { ...changes, clean, outbox: owedFor(changes.notices, settingsOf) };
  });
  return { drifts: named(drifts, options.devices, changed), notices };
}

/** Names the incidents and branches of drifts by what is remembered, and keeps nothing. */
export function recallRun(
  drifts: readonly SiteDrift[],
  known: readonly Incident[],
  options: Omit<RecordOptions, "store">,
): readonly SiteDrift[] {
  const remembered = new Set(known.map((incident) => incident.id));
  const { changed } = happen(drifts, known, options);
  return named(
    drifts,
    options.devices,
    changed.filter((incident) => remembered.has(incident.id)),
    remembered,
  );
}

function happen(
  drifts: readonly SiteDrift[],
  known: readonly Incident[],
  { devices, run, now, settingsOf }: Omit<RecordOptions, "store">,
): Changes {
  const intents = byId(devices);
  const readings = drifts.flatMap((drift) =>
    drift.devices.flatMap((device) => {
      const intent = intents.get(device.device);
      return intent ? readingOf(drift.site, device, intent) : [];
    }),
  );
  return applyReadings(known, readings, { id: run, at: now.toISOString() }, rulesFrom(settingsOf));
}

function byId(devices: readonly DeviceIntent[]): ReadonlyMap<string, DeviceIntent> {
  return new Map(devices.map((device) => [device.id, device]));
}

function readingOf(site: string, device: DeviceDrift, intent: DeviceIntent): DeviceReading {
  const base = { site, device: device.device, asset: intent.asset };
  if (device.state === "unadopted") return { ...base, outcome: "unknown", sightings: [] };
  if (device.state === "unreachable") {
    return { ...base, outcome: "unreadable", sightings: [unreadable(intent, device.reason ?? "no answer")] };
  }
  const sightings = device.items
    .filter(isIncident)
    .map((item) => ({ subject: subjectOf(item), facts: factsOf(item) }));
  return { ...base, outcome: "read", sightings };
}

/** Remembers that items were taken into the inventory: until they are applied, or changed again, they are nobody's
 *  surprise. What no night had seen yet is opened by it, and told to nobody. */
export async function recordAdopted(
  items: readonly ReportedItem[],
  intent: DeviceIntent,
  by: { readonly who: string; readonly branch: string },
  { store, settingsOf, run, now }: Omit<RecordOptions, "devices">,
): Promise<void> {
  const site = `${intent.client}/${intent.site}`;
  const rules = rulesFrom(settingsOf)(site);
  const at = now.toISOString();
  const night = rules.calendar.day(now.getTime());
  await store.change([site], now.getTime(), (known) => {
    const changed = items.flatMap((item) => {
      const subject = subjectOf(item);
      const id = incidentId(intent.asset, subject);
      const event = { kind: "seen", run, at, facts: factsOf(item), night } as const;
      const before = known.find((incident) => incident.id === id);
      const birth = { id, site, device: intent.id, asset: intent.asset, subject };
      const seen = before ? advance(before, event, rules) : begin(birth, event, rules);
      return seen.incident
        ? (advance(seen.incident, { kind: "adopt", at, ...by }, rules).incident ?? [])
        : [];
    });
    return { changed, dropped: [], outbox: [] };
  });
}

function subjectOf(item: ReportedItem): Subject {
  return { kind: "drift", path: item.path, change: item.kind };
}

function factsOf(item: ReportedItem): Facts {
  return {
    priority: item.priority,
    reason: item.reason,
    applied: shortened(item.applied),
    running: shortened(item.running),
    intended: shortened(item.intended),
    by: item.by,
    at: item.at ?? null,
    from: item.from ?? null,
    evidence: item.evidence ?? null,
    ...(item.witness === undefined ? {} : { witness: item.witness }),
    ...(item.unsaved ? { unsaved: true as const } : {}),
  };
}

/** A device that nobody can look into weighs as much as what hangs on it. */
function unreadable(intent: DeviceIntent, reason: string): Sighting {
  const heavy = intent.kind !== "switch" || intent.role === "core";
  return {
    subject: { kind: "unreadable" },
    facts: {
      priority: heavy ? "P2" : "P3",
      reason,
      applied: null,
      running: null,
      intended: null,
      by: { name: undefined, confidence: "unknown" },
      at: null,
      from: null,
      evidence: null,
    },
  };
}

/** @param only - incidents that may be named; without it all, for all were kept just now */
function named(
  drifts: readonly SiteDrift[],
  devices: readonly DeviceIntent[],
  changed: readonly Incident[],
  only?: ReadonlySet<string>,
): readonly SiteDrift[] {
  const intents = byId(devices);
  const branches = new Map(
    changed.flatMap(({ id, adopted }) => (adopted === undefined ? [] : [[id, adopted.branch] as const])),
  );
  const nameOf = (item: ReportedItem, asset: string): ReportedItem => {
    if (!isIncident(item)) return item;
    const incident = incidentId(asset, subjectOf(item));
    if (only?.has(incident) === false) return item;
    const adopted = branches.get(incident);
    return adopted === undefined ? { ...item, incident } : { ...item, incident, state: "adopted", adopted };
  };
  return drifts.map((drift) => ({
    ...drift,
    devices: drift.devices.map((device) => {
      const asset = intents.get(device.device)?.asset;
      if (asset === undefined) return device;
      return { ...device, items: device.items.map((item) => nameOf(item, asset)) };
    }),
  }));
}

function shortened(text: string | undefined): string | null {
  if (text === undefined) return null;
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}
