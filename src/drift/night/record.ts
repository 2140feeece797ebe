import type { DeviceIntent } from "../../model/intent.ts";
import { incidentId } from "../incidents/identity.ts";
import { advance, begin } from "../incidents/life.ts";
import { applyReadings, type DeviceReading, type Sighting } from "../incidents/readings.ts";
import type { Facts, Notice, Subject } from "../incidents/types.ts";
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
  const intents = new Map(options.devices.map((device) => [device.id, device]));
  const readings = drifts.flatMap((drift) =>
    drift.devices.flatMap((device) => {
      const intent = intents.get(device.device);
      return intent ? readingOf(drift.site, device, intent) : [];
    }),
  );
  const sites = drifts.map((drift) => drift.site);
  const { notices, changed } = await options.store.change(sites, options.now.getTime(), (known) => {
    const run = { id: options.run, at: options.now.toISOString() };
    const changes = applyReadings(known, readings, run, rulesFrom(options.settingsOf));
    return { ...changes, outbox: owedFor(changes.notices, options.settingsOf) };
  });
  const branches = new Map(
    changed.flatMap(({ id, adopted }) => (adopted === undefined ? [] : [[id, adopted.branch] as const])),
  );
  return { drifts: drifts.map((drift) => named(drift, intents, branches)), notices };
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

function named(
  drift: SiteDrift,
  intents: ReadonlyMap<string, DeviceIntent>,
  branches: ReadonlyMap<string, string>,
): SiteDrift {
  return {
    ...drift,
    devices: drift.devices.map((device) => {
      const asset = intents.get(device.device)?.asset;
      if (asset === undefined) return device;
      const items = device.items.map((item) => {
        if (!isIncident(item)) return item;
        const incident = incidentId(asset, subjectOf(item));
        const adopted = branches.get(incident);
        return adopted === undefined
          ? { ...item, incident }
          : { ...item, incident, state: "adopted" as const, adopted };
      });
      return { ...device, items };
    }),
  };
}

function shortened(text: string | undefined): string | null {
  if (text === undefined) return null;
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}
