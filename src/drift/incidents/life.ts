import type { AlertSettings } from "../../model/alert.ts";
import { PRIORITIES } from "../../model/alert.ts";
import { problemId, seenDigest } from "./identity.ts";
import type { ServiceCalendar } from "./service-time.ts";
import type { Facts, HistoryLine, Incident, IncidentEvent, Notice, NoticeKind, Subject } from "./types.ts";

/** What the life of a site's incidents goes by. */
export interface LifeRules extends Pick<AlertSettings, "targets" | "unreadableNights" | "problem"> {
  readonly calendar: ServiceCalendar;
}

/** What an event made of an incident; `incident` is undefined where nothing is left to keep. */
export interface Step {
  readonly incident: Incident | undefined;
  readonly notices: readonly Notice[];
}

/** Who and what a new incident is about. */
export interface Birth {
  readonly id: string;
  readonly site: string;
  readonly device: string;
  readonly asset: string;
  readonly subject: Subject;
}

const KEPT_LINES = 50;
const KEPT_OPENINGS = 20;
const KEPT_NIGHTS = 31;

/** Begins an incident with its first sighting. An unreadable device is only watched until it was so for enough nights. */
export function begin(birth: Birth, event: IncidentEvent & { kind: "seen" }, rules: LifeRules): Step {
  const blank: Incident = {
    schemaVersion: 1,
    ...birth,
    state: "watched",
    facts: event.facts,
    seen: seenDigest(event.facts.running),
    sightings: 0,
    lastRun: null,
    firstSeenAt: event.at,
    lastSeenAt: event.at,
    openings: [],
    opened: 0,
    closedAt: null,
    nights: [],
    clock: { checkedAt: event.at, servedMs: 0 },
    escalated: "no",
    acknowledged: null,
    snooze: null,
    problem: null,
    history: [],
    notices: 0,
  };
  return advance(blank, event, rules);
}

/** Lets one event happen to an incident. Clocks may jump: time that ran backwards counts as none, a snooze never gets
 *  longer, and the same run is never counted twice. */
export function advance(before: Incident, event: IncidentEvent, rules: LifeRules): Step {
  const life = new Life(before, event.at, rules);
  life.runClock();
  switch (event.kind) {
    case "seen":
      life.see(event.run, event.facts, event.night);
      break;
    case "gone":
      if (before.state === "watched" && before.opened === 0) return { incident: undefined, notices: [] };
      life.vanish();
      break;
    case "acknowledge":
      life.acknowledge(event.who, event.note);
      break;
    case "snooze":
      life.snooze(event.who, event.until, event.note);
      break;
    case "adopt":
      life.adopt(event.who, event.branch);
      break;
    case "close":
      life.closeByHand(event.who, event.note);
      break;
    case "tick":
      break;
  }
  life.escalate();
  return life.result();
}

/** One step of a life; it never leaves this file. */
class Life {
  #now: Incident;
  readonly #at: string;
  readonly #rules: LifeRules;
  readonly #told: { readonly kind: NoticeKind; readonly number: number }[] = [];

  constructor(before: Incident, at: string, rules: LifeRules) {
    this.#now = before;
    this.#at = at;
    this.#rules = rules;
  }

  result(): Step {
    const incident = this.#now;
    const notices = this.#told.map(({ kind, number }) => ({
      id: `${incident.id}/${number}`,
      kind,
      at: this.#at,
      incident,
    }));
    return { incident, notices };
  }

  /** Adds up the time since the last look, and wakes what slept long enough. */
  runClock(): void {
    const { clock, snooze, state } = this.#now;
    const fromMs = Date.parse(clock.checkedAt);
    const toMs = Date.parse(this.#at);
    const running = state === "open" || state === "acknowledged";
    const served = running ? this.#rules.calendar.served(fromMs, toMs) : 0;
    this.#set({ clock: { checkedAt: this.#at, servedMs: clock.servedMs + served } });
    if (state !== "snoozed" || snooze === null) return;
    const leftMs = snooze.leftMs - Math.max(0, toMs - fromMs);
    if (leftMs > 0 && toMs < Date.parse(snooze.until)) {
      this.#set({ snooze: { ...snooze, leftMs } });
      return;
    }
    this.#set({ state: "open", snooze: null });
    this.#tell("woken");
  }

  see(run: string, facts: Facts, night: string): void {
    const before = this.#now;
    if (before.lastRun === run) return;
    const nights = before.nights.includes(night) ? before.nights : [...before.nights, night];
    const unreadable = before.subject.kind === "unreadable";
    const seen = seenDigest(facts.running);
    const sameEdit = before.sightings > 0 && before.state !== "closed" && before.seen === seen;
    this.#set({
      facts: sameEdit ? withBestCulprit(before.facts, facts) : facts,
      seen,
      lastRun: run,
      lastSeenAt: this.#at,
      sightings: before.sightings + 1,
      nights: unreadable ? nights.slice(-KEPT_NIGHTS) : [],
    });
    if (before.state === "watched" || before.state === "closed") this.#openIfDue(before, nights.length);
    else if (!unreadable && isOtherEdit(before, this.#now)) this.#changeUnder();
  }

  vanish(): void {
    const { state } = this.#now;
    if (state === "closed") return;
    this.#close();
    if (state !== "watched") this.#tell("closed");
  }

  acknowledge(who: string, note: string | null): void {
    if (this.#now.state === "closed" || this.#now.state === "watched") return;
    this.#set({ state: "acknowledged", snooze: null, acknowledged: { by: who, at: this.#at, note } });
    this.#note("acknowledged", who, note);
  }

  /** What is on a branch already is answered: nobody need be told of it again while it stays as it is. */
  adopt(who: string, branch: string): void {
    const answered = { by: who, at: this.#at, note: `adopted on branch ${branch}` };
    this.#set({
      state: "acknowledged",
      snooze: null,
      acknowledged: answered,
      adopted: { by: who, at: this.#at, branch },
    });
    this.#note("adopted", who, `branch ${branch}`);
  }

  snooze(who: string, until: string, note: string | null): void {
    const leftMs = Date.parse(until) - Date.parse(this.#at);
    if (this.#now.state === "closed" || this.#now.state === "watched" || leftMs <= 0) return;
    this.#set({ state: "snoozed", snooze: { by: who, until, leftMs, note } });
    this.#note("snoozed", who, note);
  }

  closeByHand(who: string, note: string | null): void {
    if (this.#now.state === "closed" || this.#now.state === "watched") return;
    this.#close();
    this.#note("closed-by-hand", who, note);
  }

  /** A person's answer stops the first target; only the end of the drift stops the second. */
  escalate(): void {
    const { state, clock, escalated, facts, acknowledged } = this.#now;
    if (state !== "open" && state !== "acknowledged") return;
    const target = this.#rules.targets[facts.priority];
    if (clock.servedMs >= target.resolveMs && escalated !== "resolve") {
      this.#set({ escalated: "resolve" });
      this.#tell("resolve-overdue");
      return;
    }
    if (acknowledged === null && clock.servedMs >= target.respondMs && escalated === "no") {
      this.#set({ escalated: "respond" });
      this.#tell("respond-overdue");
    }
  }

  #openIfDue(before: Incident, nights: number): void {
    if (before.subject.kind === "unreadable" && nights < this.#rules.unreadableNights) {
      if (before.sightings === 0 || before.state === "closed") this.#note("watched", null, null);
      this.#set({ state: "watched" });
      return;
    }
    const openings = [...before.openings, this.#at].slice(-KEPT_OPENINGS);
    this.#set({
      state: "open",
      openings,
      opened: before.opened + 1,
      closedAt: null,
      clock: { checkedAt: this.#at, servedMs: 0 },
      escalated: "no",
      acknowledged: null,
      snooze: null,
    });
    if (before.problem === null && this.#recurs(openings)) {
      this.#set({ problem: { id: problemId(before.id), since: this.#at } });
      this.#tell("problem");
      return;
    }
    this.#tell(before.opened === 0 ? "opened" : "reopened");
  }

  /** Counts openings near now, also ahead of it: a clock that was set back must not hide them. */
  #recurs(openings: readonly string[]): boolean {
    const now = Date.parse(this.#at);
    const { openings: enough, withinMs } = this.#rules.problem;
    return openings.filter((at) => Math.abs(now - Date.parse(at)) <= withinMs).length >= enough;
  }

  /** Somebody changed it again: what was acknowledged or snoozed is not what runs now. */
  #changeUnder(): void {
    this.#forgetBranch();
    this.#set({ state: "open", snooze: null, acknowledged: null });
    this.#tell("changed");
  }

  #forgetBranch(): void {
    const { adopted: _, ...rest } = this.#now;
    this.#now = rest;
  }

  #close(): void {
    this.#forgetBranch();
    this.#set({ state: "closed", closedAt: this.#at, snooze: null, acknowledged: null, nights: [] });
  }

  #tell(kind: NoticeKind): void {
    const number = this.#now.notices + 1;
    this.#told.push({ kind, number });
    this.#set({ notices: number });
    this.#note(kind, null, null);
  }

  #note(what: HistoryLine["what"], who: string | null, note: string | null): void {
    const line = { at: this.#at, what, who, note };
    this.#set({ history: [...this.#now.history, line].slice(-KEPT_LINES) });
  }

  #set(part: Partial<Incident>): void {
    this.#now = { ...this.#now, ...part };
  }
}

const CONFIDENCE = ["unknown", "session", "named"] as const;

/** Logs of devices are short: what an earlier night learned of the same edit is not lost when they have rolled over. */
function withBestCulprit(before: Facts, now: Facts): Facts {
  const isWorse = CONFIDENCE.indexOf(now.by.confidence) < CONFIDENCE.indexOf(before.by.confidence);
  if (!isWorse) return now;
  const { by, at, from, evidence } = before;
  return { ...now, by, at, from, evidence };
}

function isOtherEdit(before: Incident, now: Incident): boolean {
  const worse = PRIORITIES.indexOf(now.facts.priority) < PRIORITIES.indexOf(before.facts.priority);
  return before.seen !== now.seen || worse;
}
