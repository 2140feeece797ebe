import { Refused } from "../model/device.ts";

/** A modelled device on which a search plays. */
export interface Played {
  type(line: string): void;
  /** What counts: two devices that show the same are the same. */
  show(): string;
  /** What counts for the commands that follow, numbers of entries included. */
  key(): string;
  /** What was unsafe on the way or is so in the state it is in. */
  faults(): readonly string[];
  /** A device of the same state, with no block open. */
  copy(): Played;
}

/** Two states of a device. */
export interface World {
  running(): Played;
  intended(): Played;
  /** The part of a device that one command can change, told by a line that is shown and those above it. Lines of the
   *  part "" may go with a command in another; undefined where they may also come with one. */
  part(path: readonly string[]): string | undefined;
  /** True where an entry of a list takes the place of another under its number. */
  readonly overwrites?: true;
  /** False where the two commands do the same in the other order, so that one order is enough. */
  follows?(one: string, next: string): boolean;
}

/** One command with the words that lead to its place, which do not count. */
export interface Candidate {
  readonly enter: readonly string[];
  readonly line: string;
}

/** What a search found. */
export interface Found {
  /** A safe list within the limit; undefined where there is none. */
  readonly commands: readonly string[] | undefined;
  /** States looked at. */
  readonly states: number;
  /** False where the budget ended before the search did. */
  readonly whole: boolean;
}

/** Counts commands: lines that change what the device holds. The way into a block and out of it counts nothing, also
 *  where it brings the block into being; a block that is opened and left again at once counts one.
 *  @returns the number, the lines that are neither a change nor a way in or out, and the states on the way */
export function countCommands(
  device: Played,
  commands: readonly string[],
  ways: Ways,
): { readonly count: number; readonly idle: readonly string[]; readonly states: readonly Played[] } {
  let count = 0;
  const idle: string[] = [];
  const states = [device.copy()];
  let shown = device.show();
  for (const [i, command] of commands.entries()) {
    device.type(command);
    const now = device.show();
    const next = commands[i + 1];
    const isWay = ways.into(command) && next !== undefined && !ways.out(next);
    if (now !== shown && !isWay) count++;
    if (now === shown && !ways.into(command) && !ways.out(command)) idle.push(command);
    states.push(device.copy());
    shown = now;
  }
  return { count, idle, states };
}

/** Tells the words that lead into a block, and out of one. */
export interface Ways {
  into(line: string): boolean;
  out(line: string): boolean;
}

/** Looks at every list of at most `limit` commands that is safe at each step, depth first, a branch cut where what
 *  is missing or too much wants more commands than are left. */
export function searchList(
  world: World,
  candidates: readonly Candidate[],
  limit: number,
  budget: number,
): Found {
  const goal = world.intended();
  const target = goal.show();
  const wanted = partsOf(target, world);
  const seen = new Map<string, number>();
  let states = 0;

  const extend = (
    from: Played,
    left: number,
    last: Candidate | undefined,
  ): readonly Candidate[] | undefined => {
    for (const candidate of candidates) {
      if (states > budget) return undefined;
      if (last && world.follows?.(last.line, candidate.line) === false) continue;
      const device = from.copy();
      if (!tryAct(device, candidate) || device.faults().length > 0) continue;
      const key = world.follows ? `${candidate.line}\n${device.key()}` : device.key();
      if ((seen.get(key) ?? -1) >= left - 1) continue;
      seen.set(key, left - 1);
      states++;
      const shown = device.show();
      if (shown !== target && wants(partsOf(shown, world), wanted, world) > left - 1) continue;
      if (shown === target) return [candidate];
      const found = extend(device, left - 1, candidate);
      if (found) return [candidate, ...found];
    }
    return undefined;
  };
  const start = world.running();
  seen.set(start.key(), limit);
  const hopeless = wants(partsOf(start.show(), world), wanted, world) > limit;
  const found = hopeless ? undefined : extend(start, limit, undefined);
  return {
    commands: found?.map(({ enter, line }) => [...enter, line].join(" > ")),
    states,
    whole: found !== undefined || states <= budget,
  };
}

/** Types a command; false where the device refuses it, or where the way to it is unsafe. */
export function tryAct(device: Played, candidate: Candidate): boolean {
  try {
    const before = candidate.enter.length > 0 ? device.show() : "";
    for (const word of candidate.enter) device.type(word);
    if (candidate.enter.length > 0 && device.show() !== before && device.faults().length > 0) return false;
    device.type(candidate.line);
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

type Parts = ReadonlyMap<string, ReadonlySet<string>>;

/** The least number of commands that lead from one state to another. One command brings one line, and may take the place
 *  of another in its part; where a part holds more lines too many than it lacks, one command more takes them away. */
function wants(held: Parts, wanted: Parts, { overwrites }: World): number {
  let count = 0;
  for (const part of new Set([...held.keys(), ...wanted.keys()])) {
    const now = held.get(part) ?? EMPTY;
    const then = wanted.get(part) ?? EMPTY;
    const lacking = [...then].filter((leaf) => !now.has(leaf)).length;
    const surplus = part === "" ? [] : [...now].filter((leaf) => !then.has(leaf));
    // Few devices let an entry take the place of another, and a list that stays is not taken away.
    const extra = surplus.filter((leaf) => /\n *- /.test(leaf)).length - (overwrites ? lacking : 0);
    const entries = then === EMPTY ? 0 : Math.max(0, extra);
    count += lacking + Math.max(entries, surplus.length > lacking ? 1 : 0);
  }
  return Math.max(count, 1);
}

const EMPTY: ReadonlySet<string> = new Set();

/** Lines that hold none below them, each with the lines above it, by their part. Lines of the terminal that are set
 *  together are one. */
function partsOf(shown: string, world: World): Parts {
  const lines = shown.split("\n").filter((line) => line !== "");
  const path: string[] = [];
  const parts = new Map<string, Set<string>>();
  for (const [i, line] of lines.entries()) {
    const depth = line.length - line.trimStart().length;
    path.length = depth;
    path[depth] = line.replace(/ vty \d+/, " vty");
    const next = lines[i + 1] ?? "";
    if (next.length - next.trimStart().length > depth) continue;
    const part = world.part(path);
    if (part === undefined) continue;
    const leaves = parts.get(part) ?? new Set<string>();
    parts.set(part, leaves.add(path.join("\n")));
  }
  return parts;
}
