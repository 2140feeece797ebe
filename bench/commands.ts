import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { row, title } from "./report.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PARTS = ["bin", "dist", "templates", "package.json"];
const RUNS = 15;

/** Times whole commands, as a person waits for them, against an empty node start in the same minute: as installed
 *  (built into bundles), and from a clone (seven hundred source files). */
export function benchCommands(): void {
  title(
    `whole commands, median of ${RUNS} (wall time); limits above an empty start: --help 40 ms, validate 300 ms`,
  );
  const installed = installedPackage();
  const bin = join(installed, "bin/sitewright.js");
  const empty = wall(["-e", ""]);
  row("node -e ''", empty, "");
  for (const [name, args] of [
    ["sitewright --help", [bin, "--help"]],
    ["sitewright validate northgate/office", [bin, "validate", "northgate/office", "-C", ROOT]],
    ["the same from a clone", [join(ROOT, "bin/sitewright.js"), "validate", "northgate/office", "-C", ROOT]],
  ] as const) {
    const took = wall(args);
    row(name, took, `${Math.round(took - empty)} ms above, x${(took / empty).toFixed(1)}`);
  }
  rmSync(installed, { recursive: true });
}

/** The package as users have it, in a scratch folder beside this clone's packages. */
function installedPackage(): string {
  const built = spawnSync(process.execPath, [join(ROOT, "scripts/build.ts")], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (built.status !== 0) throw new Error(built.stderr);
  const folder = mkdtempSync(join(tmpdir(), "sitewright-bench-"));
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function wall(args: readonly string[]): number {
  const times = Array.from({ length: RUNS }, () => {
    const started = performance.now();
    spawnSync(process.execPath, [...args], { stdio: "ignore" });
    return performance.now() - started;
  });
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}
