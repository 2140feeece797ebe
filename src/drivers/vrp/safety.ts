import { backOptions, diffConfigs } from "../../planner/config/change.ts";
import { type ArmRequest, DeviceError, type PendingPush, type RevealSecret } from "../driver.ts";
import type { Cli } from "../transport/cli.ts";
import { deviceError } from "../transport/failures.ts";
import { FILE_ANSWERS, REBOOT_ANSWERS, SAVE_ANSWERS } from "./conversation.ts";
import { VRP_DIALECT } from "./dialect.ts";
import { type Checkpoint, checkpointOf, findCheckpoint, nextStartup } from "./facts.ts";
import { toUserView, type VrpLink } from "./link.ts";

/** Longest delay that `schedule reboot` takes, minutes. */
const MAX_MINUTES = 43_200;

const SAVE_MS = 180_000;

/** A switch is back from a reboot within this, or a person has to look. */
const REBOOT_MS = 900_000;

/** Arms the dead-man. VRP5 has no rollback timer: the running configuration is copied to a file of its own, the next
 *  start takes that file, and a reboot is scheduled. */
export async function armSafety(link: VrpLink, request: ArmRequest): Promise<void> {
  const cli = link.cli();
  const { device } = link.target;
  await toUserView(cli);
  const startup = nextStartup((await cli.run("display startup", { listing: true })).text);
  if (startup === undefined) {
    throw deviceError("no-safety-net", device, {
      note: "it has never saved a configuration; save once (`save`)",
    });
  }
  const kept = findCheckpoint(startup);
  const checkpoint = kept?.token === request.token ? kept : checkpointOf(request.token, startup);
  if (kept !== undefined && kept.token !== request.token) {
    throw deviceError("locked", device, { note: `it starts from ${kept.file}, which another push left` });
  }
  if (checkpoint === undefined) {
    throw deviceError("no-safety-net", device, {
      note: `no file name for push ${request.token} over ${startup}`,
    });
  }
  await writeCheckpoint(cli, checkpoint, device);
  await startFrom(link, checkpoint.file);
  await scheduleReboot(link, Math.min(MAX_MINUTES, Math.max(1, Math.ceil(request.graceSeconds / 60))));
}

async function writeCheckpoint(cli: Cli, checkpoint: Checkpoint, device: string): Promise<void> {
  const command = `save ${checkpoint.file}`;
  const { text } = await cli.run(command, { answers: SAVE_ANSWERS, timeoutMs: SAVE_MS });
  if (!/success/i.test(text)) throw deviceError("no-safety-net", device, { command, reply: text });
}

async function startFrom(link: VrpLink, file: string): Promise<void> {
  const cli = link.cli();
  await cli.run(`startup saved-configuration ${file}`, { answers: FILE_ANSWERS, timeoutMs: SAVE_MS });
  const next = nextStartup((await cli.run("display startup", { listing: true })).text);
  if (next?.endsWith(file)) return;
  throw deviceError("unexpected", link.target.device, {
    note: `it starts from ${next ?? "nothing"}, not ${file}`,
  });
}

async function scheduleReboot(link: VrpLink, minutes: number): Promise<void> {
  const cli = link.cli();
  const command = `schedule reboot delay ${minutes}`;
  const reply = await cli.run(command, { answers: REBOOT_ANSWERS, tolerant: true });
  if (!reply.failed && (await rebootAt(cli)) !== undefined) return;
  throw deviceError("no-safety-net", link.target.device, { command, reply: reply.text });
}

async function rebootAt(cli: Cli): Promise<string | undefined> {
  const { text } = await cli.run("display schedule reboot", { listing: true, tolerant: true });
  return /reboot(?:ing)? (?:system )?(?:at|in) .*/i.exec(text)?.[0].trim();
}

/** Disarms the dead-man and keeps the change; the saved configuration is the old one until `save`.
 *  @throws DeviceError `refused` where the device has gone back already */
export async function confirmSafety(link: VrpLink, token: string): Promise<void> {
  const cli = link.cli();
  await toUserView(cli);
  const checkpoint = await checkpointOnFlash(cli);
  if ((await rebootAt(cli)) === undefined) await refuseReverted(link, checkpoint, token);
  else await cli.run("undo schedule reboot");
  if (checkpoint !== undefined) await clearCheckpoint(link, checkpoint);
}

/** Without a scheduled reboot the change was either confirmed before or undone: what runs tells which. */
async function refuseReverted(
  link: VrpLink,
  checkpoint: Checkpoint | undefined,
  token: string,
): Promise<void> {
  const note = "no reboot waits to be called off: its time was up, or somebody else settled it";
  const error = deviceError("refused", link.target.device, { command: "undo schedule reboot", note });
  if (checkpoint === undefined || checkpoint.token !== token) throw error;
  const before = await link.cli().run(`more ${checkpoint.file}`, { listing: true, tolerant: true });
  const now = await link.read();
  if (before.failed || differs(now.text, before.text).length === 0) throw error;
}

/** Undoes at once and proves it: by the commands that are left to go back, and where those do not do it, by a reboot
 *  to the copy. */
export async function rollBackSafely(
  link: VrpLink,
  request: ArmRequest,
  reveal: RevealSecret,
): Promise<void> {
  await toUserView(link.cli());
  const checkpoint = await checkpointOnFlash(link.cli());
  let left = differs((await link.read()).text, request.running, request.way);
  if (left.length > 0) {
    await link.configure(left, reveal).catch(ignoreRefusal);
    left = differs((await link.read()).text, request.running, request.way);
  }
  if (left.length > 0 && checkpoint !== undefined) {
    await rebootTo(link, checkpoint, request.way?.move !== undefined);
    left = differs((await link.read()).text, request.running, request.way);
  }
  if (left.length > 0) {
    const note = `after the rollback ${left.length} lines still differ, first: ${left[0]}`;
    throw deviceError("unexpected", link.target.device, { note });
  }
  if ((await rebootAt(link.cli())) !== undefined) await link.cli().run("undo schedule reboot");
  if (checkpoint !== undefined) await clearCheckpoint(link, checkpoint);
}

/** @throws DeviceError `closed` where it comes back at another address: who dialled knows where to look for it */
async function rebootTo(link: VrpLink, checkpoint: Checkpoint, elsewhere: boolean): Promise<void> {
  await toUserView(link.cli());
  await startFrom(link, checkpoint.file);
  await link.cli().run("reboot", { answers: REBOOT_ANSWERS }).catch(ignoreEnd);
  if (elsewhere) throw deviceError("closed", link.target.device, { note: "it reboots to its old address" });
  await link.reopen(REBOOT_MS);
}

/** A device that reboots ends the session in mid-reply. */
function ignoreEnd(error: unknown): void {
  if (!(error instanceof DeviceError) || (error.kind !== "closed" && error.kind !== "timeout")) throw error;
}

/** A line that the device refuses on the way back is not the end: the reboot comes next. */
async function ignoreRefusal(error: unknown): Promise<void> {
  if (!(error instanceof DeviceError) || error.kind !== "refused") throw error;
}

/** What is left to type. Where the address of our own session goes on the way back, it goes last. */
function differs(now: string, before: string, way?: ArmRequest["way"]): readonly string[] {
  return diffConfigs(VRP_DIALECT, now, before, backOptions(way)).commands;
}

/** What a killed push left on the device. */
export async function pendingSafety(link: VrpLink): Promise<PendingPush | undefined> {
  const cli = link.cli();
  await toUserView(cli);
  const checkpoint = await checkpointOnFlash(cli);
  if (checkpoint === undefined) return undefined;
  const startup = nextStartup((await cli.run("display startup", { listing: true })).text);
  const reboot = await rebootAt(cli);
  const parts = [`the copy ${checkpoint.file}`];
  if (startup?.endsWith(checkpoint.file)) parts.push("the next start takes it");
  if (reboot !== undefined) parts.push(reboot);
  return { token: checkpoint.token, detail: parts.join(", ") };
}

async function checkpointOnFlash(cli: Cli): Promise<Checkpoint | undefined> {
  return findCheckpoint((await cli.run("dir", { listing: true })).text);
}

/** Gives the device its own startup file back and takes the copy away. */
async function clearCheckpoint(link: VrpLink, checkpoint: Checkpoint): Promise<void> {
  const cli = link.cli();
  const startup = nextStartup((await cli.run("display startup", { listing: true })).text);
  if (startup?.endsWith(checkpoint.file)) await startFrom(link, checkpoint.startup);
  await cli.run(`delete /unreserved ${checkpoint.file}`, { answers: FILE_ANSWERS });
}
