import { sha256 } from "../../planner/plan/digest.ts";
import type { Subject } from "./types.ts";

const DIGITS = 12;

/** The id of what differs: asset, path and kind. A rename of the device, another night and another machine give the
 *  same. */
export function incidentId(asset: string, subject: Subject): string {
  const what = subject.kind === "drift" ? [subject.kind, subject.change, ...subject.path] : [subject.kind];
  return `INC-${digits(JSON.stringify([asset, ...what]))}`;
}

/** The id of the problem that an incident became. */
export function problemId(incident: string): string {
  return incident.replace(/^INC-/, "PRB-");
}

/** A digest of what ran: tells one edit from the next. */
export function seenDigest(running: string | null): string {
  return digits(JSON.stringify(running));
}

function digits(text: string): string {
  const digest = sha256(text);
  return digest.slice(digest.indexOf(":") + 1).slice(0, DIGITS);
}
