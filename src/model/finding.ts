/** A place in a file of the workspace; line and column start at 1. */
export interface FileWhere {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A place in a device's configuration; `device` is `client/site/device`. */
export interface DeviceWhere {
  readonly device: string;
  readonly line?: number;
  readonly text?: string;
}

export type Where = FileWhere | DeviceWhere;

export type Severity = "error" | "warning" | "info";

/** Why a finding is accepted for now. `expires` is an ISO date. */
export interface WaiverNote {
  readonly owner: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly expires: string;
}

/** What is wrong, where, and what to type. User mistakes are findings; exceptions are for I/O and bugs.
 *  `code` is an id of the check catalogue (`IPP-001`) or `<AREA>-<WHAT>` (`INV-UNKNOWN-KEY`).
 *  `message` says what is wrong and the value seen, at most 100 characters; `hint` says what to type. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
  readonly where: Where;
  readonly related?: readonly Where[];
  readonly waiver?: WaiverNote;
}

/** Tells whether a place is in a file rather than on a device. */
export function isFileWhere(where: Where): where is FileWhere {
  return "file" in where;
}

/** Sorts findings by place, then code, then message, so that the same input prints the same bytes. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      compareText(placeKey(a.where), placeKey(b.where)) ||
      compareText(a.code, b.code) ||
      compareText(a.message, b.message),
  );
}

/** Compares two strings by code unit: stable on every locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function placeKey(where: Where): string {
  const name = isFileWhere(where) ? `0 ${where.file}` : `1 ${where.device}`;
  const line = String(where.line ?? 0).padStart(8, "0");
  const column = isFileWhere(where) ? String(where.column).padStart(6, "0") : "";
  return `${name}\u0000${line}\u0000${column}`;
}
