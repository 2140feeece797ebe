import type { RevealSecret, RunningState } from "../driver.ts";
import { type Cli, openCli } from "../transport/cli.ts";
import { deviceError } from "../transport/failures.ts";
import { connect } from "../transport/ssh.ts";
import type { Connection, DeviceTarget } from "../transport/types.ts";
import { VRP_CLI } from "./conversation.ts";

/** What the parts of a VRP session share. A reboot on the way replaces the conversation. */
export interface VrpLink {
  readonly target: DeviceTarget;
  cli(): Cli;
  read(): Promise<RunningState>;
  /** Types configuration lines, entering and leaving the system view. */
  configure(
    commands: readonly string[],
    reveal: RevealSecret,
    onStep?: (done: number, total: number) => void,
  ): Promise<void>;
  /** Drops the conversation and opens another; waits for a device that reboots. */
  reopen(waitMs: number): Promise<void>;
  close(): Promise<void>;
}

/** A conversation and the connection that carries it. */
export interface Talk {
  readonly connection: Connection;
  readonly cli: Cli;
}

/** Dials, passes the login's questions, and makes sure that the device is the one meant. */
export async function openTalk(target: DeviceTarget): Promise<Talk> {
  const connection = await connect(target);
  try {
    const shell = await connection.shell();
    const cli = await openCli(shell, VRP_CLI, target.device, target.timeouts);
    const wanted = target.expectHostname;
    if (wanted !== undefined && cli.host() !== wanted) {
      throw deviceError("wrong-device", target.device, {
        note: `it calls itself ${cli.host()}, not ${wanted}`,
      });
    }
    await cli.run("screen-length 0 temporary");
    return { connection, cli };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Tells whether the prompt is one of the configuration views. */
export function inSystemView(cli: Cli): boolean {
  return /\] ?$/.test(cli.prompt());
}

/** Goes back to the user view. */
export async function toUserView(cli: Cli): Promise<void> {
  if (inSystemView(cli)) await cli.run("return");
}
