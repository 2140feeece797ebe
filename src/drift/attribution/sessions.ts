import type { EvidenceRecord } from "../../drivers/evidence.ts";

/** A person's stay on a device. Times by the clock of whoever asks; a stay whose end was not seen may still go on. */
export interface Stay {
  readonly who: string;
  readonly from: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly line: string;
}

/** Pairs logins with logouts. A logout without a login means that the log begins in the middle of a stay. */
export function staysOf(records: readonly EvidenceRecord[]): readonly Stay[] {
  const stays: Stay[] = [];
  const open = new Map<string, EvidenceRecord[]>();
  const keyOf = (one: EvidenceRecord): string => JSON.stringify([one.who, one.from ?? "", one.means]);
  const sessions = records.filter((one) => one.atMs !== undefined && /^log(in|out)$/.test(one.kind));
  for (const one of [...sessions].sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0))) {
    const waiting = open.get(keyOf(one)) ?? [];
    const atMs = one.atMs ?? 0;
    if (one.kind === "login") {
      open.set(keyOf(one), [...waiting, one]);
      continue;
    }
    const login = waiting[0];
    open.set(keyOf(one), waiting.slice(1));
    const { who, from } = one;
    const startMs = login?.atMs ?? Number.NEGATIVE_INFINITY;
    stays.push({ who, from, startMs, endMs: atMs, line: (login ?? one).line });
  }
  for (const { who, from, atMs = 0, line } of [...open.values()].flat())
    stays.push({ who, from, startMs: atMs, endMs: Number.POSITIVE_INFINITY, line });
  return stays;
}
