import { join } from "node:path";
import type { DeviceIntent } from "../model/intent.ts";
import { serverActions } from "../planner/plan/actions.ts";
import type { ServerAction } from "../planner/plan/types.ts";
import { appendLine, fileNameOf, readLines } from "./stores/jsonl.ts";
import type { DeployContext } from "./types.ts";
import { stateFolder } from "./workspace.ts";

/** A run of an action that ended well. */
interface ActionRecord {
  readonly name: string;
  readonly command: string;
  readonly triggers: readonly string[];
  readonly at: string;
}

/** The actions of a server that have not yet run with their present triggers and command. */
export async function dueActions(
  intent: DeviceIntent,
  context: Pick<DeployContext, "root">,
): Promise<ServerAction[]> {
  const actions = serverActions(intent);
  if (actions.length === 0) return [];
  const records = await readLines<ActionRecord>(recordFile(context.root, intent.asset));
  return actions.filter((action) => isDue(action, records));
}

function isDue(action: ServerAction, records: readonly ActionRecord[]): boolean {
  const last = records.findLast((record) => record.name === action.name);
  return last === undefined || !sameRun(last, action);
}

/** Notes that an action ended well, unless that is on record. */
export async function recordAction(
  action: ServerAction,
  context: Pick<DeployContext, "root" | "now">,
): Promise<void> {
  const { name, command, triggers } = action;
  const file = recordFile(context.root, action.asset);
  if (!isDue(action, await readLines<ActionRecord>(file))) return;
  const record: ActionRecord = { name, command, triggers, at: context.now().toISOString() };
  await appendLine(file, record);
}

function recordFile(root: string, asset: string): string {
  return join(stateFolder(root), "actions", `${fileNameOf(asset)}.jsonl`);
}

function sameRun(record: ActionRecord, action: ServerAction): boolean {
  return record.command === action.command && record.triggers.join("\0") === action.triggers.join("\0");
}
