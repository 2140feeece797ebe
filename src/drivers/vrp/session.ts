import { setTimeout as sleep } from "node:timers/promises";
import { DeviceError, type DeviceSession, type RunningState } from "../driver.ts";
import { askCli } from "../transport/ask-cli.ts";
import type { Cli } from "../transport/cli.ts";
import { typeCommands } from "../transport/cli-change.ts";
import type { CliRunOptions } from "../transport/cli-reply.ts";
import { deviceError } from "../transport/failures.ts";
import type { DeviceTarget } from "../transport/types.ts";
import { KNOWN_QUESTIONS, SAVE_ANSWERS } from "./conversation.ts";
import { factsOf, savedState } from "./facts.ts";
import { inSystemView, openTalk, type Talk, toUserView, type VrpLink } from "./link.ts";
import { probeVrp } from "./probe.ts";
import { armSafety, confirmSafety, pendingSafety, rollBackSafely } from "./safety.ts";

/** Saving to flash may take a stack of switches minutes. */
const SAVE_MS = 180_000;

/** Between two tries to reach a device that reboots. */
const RETRY_MS = 1000;

/** A banner's text stands between quotes over several lines. */
const TYPING = {
  multiline: /^header \S+ information (")/,
  options: questionsOf,
};

/** Opens a session with a VRP5 device and makes sure that it is the one meant.
 *  @throws DeviceError */
export async function connectVrp(target: DeviceTarget): Promise<DeviceSession> {
  return sessionOver(linkOver(await openTalk(target), target));
}

function linkOver(first: Talk, target: DeviceTarget): VrpLink {
  let talk = first;
  const close = async (): Promise<void> => {
    talk.cli.close();
    await talk.connection.close();
  };
  return {
    target,
    cli: () => talk.cli,
    read: () => readRunning(talk.cli, target),
    configure: async (commands, reveal, onStep) => {
      const { cli } = talk;
      if (!inSystemView(cli)) await cli.run("system-view");
      if (/\[[~*]/.test(cli.prompt())) {
        const note = "it keeps changes back until they are committed (VRP8), which this driver does not do";
        throw deviceError("no-safety-net", target.device, { note });
      }
      await typeCommands(cli, commands, reveal, { ...TYPING, device: target.device }, onStep);
      await toUserView(cli);
    },
    reopen: async (waitMs) => {
      await close();
      talk = await retry(target, waitMs);
    },
    close,
  };
}

/** Dials until the device answers or the time is up. Only silence is waited for: a wrong key is not. */
async function retry(target: DeviceTarget, waitMs: number): Promise<Talk> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      return await openTalk(target);
    } catch (error) {
      if (!(error instanceof DeviceError) || !WAITABLE.has(error.kind) || Date.now() > deadline) throw error;
      await sleep(RETRY_MS);
    }
  }
}

const WAITABLE: ReadonlySet<string> = new Set(["unreachable", "closed", "timeout"]);

function sessionOver(link: VrpLink): DeviceSession {
  return {
    read: () => link.read(),
    lock: async (token) => {
      const pending = await pendingSafety(link);
      if (pending === undefined || pending.token === token) return;
      const { device } = link.target;
      throw new DeviceError("locked", device, `${device} is in the middle of a change: ${pending.detail}`);
    },
    unlock: () => Promise.resolve(),
    arm: (request) => armSafety(link, request),
    send: (change, reveal, onStep) => link.configure(change.commands, reveal, onStep),
    probe: (check) => probeVrp(link, check),
    ask: (commands) => askCli(link.cli(), commands),
    confirm: (token) => confirmSafety(link, token),
    save: () => saveRunning(link),
    rollBack: (request, reveal) => rollBackSafely(link, request, reveal),
    pending: () => pendingSafety(link),
    close: () => link.close(),
  };
}

function questionsOf(command: string): CliRunOptions {
  const known = KNOWN_QUESTIONS.find((question) => question.command.test(command));
  return known ? { answers: known.answers } : {};
}

async function readRunning(cli: Cli, target: DeviceTarget): Promise<RunningState> {
  await toUserView(cli);
  const running = (await cli.run("display current-configuration", { listing: true })).text;
  if (!/^return$/m.test(running)) {
    const note = "the login may not see the whole running configuration";
    throw deviceError("refused", target.device, { command: "display current-configuration", note });
  }
  const saved = await cli.run("display saved-configuration", { listing: true, tolerant: true });
  const version = (await cli.run("display version", { listing: true })).text;
  const esn = await cli.run("display esn", { listing: true, tolerant: true });
  const facts = factsOf(version, esn.failed ? "" : esn.text, running);
  if (target.expectHostname !== undefined && facts.hostname !== target.expectHostname) {
    const note = `it calls itself ${facts.hostname ?? "nothing"}, not ${target.expectHostname}`;
    throw deviceError("wrong-device", target.device, { note });
  }
  return {
    text: running,
    saved: savedState(running, saved.failed ? undefined : saved.text),
    readAt: new Date().toISOString(),
    facts,
  };
}

async function saveRunning(link: VrpLink): Promise<void> {
  const cli = link.cli();
  await toUserView(cli);
  const { text } = await cli.run("save", { answers: SAVE_ANSWERS, timeoutMs: SAVE_MS });
  if (/success/i.test(text)) return;
  throw deviceError("refused", link.target.device, { command: "save", reply: text, note: "it did not save" });
}
