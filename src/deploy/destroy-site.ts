import { driveEngine } from "./drive-engine.ts";
import { type Engine, findEngine } from "./engine/locate.ts";
import { DEFAULT_GRACE_SECONDS } from "./push-types.ts";
import { endRun, newRunFile } from "./run-file.ts";
import { openStack } from "./stack.ts";
import { operatorName } from "./stack-environment.ts";
import { clearStaleStateLock } from "./state-locks.ts";
import type { DeployContext, DeviceOutcome, OnProgress } from "./types.ts";

/** How a site is released. */
export interface DestroyOptions {
  readonly onProgress?: OnProgress;
  readonly operator?: string;
  readonly host?: string;
  readonly engine?: Engine;
}

/** Releases a site from management: Pulumi forgets its devices, their receipts say so, and no device is touched (D12).
 *  @throws Error where the engine fails */
export async function destroySite(
  site: string,
  context: DeployContext,
  options: DestroyOptions = {},
): Promise<readonly DeviceOutcome[]> {
  const engine = options.engine ?? (await findEngine());
  if (!engine) throw new Error("there is no Pulumi engine here; type: sitewright doctor");
  const operator = options.operator ?? operatorName();
  const file = newRunFile(context.root);
  const settings = {
    runFile: file,
    operator,
    plan: undefined,
    graceSeconds: DEFAULT_GRACE_SECONDS,
    ...(options.host === undefined ? {} : { host: options.host }),
  };
  try {
    const stack = await openStack(context.root, site, engine, { settings, program: async () => undefined });
    await clearStaleStateLock(stack, context.root, site);
    const { outcomes, events, failure } = await driveEngine(file, options.onProgress, (onEvent) =>
      stack.destroy({ onEvent }),
    );
    if (failure !== undefined) throw new Error(events.errors(failure).join("\n"), { cause: failure });
    const note = `${outcomes.size} devices, none touched`;
    await context.stores.audit.append({ what: "released", who: operator, site, note });
    return [...outcomes.values()].sort((a, b) => (a.device < b.device ? -1 : 1));
  } finally {
    endRun(file);
  }
}
