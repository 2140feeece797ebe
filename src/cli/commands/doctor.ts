import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { ensureEngine } from "../../deploy/engine/ensure.ts";
import { findCommandPlugin, findEngine } from "../../deploy/engine/locate.ts";
import { ENGINE_VERSION } from "../../deploy/engine/versions.ts";
import { sharedAddress } from "../../deploy/stores/sql/address.ts";
import { StoreError } from "../../deploy/stores/sql/sql.ts";
import type { Stores } from "../../deploy/stores/types.ts";
import { stateFolder } from "../../deploy/workspace.ts";
import { checkLabPrerequisites } from "../../lab/real/prerequisites.ts";
import { type CommandContext, type CommandOutcome, flag, type Options } from "../command.ts";
import { openDeploy } from "../deploy-context.ts";
import { UsageError } from "../exit.ts";
import type { Printer } from "../print.ts";
import { findWorkspaceRoot } from "../root.ts";

const run_ = promisify(execFile);

interface Check {
  readonly name: string;
  /** `missing` stops the main job; `warning` stops something that not everybody needs. */
  readonly state: "ok" | "missing" | "warning";
  readonly detail: string;
  readonly hint: string | null;
}

/** Says what is here, what is missing on this machine, and what to type; with --install gets the engine. */
export async function run(
  context: CommandContext,
  _args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  if (flag(options, "install")) await ensureEngine((message) => context.printer.note(message));
  const checks = [
    nodeCheck(),
    await engineCheck(),
    await pluginCheck(),
    ...(await toolChecks()),
    ...(await storeChecks(context.root)),
    ...(await labChecks()),
  ];
  const missing = checks.filter((check) => check.state === "missing");
  return {
    findings: [],
    result: { checks },
    reasons: missing.map((check) => ({ code: 3, reason: "incomplete", subject: check.name })),
    text: (printer) => {
      for (const check of checks) printCheck(printer, check);
    },
  };
}

function printCheck(printer: Printer, check: Check): void {
  const { style } = printer;
  const paint = check.state === "ok" ? style.green : check.state === "missing" ? style.red : style.yellow;
  printer.line(`${paint(check.state.padEnd(7))} ${check.name.padEnd(22)} ${check.detail}`);
  if (check.hint !== null) printer.line(`        ${style.green("→")} ${check.hint}`);
}

function nodeCheck(): Check {
  return { name: "Node", state: "ok", detail: process.versions.node, hint: null };
}

async function engineCheck(): Promise<Check> {
  const engine = await findEngine();
  if (engine)
    return { name: "Pulumi engine", state: "ok", detail: `${engine.version}, ${engine.pulumi}`, hint: null };
  return {
    name: "Pulumi engine",
    state: "missing",
    detail: `${ENGINE_VERSION} is not here`,
    hint: "sitewright doctor --install",
  };
}

async function pluginCheck(): Promise<Check> {
  const engine = await findEngine();
  const plugin = engine && findCommandPlugin(engine);
  if (plugin) return { name: "Pulumi command plugin", state: "ok", detail: plugin, hint: null };
  return {
    name: "Pulumi command plugin",
    state: "warning",
    detail: "not here; only sites with server actions need it",
    hint: "pulumi plugin install resource command 1.2.1",
  };
}

async function toolChecks(): Promise<Check[]> {
  return Promise.all([
    toolCheck("git", ["--version"], "wanted to see who changed what; install git"),
    toolCheck("sops", ["--version"], "wanted only for sops: secrets; install sops"),
  ]);
}

async function toolCheck(name: string, args: readonly string[], hint: string): Promise<Check> {
  try {
    const { stdout } = await run_(name, [...args], { timeout: 10_000 });
    return { name, state: "ok", detail: stdout.split("\n")[0]?.trim() ?? "", hint: null };
  } catch {
    return { name, state: "warning", detail: "not here", hint };
  }
}

/** Where the audit log is; whether it is whole is asked by `audit verify`. */
async function auditCheck({ audit, check }: Stores): Promise<Check> {
  const [head, brought] = [await audit.head(), await audit.brought()];
  const chains = brought.length === 0 ? "" : `, and ${brought.length} that machines had kept in files`;
  const detail = `one chain of ${head?.seq ?? 0} entries${chains}, in ${await check()}`;
  return { name: "audit log", state: "ok", detail, hint: null };
}

/** Which stores the workspace uses, whether they answer, and what in them cannot be read; nothing outside of one. */
async function storeChecks(start: string): Promise<Check[]> {
  const root = workspaceOf(start);
  if (root === undefined) return [];
  const shared = sharedAddress(process.env) !== undefined;
  if (!shared && !existsSync(stateFolder(root))) {
    return [{ name: "stores", state: "ok", detail: "files in .sitewright, none yet", hint: null }];
  }
  const { stores } = openDeploy(root, []);
  try {
    const answer: Check = { name: "stores", state: "ok", detail: await stores.check(), hint: null };
    const damaged = (await stores.damaged()).map(
      (place): Check => ({
        name: "stores",
        state: "warning",
        detail: `${place} cannot be read and is passed over`,
        hint: "compare it with your backup; nothing was deleted",
      }),
    );
    return [answer, await auditCheck(stores), ...(shared ? keyChecks() : []), ...damaged];
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return [{ name: "stores", state: "missing", detail: error.message, hint: error.hint }];
  }
}

/** Machines that share stores must make the same fingerprints. */
function keyChecks(): Check[] {
  if ((process.env.SITEWRIGHT_FINGERPRINT_KEY ?? "") !== "") return [];
  return [
    {
      name: "fingerprint key",
      state: "warning",
      detail:
        "the stores are shared, the key is this machine's own: plans of other machines are refused here",
      hint: "set SITEWRIGHT_FINGERPRINT_KEY to the same on all of them: openssl rand -hex 32",
    },
  ];
}

function workspaceOf(start: string): string | undefined {
  try {
    return findWorkspaceRoot(start);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

async function labChecks(): Promise<Check[]> {
  const findings = await checkLabPrerequisites();
  if (findings.length === 0) return [{ name: "real lab", state: "ok", detail: "can run here", hint: null }];
  return findings.map((finding) => ({
    name: "real lab",
    state: "warning",
    detail: finding.message,
    hint: finding.hint,
  }));
}
