import type { JudgedApproval } from "../approval/prove.ts";
import { samePerson } from "../approval/rule.ts";
import type { AuditEntry } from "./types.ts";

/** An emergency that somebody still has to look at. */
export interface Duty {
  readonly site: string;
  readonly plan: string;
  readonly at: string;
  readonly by: string;
  readonly note: string;
  readonly due: string;
  readonly overdue: boolean;
}

const DAY_MS = 24 * 3_600_000;

/** The moment until which an emergency must be reviewed: two working days later by the site's calendar. */
export function reviewDue(at: Date, timezone: string): Date {
  let due = at.getTime();
  for (let days = 0; days < 2; ) {
    due += DAY_MS;
    if (!isWeekend(new Date(due), timezone)) days += 1;
  }
  return new Date(due);
}

/** Emergencies of the log that were not reviewed by somebody else, oldest first.
 *  @param statements - what was said of the plans of those emergencies */
export function openDuties(
  entries: readonly AuditEntry[],
  statements: readonly JudgedApproval[],
  now: Date,
): Duty[] {
  const seen = new Set<string>();
  return entries.flatMap((entry) => {
    const { what, site, plan, due } = entry;
    if (what !== "emergency" || site === undefined || plan === undefined || due === undefined) return [];
    // A second push of the same emergency is no second duty.
    if (seen.has(`${site} ${plan}`)) return [];
    seen.add(`${site} ${plan}`);
    const mine = statements.filter(({ approval }) => approval.plan === plan && approval.site === site);
    if (mine.some((statement) => isReviewOf(entry, statement, mine))) return [];
    const overdue = Date.parse(due) < now.getTime();
    return [{ site, plan, at: entry.at, by: entry.who, note: entry.note ?? "", due, overdue }];
  });
}

/** A review counts when it is proved, by another person than who called the emergency, and given after the push. Where
 *  the emergency itself was not proved (a practice site), another name is enough. */
function isReviewOf(
  entry: AuditEntry,
  { approval, proof }: JudgedApproval,
  statements: readonly JudgedApproval[],
): boolean {
  if (approval.role !== "review" || approval.by === entry.who) return false;
  if (Date.parse(approval.at) < Date.parse(entry.at)) return false;
  if (!proof.proved) return entry.proved !== true;
  return !statements.some(
    (other) =>
      other.approval.role === "emergency" &&
      other.proof.proved &&
      samePerson(other.proof.person, proof.person),
  );
}

function isWeekend(at: Date, timezone: string): boolean {
  const day = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, weekday: "short" }).format(at);
  return day === "Sat" || day === "Sun";
}
