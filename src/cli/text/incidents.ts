import { plainLine } from "../../drift/alerts/message.ts";
import { wordsOf } from "../../drift/alerts/words.ts";
import type { Incident, Notice } from "../../drift/incidents/types.ts";
import type { Printer } from "../print.ts";

/** What happened to an incident in this run, as the JSON has it. */
export function noticeLine(notice: Notice): Readonly<Record<string, string>> {
  const { incident, kind, at } = notice;
  return { incident: incident.id, site: incident.site, device: incident.device, kind, at };
}

/** Prints what happened to incidents in this run. */
export function printNotices(printer: Printer, notices: readonly Notice[]): void {
  const words = wordsOf("en");
  for (const { kind, incident } of notices) {
    const mark = kind === "closed" ? printer.style.green(incident.id) : printer.style.yellow(incident.id);
    printer.line(`  ${mark} ${words.kinds[kind]}: ${incident.device} ${subjectText(incident)}`);
  }
}

/** Prints incidents as a list, one line each. */
export function printIncidents(printer: Printer, incidents: readonly Incident[]): void {
  if (incidents.length === 0) printer.line("no incident wants attention");
  for (const incident of incidents) {
    const { facts, state, sightings } = incident;
    const problem = incident.problem === null ? "" : printer.style.red(` ${incident.problem.id}`);
    const seen = `seen ${sightings === 1 ? "once" : `${sightings} times`}, last ${incident.lastSeenAt}`;
    printer.line(
      `${facts.priority} ${printer.style.bold(incident.id)} ${state} ${incident.device} ${subjectText(incident)}${problem}`,
    );
    printer.line(printer.style.dim(`   ${seen}`));
  }
}

/** Prints all that is known of an incident. */
export function printIncident(printer: Printer, incident: Incident): void {
  printIncidents(printer, [incident]);
  const { facts, snooze, acknowledged, escalated } = incident;
  const row = (label: string, text: string | null): void => {
    if (text !== null) printer.line(`   ${label.padEnd(13)} ${plainLine(text)}`);
  };
  row("because", facts.reason);
  row("passes now", facts.witness ?? null);
  row("unsaved", facts.unsaved ? "a reboot would undo it" : null);
  row("applied", facts.applied);
  row("running", facts.running);
  row("intended", facts.intended);
  row("by", `${facts.by.name ?? "unknown"} (${facts.by.confidence})`);
  row("at", facts.at);
  row("from", facts.from);
  row("evidence", facts.evidence);
  row("acknowledged", acknowledged && `${acknowledged.by} at ${acknowledged.at} ${acknowledged.note ?? ""}`);
  row("snoozed", snooze && `by ${snooze.by} until ${snooze.until} ${snooze.note ?? ""}`);
  row("escalated", escalated === "no" ? null : escalated);
  for (const line of incident.history) {
    const who = line.who === null ? "" : ` by ${line.who}`;
    row(line.at, `${line.what}${who}${line.note === null ? "" : `: ${line.note}`}`);
  }
}

function subjectText({ subject, nights }: Incident): string {
  if (subject.kind === "unreadable") return wordsOf("en").unreadable(nights.length);
  return plainLine(`${subject.change} ${subject.path.join(" / ")}`);
}
