import type { DeviceIntent } from "../model/intent.ts";
import { serverActions } from "../planner/plan/actions.ts";
import type { ServerAction } from "../planner/plan/types.ts";
import type { ActionRecord } from "./stores/types.ts";
import type { DeployContext } from "./types.ts";

/** The actions of a server that have not yet run with their present triggers and command. */
export async function dueActions(
  intent: DeviceIntent,
  context: Pick<DeployContext, "stores">,
): Promise<ServerAction[]> {
  const actions = serverActions(intent);
  if (actions.length === 0) return [];
  const records = await context.stores.actions.all(intent.asset);
  return actions.filter((action) => isDue(action, records));
}

function isDue(action: ServerAction, records: readonly ActionRecord[]): boolean {
  const last = records.findLast((record) => record.name === action.name);
  return last === undefined || !sameRun(last, action);
}

/** Notes that an action ended well, unless that is on record. */
export async function recordAction(
  action: ServerAction,
  context: Pick<DeployContext, "stores" | "now">,
): Promise<void> {
  const { name, command, triggers } = action;
  const { actions } = context.stores;
  if (!isDue(action, await actions.all(action.asset))) return;
  const record: ActionRecord = { name, command, triggers, at: context.now().toISOString() };
  await actions.append(action.asset, record);
}

function sameRun(record: ActionRecord, action: ServerAction): boolean {
  return record.command === action.command && record.triggers.join("\0") === action.triggers.join("\0");
}
