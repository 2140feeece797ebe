import { backOptions, diffConfigs } from "../../planner/config/change.ts";
import { type ArmRequest, DeviceError, type PendingPush, type RevealSecret } from "../driver.ts";
import { deviceError } from "../transport/failures.ts";
import { COPY_ANSWERS, DELETE_ANSWERS, RELOAD_ANSWERS } from "./conversation.ts";
import { IOSXE_DIALECT } from "./dialect.ts";
import { savedState } from "./facts.ts";
import { type IosxeLink, inConfiguration } from "./link.ts";

/** Shortest and longest time that `configure terminal revert timer` takes, minutes. */
const MIN_MINUTES = 1;
const MAX_MINUTES = 120;

/** Going back line by line may take a slow switch minutes. */
const REVERT_MS = 300_000;

/** Where the device keeps its own copies where nobody has said it. */
const ARCHIVE_PATH = "flash:sitewright-archive-";

/** What is asked while a change of ours is on the way. */
const NOTHING_PENDING = /No Rollback Confirmed Change pending/;
const NO_ARCHIVE = /Turn config archive on/;

/** The file that marks a push on the device: the configuration before it, named after the push. A `-a` in the name
 *  says that the archive path was set for this push only and goes with it. */
const MARKER = /\bsw-push-([A-Za-z0-9._]+(?:-(?!a\.cfg)[A-Za-z0-9._]+)*)(-a)?\.cfg\b/;

interface Marker {
  readonly file: string;
  readonly token: string;
  readonly ownArchive: boolean;
}

/** Arms the dead-man: the device's own rollback timer, or a reload where the image has none. */
export async function armSafety(link: IosxeLink, request: ArmRequest): Promise<void> {
  const { cli, target } = link;
  if (inConfiguration(cli)) await cli.run("end");
  const minutes = Math.min(MAX_MINUTES, Math.max(MIN_MINUTES, Math.ceil(request.graceSeconds / 60)));
  const own = !/^ path \S/m.test(request.running) && !/^ path \S/m.test(request.change.predicted);
  await mark(link, request.token, own);
  const command = `configure terminal revert timer ${minutes}`;
  let reply = await cli.run(command, { tolerant: true });
  if (NO_ARCHIVE.test(reply.text)) {
    await link.configure(["archive", `path ${archivePath(request)}`, "exit"], refuseSecrets);
    reply = await cli.run(command, { tolerant: true });
  }
  if (inConfiguration(cli)) return;
  if (/Rollback Confirmed Change already pending/.test(reply.text)) {
    throw deviceError("locked", target.device, {
      command,
      reply: reply.text,
      note: "another change waits to be confirmed",
    });
  }
  await armReload(link, minutes, reply.text);
}

/** The path that the change is about to set anyway, or one of ours. */
function archivePath(request: ArmRequest): string {
  return /^ path (\S+)/m.exec(request.change.predicted)?.[1] ?? ARCHIVE_PATH;
}

/** A reload brings the saved configuration back, so it is a net only where that is what runs. */
async function armReload(link: IosxeLink, minutes: number, why: string): Promise<void> {
  const { cli, target } = link;
  const running = await cli.run("show running-config", { listing: true });
  const startup = await cli.run("show startup-config", { listing: true, tolerant: true });
  if (startup.failed || savedState(running.text, startup.text) !== "same") {
    const note = "no rollback timer, and a reload would lose what is not saved; save first (`write memory`)";
    throw deviceError("no-safety-net", target.device, { reply: why, note });
  }
  const reply = await cli.run(`reload in ${minutes}`, { answers: RELOAD_ANSWERS, tolerant: true });
  const armed = await reloadAt(link);
  if (armed === undefined)
    throw deviceError("no-safety-net", target.device, { reply: `${why}\n${reply.text}` });
}

/** Disarms the dead-man and keeps the change.
 *  @throws DeviceError `refused` where the device has gone back already */
export async function confirmSafety(link: IosxeLink, token: string): Promise<void> {
  const { cli, target } = link;
  if (inConfiguration(cli)) await cli.run("end");
  const marker = await findMarker(link);
  const scheduled = await reloadAt(link);
  const reply = await cli.run("configure confirm", { tolerant: true });
  const nothing = NOTHING_PENDING.test(reply.text) || (reply.failed && scheduled !== undefined);
  if (reply.failed && !nothing) {
    throw deviceError("refused", target.device, { command: "configure confirm", reply: reply.text });
  }
  if (scheduled !== undefined) await cli.run("reload cancel", { tolerant: true });
  if (nothing && scheduled === undefined) await refuseReverted(link, marker, token);
  if (marker === undefined) return;
  if (marker.ownArchive) await link.configure(["archive", "no path", "exit"], refuseSecrets);
  await deleteMarker(link, marker);
}

/** Without a timer, the change was either confirmed before or undone: what runs tells which. */
async function refuseReverted(link: IosxeLink, marker: Marker | undefined, token: string): Promise<void> {
  const note = "no change waits to be confirmed: its time was up, or somebody else settled it";
  const error = deviceError("refused", link.target.device, { command: "configure confirm", note });
  if (marker === undefined || marker.token !== token) throw error;
  const before = await link.cli.run(`more ${marker.file}`, { listing: true, tolerant: true });
  const now = await link.read();
  if (before.failed || differs(now.text, before.text).length === 0) throw error;
}

/** Undoes at once and proves it: by the device's own rollback, then by the difference that is left, then by
 *  replacing the whole configuration. */
export async function rollBackSafely(
  link: IosxeLink,
  request: ArmRequest,
  reveal: RevealSecret,
): Promise<void> {
  const { cli, target } = link;
  if (inConfiguration(cli)) await cli.run("end");
  const marker = await findMarker(link);
  const revert = await cli.run("configure revert now", { tolerant: true, timeoutMs: REVERT_MS });
  const undone = /Rollback Done/.test(revert.text);
  if (!undone && !revert.failed) throw deviceError("unexpected", target.device, { reply: revert.text });
  let left = differs((await link.read()).text, request.running, request.way);
  if (left.length > 0) {
    await link.configure(left, reveal).catch(ignoreRefusal);
    left = differs((await link.read()).text, request.running, request.way);
  }
  if (left.length > 0 && marker !== undefined) {
    if (inConfiguration(cli)) await cli.run("end");
    await cli.run(`configure replace ${marker.file} force`, { timeoutMs: REVERT_MS, tolerant: true });
    left = differs((await link.read()).text, request.running, request.way);
  }
  if (left.length > 0) {
    const note = `after the rollback ${left.length} lines still differ, first: ${left[0]}`;
    throw deviceError("unexpected", target.device, { note });
  }
  if ((await reloadAt(link)) !== undefined) await cli.run("reload cancel", { tolerant: true });
  if (marker !== undefined) await deleteMarker(link, marker);
}

/** A line that the device refuses on the way back is not the end: the next step replaces the whole. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof DeviceError) || error.kind !== "refused") throw error;
}

/** What is left to type. Where the address of our own session goes on the way back, it goes last. */
function differs(now: string, before: string, way?: ArmRequest["way"]): readonly string[] {
  return diffConfigs(IOSXE_DIALECT, now, before, backOptions(way)).commands;
}

/** What a killed push left on the device. */
export async function pendingSafety(link: IosxeLink): Promise<PendingPush | undefined> {
  const { cli } = link;
  if (inConfiguration(cli)) await cli.run("end");
  const marker = await findMarker(link);
  const timer = await cli.run("show archive config rollback timer", { listing: true, tolerant: true });
  const reload = await reloadAt(link);
  const user = /^User: (.+)$/m.exec(timer.text)?.[1];
  const minutes = /^Timer value: (.+)$/m.exec(timer.text)?.[1];
  const parts: string[] = [];
  if (minutes !== undefined) parts.push(`a rollback timer of ${minutes} set by ${user ?? "somebody"}`);
  if (marker !== undefined && reload !== undefined) parts.push(`a reload ${reload}`);
  if (marker !== undefined) parts.push(`the copy ${marker.file}`);
  if (parts.length === 0) return undefined;
  return { token: marker?.token, detail: parts.join(", ") };
}

async function reloadAt(link: IosxeLink): Promise<string | undefined> {
  const reply = await link.cli.run("show reload", { listing: true, tolerant: true });
  return /^Reload (scheduled for .+)$/m.exec(reply.text)?.[1];
}

async function mark(link: IosxeLink, token: string, ownArchive: boolean): Promise<void> {
  const file = `flash:sw-push-${token}${ownArchive ? "-a" : ""}.cfg`;
  if (MARKER.exec(file)?.[1] !== token) {
    throw deviceError("unexpected", link.target.device, {
      note: `the push token ${token} makes no file name`,
    });
  }
  const reply = await link.cli.run(`copy running-config ${file}`, { answers: COPY_ANSWERS });
  if (/\d+ bytes copied/.test(reply.text)) return;
  throw deviceError("no-safety-net", link.target.device, {
    command: `copy running-config ${file}`,
    reply: reply.text,
  });
}

async function findMarker(link: IosxeLink): Promise<Marker | undefined> {
  const { text } = await link.cli.run("dir flash:", { listing: true });
  const match = MARKER.exec(text);
  if (!match) return undefined;
  return { file: `flash:${match[0]}`, token: match[1] ?? "", ownArchive: match[2] !== undefined };
}

async function deleteMarker(link: IosxeLink, marker: Marker): Promise<void> {
  await link.cli.run(`delete /force ${marker.file}`, { answers: DELETE_ANSWERS });
}

/** Lines of our own hold no secret. */
function refuseSecrets(reference: string): Promise<never> {
  return Promise.reject(new Error(`no secret belongs here: ${reference}`));
}
