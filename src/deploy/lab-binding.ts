import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "../drivers/transport/types.ts";
import { writeAtomic } from "./stores/atomic.ts";

/** Where a practice device really listens, and the host key it shows there. */
export interface LabEndpoint {
  readonly endpoint: Endpoint;
  readonly hostKeys: readonly string[];
}

/** What `lab up` leaves for every other process: for each site, management address to endpoint. */
export interface LabBinding {
  readonly schemaVersion: 1;
  readonly startedAt: string;
  /** `client/site` to management address to endpoint. */
  readonly sites: Readonly<Record<string, Readonly<Record<string, LabEndpoint>>>>;
}

/** Where the binding lies in a workspace. */
export function labBindingFile(root: string): string {
  return join(root, ".sitewright", "lab", "binding.json");
}

/** Reads the binding; undefined while no lab is up. */
export function readLabBinding(root: string): LabBinding | undefined {
  try {
    return JSON.parse(readFileSync(labBindingFile(root), "utf8")) as LabBinding;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes the binding of a lab that is up. */
export async function writeLabBinding(root: string, binding: LabBinding): Promise<void> {
  await writeAtomic(labBindingFile(root), `${JSON.stringify(binding, undefined, 2)}\n`);
}

/** Removes the binding when the lab goes down. */
export function removeLabBinding(root: string): void {
  rmSync(labBindingFile(root), { force: true });
}
