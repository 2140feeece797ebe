import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { diffConfigs, parseConfig } from "../src/engine.ts";
import { changesPair, largeConfig, listPair, type Pair, switchPair } from "./engine-generator.ts";
import { cpu, row, title } from "./report.ts";

const FLEET = 1_000;
/** Switches that the peer gets: it takes ten times as long for each. */
const PEER_FLEET = 100;
const LIST_ENTRIES = 20_000;
const WARM_RUNS = 7;

interface Peer {
  readonly version: string;
  /** CPU seconds. */
  readonly parse: number;
  readonly fleet: number;
  /** The fleet with the way back. */
  readonly back: number;
  readonly list: number;
  readonly commands: number;
}

/** The configuration engine against its limits, and against hier_config in the same minute where a Python has it
 *  (`HIER_CONFIG_PYTHON`, default python3: `pip install hier-config`). */
export function benchEngine(): void {
  const large = largeConfig(10_000);
  const fleet = Array.from({ length: FLEET }, (_, number) => switchPair(number));
  const list = listPair(LIST_ENTRIES);
  const peer = runPeer({ large, fleet: fleet.slice(0, PEER_FLEET), list });
  title(
    peer === undefined
      ? "engine (hier_config is not installed: its ratios are missing)"
      : `engine, beside hier_config ${peer.version} in the same minute`,
  );
  const parsed = warm(() => parseConfig("iosxe", large));
  row("parse 10,000 lines (limit 50 ms)", parsed, ratio(peer && peer.parse * 1000, parsed));
  // Once through: no switch was met before, and the code is not warm either.
  const once = cpu(() => fleet.forEach(change)).cpuMs / FLEET;
  const each = (seconds: number | undefined) => seconds && (seconds * 1000) / PEER_FLEET;
  row("a fleet of 1,000 switches, each of 281 lines, once", once, ratio(each(peer?.fleet), once));
  const more = Array.from({ length: FLEET }, (_, number) => switchPair(FLEET + number));
  const later = cpu(() => more.forEach(change)).cpuMs / FLEET;
  row("  1,000 others after them", later, ratio(each(peer?.fleet), later));
  const others = Array.from({ length: FLEET }, (_, number) => switchPair(2 * FLEET + number));
  const whole = cpu(() => others.forEach(wholeChange)).cpuMs / FLEET;
  row("  1,000 others, with way back, items and prediction", whole, ratio(each(peer?.back), whole));
  const again = warm(() => fleet.slice(0, PEER_FLEET).forEach(change)) / PEER_FLEET;
  row("  100 met before, best run (limit 2 ms a switch)", again, ratio(each(peer?.fleet), again));
  const inserted = warm(() => wholeChange(list));
  const commands = change(list).commands.filter((line) => !/^(ip access-list|exit)/.test(line)).length;
  row(
    `${LIST_ENTRIES.toLocaleString("en")} entries, one insert: ${commands} command (limit 300 ms)`,
    inserted,
    `${ratio(peer && peer.list * 1000, inserted)}${peer ? `, its commands: ${peer.commands}` : ""}`,
  );
  const many = changesPair(1000);
  row(
    `order and proof of ${change(many).steps.length} steps (limit 1,000 ms)`,
    warm(() => wholeChange(many)),
    "",
  );
  growth();
}

/** Ten times the lines must take ten times the time and memory, give or take a fifth. Each run gets a text whose own
 *  lines were never met: what the engine remembers from the run before is worth more to a small text than to a large one.
 *  What the machine itself takes more a line is shown by a bare split with an object and a Map entry for each line. */
function growth(): void {
  const [small, big] = [growthAt(10_000), growthAt(100_000)];
  const times = (name: "parse" | "diff" | "bare" | "bytes") =>
    `x${(big[name] / small[name] / (big.lines / small.lines)).toFixed(2)}`;
  row("parse 100,000 lines", big.parse, `${times("parse")} of linear from 10,000`);
  row("parse and diff 10,000 lines", small.diff, "");
  row("parse and diff 100,000 lines", big.diff, `${times("diff")} of linear from 10,000`);
  row("  for comparison: split, one object and Map entry a line", big.bare, `${times("bare")} of linear`);
  if (globalThis.gc === undefined) return;
  console.log(
    `  memory of the tree of 100,000 lines: ${times("bytes")} of linear, ${Math.round(big.bytes / big.lines)} bytes a line`,
  );
}

let salt = 0;

/** Made flat by the copy, as a file is that was read. */
function fresh(lines: number): string {
  return Buffer.from(largeConfig(lines, ++salt)).toString();
}

/** Equal work on both sides: as many texts as make 100,000 lines. A single small text may end before its garbage
 *  is collected, and the best of such runs would leave that to the next one. */
function growthAt(lines: number) {
  const count = 100_000 / lines;
  const best = (work: (running: string, intended: string) => unknown) =>
    Math.min(
      ...Array.from({ length: WARM_RUNS }, () => {
        const pairs = Array.from({ length: count }, () => {
          const running = fresh(lines);
          return { running, intended: running.replaceAll(/(desk \d+-7)\n/g, "$1 moved\n") };
        });
        const each = () => pairs.forEach(({ running, intended }) => void work(running, intended));
        return cpu(each).cpuMs / count;
      }),
    );
  return {
    lines,
    parse: best((running) => parseConfig("iosxe", running)),
    diff: best((running, intended) => wholeChange({ running, intended })),
    bare: best(bareRead),
    bytes: treeBytes(fresh(lines)),
  };
}

/** What any reader of lines does at least. */
function bareRead(text: string): ReadonlyMap<string, object> {
  const known = new Map<string, object>();
  for (const [number, line] of text.split("\n").entries()) known.set(`${number} ${line}`, { line, number });
  return known;
}

/** Bytes that go when a tree goes. The engine forgets the tree's lines first: those that it remembers
 *  would go on living, which is most of a small text and little of a large one. */
function treeBytes(text: string): number {
  const held: unknown[] = [parseConfig("iosxe", text)];
  parseConfig("iosxe", fresh(30_000));
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  held.pop();
  globalThis.gc?.();
  return before - process.memoryUsage().heapUsed;
}

/** The commands, ordered and proved. */
function change(pair: Pair) {
  return diffConfigs("iosxe", pair.running, pair.intended);
}

/** All that a change can be asked for: the way back too is ordered and proved. */
function wholeChange(pair: Pair): readonly unknown[] {
  const { commands, rollback, steps, items, predicted } = change(pair);
  return [commands, rollback, steps, items, predicted];
}

/** CPU milliseconds of the best of some runs, after one that warms up. */
function warm(work: () => unknown): number {
  work();
  return Math.min(...Array.from({ length: WARM_RUNS }, () => cpu(work).cpuMs));
}

function ratio(theirs: number | undefined, ours: number): string {
  return theirs === undefined
    ? ""
    : `hier_config ${theirs.toFixed(theirs < 10 ? 1 : 0)} ms, x${(theirs / ours).toFixed(1)}`;
}

function runPeer(given: object): Peer | undefined {
  const script = fileURLToPath(new URL("hier-config.py", import.meta.url));
  const python = process.env.HIER_CONFIG_PYTHON ?? "python3";
  const run = spawnSync(python, [script], {
    input: JSON.stringify(given),
    encoding: "utf8",
    timeout: 300_000,
    maxBuffer: 1 << 26,
  });
  return run.status === 0 ? (JSON.parse(run.stdout) as Peer) : undefined;
}
