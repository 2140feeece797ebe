import type { LifeRules } from "../../../src/drift/incidents/life.ts";
import type { DeviceReading, Sighting } from "../../../src/drift/incidents/readings.ts";
import { openCalendar } from "../../../src/drift/incidents/service-time.ts";
import type { Facts } from "../../../src/drift/incidents/types.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const START = Date.parse("2026-03-02T02:00:00.000Z");

export const RULES: LifeRules = {
  calendar: openCalendar("24x7", "Asia/Shanghai"),
  targets: {
    P1: { respondMs: HOUR / 4, resolveMs: 4 * HOUR },
    P2: { respondMs: HOUR / 2, resolveMs: 8 * HOUR },
    P3: { respondMs: 4 * HOUR, resolveMs: 72 * HOUR },
    P4: { respondMs: 24 * HOUR, resolveMs: 240 * HOUR },
  },
  unreadableNights: 3,
  problem: { openings: 3, withinMs: 30 * DAY },
};

export function facts(running: string, priority: Facts["priority"] = "P3"): Facts {
  return {
    priority,
    reason: "connectivity changed; access switch",
    applied: "switchport access vlan 10",
    running,
    intended: "switchport access vlan 10",
    by: { name: undefined, confidence: "unknown" },
    at: null,
    from: null,
    evidence: null,
  };
}

export function portDrift(port: string, running = "switchport access vlan 20"): Sighting {
  return {
    subject: { kind: "drift", path: [`interface ${port}`, "switchport access vlan"], change: "changed" },
    facts: facts(running),
  };
}

export function read(asset: string, ...sightings: readonly Sighting[]): DeviceReading {
  return { site: "acme/hq", device: `acme/hq/${asset}`, asset, outcome: "read", sightings };
}

export function unreadable(asset: string): DeviceReading {
  const sighting = { subject: { kind: "unreadable" } as const, facts: facts("timed out", "P2") };
  return { site: "acme/hq", device: `acme/hq/${asset}`, asset, outcome: "unreadable", sightings: [sighting] };
}

export const iso = (ms: number): string => new Date(ms).toISOString();
