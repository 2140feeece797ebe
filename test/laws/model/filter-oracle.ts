import type { Held, Shelf } from "./device.ts";

/** A packet of the small world of IPv6 lists and object groups. */
interface Probe {
  readonly family: 4 | 6;
  readonly from: string;
  readonly port: number;
}

/** Sources and ports that tell the random entries apart. */
export const PROBES: readonly Probe[] = [80, 443].flatMap((port) => [
  ...[1, 2, 3, 4, 9].map((host) => ({ family: 4, from: `10.0.0.${host}`, port }) as const),
  ...[1, 2, 3].map((net) => ({ family: 6, from: `2001:db8:${net}::5`, port }) as const),
]);

/** What stands between a platform's words and the question. */
export interface Spelling {
  /** Blocks where filters take effect. */
  readonly place: RegExp;
  /** A line that binds a list: group 1 the name. */
  readonly bound: readonly [RegExp, RegExp];
  /** The blocks of a list's and a group's name. */
  readonly list: (name: string, family: 4 | 6) => string;
  readonly group: (name: string) => string;
  readonly otherwise: boolean;
}

/** Tells for every probe whether the place lets it through, by reading what the device holds. */
export function verdicts(root: Shelf, spelling: Spelling): boolean[] {
  const place = [...root].find(([name]) => spelling.place.test(name))?.[1];
  return PROBES.map((probe) => {
    const lines = [...(place?.below?.values() ?? [])].map((held) => held.line);
    const pattern = spelling.bound[probe.family === 4 ? 0 : 1];
    const name = lines.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined);
    const list = name === undefined ? undefined : root.get(spelling.list(name, probe.family));
    const texts = [...(list?.entries ?? [])].sort((a, b) => a[0] - b[0]).map(([, text]) => text);
    if (texts.length === 0) return true;
    const hit = texts.find((text) => hits(text, probe, root, spelling));
    return hit === undefined ? spelling.otherwise : hit.startsWith("permit");
  });
}

function hits(text: string, probe: Probe, root: Shelf, spelling: Spelling): boolean {
  const port = /\beq (\d+)/.exec(text)?.[1];
  if (port !== undefined && Number(port) !== probe.port) return false;
  const group = /object-group (\S+)/.exec(text)?.[1];
  if (group !== undefined) return members(root.get(spelling.group(group))).has(probe.from);
  const net = /2001:db8:(\d)::/i.exec(text)?.[1];
  if (net !== undefined) return probe.from.startsWith(`2001:db8:${net}:`);
  const host = /10\.0\.0\.\d+/.exec(text)?.[0];
  return host === undefined || host === probe.from;
}

/** Addresses that stand in a group, one a line. */
function members(group: Held | undefined): ReadonlySet<string> {
  const lines = [...(group?.below?.values() ?? [])].map((held) => held.line);
  return new Set(
    [...lines, ...(group?.entries?.values() ?? [])].flatMap((line) => /10\.0\.0\.\d+/.exec(line)?.[0] ?? []),
  );
}

/** Probes that a moment decides as neither the old nor the new state does. */
export function strays(
  before: readonly boolean[],
  after: readonly boolean[],
  now: readonly boolean[],
): Probe[] {
  return PROBES.filter((_, i) => now[i] !== before[i] && now[i] !== after[i]);
}
