import type { BackupJobIntent, DeviceIntent } from "../../../model/intent.ts";
import type { BackupTarget, Site } from "../../../model/site.ts";

/** A backup job with the server that runs it. */
export interface ServerJob {
  readonly server: DeviceIntent;
  readonly job: BackupJobIntent;
}

/** All backup jobs of a site. */
export function jobsOf(site: Site): ServerJob[] {
  return site.devices.flatMap((server) => (server.server?.backups ?? []).map((job) => ({ server, job })));
}

/** What the inventory says of a job's targets: media, place, immutability. */
export function targetsOf(site: Site, job: BackupJobIntent): BackupTarget[] {
  const names = new Set(job.targets.map((target) => target.name));
  return site.backup.targets.filter((target) => names.has(target.name));
}

/** How far back the kept copies reach, in days. */
export function horizonDays(keep: BackupJobIntent["keep"]): number {
  return Math.max(keep.daily ?? 0, (keep.weekly ?? 0) * 7, (keep.monthly ?? 0) * 30);
}
