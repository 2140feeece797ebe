import type { Finding } from "../../model/finding.ts";
import type { Entry, MapNode } from "../yaml/node.ts";

const RANGE = /^(.*?)(\d+)-(\d+)$/;
/** More ports than any box has: a longer range is a slip of the finger. */
const MAX_RANGE = 1024;

/** Spells out a name with a range at its end, `GE0/0/1-3`; undefined where it is no range, or runs backwards or too far. */
export function expandRange(name: string): string[] | undefined {
  const match = RANGE.exec(name);
  if (!match) return undefined;
  const first = Number(match[2]);
  const last = Number(match[3]);
  if (last < first || last - first >= MAX_RANGE) return undefined;
  return Array.from({ length: last - first + 1 }, (_, index) => `${match[1]}${first + index}`);
}

/** Spells out a name: itself where `isExact` knows it or it is no range. */
export function expandName(name: string, isExact: (name: string) => boolean): string[] {
  if (isExact(name)) return [name];
  return expandRange(name) ?? [name];
}

/** One key of a map of ranges, spelled out. `index` tells which of the range's names this is. */
export interface ExpandedEntry extends Entry {
  readonly index: number;
  readonly width: number;
  /** The key as written. */
  readonly source: string;
}

/** Expands the keys of a map of ports. The narrower of two overlapping keys wins whole; two of the same width are an error. */
export function expandKeys(
  node: MapNode,
  isExact: (name: string) => boolean,
  report: (finding: Finding) => void,
): Map<string, ExpandedEntry> {
  const out = new Map<string, ExpandedEntry>();
  for (const [key, entry] of node.entries) {
    const names = expandName(key, isExact);
    if (names[0] === key && RANGE.test(key) && !isExact(key)) {
      report(badRange(key, entry));
      continue;
    }
    names.forEach((name, index) => {
      const known = out.get(name);
      const next = { ...entry, index, width: names.length, source: key };
      if (!known || known.width > names.length) out.set(name, next);
      else if (known.width === names.length && known.source !== key) report(overlap(name, key, known, entry));
    });
  }
  return out;
}

function badRange(key: string, entry: Entry): Finding {
  return {
    code: "INV-RANGE",
    severity: "error",
    message: `the range ${key} runs backwards or too far`,
    hint: "write the lower number first, e.g. GE0/0/1-24",
    where: entry.keyAt,
  };
}

function overlap(name: string, key: string, known: ExpandedEntry, entry: Entry): Finding {
  return {
    code: "INV-RANGE-OVERLAP",
    severity: "error",
    message: `${name} is in ${key} and in ${known.source}, which are equally wide`,
    hint: "make one range narrower: the narrower entry wins",
    where: entry.keyAt,
    related: [known.keyAt],
  };
}
