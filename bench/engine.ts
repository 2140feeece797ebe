import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { diffConfigs, parseConfig } from "../src/engine.ts";
import { changesPair, largeConfig, listPair, type Pair, switchPair } from "./engine-generator.ts";
import { cpu, row, title } from "./report.ts";

const FLEET = 100;
const LIST_ENTRIES = 20_000;
const WARM_RUNS = 7;

interface Peer {
  readonly version: string;
  /** CPU seconds. */
  readonly parse: number;
  readonly fleet: number;
  /** The fleet with the way back, which the engine finds and proves each time. */
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
  const peer = runPeer({ large, fleet: fleet.slice(0, 20), list });
  title(
    peer === undefined
      ? "engine (hier_config is not installed: its ratios are missing)"
      : `engine, beside hier_config ${peer.version} in the same minute`,
  );
  const parsed = warm(() => parseConfig("iosxe", large));
  row("parse 10,000 lines (limit 50 ms)", parsed, ratio(peer && peer.parse * 1000, parsed));
  const all = warm(() => fleet.map(change)) / FLEET;
  row("parse and diff a 281-line switch (limit 2 ms)", all, ratio(peer && (peer.fleet * 1000) / 20, all));
  row("  the same, beside the peer with rollback", all, ratio(peer && (peer.back * 1000) / 20, all));
  const inserted = warm(() => change(list));
  const commands = change(list).commands.filter((line) => !/^(ip access-list|exit)/.test(line)).length;
  row(
    `${LIST_ENTRIES.toLocaleString("en")} entries, one insert: ${commands} command (limit 300 ms)`,
    inserted,
    `${ratio(peer && peer.list * 1000, inserted)}${peer ? `, its commands: ${peer.commands}` : ""}`,
  );
  const many = changesPair(1000);
  row(
    `order and proof of ${change(many).steps.length} steps (limit 1,000 ms)`,
    warm(() => change(many)),
    "",
  );
  growth();
}

/** Ten times the lines must take ten times the time and memory, give or take a fifth. Each run gets a text whose own
 *  lines were never met: what the engine remembers from the run before is worth more to a small text than to a large one. */
function growth(): void {
  let salt = 0;
  const fresh = (lines: number) => largeConfig(lines).replaceAll("desk ", `desk ${++salt}-`);
  const figures = [10_000, 100_000].map((lines) => {
    const spent = Math.min(
      ...Array.from({ length: WARM_RUNS }, () => {
        const running = fresh(lines);
        const intended = running.replaceAll(/(desk \d+-7)\n/g, "$1 moved\n");
        return cpu(() => diffConfigs("iosxe", running, intended)).cpuMs;
      }),
    );
    const text = fresh(lines);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const tree = parseConfig("iosxe", text);
    globalThis.gc?.();
    const bytes = process.memoryUsage().heapUsed - before;
    return { lines: tree.lines, spent, bytes };
  });
  const [small, big] = figures;
  if (small === undefined || big === undefined) return;
  row("parse and diff 10,000 lines", small.spent, "");
  const each = Math.round(big.bytes / big.lines);
  const memory = globalThis.gc
    ? `, memory x${(big.bytes / small.bytes / 10).toFixed(2)}, ${each} bytes a line`
    : "";
  row(
    "parse and diff 100,000 lines",
    big.spent,
    `x${(big.spent / small.spent / 10).toFixed(2)} of linear${memory}`,
  );
}

function change(pair: Pair) {
  return diffConfigs("iosxe", pair.running, pair.intended);
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
