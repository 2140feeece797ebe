import type { AlertSettings } from "../../model/alert.ts";
import type { Incident, Notice } from "../incidents/types.ts";
import { type Words, wordsOf } from "./words.ts";

/** A message before any channel's spelling: plain lines. Text of devices stands in it as one line, without control
 *  characters, and still has to be escaped for the channel. */
export interface AlertMessage {
  readonly id: string;
  readonly title: string;
  /** The first line of each is its head. */
  readonly entries: readonly AlertEntry[];
  readonly footer: readonly string[];
}

export interface AlertEntry {
  readonly incident: string;
  readonly head: string;
  readonly lines: readonly string[];
}

const LONGEST_VALUE = 160;

/** Makes one message of the notices of a site.
 *  @param repeated - it may have arrived before, and says so */
export function alertMessage(
  id: string,
  site: string,
  notices: readonly Notice[],
  language: AlertSettings["language"],
  repeated: boolean,
): AlertMessage {
  const words = wordsOf(language);
  return {
    id,
    title: words.title(site, new Set(notices.map((notice) => notice.incident.id)).size),
    entries: notices.map((notice) => entryOf(notice, words)),
    footer: repeated ? [words.repeated, words.answer] : [words.answer],
  };
}

/** Cuts a message down until its spelling fits: first the details go, then the longest heads; each incident's id stays.
 *  @param spell - how the channel spells it
 *  @param fits - whether that is short enough */
export function fitMessage<T>(
  message: AlertMessage,
  spell: (message: AlertMessage) => T,
  fits: (spelled: T) => boolean,
): T {
  const heads = (most: number) =>
    message.entries.map((entry) => ({ ...entry, head: cut(entry.head, most), lines: [] }));
  const shorter: readonly AlertMessage[] = [
    message,
    { ...message, entries: message.entries.map((entry) => ({ ...entry, lines: entry.lines.slice(0, 2) })) },
    { ...message, entries: heads(200) },
    { ...message, entries: heads(80), footer: [] },
  ];
  for (const candidate of shorter) {
    const spelled = spell(candidate);
    if (fits(spelled)) return spelled;
  }
  const ids = message.entries.map((entry) => ({ ...entry, head: entry.incident, lines: [] }));
  return spell({ ...message, entries: ids, footer: [] });
}

/** One line of printable text: what a device put into it cannot break out of its line or turn its direction. */
export function plainLine(text: string): string {
  return text
    .replaceAll(/[\r\n\t\u2028\u2029]+/g, " ⏎ ")
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "");
}

function entryOf(notice: Notice, words: Words): AlertEntry {
  const { incident, kind } = notice;
  const { facts } = incident;
  const head = `${facts.priority} ${incident.id} ${words.kinds[kind]} · ${incident.device} · ${subjectOf(incident, words)}`;
  if (kind === "closed") return { incident: incident.id, head: plainLine(head), lines: [] };
  const lines: string[] = [];
  const isDrift = incident.subject.kind === "drift";
  if (isDrift && facts.running !== null) lines.push(`${words.running}: ${shown(facts.running)}`);
  if (isDrift && facts.applied !== null) lines.push(`${words.applied}: ${shown(facts.applied)}`);
  if (isDrift) lines.push(`${words.by}: ${shown(culpritOf(incident, words))}`);
  lines.push(`${words.why}: ${shown(facts.reason)}`);
  if (facts.witness !== undefined) lines.push(`${words.packet}: ${shown(facts.witness)}`);
  if (facts.unsaved) lines.push(words.unsaved);
  return { incident: incident.id, head: plainLine(head), lines };
}

function subjectOf(incident: Incident, words: Words): string {
  const { subject } = incident;
  if (subject.kind === "unreadable") return words.unreadable(incident.nights.length);
  return `${words.changes[subject.change]} ${shown(subject.path.join(" / "))}`;
}

function culpritOf(incident: Incident, words: Words): string {
  const { by, at, from } = incident.facts;
  const name = words.byNames(by.name, by.confidence);
  return [
    name,
    ...(at === null ? [] : [`${words.at} ${at}`]),
    ...(from === null ? [] : [`${words.from} ${from}`]),
  ].join(", ");
}

function shown(text: string): string {
  return cut(plainLine(text), LONGEST_VALUE);
}

function cut(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
}
