import type { DeployContext, DeployProgress, OnProgress } from "../deploy/types.ts";
import { openContext } from "../deploy/workspace.ts";
import { driverFor } from "../drivers/registry.ts";
import type { Site } from "../model/site.ts";
import type { Printer } from "./print.ts";

/** Opens stores, secrets and targets for the chosen sites. Practice secrets are at hand only where every chosen site
 *  is bound to the lab: a real device must never be given one. */
export function openDeploy(root: string, sites: readonly Site[]): DeployContext {
  const lab = new Set(sites.filter((site) => site.binding === "lab").map((site) => site.id));
  return openContext({
    root,
    drivers: driverFor,
    isLab: (site) => lab.has(site),
    onlyLab: () => lab.size === sites.length,
  });
}

/** Shows devices as they are read or pushed: a moving line on a terminal; failures stay on the screen. */
export function showProgress(printer: Printer, total: number, label: string): OnProgress {
  let done = 0;
  return (progress: DeployProgress) => {
    if (progress.device === undefined) {
      if (progress.status !== "start") printer.note(printer.style.dim(progress.text));
      return;
    }
    if (progress.status === "done" || progress.status === "failed") {
      done += 1;
      printer.progress(label, done, total);
    }
  };
}
