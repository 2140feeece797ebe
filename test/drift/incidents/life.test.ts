import { describe, expect, it } from "vitest";
import { incidentId } from "../../../src/drift/incidents/identity.ts";
import { advance } from "../../../src/drift/incidents/life.ts";
import { applyReadings, type DeviceReading, tickAll } from "../../../src/drift/incidents/readings.ts";
import type { Incident, IncidentEvent, Notice } from "../../../src/drift/incidents/types.ts";
import { DAY, facts, HOUR, iso, portDrift, RULES, read, START, unreadable } from "./cases.ts";

/** A ledger of incidents, night after night. */
class Ledger {
  incidents = new Map<string, Incident>();
  notices: Notice[] = [];
  runs = 0;

  night(at: number, ...readings: readonly DeviceReading[]): string[] {
    this.runs += 1;
    return this.#take(
      applyReadings(
        [...this.incidents.values()],
        readings,
        { id: `run-${this.runs}`, at: iso(at) },
        () => RULES,
      ),
    );
  }

  tick(at: number): string[] {
    return this.#take(tickAll([...this.incidents.values()], iso(at), () => RULES));
  }

  hand(event: IncidentEvent): string[] {
    const step = advance(this.only(), event, RULES);
    return this.#take({ changed: step.incident ? [step.incident] : [], dropped: [], notices: step.notices });
  }

  only(): Incident {
    const [incident] = this.incidents.values();
    if (incident === undefined || this.incidents.size > 1)
      throw new Error(`${this.incidents.size} incidents`);
    return incident;
  }

  #take(changes: ReturnType<typeof applyReadings>): string[] {
    for (const incident of changes.changed) this.incidents.set(incident.id, incident);
    for (const id of changes.dropped) this.incidents.delete(id);
    this.notices.push(...changes.notices);
    return changes.notices.map((notice) => notice.kind);
  }
}

const drifting = () => read("sw-1", portDrift("Gi1/0/1"));
const clean = () => read("sw-1");

describe("an incident's life", () => {
  it("is opened once, and told once, however many nights see it", () => {
    const ledger = new Ledger();
    expect(ledger.night(START, drifting())).toEqual(["opened"]);
    expect(ledger.night(START + HOUR, drifting())).toEqual([]);
    expect(ledger.night(START + 2 * HOUR, drifting())).toEqual([]);
    expect(ledger.only()).toMatchObject({ state: "open", sightings: 3, opened: 1, firstSeenAt: iso(START) });
  });

  it("closes by itself when the drift is gone, and is told", () => {
    const ledger = new Ledger();
    ledger.night(START, drifting());
    expect(ledger.night(START + DAY, clean())).toEqual(["closed"]);
    expect(ledger.night(START + 2 * DAY, clean())).toEqual([]);
    expect(ledger.only()).toMatchObject({ state: "closed", closedAt: iso(START + DAY) });
  });

  it("keeps its id when it comes back, on another night and after a rename", () => {
    const ledger = new Ledger();
    ledger.night(START, drifting());
    const { id } = ledger.only();
    ledger.night(START + DAY, clean());
    expect(ledger.night(START + 2 * DAY, { ...drifting(), device: "acme/hq/renamed" })).toEqual(["reopened"]);
    expect(ledger.only()).toMatchObject({ id, opened: 2, device: "acme/hq/renamed", state: "open" });
    expect(id).toMatch(/^INC-[0-9a-f]{12}$/);
  });

  it("becomes a problem at its third opening in thirty days, and says so in place of reopened", () => {
    const ledger = new Ledger();
    for (const day of [0, 2]) {
      ledger.night(START + day * DAY, drifting());
      ledger.night(START + (day + 1) * DAY, clean());
    }
    expect(ledger.night(START + 4 * DAY, drifting())).toEqual(["problem"]);
    expect(ledger.only().problem?.id).toBe(ledger.only().id.replace("INC", "PRB"));
    ledger.night(START + 5 * DAY, clean());
    expect(ledger.night(START + 6 * DAY, drifting())).toEqual(["reopened"]);
  });

  it("does not call three openings over a year a problem", () => {
    const ledger = new Ledger();
    for (const day of [0, 120, 240]) {
      ledger.night(START + day * DAY, drifting());
      ledger.night(START + (day + 1) * DAY, clean());
    }
    expect(ledger.only().problem).toBeNull();
  });

  it("escalates once when nobody answers, and once more when it stays open too long", () => {
    const ledger = new Ledger();
    ledger.night(START, drifting());
    expect(ledger.tick(START + 4 * HOUR - 1)).toEqual([]);
    expect(ledger.tick(START + 4 * HOUR)).toEqual(["respond-overdue"]);
    expect(ledger.tick(START + 5 * HOUR)).toEqual([]);
    expect(ledger.tick(START + 72 * HOUR)).toEqual(["resolve-overdue"]);
    expect(ledger.tick(START + 99 * HOUR)).toEqual([]);
  });

  it("is answered by an acknowledgement: only the target for its end still runs", () => {
    const ledger = new Ledger();
    ledger.night(START, drifting());
    ledger.hand({ kind: "acknowledge", at: iso(START + HOUR), who: "li.wei", note: "known" });
    expect(ledger.tick(START + 10 * HOUR)).toEqual([]);
    expect(ledger.tick(START + 73 * HOUR)).toEqual(["resolve-overdue"]);
    expect(ledger.only()).toMatchObject({
      state: "acknowledged",
      acknowledged: { by: "li.wei", note: "known" },
    });
  });

  it("sleeps until its snooze ends, then is told again", () => {
    const ledger = new Ledger();
    ledger.night(START, drifting());
    const until = iso(START + 2 * DAY);
    ledger.hand({ kind: "snooze", at: iso(START), who: "li.wei", until, note: null });
    expect(ledger.night(START + DAY, drifting())).toEqual([]);
    expect(ledger.night(START + 2 * DAY, drifting())).toEqual(["woken"]);
    expect(ledger.only()).toMatchObject({ state: "open", snooze: null });
  });

  it("refuses a snooze that ends before it begins", () => {
    const ledger = new Ledger();
    ledger.night(START, drifting());
    ledger.hand({ kind: "snooze", at: iso(START), who: "x", until: iso(START - 1), note: null });
    expect(ledger.only().state).toBe("open");
  });

  it.each(["acknowledge", "snooze"] as const)(
    "does not let an %s hide the next edit of the same line",
    (kind) => {
      const ledger = new Ledger();
      ledger.night(START, drifting());
      ledger.hand({ kind, at: iso(START), who: "li.wei", until: iso(START + 9 * DAY), note: null });
      const other = read("sw-1", portDrift("Gi1/0/1", "switchport access vlan 99"));
      expect(ledger.night(START + HOUR, other)).toEqual(["changed"]);
      expect(ledger.only().state).toBe("open");
    },
  );

  it("remembers who made an edit after the device's log has rolled over, and does not blame them for the next edit", () => {
    const ledger = new Ledger();
    const named = {
      ...facts("vlan 20"),
      by: { name: "mallory", confidence: "named" } as const,
      evidence: "log 1",
    };
    const sighting = (running: typeof named | ReturnType<typeof facts>) =>
      read("sw-1", { ...portDrift("Gi1/0/1"), facts: running });
    ledger.night(START, sighting(named));
    ledger.night(START + HOUR, sighting(facts("vlan 20")));
    expect(ledger.only().facts).toMatchObject({ by: { name: "mallory" }, evidence: "log 1" });
    ledger.night(START + 2 * HOUR, sighting(facts("vlan 30")));
    expect(ledger.only().facts.by).toEqual({ name: undefined, confidence: "unknown" });
  });

  it("opens again when it became more urgent", () => {
    const ledger = new Ledger();
    ledger.night(START, drifting());
    ledger.hand({ kind: "acknowledge", at: iso(START), who: "li.wei", note: null });
    const worse = { ...portDrift("Gi1/0/1"), facts: facts("switchport access vlan 20", "P1") };
    expect(ledger.night(START + 60_000, read("sw-1", worse))).toEqual(["changed"]);
  });

  it("counts a run once, even if it is recorded twice", () => {
    const ledger = new Ledger();
    ledger.night(START, drifting());
    ledger.runs -= 1;
    expect(ledger.night(START + 1, drifting())).toEqual([]);
    expect(ledger.only().sightings).toBe(1);
  });

  it("leaves the drift of a device that was not read, or not asked, as it is", () => {
    const ledger = new Ledger();
    ledger.night(START, drifting());
    ledger.night(START + HOUR, { ...clean(), outcome: "unknown" });
    ledger.night(START + 2 * HOUR);
    expect(ledger.only().state).toBe("open");
    ledger.night(START + 3 * HOUR, unreadable("sw-1"));
    expect([...ledger.incidents.values()].map((one) => one.state).sort()).toEqual(["open", "watched"]);
  });
});

describe("a device that cannot be read", () => {
  it("is an incident after three nights in a row, not after three tries of one night", () => {
    const ledger = new Ledger();
    for (const hour of [0, 1, 2, 3])
      expect(ledger.night(START + hour * HOUR, unreadable("sw-1"))).toEqual([]);
    expect(ledger.night(START + DAY, unreadable("sw-1"))).toEqual([]);
    expect(ledger.night(START + 2 * DAY, unreadable("sw-1"))).toEqual(["opened"]);
    expect(ledger.night(START + 3 * DAY, clean())).toEqual(["closed"]);
  });

  it("starts counting anew once it was read", () => {
    const ledger = new Ledger();
    ledger.night(START, unreadable("sw-1"));
    ledger.night(START + DAY, unreadable("sw-1"));
    ledger.night(START + 2 * DAY, clean());
    expect(ledger.incidents.size).toBe(0);
    expect(ledger.night(START + 3 * DAY, unreadable("sw-1"))).toEqual([]);
  });

  it("is watched again after it was closed, and keeps what it was before", () => {
    const ledger = new Ledger();
    for (const day of [0, 1, 2]) ledger.night(START + day * DAY, unreadable("sw-1"));
    ledger.night(START + 3 * DAY, clean());
    expect(ledger.night(START + 4 * DAY, unreadable("sw-1"))).toEqual([]);
    expect(ledger.only()).toMatchObject({ state: "watched", opened: 1 });
    expect(ledger.night(START + 5 * DAY, clean())).toEqual([]);
    expect(ledger.only()).toMatchObject({ state: "closed", opened: 1 });
  });
});

describe("what makes two drifts one incident", () => {
  const subject = (change: "added" | "removed", ...path: readonly string[]) =>
    ({ kind: "drift", change, path }) as const;

  it.each([
    ["another asset", "sw-2", subject("added", "vlan 6")],
    ["another path", "sw-1", subject("added", "vlan 7")],
    ["another kind", "sw-1", subject("removed", "vlan 6")],
    ["a path cut elsewhere", "sw-1", subject("added", "vlan", "6")],
    ["an unreadable device", "sw-1", { kind: "unreadable" } as const],
  ])("%s is another incident", (_, asset, other) => {
    expect(incidentId(asset, other)).not.toBe(incidentId("sw-1", subject("added", "vlan 6")));
  });
});
