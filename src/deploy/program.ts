import { driverFor } from "../drivers/registry.ts";
import { recordAction } from "./actions.ts";
import { siteInputs } from "./declare.ts";
import { DeviceConfig } from "./device-config.ts";
import { findEngine } from "./engine/locate.ts";
import { workspaceAbove } from "./host-environment.ts";
import { isPreview, stackName, warn } from "./pulumi.ts";
import { openActions } from "./server-actions.ts";
import { siteLoader } from "./site-loader.ts";
import { siteOfStack } from "./stack-environment.ts";
import { openContext } from "./workspace.ts";

/** The program of a plain `pulumi preview`, `up`, `refresh` or `destroy`: the stack's name is the site.
 *  It declares exactly what `sitewright apply` declares, on the same state, through the same host and gate. */
async function declareSite(): Promise<void> {
  const root = workspaceAbove(process.cwd());
  const loader = siteLoader(root);
  const site = await loader.load(siteOfStack(stackName()));
  const context = openContext({
    root,
    drivers: driverFor,
    isLab: (id) => loader.isLab(id),
    onlyLab: () => loader.onlyLab(),
  });
  const inputs = siteInputs(site.devices, driverFor);
  const devices = inputs.map((entry) => new DeviceConfig(entry));
  const engine = await findEngine();
  if (!engine) return;
  const assets = inputs.map((entry) => entry.asset);
  const scope = { assets: new Set(assets), due: [], fetch: !isPreview() };
  const actions = await openActions(site, scope, context, engine);
  if (actions.skipped !== undefined) warn(`server actions are left out: ${actions.skipped}`);
  actions.declare(devices, assets, isPreview() ? undefined : (action) => recordAction(action, context));
}

await declareSite();
