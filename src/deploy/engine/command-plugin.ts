import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Engine, findCommandPlugin } from "./locate.ts";
import { COMMAND_PLUGIN_VERSION } from "./versions.ts";

const run = promisify(execFile);

/** How long Pulumi may take to fetch the plugin, milliseconds. */
const FETCH_MS = 60_000;

/** Where the plugin of server actions is, or why there is none and what to type. */
export type CommandPlugin = { readonly path: string } | { readonly missing: string };

/** Finds the plugin that runs server actions; where it is missing, lets Pulumi fetch it if there is something to run.
 *  @param fetch - false answers at once, without asking the network */
export async function ensureCommandPlugin(engine: Engine, fetch: boolean): Promise<CommandPlugin> {
  const found = findCommandPlugin(engine);
  if (found !== undefined) return { path: found };
  if (!fetch) return { missing: missingCommandPlugin() };
  const install = ["plugin", "install", "resource", "command", COMMAND_PLUGIN_VERSION];
  try {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    await run(engine.pulumi, install, { env, timeout: FETCH_MS });
  } catch {
    return { missing: missingCommandPlugin() };
  }
  const fetched = findCommandPlugin(engine);
  return fetched === undefined ? { missing: missingCommandPlugin() } : { path: fetched };
}

/** What a plan says where there is no plugin. */
export function missingCommandPlugin(): string {
  const name = `pulumi-resource-command ${COMMAND_PLUGIN_VERSION}`;
  return `${name} is not here; type: pulumi plugin install resource command ${COMMAND_PLUGIN_VERSION}`;
}
