import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { row, title } from "./report.ts";

const BIN = fileURLToPath(new URL("../bin/sitewright.js", import.meta.url));
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const RUNS = 15;

/** Times whole commands, as a person waits for them, against an empty node start in the same minute. */
export function benchCommands(): void {
  title(
    `whole commands, median of ${RUNS} (wall time); limits above an empty start: --help 40 ms, validate 300 ms`,
  );
  const empty = wall(["-e", ""]);
  row("node -e ''", empty, "");
  for (const [name, args] of [
    ["sitewright --help", [BIN, "--help"]],
    ["sitewright validate northgate/office", [BIN, "validate", "northgate/office", "-C", ROOT]],
  ] as const) {
    const took = wall(args);
    row(name, took, `${Math.round(took - empty)} ms above, x${(took / empty).toFixed(1)}`);
  }
}

function wall(args: readonly string[]): number {
  const times = Array.from({ length: RUNS }, () => {
    const started = performance.now();
    spawnSync(process.execPath, [...args], { stdio: "ignore" });
    return performance.now() - started;
  });
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}
