/** Why a run did not simply end well; the exit code is the worst of them (docs/cli.md). */
export type ExitReason =
  | { readonly code: 1; readonly reason: "findings" | "gate" }
  | { readonly code: 2; readonly reason: "difference" }
  | { readonly code: 3; readonly reason: "incomplete"; readonly subject: string }
  | { readonly code: 4; readonly reason: "usage"; readonly subject: string }
  | { readonly code: 5; readonly reason: "rolled-back"; readonly subject: string }
  | { readonly code: 6; readonly reason: "needs-person"; readonly subject: string }
  | { readonly code: 70; readonly reason: "bug"; readonly subject: string }
  | { readonly code: 130; readonly reason: "interrupted" };

/** Worst first: where several apply, the first of these that is there decides. */
const PRECEDENCE = [70, 6, 130, 5, 4, 1, 2, 3] as const;

/** The exit code of a run from all its reasons; 0 where there is none. */
export function exitCodeOf(reasons: readonly ExitReason[]): number {
  return PRECEDENCE.find((code) => reasons.some((reason) => reason.code === code)) ?? 0;
}

/** Wrong usage: unknown command, flag or selector, missing file. Ends the run with code 4. */
export class UsageError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = "UsageError";
    this.hint = hint;
  }
}
