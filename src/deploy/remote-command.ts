import { remote } from "@pulumi/command";
import type { ServerAction } from "../planner/plan/types.ts";
import type { DeviceConfig } from "./device-config.ts";

/** The one user of @pulumi/command. */

/** How a server is reached. It lies in the state: a path of a socket, host keys, no secret. */
export interface RemoteConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `ssh-ed25519 AAAA…`; without it @pulumi/command would take any. */
  readonly hostKey: string;
  readonly agentSocketPath: string;
  readonly proxy?: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly hostKey: string;
    readonly agentSocketPath: string;
  };
}

/** What an action waits for: its server's configuration, or the action before it. */
export type Dependency = DeviceConfig | remote.Command;

/** Declares an action: its command runs when it is new and when a trigger changes.
 *  A moved server alone runs nothing (`update` does nothing), and neither does `destroy` (there is no `delete`). */
export function remoteCommand(
  name: string,
  action: ServerAction,
  connection: RemoteConnection,
  after: readonly Dependency[],
): remote.Command {
  const triggers = [action.command, ...action.triggers];
  const args = {
    connection: { ...connection, dialErrorLimit: 3 },
    create: action.command,
    update: ":",
    triggers,
  };
  return new remote.Command(name, args, { dependsOn: [...after] });
}

/** Calls back once the engine has what an action was to do in the state: it ran now, or ran before just as it is.
 *  An action that failed, or that this run leaves out, never calls. */
export function whenRun(command: remote.Command, action: ServerAction, then: () => Promise<void>): void {
  const wanted = JSON.stringify([action.command, ...action.triggers]);
  // A run with --target hands back what an older run left of the others: those triggers are not ours.
  command.triggers.apply(async (done) => {
    if (JSON.stringify(done) === wanted) await then();
  });
}
