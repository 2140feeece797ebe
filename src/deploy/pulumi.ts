import * as pulumi from "@pulumi/pulumi";
import * as automation from "@pulumi/pulumi/automation/index.js";

/** The one user of @pulumi/pulumi. It takes half a second to load: import this file only where the engine is driven. */

export const { LocalWorkspace, PulumiCommand } = automation;
export type Stack = automation.Stack;
export type EngineEvent = automation.EngineEvent;

export const DynamicResource = pulumi.dynamic.Resource;
export type ResourceProvider = pulumi.dynamic.ResourceProvider;
export type CustomResourceOptions = pulumi.CustomResourceOptions;

/** Name of the stack that the program runs in. */
export function stackName(): string {
  return pulumi.getStack();
}

/** True while the engine only previews. */
export function isPreview(): boolean {
  return pulumi.runtime.isDryRun();
}

/** Shows a warning among the engine's diagnostics. */
export function warn(message: string): void {
  void pulumi.log.warn(message);
}
