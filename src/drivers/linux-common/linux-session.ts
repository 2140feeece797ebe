import type { Change, ChangeStep, ConfigItem } from "../../planner/config/types.ts";
import type { ArmRequest, DeviceSession, PendingPush, RevealSecret, RunningState } from "../driver.ts";
import { DeviceError } from "../driver.ts";
import { connect } from "../transport/ssh.ts";
import type { Connection, DeviceTarget } from "../transport/types.ts";
import { takesAddress } from "./address-steps.ts";
import { askLinux } from "./ask-linux.ts";
import {
  armDeadMan,
  clearPending,
  confirmDeadMan,
  readPending,
  restoreLog,
  startRestore,
  whileArmed,
} from "./dead-man.ts";
import { releaseLock, takeLock } from "./lock.ts";
import { ownScript, refuseForeignFiles } from "./owned.ts";
import { probeLinux } from "./probe.ts";
import { openRemoteShell, type RemoteShell } from "./remote-script.ts";
import { keepScript, restoreScript } from "./restore-script.ts";
import { revealAll, sealScripts } from "./secrets.ts";

/** How long a restore may take before we call it failed, milliseconds. */
const RESTORE_MS = 60_000;
/** How long an installation may take, milliseconds. */
const INSTALL_MS = 600_000;
const POLL_MS = 300;

/** What a platform adds to the conversation that all Linux devices of ours share. */
export interface LinuxPlatform {
  /** Reads the running state. */
  read(shell: RemoteShell): Promise<RunningState>;
  /** Shell of one step; what the step's commands say unless the platform has another way to send them. */
  stepScript(step: ChangeStep): string;
  /** Steps from the predicted state back to the one before. */
  undo(request: ArmRequest): readonly ChangeStep[];
  /** Shell that makes what runs survive a reboot; undefined where nothing is to be done. */
  saveScript?(running: string, owned: readonly string[]): string | undefined;
  /** Item-wise comparison, to prove that a restore brought the device back. */
  compare(before: string, after: string): readonly ConfigItem[];
}

/** Opens a conversation with a Linux device and proves that it is the one meant.
 *  @throws DeviceError */
export async function openLinuxSession(
  target: DeviceTarget,
  platform: LinuxPlatform,
): Promise<DeviceSession> {
  const connection = await connect(target);
  try {
    const shell = openRemoteShell(connection, target.device, target.login.user);
    if (target.expectHostname !== undefined)
      await proveHostname(connection, target.device, target.expectHostname);
    return sessionOver(shell, platform, () => connection.close());
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function proveHostname(connection: Connection, device: string, expected: string): Promise<void> {
  const { stdout } = await connection.exec("hostname");
  const seen = stdout.trim();
  if (seen === expected) return;
  throw new DeviceError("wrong-device", device, `${device} answers as "${seen}", not as "${expected}"`, {
    command: "hostname",
    reply: seen,
  });
}

function sessionOver(shell: RemoteShell, platform: LinuxPlatform, close: () => Promise<void>): DeviceSession {
  let armed: string | undefined;
  return {
    read: () => platform.read(shell),
    lock: (token) => takeLock(shell, token),
    unlock: (token) => releaseLock(shell, token),
    async arm(request) {
      await arm(shell, platform, request);
      armed = request.token;
    },
    send: (change, reveal, onStep) => send(shell, platform, { change, reveal, onStep, armed }),
    probe: (check) => probeLinux(shell, check),
    ask: (commands) => askLinux(shell, commands),
    async confirm(token) {
      await confirmDeadMan(shell, token);
      armed = undefined;
    },
    save: () => save(shell, platform),
    rollBack: (request, reveal) => rollBack(shell, platform, { request, reveal }),
    pending: () => pending(shell),
    close,
  };
}

async function arm(shell: RemoteShell, platform: LinuxPlatform, request: ArmRequest): Promise<void> {
  const { change } = request;
  await refuseForeignFiles(shell, change, request.running);
  await armDeadMan(shell, {
    token: request.token,
    graceSeconds: request.graceSeconds,
    keep: [ownScript(change), keepScript(change.steps)].join("\n"),
    restore: restoreScript(change.steps, platform.undo(request), (step) => platform.stepScript(step)),
  });
}

interface Sending {
  readonly change: Change;
  readonly reveal: RevealSecret;
  /** Token of the push that guards this; undefined where nothing is armed. */
  readonly armed?: string | undefined;
  readonly onStep?: ((done: number, total: number) => void) | undefined;
}

async function send(
  shell: RemoteShell,
  platform: LinuxPlatform,
  { change, reveal, onStep, armed }: Sending,
): Promise<void> {
  const total = change.commands.length;
  let done = 0;
  for (const steps of inOneGo(change.steps)) {
    const { text, clean } = await revealAll(
      steps.map((step) => platform.stepScript(step)).join("\n"),
      reveal,
    );
    const seals = steps.flatMap((step) => sealScripts(step, change.predicted));
    const body = ["set -e", text, ...seals].join("\n");
    const timeoutMs = /\bapt-get install\b/.test(text) ? INSTALL_MS : undefined;
    await shell.run(armed === undefined ? body : whileArmed(armed, body), {
      label: steps.map(labelOf).join("; "),
      clean,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    done += steps.reduce((sum, step) => sum + step.commands.length, 0);
    onStep?.(done, total);
  }
}

/** Steps one by one, and from the first that takes an address away on all together: the session may stand on that
 *  address, and what is on the device by then is carried out without it. */
function inOneGo(steps: readonly ChangeStep[]): readonly (readonly ChangeStep[])[] {
  const first = steps.findIndex(takesAddress);
  if (first < 0) return steps.map((step) => [step]);
  return [...steps.slice(0, first).map((step) => [step]), steps.slice(first)];
}

function labelOf(step: ChangeStep): string {
  return step.commands.length === 1 ? (step.commands[0] ?? "") : step.path.join(" ");
}

async function save(shell: RemoteShell, platform: LinuxPlatform): Promise<void> {
  const script = platform.saveScript;
  if (script === undefined) return;
  const { text } = await platform.read(shell);
  const owned = (await shell.run(readOwned, { label: "read what is ours" }))
    .split("\n")
    .filter((line) => line !== "");
  const body = script(text, owned);
  if (body !== undefined) await shell.run(`set -e\n${body}`, { label: "save" });
}

const readOwned = "cat /var/lib/sitewright/owned 2>/dev/null || :";

interface RollingBack {
  readonly request: ArmRequest;
  readonly reveal: RevealSecret;
}

async function rollBack(
  shell: RemoteShell,
  platform: LinuxPlatform,
  { request, reveal }: RollingBack,
): Promise<void> {
  const { token } = request;
  if (await startRestore(shell, token)) await awaitRestore(shell);
  else await undoByCommands(shell, platform, { request, reveal });
  const { text } = await platform.read(shell);
  const left = platform.compare(request.running, text);
  if (left.length > 0)
    throw new DeviceError("unexpected", shell.device, `${shell.device} is not as before after its rollback`, {
      reply: left.map((item) => `${item.kind} ${item.path.join(" / ")}`).join("\n"),
    });
  await clearPending(shell, token);
}

/** Nothing is armed: the push was confirmed, or never armed. What differs goes back step by step. */
async function undoByCommands(
  shell: RemoteShell,
  platform: LinuxPlatform,
  { request, reveal }: RollingBack,
): Promise<void> {
  const steps = platform.undo(request);
  const commands = steps.flatMap((step) => step.commands);
  const change = { ...request.change, steps, commands, predicted: request.running };
  await send(shell, platform, { change, reveal });
}

async function awaitRestore(shell: RemoteShell): Promise<void> {
  const end = Date.now() + RESTORE_MS;
  while (Date.now() < end) {
    const { state } = await readPending(shell);
    if (state === "restored" || state === undefined) return;
    if (state === "failed")
      throw new DeviceError("unexpected", shell.device, `${shell.device} could not restore what was before`, {
        reply: (await restoreLog(shell)).slice(0, 2000),
      });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new DeviceError(
    "timeout",
    shell.device,
    `${shell.device} did not finish its restore in ${RESTORE_MS} ms`,
  );
}

async function pending(shell: RemoteShell): Promise<PendingPush | undefined> {
  const record = await readPending(shell);
  if (record.token !== undefined && record.state !== undefined)
    return { token: record.token, detail: `${record.state} since ${record.since ?? "?"}` };
  if (record.lockedBy !== undefined) return { token: record.lockedBy, detail: "locked, nothing armed" };
  return undefined;
}
