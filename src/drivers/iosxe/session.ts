import type { Change } from "../../planner/config/types.ts";
import {
  type ArmRequest,
  DeviceError,
  type DeviceSession,
  type PendingPush,
  type RunningState,
} from "../driver.ts";
import { askCli } from "../transport/ask-cli.ts";
import { type Cli, openCli } from "../transport/cli.ts";
import { typeCommands } from "../transport/cli-change.ts";
import { deviceError } from "../transport/failures.ts";
import { connect } from "../transport/ssh.ts";
import type { Connection, DeviceTarget } from "../transport/types.ts";
import { IOSXE_CLI, KNOWN_QUESTIONS, SAVE_ANSWERS, spellCommand } from "./conversation.ts";
import { factsOf, mayHideVlans, savedState, snmpUserLines, vlanLines } from "./facts.ts";
import { type IosxeLink, inConfiguration } from "./link.ts";
import { probeIosxe } from "./probe.ts";
import { armSafety, confirmSafety, pendingSafety, rollBackSafely } from "./safety.ts";

/** Longest name that every prompt shows whole. */
const PROMPT_NAME_CHARS = 20;

/** A banner's text stands between two delimiters; the device prints its own as `^C`. */
const TYPING = {
  multiline: /^banner \S+ (\^C|\S)/,
  spell: spellCommand,
  options: questionsOf,
};

/** Opens a session with an IOS or IOS-XE device and makes sure that it is the one meant.
 *  @throws DeviceError */
export async function connectIosxe(target: DeviceTarget): Promise<DeviceSession> {
  const connection = await connect(target);
  try {
    const shell = await connection.shell();
    const cli = await openCli(shell, IOSXE_CLI, target.device, target.timeouts);
    refuseStranger(cli.host(), target);
    await cli.run("terminal length 0");
    await cli.run("terminal width 0");
    await becomePrivileged(cli, target);
    return sessionOver(connection, cli, target);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function refuseStranger(shown: string, target: DeviceTarget): void {
  const wanted = target.expectHostname;
  if (wanted === undefined || shown === wanted) return;
  if (shown.length >= PROMPT_NAME_CHARS && wanted.startsWith(shown)) return;
  throw deviceError("wrong-device", target.device, { note: `it calls itself ${shown}, not ${wanted}` });
}

async function becomePrivileged(cli: Cli, target: DeviceTarget): Promise<void> {
  if (!target.enable || !cli.prompt().trim().endsWith(">")) return;
  const secret = target.enable.reveal();
  const password = { pattern: /^Password: ?$/i, answer: secret };
  // A wrong password is asked for again; the third one ends the command.
  await cli.run("enable", { answers: [password], secrets: [secret], tolerant: true });
  if (cli.prompt().trim().endsWith("#")) return;
  throw deviceError("authentication", target.device, { note: "it refuses the enable password" });
}

function sessionOver(connection: Connection, cli: Cli, target: DeviceTarget): DeviceSession {
  const link: IosxeLink = {
    target,
    cli,
    read: () => readRunning(cli, target),
    configure: async (commands, reveal, onStep) => {
      if (!inConfiguration(cli)) await cli.run("configure terminal");
      await typeCommands(cli, commands, reveal, { ...TYPING, device: target.device }, onStep);
      await cli.run("end");
    },
  };
  return {
    read: link.read,
    lock: (token) => refuseForeign(link, token),
    unlock: () => Promise.resolve(),
    arm: (request: ArmRequest) => armSafety(link, request),
    send: (change: Change, reveal, onStep) => link.configure(change.commands, reveal, onStep),
    probe: (check) => probeIosxe(link, check),
    ask: (commands) => askCli(cli, commands),
    confirm: (token) => confirmSafety(link, token),
    save: () => saveRunning(cli, target),
    rollBack: (request, reveal) => rollBackSafely(link, request, reveal),
    pending: () => pendingSafety(link),
    close: async () => {
      cli.close();
      await connection.close();
    },
  };
}

function questionsOf(command: string): { readonly answers?: readonly (typeof SAVE_ANSWERS)[number][] } {
  const known = KNOWN_QUESTIONS.find((question) => question.command.test(command));
  return known ? { answers: known.answers } : {};
}

async function readRunning(cli: Cli, target: DeviceTarget): Promise<RunningState> {
  if (inConfiguration(cli)) await cli.run("end");
  const running = await showRunning(cli, target);
  const startup = await showStartup(cli);
  const version = (await cli.run("show version", { listing: true })).text;
  const users = await cli.run("show snmp user", { listing: true, tolerant: true });
  const facts = factsOf(version, running);
  if (target.expectHostname !== undefined && facts.hostname !== target.expectHostname) {
    const note = `it calls itself ${facts.hostname ?? "nothing"}, not ${target.expectHostname}`;
    throw deviceError("wrong-device", target.device, { note });
  }
  const extra = [...(await hiddenVlans(cli, running)), ...(users.failed ? [] : snmpUserLines(users.text))];
  return {
    text: withLines(running, extra),
    saved: savedState(running, startup),
    readAt: new Date().toISOString(),
    facts,
  };
}

/** VLANs that the running configuration leaves out; without them a foreign VLAN would go unseen. */
async function hiddenVlans(cli: Cli, running: string): Promise<readonly string[]> {
  if (!mayHideVlans(running)) return [];
  const status = await cli.run("show vtp status", { listing: true, tolerant: true });
  const brief = await cli.run("show vlan brief", { listing: true, tolerant: true });
  return status.failed || brief.failed ? [] : vlanLines(status.text, brief.text);
}

/** Below privilege 15 a plain `show running-config` leaves out what the user may not configure. */
async function showRunning(cli: Cli, target: DeviceTarget): Promise<string> {
  for (const command of ["show running-config view full", "show running-config"]) {
    const reply = await cli.run(command, { listing: true, tolerant: true });
    if (!reply.failed && /^end$/m.test(reply.text)) return reply.text;
  }
  const note = "the login may not see the whole running configuration";
  throw deviceError("refused", target.device, { command: "show running-config", note });
}

async function showStartup(cli: Cli): Promise<string | undefined> {
  const reply = await cli.run("show startup-config", { listing: true, tolerant: true });
  if (/^startup-config is not present/m.test(reply.text)) return "";
  return reply.failed ? undefined : reply.text;
}

function withLines(running: string, extra: readonly string[]): string {
  if (extra.length === 0) return running;
  return running.replace(/^end$/m, () => `${extra.join("\n")}\nend`);
}

async function saveRunning(cli: Cli, target: DeviceTarget): Promise<void> {
  if (inConfiguration(cli)) await cli.run("end");
  const { text } = await cli.run("write memory", { answers: SAVE_ANSWERS });
  if (/\[OK\]/.test(text)) return;
  throw deviceError("refused", target.device, {
    command: "write memory",
    reply: text,
    note: "it did not save",
  });
}

async function refuseForeign(link: IosxeLink, token: string): Promise<void> {
  const pending: PendingPush | undefined = await pendingSafety(link);
  if (pending === undefined || pending.token === token) return;
  throw new DeviceError(
    "locked",
    link.target.device,
    `${link.target.device} is in the middle of a change: ${pending.detail}`,
  );
}
