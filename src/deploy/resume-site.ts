import { limitTo } from "./limit.ts";
import { resumeDevice } from "./resume.ts";
import { operatorName, projectOf, stackOf } from "./stack-environment.ts";
import { backendOf, stateLocks } from "./state-locks.ts";
import { describeHolder } from "./stores/locks.ts";
import type { DeployContext, DeploySite, DeviceOutcome, OnProgress } from "./types.ts";

type SiteOfDevices = Pick<DeploySite, "id" | "devices" | "parallel">;

/** Finishes or undoes what killed pushes left on a site's devices; does nothing where there is nothing left.
 *  @returns one outcome for each push that was open: `done`, `rolled-back`, or what stands in the way */
export async function resumeSite(
  site: SiteOfDevices,
  context: DeployContext,
  onProgress?: OnProgress,
): Promise<readonly DeviceOutcome[]> {
  const assets = new Set(site.devices.map((intent) => intent.asset));
  const all = await context.stores.journal.allOpen();
  const open = all.filter((push) => assets.has(push.asset) || push.device.startsWith(`${site.id}/`));
  const limit = limitTo(site.parallel);
  const outcomes = await Promise.all(
    open.map((push) =>
      limit(async () => {
        onProgress?.({
          device: push.device,
          phase: "push",
          status: "start",
          text: `resuming after ${push.step ?? "start"}`,
        });
        const outcome = await resumeDevice(push.asset, context);
        if (outcome) {
          const well = outcome.result === "done" || outcome.result === "rolled-back";
          const text = outcome.reason ?? outcome.result;
          onProgress?.({ device: push.device, phase: "push", status: well ? "done" : "failed", text });
        }
        return outcome;
      }),
    ),
  );
  const settled = outcomes.filter((outcome) => outcome !== undefined);
  for (const { device, result, reason } of settled) {
    const note = reason === undefined ? result : `${result}: ${reason}`;
    await context.stores.audit.append({ what: "resumed", who: operatorName(), site: site.id, device, note });
  }
  return settled;
}

/** A lock and what became of it. */
export interface LockReport {
  /** `device`: ours on one device; `state`: Pulumi's on the site's stack. */
  readonly kind: "device" | "state";
  /** Asset of the device, or name of the stack. */
  readonly name: string;
  /** Whose it is or was: `li.wei, pid 4711 on nms-1 since …`. */
  readonly holder: string;
  readonly stale: boolean;
  readonly released: boolean;
}

/** Releases stale locks of a site, saying whose they were; with `force` also those that seem to be in use.
 *  A device whose killed push is still open keeps its journal: `resume` settles it.
 *  @param cancel - releases Pulumi's lock on the stack (`pulumi cancel`) */
export async function unlockSite(
  site: SiteOfDevices,
  context: DeployContext,
  options: { readonly force: boolean; readonly cancel: () => Promise<void> },
): Promise<readonly LockReport[]> {
  const reports: LockReport[] = [];
  const assets = new Set(site.devices.map((intent) => intent.asset));
  for (const { name, holder, stale } of await context.stores.locks.list()) {
    if (!assets.has(name)) continue;
    const released = stale || options.force;
    if (released) await context.stores.locks.break(name);
    reports.push({ kind: "device", name, holder: describeHolder(holder), stale, released });
  }
  const stack = stackOf(site.id);
  const locks = stateLocks(backendOf(context.root), projectOf(context.root), stack);
  const released = locks.length > 0 && (options.force || locks.every((lock) => lock.stale));
  if (released) await options.cancel();
  for (const lock of locks) {
    const holder = `${lock.user}, pid ${lock.pid} on ${lock.host} since ${lock.since}`;
    reports.push({ kind: "state", name: stack, holder, stale: lock.stale, released });
  }
  for (const { name, holder, stale } of reports.filter((report) => report.released)) {
    const note = `${name}, held by ${holder}${stale ? "" : ", who seemed to be alive"}`;
    await context.stores.audit.append({ what: "unlocked", who: operatorName(), site: site.id, note });
  }
  return reports;
}
