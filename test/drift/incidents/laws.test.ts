import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance } from "../../../src/drift/incidents/life.ts";
import { applyReadings, type DeviceReading } from "../../../src/drift/incidents/readings.ts";
import { openCalendar } from "../../../src/drift/incidents/service-time.ts";
import type { Incident, IncidentEvent } from "../../../src/drift/incidents/types.ts";
import { DAY, HOUR, iso, portDrift, RULES, read, START, unreadable } from "./cases.ts";

/** One night: how far the clock moved (back as well), and what was found on one device. */
const night = fc.record({
  moveMs: fc.oneof(fc.integer({ min: -40 * DAY, max: 40 * DAY }), fc.constant(0), fc.constant(400_000 * DAY)),
  found: fc.constantFrom("drift", "other", "clean", "unreadable", "unasked", "again"),
});
type Night = { readonly moveMs: number; readonly found: string };

function readingsOf(found: string): DeviceReading[] {
  if (found === "drift" || found === "again") return [read("sw-1", portDrift("Gi1/0/1"))];
  if (found === "other") return [read("sw-1", portDrift("Gi1/0/1"), portDrift("Gi1/0/2"))];
  if (found === "clean") return [read("sw-1")];
  return found === "unreadable" ? [unreadable("sw-1")] : [];
}

function play(nights: readonly Night[]): {
  readonly told: string[];
  readonly kept: Map<string, Incident>;
  readonly sightings: number;
} {
  const kept = new Map<string, Incident>();
  const told: string[] = [];
  let at = START;
  let sightings = 0;
  nights.forEach(({ moveMs, found }, index) => {
    at = Math.min(Math.max(at + moveMs, 0), 8e15);
    const run = { id: `run-${index}`, at: iso(at) };
    // "again": the process died after the change was kept, and the same run is recorded once more.
    for (let time = 0; time < (found === "again" ? 2 : 1); time += 1) {
      const changes = applyReadings([...kept.values()], readingsOf(found), run, () => RULES);
      for (const incident of changes.changed) kept.set(incident.id, incident);
      for (const id of changes.dropped) kept.delete(id);
      told.push(...changes.notices.map((notice) => `${notice.id} ${notice.kind}`));
    }
    if (["drift", "other", "again"].includes(found)) sightings += 1;
  });
  return { told, kept, sightings };
}

const sequences = fc.array(night, { minLength: 1, maxLength: 25 });
const portOne = (kept: ReadonlyMap<string, Incident>) =>
  [...kept.values()].find(({ subject }) => subject.kind === "drift" && subject.path[0]?.endsWith("/1"));

describe("whatever the nights bring and wherever the clock jumps", () => {
  it("every notice has a name of its own", () => {
    fc.assert(
      fc.property(sequences, (nights) => {
        const names = play(nights).told.map((line) => line.split(" ")[0]);
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 200 },
    );
  });

  it("no sighting is lost and none counts twice", () => {
    fc.assert(
      fc.property(sequences, (nights) => {
        const { kept, sightings } = play(nights);
        expect(portOne(kept)?.sightings ?? 0).toBe(sightings);
      }),
      { numRuns: 200 },
    );
  });

  it("what drifts now is not closed, and what is clean now is", () => {
    fc.assert(
      fc.property(sequences, (nights) => {
        const { kept } = play(nights);
        const last = nights.findLast(({ found }) => found !== "unasked" && found !== "unreadable")?.found;
        const state = portOne(kept)?.state;
        if (last === "clean") expect([undefined, "closed"]).toContain(state);
        else if (last !== undefined) expect(state).toBe("open");
      }),
      { numRuns: 200 },
    );
  });

  it("openings and closings of one incident take turns, beginning with an opening", () => {
    fc.assert(
      fc.property(sequences, (nights) => {
        const turns = new Map<string, boolean>();
        for (const line of play(nights).told) {
          const [name = "", kind = ""] = line.split(" ");
          const id = name.split("/")[0] ?? "";
          if (["opened", "reopened", "problem"].includes(kind)) {
            expect(turns.get(id) ?? false).toBe(false);
            turns.set(id, true);
          } else if (kind === "closed") {
            expect(turns.get(id)).toBe(true);
            turns.set(id, false);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("an incident escalates at most twice an opening", () => {
    fc.assert(
      fc.property(sequences, (nights) => {
        const { told, kept } = play(nights);
        for (const incident of kept.values()) {
          const own = told.filter((line) => line.startsWith(`${incident.id}/`) && line.endsWith("overdue"));
          expect(own.length).toBeLessThanOrEqual(2 * incident.opened);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("an incident that is seen long enough escalates, though the clock went back in between", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 * DAY }), (backMs) => {
        const hours = Array.from({ length: 80 }, () => ({ moveMs: HOUR, found: "drift" }));
        const { told } = play([{ moveMs: 0, found: "drift" }, { moveMs: -backMs, found: "drift" }, ...hours]);
        expect(told.filter((line) => line.endsWith("resolve-overdue"))).toHaveLength(1);
      }),
      { numRuns: 30 },
    );
  });
});

describe("whatever people answer in between", () => {
  const answer = fc.record({
    moveMs: fc.integer({ min: -20 * DAY, max: 20 * DAY }),
    what: fc.constantFrom("acknowledge", "snooze", "close", "tick", "seen", "gone"),
    lastsMs: fc.integer({ min: -DAY, max: 9 * DAY }),
  });

  it("notices are counted without a gap, a snooze never gets longer, and what is seen is never closed", () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 30 }), (answers) => {
        const [first] = applyReadings(
          [],
          readingsOf("drift"),
          { id: "r", at: iso(START) },
          () => RULES,
        ).changed;
        if (first === undefined) throw new Error("nothing was opened");
        let incident = first;
        let at = START;
        answers.forEach(({ moveMs, what, lastsMs }, index) => {
          at += moveMs;
          const common = { at: iso(at), run: `run-${index}`, who: "li.wei", note: null };
          const event = {
            ...common,
            kind: what,
            until: iso(at + lastsMs),
            facts: first.facts,
            night: "n",
          } as IncidentEvent;
          const step = advance(incident, event, RULES);
          const now = step.incident ?? incident;
          expect(step.notices.map(({ id }) => id)).toEqual(
            step.notices.map((_, nth) => `${incident.id}/${incident.notices + nth + 1}`),
          );
          const slept = incident.snooze?.leftMs;
          if (slept !== undefined && what !== "snooze" && now.snooze)
            expect(now.snooze.leftMs).toBeLessThanOrEqual(slept);
          if (what === "seen") expect(["open", "acknowledged", "snoozed"]).toContain(now.state);
          if (what === "gone" || what === "close") expect(now.state).toBe("closed");
          incident = now;
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe("service time", () => {
  const shanghai = openCalendar("7x12", "Asia/Shanghai");
  const at = (text: string) => Date.parse(text);

  it.each([
    ["24x7", "2026-03-02T00:00:00Z", "2026-03-03T06:00:00Z", 30],
    ["7x12", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", 12],
    ["7x12", "2026-03-02T11:00:00Z", "2026-03-03T01:00:00Z", 2],
    ["5x8", "2026-03-06T08:00:00Z", "2026-03-09T02:00:00Z", 2],
    ["5x8", "2026-03-07T00:00:00Z", "2026-03-08T16:00:00Z", 0],
  ] as const)("%s in Shanghai from %s to %s is %d hours", (hours, from, to, expected) => {
    expect(openCalendar(hours, "Asia/Shanghai").served(at(from), at(to))).toBe(expected * HOUR);
  });

  it("does not run backwards, and adds up whichever way it is cut", () => {
    const moment = fc.integer({ min: START, max: START + 20 * DAY });
    fc.assert(
      fc.property(moment, moment, moment, (a, b, c) => {
        const [from = 0, cut = 0, to = 0] = [a, b, c].sort((x, y) => x - y);
        expect(shanghai.served(from, cut) + shanghai.served(cut, to)).toBe(shanghai.served(from, to));
        expect(shanghai.served(to, from)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("counts by the wall clock over a change to summer time", () => {
    const berlin = openCalendar("5x8", "Europe/Berlin");
    expect(berlin.served(at("2026-03-27T00:00:00Z"), at("2026-03-31T00:00:00Z"))).toBe(16 * HOUR);
    expect(berlin.served(at("2026-03-30T07:00:00Z"), at("2026-03-30T08:00:00Z"))).toBe(HOUR);
    expect(berlin.served(at("2026-03-27T07:00:00Z"), at("2026-03-27T08:00:00Z"))).toBe(0);
  });

  it("takes an unknown time zone as UTC", () => {
    expect(openCalendar("24x7", "Mars/Olympus").day(START)).toBe("2026-03-02");
  });
});
