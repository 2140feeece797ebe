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
): Dependency {
  const triggers = [action.command, ...action.triggers];
  const args = {
    connection: { ...connection, dialErrorLimit: 3 },
    create: action.command,
    update: ":",
    triggers,
  };
  return new remote.Command(name, args, { dependsOn: [...after] });
}
