import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readLabBinding, removeLabBinding } from "../../deploy/lab-binding.ts";
import { writeAtomic } from "../../deploy/stores/atomic.ts";
import { isEmulated } from "../../lab/practice/emulated-site.ts";
import type { Finding } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import { packageFile } from "../../package-files.ts";
import { type CommandContext, type CommandOutcome, flag, type Options } from "../command.ts";
import { type ExitReason, UsageError } from "../exit.ts";
import { openChosen } from "../open.ts";
import { labFolder, startPractice } from "../practice.ts";
import { realLabDown, realLabUp } from "../practice-real.ts";
import { printFindings } from "../text/findings.ts";

const START_TIMEOUT_MS = 30_000;

/** Practice devices: up, down, status. Emulators run in a process of their own until `lab down`. */
export async function run(
  context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const [action, ...selectors] = args;
  switch (action) {
    case "up":
      return up(context, selectors, options);
    case "serve":
      return serve(context, selectors, options);
    case "down":
      return down(context);
    case "status":
      return status(context.root, []);
    default:
      throw new UsageError(`lab does not know "${action ?? ""}"`, "type: sitewright lab up, down or status");
  }
}

async function up(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  if (flag(options, "real")) {
    const site = await oneSite(context.root, selectors, options);
    const findings = await realLabUp(context.root, site);
    if (findings.length > 0) return notUp(context.root, findings);
    return status(context.root, []);
  }
  await practiceSites(context.root, selectors, options);
  await stopServer(context.root);
  await startServer(context.root, selectors);
  return status(context.root, []);
}

/** The lab could not come up: what is wrong, and what to type. */
function notUp(root: string, findings: readonly Finding[]): CommandOutcome {
  return {
    ...status(root, [{ code: 1, reason: "findings" }]),
    findings,
    text: (printer) => printFindings(printer, findings, () => undefined),
  };
}

async function down(context: CommandContext): Promise<CommandOutcome> {
  await stopServer(context.root);
  await realLabDown(context.root);
  removeLabBinding(context.root);
  return status(context.root, []);
}

/** Runs the emulators in this process until it is told to end. */
async function serve(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const practice = await startPractice(context.root, await practiceSites(context.root, selectors, options));
  await writeAtomic(pidFile(context.root), `${process.pid}\n`);
  await new Promise<void>((ended) => context.signal.addEventListener("abort", () => ended(), { once: true }));
  await practice.stop();
  return status(context.root, []);
}

function status(root: string, reasons: readonly ExitReason[]): CommandOutcome {
  const binding = readLabBinding(root);
  const devices = Object.entries(binding?.sites ?? {}).flatMap(([site, addresses]) =>
    Object.entries(addresses).map(([address, { endpoint }]) => ({
      device: site,
      address,
      endpoint: endpoint.kind === "tcp" ? `${endpoint.host}:${endpoint.port}` : endpoint.path,
    })),
  );
  return {
    findings: [],
    result: { state: binding === undefined ? "down" : "up", kind: null, devices },
    reasons,
    text: (printer) => {
      if (binding === undefined) printer.line("the lab is down");
      for (const one of devices)
        printer.line(`${one.device.padEnd(24)} ${one.address.padEnd(16)} ${one.endpoint}`);
    },
  };
}

/** The chosen sites that are bound to the lab and hold a device that can be emulated.
 *  @throws UsageError where there is none */
async function practiceSites(
  root: string,
  selectors: readonly string[],
  options: Options,
): Promise<readonly Site[]> {
  const { sites } = await openChosen(root, selectors, options);
  const practice = sites.filter((site) => site.binding === "lab" && site.devices.some(isEmulated));
  if (practice.length > 0) return practice;
  throw new UsageError(
    "no chosen site is bound to the lab",
    "write `binding: lab` into a site.yaml to practise on it",
  );
}

async function oneSite(root: string, selectors: readonly string[], options: Options): Promise<Site> {
  const { sites } = await openChosen(root, selectors, options);
  const [site, ...others] = sites.filter((candidate) => candidate.binding === "lab");
  if (site !== undefined && others.length === 0) return site;
  throw new UsageError("a real lab holds one site", "type: sitewright lab up CLIENT/SITE --real");
}

async function startServer(root: string, selectors: readonly string[]): Promise<void> {
  await mkdir(labFolder(root), { recursive: true });
  const log = join(labFolder(root), "emulators.log");
  const output = openSync(log, "a", 0o600);
  const entry = fileURLToPath(packageFile("bin/sitewright.js"));
  const child = spawn(process.execPath, [entry, "lab", "serve", ...selectors, "-C", root], {
    detached: true,
    stdio: ["ignore", output, output],
  });
  child.unref();
  const started = Date.now();
  while (!existsSync(pidFile(root))) {
    if (child.exitCode !== null || Date.now() - started > START_TIMEOUT_MS) {
      throw new UsageError("the practice devices did not start", `read ${log}`);
    }
    await sleep(50);
  }
}

async function stopServer(root: string): Promise<void> {
  const file = pidFile(root);
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8"));
  rmSync(file, { force: true });
  if (!isOurServer(pid)) return;
  process.kill(pid, "SIGTERM");
  for (let waited = 0; isOurServer(pid) && waited < 5_000; waited += 50) await sleep(50);
}

/** A pid can have been given to somebody else since: only a process whose command line says `lab serve` is ours. */
function isOurServer(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, "utf8").includes("\u0000lab\u0000serve");
}

function pidFile(root: string): string {
  return join(labFolder(root), "emulators.pid");
}
