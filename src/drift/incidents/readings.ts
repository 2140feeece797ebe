import { incidentId } from "./identity.ts";
import { advance, begin, type LifeRules, type Step } from "./life.ts";
import type { Facts, Incident, Notice, Subject } from "./types.ts";

/** One thing found on a device. */
export interface Sighting {
  readonly subject: Subject;
  readonly facts: Facts;
}

/** What one run learned of one device. */
export interface DeviceReading {
  readonly site: string;
  readonly device: string;
  readonly asset: string;
  /** `read`: what is not in `sightings` is gone. `unreadable`: nothing is known of it but that. `unknown`: not even
   *  tried, or nothing to compare with; its incidents stay as they are. */
  readonly outcome: "read" | "unreadable" | "unknown";
  readonly sightings: readonly Sighting[];
}

/** What a run made of the incidents of some sites. */
export interface Changes {
  /** Incidents to keep as they are now. */
  readonly changed: readonly Incident[];
  /** Ids that need not be kept. */
  readonly dropped: readonly string[];
  readonly notices: readonly Notice[];
}

/** Lets a run's readings happen to the incidents that are known of these sites: what differs is opened or counted, what
 *  is gone is closed, and every other clock runs on.
 *  @param rulesOf - the rules of a site */
export function applyReadings(
  known: readonly Incident[],
  readings: readonly DeviceReading[],
  run: { readonly id: string; readonly at: string },
  rulesOf: (site: string) => LifeRules,
): Changes {
  const byId = new Map(known.map((incident) => [incident.id, incident]));
  const seen = new Map<string, Step>();
  const readDevices = new Set<string>();
  for (const reading of readings) {
    if (reading.outcome === "read") readDevices.add(reading.asset);
    const rules = rulesOf(reading.site);
    const night = rules.calendar.day(Date.parse(run.at));
    for (const { subject, facts } of reading.sightings) {
      const id = incidentId(reading.asset, subject);
      const event = { kind: "seen", run: run.id, at: run.at, facts, night } as const;
      const { site, device, asset } = reading;
      const before = byId.get(id);
      const step = before
        ? advance({ ...before, site, device }, event, rules)
        : begin({ id, site, device, asset, subject }, event, rules);
      seen.set(id, step);
    }
  }
  const steps = [...seen.values()];
  const dropped: string[] = [];
  for (const incident of known) {
    if (seen.has(incident.id) || incident.state === "closed") continue;
    const event = readDevices.has(incident.asset)
      ? ({ kind: "gone", run: run.id, at: run.at } as const)
      : ({ kind: "tick", at: run.at } as const);
    const step = advance(incident, event, rulesOf(incident.site));
    if (step.incident === undefined) dropped.push(incident.id);
    steps.push(step);
  }
  return {
    changed: steps.flatMap((step) => step.incident ?? []),
    dropped,
    notices: steps.flatMap((step) => step.notices),
  };
}

/** Lets the clocks of incidents run without a reading. */
export function tickAll(
  known: readonly Incident[],
  at: string,
  rulesOf: (site: string) => LifeRules,
): Changes {
  return applyReadings(known, [], { id: "", at }, rulesOf);
}
