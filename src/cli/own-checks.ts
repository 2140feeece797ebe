import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runGit } from "../inventory/read/git.ts";
import type { Finding } from "../model/finding.ts";
import type { OwnCheck } from "../planner/checks/own.ts";

/** The checks of a workspace's own, and the files that gave none. */
export interface OwnChecks {
  readonly checks: readonly OwnCheck[];
  readonly findings: readonly Finding[];
}

/** A workspace without checks of its own, or one whose code is not trusted. */
export const NO_OWN_CHECKS: OwnChecks = { checks: [], findings: [] };
const FOLDER = "checks";
const IS_CHECK = /^(?!.*\.(test|d)\.)[^.].*\.(ts|mts|js|mjs)$/;

/** Loads `checks/*.ts` of a workspace. This runs the workspace's code: call it for trusted files only (D15). */
export async function loadOwnChecks(root: string): Promise<OwnChecks> {
  const folder = join(root, FOLDER);
  if (!existsSync(folder)) return NO_OWN_CHECKS;
  const checks: OwnCheck[] = [];
  const findings: Finding[] = [];
  for (const name of readdirSync(folder)
    .filter((file) => IS_CHECK.test(file))
    .sort()) {
    const loaded = await load(folder, name);
    if (!Array.isArray(loaded)) findings.push(loaded as Finding);
    else checks.push(...(loaded as OwnCheck[]));
  }
  const ids = new Set<string>();
  for (const { id } of checks) {
    if (ids.has(id))
      findings.push(finding("OWN-TWICE", FOLDER, `two checks are called ${id}`, "give one another id"));
    ids.add(id);
  }
  return {
    checks: checks.filter(({ id }, at) => checks.findIndex((other) => other.id === id) === at),
    findings,
  };
}

/** What a preview may run of the workspace's own checks. */
export interface BaseChecks {
  readonly own: OwnChecks;
  /** Changes with the checks: results made by others are not believed. */
  readonly key: string;
  /** Why none ran, where there are some. */
  readonly refused?: string;
}

/** The checks of the base, for a preview of a branch: the work tree's, where it is the base as committed. Where a branch
 *  is checked out, or a file of `checks/` was not committed, none is run.
 *  @param base - the trusted revision */
export async function loadChecksOfBase(root: string, base: string): Promise<BaseChecks> {
  if (!existsSync(join(root, FOLDER))) return { own: NO_OWN_CHECKS, key: "" };
  const parse = async (ref: string): Promise<string> =>
    (await runGit(root, ["rev-parse", "--verify", "--quiet", ref])).stdout.toString().trim();
  const [wanted, here, tree] = await Promise.all([
    parse(`${base}^{commit}`),
    parse("HEAD^{commit}"),
    parse(`HEAD:./${FOLDER}`),
  ]);
  const status = await runGit(root, ["status", "--porcelain", "--ignored", "--", FOLDER]);
  const committed = status.code === 0 && status.stdout.length === 0 && tree !== "";
  if (wanted !== "" && wanted === here && committed) return { own: await loadOwnChecks(root), key: tree };
  const refused = `checks/ of the work tree is not that of ${base}: check the base out to run them`;
  return { own: NO_OWN_CHECKS, key: "refused", refused };
}

async function load(folder: string, name: string): Promise<OwnCheck[] | Finding> {
  const file = `${FOLDER}/${name}`;
  try {
    const module = (await import(pathToFileURL(join(folder, name)).href)) as Readonly<
      Record<string, unknown>
    >;
    const checks = Object.values(module).filter(isOwnCheck);
    if (checks.length > 0) return checks;
    return finding(
      "OWN-NONE",
      file,
      `${file} exports no check`,
      "write: export const check = ownCheck({ … })",
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = /Unknown file extension/.test(reason)
      ? "this Node reads no TypeScript: take Node 24, or write the check as .mjs"
      : 'mend the file; a check begins with: import { ownCheck } from "sitewright/checks"';
    return finding("OWN-LOAD", file, `${file}: ${reason}`, hint);
  }
}

function isOwnCheck(value: unknown): value is OwnCheck {
  return typeof value === "object" && value !== null && "own" in value && "evaluate" in value;
}

function finding(code: string, file: string, message: string, hint: string): Finding {
  const line = message.replaceAll(/\s+/g, " ").slice(0, 160);
  return { code, severity: "error", message: line, hint, where: { file, line: 1, column: 1 } };
}
