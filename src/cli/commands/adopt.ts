import { randomUUID } from "node:crypto";
import { operatorName } from "../../deploy/stack-environment.ts";
import type { DeployContext } from "../../deploy/types.ts";
import { type Adopted, adoptItems } from "../../drift/adopt/adopt-items.ts";
import { type AdoptBranch, AdoptError, commitBranch, requireClean } from "../../drift/adopt/commit.ts";
import { adoptMessage } from "../../drift/adopt/message.ts";
import { filterComparison } from "../../drift/exposure.ts";
import { splitEdit } from "../../drift/in-place.ts";
import { incidentId } from "../../drift/incidents/identity.ts";
import type { Incident } from "../../drift/incidents/types.ts";
import { recordAdopted } from "../../drift/night/record.ts";
import { type DeviceDrift, isIncident, type ReportedItem, readSiteDrift } from "../../drift/read-drift.ts";
import type { CleanReadings } from "../../drift/store/clean-readings.ts";
import type { Driver, FullDriver } from "../../drivers/driver.ts";
import { isFullDriver } from "../../drivers/registry.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  flag,
  type Options,
  textOption,
} from "../command.ts";
import { openDeploy, showProgress } from "../deploy-context.ts";
import { type ExitReason, UsageError } from "../exit.ts";
import { judgeSites } from "../judge.ts";
import { openStore, settingsFor } from "../night.ts";
import { type Chosen, openChosen } from "../open.ts";
import { loadOwnChecks } from "../own-checks.ts";
import type { Printer } from "../print.ts";

/** Takes a drift into the YAML: a branch with one commit, made only where the inventory, rendered again, is what runs.
 *  The work tree stays as it is, and nothing is pushed anywhere. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  try {
    return await adopt(context, selectors, options);
  } catch (error) {
    if (!(error instanceof AdoptError)) throw error;
    throw new UsageError(error.message, error.hint);
  }
}

async function adopt(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const chosen = await openChosen(context.root, selectors, options);
  const [device, second] = [...chosen.devices];
  const [site] = chosen.sites;
  if (device === undefined || site === undefined || second !== undefined)
    throw new UsageError("adopt wants one device", "sitewright adopt CLIENT/SITE/DEVICE");
  if (findingReasons(chosen.findings).length > 0)
    throw new UsageError("the inventory has errors", "type: sitewright validate");
  await requireClean(context.root);
  const deploy = openDeploy(context.root, [site]);
  const onProgress = showProgress(context.printer, 1, "reading the device");
  const { remembered, lastClean } = await rememberedBy(context, deploy, site.id);
  const read = await readSiteDrift(site, deploy, {
    lastClean,
    only: new Set([device]),
    onProgress,
    filters: filterComparison(site),
  });
  const drift = read.devices[0];
  const intent = site.devices.find((one) => one.id === device);
  const driver = intent && deploy.drivers(intent.platform);
  if (drift === undefined || intent === undefined || driver === undefined || !isFullDriver(driver))
    throw new UsageError(`${device} cannot be read`, "type: sitewright doctor");
  if (drift.state === "unreachable" || drift.state === "unadopted") return unread(chosen, drift);
  const known = drift.items.map((item) => withIncident(item, intent.asset, remembered));
  const items = chooseItems({ ...drift, items: known }, textOption(options, "item"));
  const last = await deploy.stores.archive.last(intent.asset);
  const running = last && (await deploy.stores.archive.redacted(last.redacted));
  if (running === undefined) throw new UsageError(`the archive lost what runs on ${device}`, "type it again");
  const now = new Date();
  const own = await loadOwnChecks(context.root);
  const adopted = adoptItems({
    workspace: chosen.workspace,
    site,
    intent,
    driver,
    drivers: (platform) => fullDriver(deploy.drivers(platform)),
    judge: (workspace, judged, resolved) =>
      judgeSites({ sites: [judged], workspace, findings: resolved }, now, own).findings,
    running,
    // A rule that was edited in place may have lost its name: then one rule went, and another came.
    items: items.flatMap((item) => (keepsName(item) ? [item] : splitEdit(item))),
    today: now.toISOString().slice(0, 10),
    also: new Set(textOption(options, "also")?.split(",") ?? []),
  });
  if (adopted.refusals !== undefined) return refused(device, adopted.refusals);
  const message = adoptMessage(device, items);
  if (flag(options, "dryRun")) return told({ device, items, adopted, message, made: undefined });
  const branch = textOption(options, "branch") ?? branchName(site, device, items);
  const made = await commitBranch(context.root, { branch, files: adopted.files, message });
  const note = `branch ${made.branch}, commit ${made.commit.slice(0, 10)}`;
  await deploy.stores.audit.append({ what: "adopted", who: operatorName(), site: site.id, device, note });
  await rememberBranch(made.branch, items, { context, chosen, deploy, intent });
  return told({ device, items, adopted, message, made });
}

/** Tells the night job that these are on a branch, so that it waits for their apply. */
async function rememberBranch(
  branch: string,
  items: readonly ReportedItem[],
  parts: {
    readonly context: CommandContext;
    readonly chosen: Chosen;
    readonly deploy: DeployContext;
    readonly intent: DeviceIntent;
  },
): Promise<void> {
  const { context, chosen, deploy, intent } = parts;
  const { store } = await openStore(context, deploy);
  const settingsOf = settingsFor(chosen, [`${intent.client}/${intent.site}`]);
  try {
    await recordAdopted(
      items,
      intent,
      { who: operatorName(), branch },
      { store, settingsOf, run: randomUUID(), now: deploy.now() },
    );
  } finally {
    await store.close();
  }
}

/** Whether what runs still bears the comment by which a rule of ours is known. */
function keepsName({ applied, running }: ReportedItem): boolean {
  const commentOf = (text: string | undefined) => / comment "([^"]*)"/.exec(text ?? "")?.[1];
  return commentOf(applied) !== undefined && commentOf(applied) === commentOf(running);
}

function fullDriver(driver: Driver | undefined): FullDriver | undefined {
  return driver?.level === "full" ? driver : undefined;
}

/** What the night job remembers of the site: incidents that want attention, by id, and its last clean readings. */
async function rememberedBy(
  context: CommandContext,
  deploy: DeployContext,
  site: string,
): Promise<{ readonly remembered: ReadonlyMap<string, Incident>; readonly lastClean: CleanReadings }> {
  const { store } = await openStore(context, deploy);
  try {
    const incidents = await store.incidents({ sites: [site] });
    const remembered = new Map(incidents.map((incident) => [incident.id, incident]));
    return { remembered, lastClean: await store.lastClean([site]) };
  } finally {
    await store.close();
  }
}

/** The incident of an item; what the night job learned of its maker counts where the log has forgotten since. */
function withIncident(
  item: ReportedItem,
  asset: string,
  remembered: ReadonlyMap<string, Incident>,
): ReportedItem {
  const id = incidentId(asset, { kind: "drift", path: item.path, change: item.kind });
  const incident = remembered.get(id);
  // The same id that the night will give it: adopting opens the incident where no night has seen it yet.
  if (incident === undefined) return { ...item, incident: id };
  const { by, at, from, running } = incident.facts;
  if (item.by.name !== undefined || by.name === undefined || running !== (item.running ?? null))
    return { ...item, incident: id };
  return { ...item, incident: id, by, at: at ?? undefined, from: from ?? undefined };
}

/** What a person has to look at, narrowed by words of its path or value. */
function chooseItems(drift: DeviceDrift, word: string | undefined): readonly ReportedItem[] {
  const incidents = drift.items.filter((item) => isIncident(item) && item.kind !== "unsaved");
  const text = (item: ReportedItem): string =>
    [...item.path, item.running ?? "", item.incident ?? ""].join(" / ");
  const named = incidents.filter((item) => word === undefined || text(item).includes(word));
  const units = new Set(named.flatMap((item) => unitOf(item.path)));
  const items = incidents.filter(
    (item) => named.includes(item) || unitOf(item.path).some((one) => units.has(one)),
  );
  if (items.length > 0) return items;
  const hint = "type: sitewright drift, and name an item by a part of its path";
  throw new UsageError(
    word === undefined
      ? `${drift.device} has no drift to adopt`
      : `no drift of ${drift.device} holds "${word}"`,
    hint,
  );
}

/** What is taken over whole or not at all: a file, an account, and what sshd runs by with the file that says it. */
function unitOf([head = ""]: readonly string[]): readonly string[] {
  if (head === "sshd" || head.startsWith("file /etc/ssh/sshd_config.d/00-sitewright")) return ["sshd"];
  return /^(?:file|cron|account|login) /.test(head) ? [head] : [];
}

/** The same drift gives the same name, so that two people do not adopt it twice. */
function branchName(site: Site, device: string, items: readonly ReportedItem[]): string {
  const incident = items.find((item) => item.incident !== undefined)?.incident;
  const words = incident ?? items[0]?.path.join("-") ?? "drift";
  const slug = words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `adopt/${site.client}-${site.site}-${device.split("/").at(-1)}-${slug.slice(0, 48)}`;
}

function unread(chosen: Chosen, drift: DeviceDrift): CommandOutcome {
  const reason = drift.reason ?? "it was never pushed by Sitewright: there is no drift to adopt";
  const subject = `${drift.device}: ${reason}`;
  const reasons: ExitReason[] = [{ code: 3, reason: "incomplete", subject }];
  return {
    findings: chosen.findings,
    result: nothingMade(drift.device, [reason]),
    reasons,
    text: (printer) => printer.line(subject),
  };
}

function refused(device: string, refusals: readonly string[]): CommandOutcome {
  return {
    findings: [],
    result: nothingMade(device, refusals),
    reasons: [{ code: 1, reason: "gate" }],
    text: (printer) => {
      printer.line(`${printer.style.red("not adopted")} ${device}: the inventory cannot say what runs there`);
      for (const refusal of refusals) printer.line(`  ${refusal}`);
      printer.line(`Nothing was written. Put the device back instead: sitewright revert ${device}`);
    },
  };
}

/** The result where nothing is written, and why. */
function nothingMade(device: string, reasons: readonly string[]) {
  return {
    device,
    branch: null,
    commit: null,
    items: [],
    files: [],
    message: null,
    refused: reasons,
    respelled: [],
  };
}

interface Told {
  readonly device: string;
  readonly items: readonly ReportedItem[];
  readonly adopted: Exclude<Adopted, { readonly refusals: readonly string[] }>;
  readonly message: string;
  readonly made: AdoptBranch | undefined;
}

function told({ device, items, adopted, message, made }: Told): CommandOutcome {
  const files = [...adopted.files.keys()];
  return {
    findings: [],
    result: {
      device,
      branch: made?.branch ?? null,
      commit: made?.commit ?? null,
      items: items.map((item) => item.path),
      files,
      message,
      refused: [],
      respelled: adopted.respelled,
    },
    reasons: [],
    text: (printer) => printTold(printer, { files, message, made, adopted }),
  };
}

function printTold(
  printer: Printer,
  {
    files,
    message,
    made,
    adopted,
  }: Pick<Told, "message" | "made" | "adopted"> & { readonly files: readonly string[] },
): void {
  printer.line(message.trimEnd());
  printer.line();
  for (const { file, path, value } of adopted.edits)
    printer.line(
      `  ${file}: ${path.join(".")} ${value === undefined ? "taken out" : `= ${JSON.stringify(value)}`}`,
    );
  for (const one of adopted.respelled)
    printer.line(printer.style.dim(`  the next apply still spells ${one} as we do; it decides nothing`));
  if (made === undefined) {
    printer.line(`Nothing was written (--dry-run); ${files.length} files would change.`);
    return;
  }
  printer.line(
    `${printer.style.green("adopted")} on branch ${made.branch} (${made.commit.slice(0, 12)}); your files are untouched.`,
  );
  printer.line(`Look at it: git show ${made.branch}    Push it: git push origin ${made.branch}`);
}
