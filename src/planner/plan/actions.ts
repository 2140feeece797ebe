import type { BackupJobIntent, BackupTargetIntent, DeviceIntent } from "../../model/intent.ts";
import { formatSecretRef } from "../../model/secret.ts";
import { sha256 } from "./digest.ts";
import type { ServerAction } from "./types.ts";

/** Jobs on a server that are not configuration. Each is safe to run twice and runs again only when a trigger changes.
 *  Commands hold no secret: what they need lies in the files that the server's driver wrote. */
export function serverActions(intent: DeviceIntent): ServerAction[] {
  if (!intent.server) return [];
  const base = { server: intent.id, asset: intent.asset };
  return [
    ...intent.server.backups.flatMap((job) => job.targets.flatMap((target) => backupActions(base, job, target))),
    ...intent.server.files.flatMap((file) =>
      file.restarts === undefined
        ? []
        : [
            {
              ...base,
              name: `restart:${file.restarts}:${file.path}`,
              command: restartCommand(file.restarts),
              triggers: [sha256([file.path, file.mode, file.owner, file.content].join("\0"))],
            },
          ],
    ),
  ];
}

function backupActions(
  base: Pick<ServerAction, "server" | "asset">,
  job: BackupJobIntent,
  target: BackupTargetIntent,
): ServerAction[] {
  const repository: ServerAction = {
    ...base,
    name: `repository:${job.name}:${target.name}`,
    command: backupCommand("init", job, target),
    triggers: [target.repository, formatSecretRef(target.encryption)],
  };
  if (job.restoreTestSeconds === undefined) return [repository];
  const drill: ServerAction = {
    ...base,
    name: `restore-drill:${job.name}:${target.name}`,
    command: backupCommand("drill", job, target),
    triggers: [target.repository, job.path],
  };
  return [repository, drill];
}

/** The helper that the linux-server driver installs beside the job's cron line. */
function backupCommand(verb: "init" | "drill", job: BackupJobIntent, target: BackupTargetIntent): string {
  return `/usr/local/sbin/sitewright-backup ${verb} ${quote(job.name)} ${quote(target.name)}`;
}

/** Restarts by systemd where it runs, else by the init script. */
function restartCommand(service: string): string {
  const name = quote(service);
  return `if [ -d /run/systemd/system ]; then systemctl restart ${name}; else service ${name} restart; fi`;
}

function quote(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}
