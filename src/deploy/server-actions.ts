import type { DeviceTarget } from "../drivers/transport/types.ts";
import { serverActions } from "../planner/plan/actions.ts";
import type { ServerAction } from "../planner/plan/types.ts";
import { recordAction } from "./actions.ts";
import { type KeyAgent, startAgent } from "./agent.ts";
import type { DeviceConfig } from "./device-config.ts";
import { ensureCommandPlugin } from "./engine/command-plugin.ts";
import type { Engine } from "./engine/locate.ts";
import type { EngineEvents } from "./engine-events.ts";
import { type Forward, forwardTo } from "./forward.ts";
import { afterPush } from "./open-session.ts";
import { explainFailure } from "./push-error.ts";
import { type Dependency, type RemoteConnection, remoteCommand, whenRun } from "./remote-command.ts";
import type { ActionOutcome, DeployContext, DeploySite } from "./types.ts";

/** The type token that state and targets show. */
export const REMOTE_COMMAND_TYPE = "command:remote:Command";

/** A site's server actions during one run of the engine. */
export interface OpenedActions {
  /** Names of the resources that are declared. */
  readonly names: readonly string[];
  /** Which plugin serves them; undefined where there is nothing to serve. */
  readonly plugin: string | undefined;
  /** Why actions of the site are left out; their resources must not be touched then. */
  readonly skipped: string | undefined;
  /** Declares them, each after its server's configuration and after the action before it. */
  declare(devices: readonly DeviceConfig[], assets: readonly string[], onRun?: OnRun): void;
  /** What became of those that were due; those that ended well are put on record. */
  outcomes(events: EngineEvents, context: DeployContext): Promise<ActionOutcome[]>;
  close(): Promise<void>;
}

/** Told of an action that the engine has carried out, now or in an earlier run. */
type OnRun = (action: ServerAction) => Promise<void>;

interface Prepared {
  readonly action: ServerAction;
  readonly connection: RemoteConnection;
}

/** Which part of a site's actions a run is about. */
export interface ActionScope {
  /** Assets whose servers may be touched. */
  readonly assets: ReadonlySet<string>;
  /** Actions that are expected to run. */
  readonly due: readonly ServerAction[];
  /** Whether Pulumi may fetch a missing plugin: not for a preview, nor where nothing is due. */
  readonly fetch: boolean;
}

/** Readies all actions of the servers in scope: plugin, agent with their keys, ways to practice servers.
 *  Those that are not due are declared too, or Pulumi would forget that they ran. */
export async function openActions(
  site: DeploySite,
  scope: ActionScope,
  context: DeployContext,
  engine: Engine,
): Promise<OpenedActions> {
  const { due } = scope;
  const servers = site.devices.filter(
    (intent) => scope.assets.has(intent.asset) && serverActions(intent).length > 0,
  );
  if (servers.length === 0) return nothing(due);
  const plugin = await ensureCommandPlugin(engine, scope.fetch);
  if ("missing" in plugin) return nothing(due, plugin.missing);
  const agent = await startAgent(`${context.root} ${site.id}`);
  const forwards: Forward[] = [];
  const prepared: Prepared[] = [];
  const skipped = new Map<string, string>();
  for (const intent of servers) {
    try {
      const receipt = await context.stores.receipts.last(intent.asset);
      const { hostname, knownAt } = afterPush(intent, receipt);
      const target = await context.targets.resolve(intent, "push", { hostname, knownAt });
      const connection = await connectionTo(target, site, { agent, forwards });
      for (const action of serverActions(intent)) prepared.push({ action, connection });
    } catch (error) {
      skipped.set(intent.id, explainFailure(error).reason);
    }
  }
  return {
    names: prepared.map(({ action }) => resourceName(action)),
    plugin: plugin.path,
    skipped: [...skipped.values()][0],
    declare(devices, assets, onRun) {
      const last = new Map<string, Dependency>();
      for (const [index, asset] of assets.entries()) {
        const server = devices[index];
        if (server) last.set(asset, server);
      }
      for (const { action, connection } of prepared) {
        const before = last.get(action.asset);
        const command = remoteCommand(resourceName(action), action, connection, before ? [before] : []);
        if (onRun) whenRun(command, action, () => onRun(action));
        last.set(action.asset, command);
      }
    },
    outcomes: (events, within) => settle(due, skipped, events, within),
    async close() {
      await agent.close();
      await Promise.all(forwards.map((forward) => forward.close()));
    },
  };
}

function nothing(due: readonly ServerAction[], missing?: string): OpenedActions {
  const reason = missing ?? "its server is not part of this run";
  return {
    names: [],
    plugin: undefined,
    skipped: missing,
    declare: () => undefined,
    outcomes: async () => due.map(({ server, name }) => ({ server, name, result: "skipped", reason })),
    close: async () => undefined,
  };
}

/** @throws Error where a server cannot be reached by @pulumi/command without a secret in the state */
async function connectionTo(
  target: DeviceTarget,
  site: DeploySite,
  ways: { readonly agent: KeyAgent; readonly forwards: Forward[] },
): Promise<RemoteConnection> {
  const { login, jump } = target;
  if (login.key === undefined && login.agent === undefined) {
    throw new Error("server actions want a key or an agent: a password would lie in Pulumi's state");
  }
  if (jump.length > 1) throw new Error("server actions reach through one jump host at most");
  for (const key of [login.key, jump[0]?.login.key]) if (key) ways.agent.add(key);
  const agentSocketPath = login.key === undefined ? (login.agent ?? "") : ways.agent.socketPath;
  const place = await placeOf(target, site, ways.forwards);
  const common = { user: login.user, hostKey: keyOf(target.hostKeys), agentSocketPath };
  const [hop] = jump;
  if (!hop) return { ...place, ...common };
  if (hop.endpoint.kind !== "tcp") throw new Error("a jump host is reached by address only");
  const { host, port } = hop.endpoint;
  return {
    ...place,
    ...common,
    proxy: { host, port, user: hop.login.user, hostKey: keyOf(hop.hostKeys), agentSocketPath },
  };
}

async function placeOf(
  target: DeviceTarget,
  site: DeploySite,
  forwards: Forward[],
): Promise<{ readonly host: string; readonly port: number }> {
  const { endpoint } = target;
  if (site.binding === "direct" && endpoint.kind === "tcp")
    return { host: endpoint.host, port: endpoint.port };
  const forward = await forwardTo(target.device, endpoint);
  forwards.push(forward);
  return { host: "127.0.0.1", port: forward.port };
}

function keyOf(hostKeys: readonly string[]): string {
  const [key] = [...hostKeys].sort();
  if (key === undefined) throw new Error("no host key is known");
  return key;
}

function resourceName(action: ServerAction): string {
  return `${action.asset}/${action.name}`;
}

async function settle(
  due: readonly ServerAction[],
  skipped: ReadonlyMap<string, string>,
  events: EngineEvents,
  context: DeployContext,
): Promise<ActionOutcome[]> {
  const endings = new Map(events.endings(REMOTE_COMMAND_TYPE).map((ending) => [ending.name, ending]));
  const outcomes: ActionOutcome[] = [];
  for (const action of due) {
    const { server, name } = action;
    const ending = endings.get(resourceName(action));
    if (!ending) {
      const reason = skipped.get(server) ?? "its server was not pushed";
      outcomes.push({ server, name, result: "skipped", reason });
    } else if (ending.failed) {
      const reason = events.errorsOf(resourceName(action)).join("; ");
      outcomes.push({
        server,
        name,
        result: "failed",
        reason: reason === "" ? "the command failed" : reason,
      });
    } else {
      await recordAction(action, context);
      outcomes.push({ server, name, result: "done" });
    }
  }
  return outcomes;
}
