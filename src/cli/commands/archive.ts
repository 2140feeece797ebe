import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ArchiveEntry } from "../../deploy/stores/types.ts";
import type { DeployContext } from "../../deploy/types.ts";
import type { Driver } from "../../drivers/driver.ts";
import { driverFor } from "../../drivers/registry.ts";
import { chooseEntry, shortDigest } from "../archive-entry.ts";
import { type CommandContext, type CommandOutcome, flag, type Options, textOption } from "../command.ts";
import { openDeploy } from "../deploy-context.ts";
import { UsageError } from "../exit.ts";
import { openChosen } from "../open.ts";
import { select } from "../select.ts";
import { printArchiveList, printItem } from "../text/archive.ts";

/** The configurations that were read, by device: list, show, compare, give back. Reads no device. */
export async function run(
  context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const [action, ...selectors] = args;
  const deploy = openDeploy(context.root, []);
  switch (action) {
    case "list":
      return list(deploy, selectors, options);
    case "show":
      return show(await versionsOf(deploy, selectors), deploy, options);
    case "diff":
      return diff(await versionsOf(deploy, selectors), deploy, options);
    case "restore":
      return restore(await versionsOf(deploy, selectors), deploy, options);
    default:
      throw new UsageError(
        `archive does not know "${action ?? ""}"`,
        "type: sitewright archive list, show, diff or restore",
      );
  }
}

/** Everything that the archive holds of one device, oldest first. */
interface Versions {
  readonly device: string;
  readonly asset: string;
  readonly entries: readonly ArchiveEntry[];
}

async function list(
  deploy: DeployContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const devices = chosenVersions(await deploy.stores.archive.all(), selectors);
  const newestOnly = flag(options, "last");
  const shown = devices.map(({ device, asset, entries }) => ({
    device,
    asset,
    versions: (newestOnly ? entries.slice(-1) : entries).map(versionOf),
  }));
  return {
    findings: [],
    result: { devices: shown },
    reasons: [],
    text: (printer) => printArchiveList(printer, shown),
  };
}

async function show(versions: Versions, deploy: DeployContext, options: Options): Promise<CommandOutcome> {
  const entry = chooseEntry(versions.entries, textOption(options, "at"));
  const text = await redactedOf(deploy, entry);
  return {
    findings: [],
    result: { device: versions.device, version: versionOf(entry), text },
    reasons: [],
    text: (printer) => printer.line(text.trimEnd()),
  };
}

async function diff(versions: Versions, deploy: DeployContext, options: Options): Promise<CommandOutcome> {
  const newer = chooseEntry(versions.entries, textOption(options, "to"));
  const older = olderThan(versions, newer, textOption(options, "from"));
  const driver = await driverOf(versions, deploy);
  const [before, after] = await Promise.all([redactedOf(deploy, older), redactedOf(deploy, newer)]);
  const items = driver.compare(before, after, { kind: "full" });
  return {
    findings: [],
    result: { device: versions.device, from: versionOf(older), to: versionOf(newer), items },
    reasons: flag(options, "exitCode") && items.length > 0 ? [{ code: 2, reason: "difference" }] : [],
    text: (printer) => {
      const { style } = printer;
      printer.line(
        `${style.bold(versions.device)}  ${older.at} ${shortDigest(older.redacted)} to ${newer.at} ${shortDigest(newer.redacted)}`,
      );
      for (const item of items) printItem(printer, item);
      if (items.length > 0) return;
      const secret =
        older.snapshot === newer.snapshot ? "" : " (a secret differs, or a line that means nothing)";
      printer.line(`  no difference${secret}`);
    },
  };
}

/** Writes the full text to a file for its owner only; nothing is sent to a device. */
async function restore(versions: Versions, deploy: DeployContext, options: Options): Promise<CommandOutcome> {
  const entry = chooseEntry(versions.entries, textOption(options, "at"));
  const out = textOption(options, "out");
  if (out === undefined) {
    throw new UsageError("restore writes secrets in clear, so it wants a file", "add --out FILE");
  }
  const file = resolve(out);
  if (existsSync(file)) throw new UsageError(`${out} exists`, "name a new file: restore overwrites nothing");
  const identity = readIdentity(textOption(options, "identity"));
  if (!entry.restorable) throw notRestorable(versions.device, entry);
  const text = await deploy.stores.archive.restore(entry.snapshot, identity);
  if (text === undefined) throw notRestorable(versions.device, entry);
  await writeFile(file, text, { mode: 0o600, flag: "wx" });
  return {
    findings: [],
    result: { device: versions.device, version: versionOf(entry), file },
    reasons: [],
    text: (printer) =>
      printer.line(`${file}: ${versions.device} as it was at ${entry.at}, with its secrets in clear`),
  };
}

function notRestorable(device: string, entry: ArchiveEntry): UsageError {
  return new UsageError(
    `only the redacted text of ${device} at ${entry.at} was kept`,
    "set SITEWRIGHT_AGE_RECIPIENTS=age1… before devices are read, so that full texts are kept encrypted",
  );
}

/** An age identity: a file, else `SITEWRIGHT_AGE_IDENTITY`. */
function readIdentity(file: string | undefined): string {
  const text = file === undefined ? process.env.SITEWRIGHT_AGE_IDENTITY : identityFile(file);
  const identity = text?.split("\n").find((line) => line.startsWith("AGE-SECRET-KEY-1"));
  if (identity === undefined) {
    throw new UsageError(
      "no age identity to decrypt with",
      "add --identity FILE (made by age-keygen), or set SITEWRIGHT_AGE_IDENTITY",
    );
  }
  return identity.trim();
}

function identityFile(file: string): string {
  if (!existsSync(file))
    throw new UsageError(`there is no file ${file}`, "name the file that age-keygen wrote");
  return readFileSync(file, "utf8");
}

async function versionsOf(deploy: DeployContext, selectors: readonly string[]): Promise<Versions> {
  const all = chosenVersions(await deploy.stores.archive.all(), selectors);
  const [only] = all;
  if (only === undefined || all.length > 1 || selectors.length === 0) {
    throw new UsageError(
      "this wants one device",
      "type it as CLIENT/SITE/DEVICE; see: sitewright archive list",
    );
  }
  return only;
}

/** Groups by asset, so that a device that was renamed stays one; it goes by its newest name. */
function chosenVersions(entries: readonly ArchiveEntry[], selectors: readonly string[]): Versions[] {
  const byAsset = Map.groupBy(entries, (entry) => entry.asset);
  const devices = [...byAsset].map(([asset, own]) => {
    const device = own.at(-1)?.device ?? asset;
    const [client = "", site = "", name = ""] = device.split("/");
    return { device, asset, entries: own, client, site, name, role: undefined };
  });
  if (devices.length === 0) {
    throw new UsageError("nothing was archived yet", "type: sitewright drift (it keeps what it reads)");
  }
  return select(devices, selectors)
    .map(({ device, asset, entries: own }) => ({ device, asset, entries: own }))
    .sort((a, b) => (a.device < b.device ? -1 : 1));
}

function olderThan(versions: Versions, newer: ArchiveEntry, word: string | undefined): ArchiveEntry {
  if (word !== undefined) return chooseEntry(versions.entries, word);
  const before = versions.entries.slice(0, versions.entries.indexOf(newer));
  const other = before.findLast((entry) => entry.snapshot !== newer.snapshot);
  if (other === undefined) {
    throw new UsageError(
      `there is nothing older than ${newer.at} to compare with`,
      `see: sitewright archive list ${versions.device}`,
    );
  }
  return other;
}

async function driverOf(versions: Versions, deploy: DeployContext): Promise<Driver> {
  const receipt = await deploy.stores.receipts.last(versions.asset);
  const platform = receipt?.platform ?? (await inventoryPlatform(deploy.root, versions.device));
  const driver = platform === undefined ? undefined : driverFor(platform);
  if (driver === undefined) {
    throw new UsageError(
      `the platform of ${versions.device} is not known any more`,
      "compare files: sitewright diff --platform P OLD NEW",
    );
  }
  return driver;
}

async function inventoryPlatform(root: string, device: string): Promise<string | undefined> {
  const chosen = await openChosen(root, [device], {});
  return chosen.sites.flatMap((site) => site.devices).find(({ id }) => id === device)?.platform;
}

async function redactedOf(deploy: DeployContext, entry: ArchiveEntry): Promise<string> {
  const text = await deploy.stores.archive.redacted(entry.redacted);
  if (text === undefined) {
    throw new Error(
      `the text ${entry.redacted} is missing from .sitewright/archive: restore it from your backup`,
    );
  }
  return text;
}

function versionOf(entry: ArchiveEntry) {
  const { at, why, redacted, snapshot, restorable } = entry;
  return { at, why, digest: redacted, snapshot, restorable };
}
