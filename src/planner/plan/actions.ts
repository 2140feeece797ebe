import type { BackupJobIntent, DeviceIntent } from "../../model/intent.ts";
import { formatSecretRef } from "../../model/secret.ts";
import { sha256 } from "./digest.ts";
import type { ServerAction } from "./types.ts";

/** Jobs on a server that are not configuration, in the order in which they run. Each is safe to run twice and runs
 *  again only when a trigger changes. Commands hold no secret: what they need lies in files that the driver wrote. */
export function serverActions(intent: DeviceIntent): ServerAction[] {
  if (!intent.server) return [];
  const asRoot = rootCommand(intent.management.user);
  const action = (name: string, command: string, triggers: readonly string[]): ServerAction => ({
    server: intent.id,
    asset: intent.asset,
    name,
    command: asRoot(command),
    triggers,
  });
  const restarts = intent.server.files.flatMap((file) =>
    file.restarts === undefined
      ? []
      : [
          action(`restart:${file.restarts}:${file.path}`, restartCommand(file.restarts), [
            sha256([file.path, file.mode, file.owner, file.content].join("\0")),
          ]),
        ],
  );
  return [...restarts, ...intent.server.backups.flatMap((job) => backupActions(job, action))];
}

type MakeAction = (name: string, command: string, triggers: readonly string[]) => ServerAction;

/** Repositories are made before the first backup; a job that wants restore tests is drilled with a first copy at once,
 *  and again when what it backs up, or where to, changes. */
function backupActions(job: BackupJobIntent, action: MakeAction): ServerAction[] {
  const repositories = job.targets.map((target) => target.repository);
  const keys = job.targets.map((target) => formatSecretRef(target.encryption));
  const script = quote(`/usr/local/sbin/sitewright-backup-${job.name}`);
  const drill = quote(`/usr/local/sbin/sitewright-restore-${job.name}`);
  const init = action(`repository:${job.name}`, `${script} init`, [...repositories, ...keys]);
  if (job.restoreTestSeconds === undefined) return [init];
  const proof = `${script} run && ${drill}`;
  return [init, action(`restore-drill:${job.name}`, proof, [job.path, ...repositories])];
}

/** Restarts by systemd where it runs, else by the init script. */
function restartCommand(service: string): string {
  const name = quote(service);
  return `if [ -d /run/systemd/system ]; then systemctl restart ${name}; else service ${name} restart; fi`;
}

/** Accounts other than root act by sudo without a password, as the driver does. */
function rootCommand(user: string): (command: string) => string {
  if (user === "root") return (command) => command;
  return (command) => `sudo -n sh -c ${quote(command)}`;
}

function quote(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}
