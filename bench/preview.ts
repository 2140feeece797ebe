import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { judgeSites } from "../src/cli/judge.ts";
import { previewBranch } from "../src/deploy/preview/preview-branch.ts";
import { driverFor } from "../src/drivers/registry.ts";
import { previewComment } from "../src/report/comment.ts";
import { generateWorkspace } from "./inventory-generator.ts";
import { row, title } from "./report.ts";
import { commitFiles, git } from "./scratch-git.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BIN = join(ROOT, "bin/sitewright.js");
const SITES = 1000;
const PER_SITE = 5;
const CHANGED_SITE = "inventory/client-7/site-3/site.yaml";
const DEVICES_CHANGED = 1000;
const RUNS = 5;

/** A branch of a workspace of 1,000 sites, previewed by the whole command: one site changed, cold and warm; then a
 *  provider's default that changes 1,000 devices, and the comment that tells of them. */
export async function benchPreview(): Promise<void> {
  title(
    `preview of a branch over ${SITES} sites of ${PER_SITE} switches (wall time); limits: one site changed, warm, 1 s above an empty start; comment under 64,000 characters in 2 s`,
  );
  const root = mkdtempSync(join(tmpdir(), "sitewright-bench-"));
  try {
    const files = generateWorkspace(ROOT, SITES * PER_SITE, PER_SITE);
    git(root, "init", "-q", "-b", "main");
    commitFiles(root, files, "base");
    changeOneSite(root, files);
    await changeManyDevices(root, files);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function changeOneSite(root: string, files: ReadonlyMap<string, string>): void {
  git(root, "switch", "-qc", "one-site", "main");
  const site = files.get(CHANGED_SITE) ?? "";
  const changed = site.replace(
    "networks:",
    "networks:\n  lab: {vlan: 60, zone: office, ipv4: 10.200.60.0/24}",
  );
  commitFiles(root, new Map([[CHANGED_SITE, changed]]), "a network");
  const empty = median(() => wall(["-e", ""]));
  const command = [BIN, "preview", "--base", "main", "-C", root];
  row("one site changed, first run", wall(command), "");
  const warm = median(() => wall(command));
  row("the same again, warm", warm, `${Math.round(warm - empty)} ms above an empty start`);
}

/** A time server of the provider reaches every switch; 200 sites are committed with it, so that 1,000 devices change. */
async function changeManyDevices(root: string, files: ReadonlyMap<string, string>): Promise<void> {
  git(root, "switch", "-qc", "many", "main");
  const sites = [...files]
    .filter(([path]) => path.endsWith("/site.yaml"))
    .slice(0, DEVICES_CHANGED / PER_SITE);
  commitFiles(
    root,
    new Map(sites.map(([path, text]) => [path, `${text}ntp: [198.51.100.123, 198.51.100.124]\n`])),
    "time servers",
  );
  const started = performance.now();
  const { preview } = await previewBranch({
    root,
    base: "main",
    head: "HEAD",
    drivers: driverFor,
    judge: (judged, findings, now) => judgeSites({ sites: judged, findings }, now),
    now: new Date(),
    version: "bench",
    cache: false,
  });
  if (preview === undefined) throw new Error("the bench's branches cannot be compared");
  const previewed = performance.now();
  const comment = previewComment({ preview });
  const changing = preview.sites.flatMap((site) => site.devices).filter((device) => device.state !== "same");
  if (changing.length < DEVICES_CHANGED) throw new Error(`only ${changing.length} devices changed`);
  row(`${changing.length} devices changed, preview without a cache`, previewed - started, "");
  row("its comment", performance.now() - previewed, `${comment.length} characters`);
}

function wall(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return performance.now() - started;
}

function median(measure: () => number): number {
  const times = Array.from({ length: RUNS }, measure).sort((a, b) => a - b);
  return times[Math.floor(RUNS / 2)] ?? 0;
}
