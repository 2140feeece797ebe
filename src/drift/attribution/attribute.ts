import type { EvidenceRecord } from "../../drivers/evidence.ts";
import type { Culprit } from "../items.ts";
import { cleanAddress, cleanLine, cleanName } from "./clean.ts";
import { type ChangedThing, makesChange } from "./match.ts";
import { type Stay, staysOf } from "./sessions.ts";

/** Between when and when a device was changed, by our clock, milliseconds since 1970. */
export interface Interval {
  readonly lastGoodMs: number;
  readonly firstSeenMs: number;
}

/** What one source knows: a device's own log, or a syslog file. */
export interface Evidence {
  readonly records: readonly EvidenceRecord[];
  /** How far the clock that wrote the records is ahead of ours, milliseconds. */
  readonly skewMs: number;
  /** Whether the skew was measured, and not taken to be none. */
  readonly measured: boolean;
}

/** The login of the job that reads: its own stays are no culprit. */
export interface OwnLogin {
  readonly users: ReadonlySet<string>;
}

/** Who made a change, as far as the evidence goes. */
export interface Attribution {
  readonly by: Culprit;
  /** ISO time by our clock. */
  readonly at: string | undefined;
  readonly from: string | undefined;
  /** The lines that it rests on, printable, and what is to be known of their clock. */
  readonly evidence: string | undefined;
}

/** Where there is no evidence at all. */
export const NOBODY_KNOWN: Attribution = {
  by: { name: undefined, confidence: "unknown" },
  at: undefined,
  from: undefined,
  evidence: undefined,
};

/** Logs that count whole seconds put a change up to a second before it was. */
const WHOLE_SECOND_MS = 1_000;
/** A difference that whole seconds and the way to the device explain. */
const WORTH_SAYING_MS = 2_000;
const MAX_LINES = 6;

/** What is known of a device within the interval, records by our clock. */
interface Known {
  readonly inside: readonly EvidenceRecord[];
  readonly all: readonly EvidenceRecord[];
  readonly stays: readonly Stay[];
  readonly own: OwnLogin;
  readonly note: string | undefined;
}

/** Finds who made each change. `named`: the log holds the very command, typed by one person alone. `session`: one
 *  person alone was there. Everything else is `unknown`: two people at once are never one culprit. */
export function attributeAll(
  items: readonly ChangedThing[],
  interval: Interval,
  sources: readonly Evidence[],
  own: OwnLogin,
): readonly Attribution[] {
  const known = knownOf(interval, sources, own);
  return items.map((item) => attribute(item, known));
}

function knownOf(interval: Interval, sources: readonly Evidence[], own: OwnLogin): Known {
  const all = sources
    .flatMap(({ records, skewMs }) =>
      records.map((one) => (one.atMs === undefined ? one : { ...one, atMs: one.atMs - skewMs })),
    )
    .filter((one) => !isOurs(one, own));
  const from = interval.lastGoodMs - WHOLE_SECOND_MS;
  const to = interval.firstSeenMs + WHOLE_SECOND_MS;
  const inside = all.filter((one) => {
    if (one.atMs === undefined) return false;
    // Our own push ended just before the interval began: only what is surely later is somebody else's.
    const start = own.users.has(one.who) ? interval.lastGoodMs : from;
    return one.atMs >= start && one.atMs <= to;
  });
  const stays = staysOf(all).filter((stay) => stay.startMs <= to && stay.endMs >= from);
  return { inside, all, stays, own, note: clockNote(sources) };
}

/** How this program runs its scripts on Linux: what its own login did that way was the program. */
const OUR_SHELL = /(?:^|\/)env LC_ALL=C sh -s$/;

function isOurs(one: EvidenceRecord, own: OwnLogin): boolean {
  return own.users.has(one.who) && one.means === "sudo" && OUR_SHELL.test(one.command ?? "");
}

function clockNote(sources: readonly Evidence[]): string | undefined {
  const told = sources.filter((source) => source.records.length > 0);
  const off = told.find((source) => Math.abs(source.skewMs) > WORTH_SAYING_MS);
  if (off) {
    const seconds = Math.round(Math.abs(off.skewMs) / 1000);
    return `its clock is ${seconds} s ${off.skewMs > 0 ? "ahead of" : "behind"} ours; times are corrected`;
  }
  return told.some((source) => !source.measured)
    ? "the clock of these lines could not be compared with ours"
    : undefined;
}

function attribute(item: ChangedThing, known: Known): Attribution {
  const makers = item.kind === "unsaved" ? [] : makersOf(item, known);
  if (makers.length > 0) return ofMakers(makers, known);
  return ofPresence(known);
}

/** A command that made the change, and the record that says when. */
interface Maker {
  readonly entry: EvidenceRecord;
  readonly when: EvidenceRecord;
}

function makersOf(item: ChangedThing, known: Known): readonly Maker[] {
  const makers: Maker[] = [];
  const typed = new Map<string, EvidenceRecord[]>();
  for (const entry of known.all) {
    if (entry.kind !== "command") continue;
    const key = `${entry.who}\u0000${entry.means}`;
    const before = typed.get(key) ?? [];
    if (makesChange(entry, before, item)) {
      const when =
        entry.atMs === undefined ? timeless(entry, known) : known.inside.includes(entry) ? entry : undefined;
      if (when) makers.push({ entry, when });
    }
    before.push(entry);
    typed.set(key, before);
  }
  return makers;
}

/** A configuration log without times counts only where another line says when that person configured. */
function timeless(entry: EvidenceRecord, known: Known): EvidenceRecord | undefined {
  const changes = known.inside.filter((one) => one.kind === "change" && one.who === entry.who);
  return changes.findLast((one) => one.means === entry.means) ?? changes.at(-1);
}

function ofMakers(makers: readonly Maker[], known: Known): Attribution {
  const lines = makers.flatMap(({ entry, when }) =>
    entry === when ? [entry.line] : [entry.line, when.line],
  );
  const people = new Set(makers.map(({ entry }) => entry.who));
  const last = makers.at(-1);
  const name = people.size === 1 ? cleanName(last?.entry.who ?? "") : undefined;
  if (name === undefined || last === undefined) return unknown(lines, known.note);
  const addresses = makers.flatMap(
    ({ entry, when }) => entry.from ?? when.from ?? addressOf(entry.who, when.atMs, known) ?? [],
  );
  const from = new Set(addresses).size === 1 ? cleanAddress(addresses[0]) : undefined;
  const stay = known.stays.find((one) => one.who === last.entry.who && one.from === from);
  const shown =
    stay && last.entry.from === undefined && last.when.from === undefined ? [...lines, stay.line] : lines;
  return {
    by: { name, confidence: "named" },
    at: iso(last.when.atMs),
    from,
    evidence: told(shown, known.note),
  };
}

/** From where somebody worked at a time: the only address of theirs that was logged in then. */
function addressOf(who: string, atMs: number | undefined, known: Known): string | undefined {
  if (atMs === undefined) return undefined;
  const there = known.stays.filter(
    (stay) =>
      stay.who === who && stay.startMs <= atMs + WHOLE_SECOND_MS && stay.endMs >= atMs - WHOLE_SECOND_MS,
  );
  const addresses = new Set(there.map((stay) => stay.from));
  return addresses.size === 1 ? there[0]?.from : undefined;
}

function ofPresence(known: Known): Attribution {
  const acts = known.inside.filter((one) => one.kind === "change" || one.kind === "command");
  const active = new Set(acts.map((one) => one.who));
  // The job's own login only reads; where it did more, a person used it.
  const stays = known.stays.filter((stay) => !known.own.users.has(stay.who) || active.has(stay.who));
  const lines = [...acts.map((one) => one.line), ...stays.map((stay) => stay.line)];
  if (lines.length === 0) return NOBODY_KNOWN;
  const people = new Set([...active, ...stays.map((stay) => stay.who)]);
  const places = new Set([...acts, ...stays].flatMap(({ from }) => cleanAddress(from) ?? []));
  const [who = ""] = people;
  const name = people.size === 1 && places.size <= 1 ? cleanName(who) : undefined;
  if (name === undefined) return unknown(lines, known.note);
  const [from] = places;
  const at =
    acts.at(-1)?.atMs ??
    stays
      .map((stay) => stay.startMs)
      .filter(Number.isFinite)
      .at(-1);
  return { by: { name, confidence: "session" }, at: iso(at), from, evidence: told(lines, known.note) };
}

function unknown(lines: readonly string[], note: string | undefined): Attribution {
  return { ...NOBODY_KNOWN, evidence: told(lines, note) };
}

function told(lines: readonly string[], note: string | undefined): string {
  const different = [...new Set(lines.map(cleanLine))];
  const shown = different.slice(-MAX_LINES);
  const left = different.length - shown.length;
  return [
    ...(left > 0 ? [`(${left} lines before)`] : []),
    ...shown,
    ...(note === undefined ? [] : [note]),
  ].join("\n");
}

function iso(atMs: number | undefined): string | undefined {
  if (atMs === undefined || !Number.isFinite(atMs) || Math.abs(atMs) > 8e15) return undefined;
  return new Date(atMs).toISOString();
}
