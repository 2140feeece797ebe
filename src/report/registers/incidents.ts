import type { Say } from "../html/words.ts";
import type { ReportIncident } from "../report-types.ts";

/** What happened, in the reader's words; names of statements and packets stay as devices spell them. */
export function spellIncident(incident: ReportIncident, say: Say): string {
  const where = [say(`incident_${incident.what}`), incident.path.join(" › ")].join(" ").trimEnd();
  return incident.witness === null ? where : `${where}; ${say("passesNow")}: ${incident.witness}`;
}

/** Who made it. Somebody who only was logged in at that time is named as just that: a client must not read a
 *  suspect as a culprit. */
export function spellCulprit({ by, confidence }: ReportIncident, say: Say): string {
  if (by === null || confidence === "unknown") return say("unknownPerson");
  return confidence === "named" ? by : `${by} (${say("onlySession")})`;
}

/** Hours from its last opening to its end, to one decimal; null while it lasts, or where a clock was set back. */
export function hoursOpen({ openedAt, closedAt }: ReportIncident): number | null {
  if (closedAt === null) return null;
  const hours = (Date.parse(closedAt) - Date.parse(openedAt)) / 3_600_000;
  return hours < 0 ? null : Math.round(hours * 10) / 10;
}
