import type { BackupJobIntent, BackupTargetIntent } from "../../model/intent.ts";
import { secretPlaceholder } from "../../model/secret.ts";
import { type FileView, fileText } from "../linux-common/host-view.ts";
import { quote } from "../linux-common/shell-quote.ts";
import { flag, maybe } from "../render/optional.ts";
import type { Refusals } from "../render/refusals.ts";

const FOLDER = "/etc/sitewright/backup";

/** Files of a backup job: its script, the drill that restores it, its schedule, and for each target the secrets, in
 *  files that only root may read. The secrets are placeholders until the bytes leave for the server. */
export function backupFiles(job: BackupJobIntent, refusals: Refusals): FileView[] {
  const { name, at, origin } = job;
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(name))
    refusals.refuse(`a backup job "${name}"`, "Use lower-case letters, digits and dashes.", origin);
  const [hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(at)?.slice(1) ?? [];
  if (hours === undefined || minutes === undefined)
    refusals.refuse(`a backup at "${at}"`, 'Write a local time, "01:30".', origin);
  if (!job.path.startsWith("/"))
    refusals.refuse(`a backup of "${job.path}"`, "Write an absolute path.", origin);
  if (job.targets.length === 0)
    refusals.refuse(`the backup ${name} without a target`, "Name a policy with copies.", origin);
  const view = {
    name,
    path: quote(job.path),
    before: maybe(job.before).map(quote),
    targets: job.targets.map((target) => targetView(job, target, refusals)),
    keep: keepOptions(job.keep),
    prune: flag(keepOptions(job.keep) !== ""),
  };
  const script = (template: string) => fileText("linux-server", template, view);
  const schedule = fileText("linux-server", "backup-cron", {
    name,
    hours: Number(hours ?? 0),
    minutes: Number(minutes ?? 0),
  });
  return [
    { path: `/usr/local/sbin/sitewright-backup-${name}`, mode: "0755", content: script("backup"), origin },
    {
      path: `/usr/local/sbin/sitewright-restore-${name}`,
      mode: "0755",
      content: script("restore-drill"),
      origin,
    },
    { path: `/etc/cron.d/sitewright-backup-${name}`, mode: "0644", content: schedule, origin },
    ...job.targets.flatMap((target) => [...secretFiles(job, target), ...hostKeyFiles(job, target)]),
  ];
}

function keepOptions(keep: BackupJobIntent["keep"]): string {
  const { daily, weekly, monthly } = keep;
  const option = (name: string, count: number | undefined) =>
    count === undefined ? [] : [`--keep-${name} ${count}`];
  return [...option("daily", daily), ...option("weekly", weekly), ...option("monthly", monthly)].join(" ");
}

function secretFiles(job: BackupJobIntent, target: BackupTargetIntent): FileView[] {
  const base = `${FOLDER}/${job.name}.${target.name}`;
  const placeholder = (ref: BackupTargetIntent["encryption"]) => `${secretPlaceholder(ref)}\n`;
  const file = (kind: string, content: string): FileView => ({
    path: `${base}.${kind}`,
    mode: "0600",
    content,
    origin: job.origin,
  });
  return [
    file("password", placeholder(target.encryption)),
    ...(target.credentials === undefined ? [] : [file("credentials", placeholder(target.credentials))]),
  ];
}

/** The keys that the target's host must show, as OpenSSH reads them. */
function hostKeyFiles(job: BackupJobIntent, target: BackupTargetIntent): FileView[] {
  const { host, port } = sftpPlace(target) ?? {};
  if (host === undefined || target.hostKeys.length === 0) return [];
  const name = port === undefined || port === "22" ? host : `[${host}]:${port}`;
  const content = target.hostKeys.map((key) => `${name} ${key}\n`).join("");
  return [{ path: hostKeyPath(job, target), mode: "0644", content, origin: job.origin }];
}

function hostKeyPath(job: BackupJobIntent, target: BackupTargetIntent): string {
  return `${FOLDER}/${job.name}.${target.name}.known_hosts`;
}

/** Where the repository of an sftp target lies: whom ssh calls, the host alone, and the port if it names one. */
function sftpPlace(
  target: BackupTargetIntent,
): { readonly login: string; readonly host: string; readonly port: string | undefined } | undefined {
  const url = /^sftp:\/\/((?:[^@/\s]+@)?(\[[^\]\s]+\]|[^:/\s]+))(?::(\d+))?/.exec(target.repository);
  const found = url ?? /^sftp:((?:[^@/\s]+@)?(\[[^\]\s]+\]|[^:/\s]+)):/.exec(target.repository);
  const [, login, host, port] = found ?? [];
  if (login === undefined || host === undefined) return undefined;
  // Brackets part an IPv6 address from a port; ssh itself wants it bare.
  return { login: login.replace(/[[\]]/g, ""), host: host.replace(/[[\]]/g, ""), port };
}

/** Pinned where the inventory knows the host's keys; else the first key that is seen is kept. */
function hostKeyOptions(job: BackupJobIntent, target: BackupTargetIntent): string {
  if (target.hostKeys.length > 0)
    return `-o StrictHostKeyChecking=yes -o UserKnownHostsFile=${hostKeyPath(job, target)} -o GlobalKnownHostsFile=/dev/null`;
  return `-o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=${FOLDER}/known_hosts -o GlobalKnownHostsFile=/etc/ssh/ssh_known_hosts`;
}

/** How restic reaches a target: SFTP with a key of its own, S3 with `ID:SECRET`, a local folder with nothing. */
function targetView(job: BackupJobIntent, target: BackupTargetIntent, refusals: Refusals) {
  const base = `${FOLDER}/${job.name}.${target.name}`;
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(target.name))
    refusals.refuse(
      `a backup target "${target.name}"`,
      "Use lower-case letters, digits and dashes.",
      job.origin,
    );
  const place = sftpPlace(target);
  if (target.type === "sftp" && place === undefined)
    refusals.refuse(`the repository "${target.repository}"`, "Write sftp:user@host:/path.", job.origin);
  const port = place?.port === undefined ? "" : `-p ${place.port} `;
  const key = target.credentials === undefined ? "" : `-i ${base}.credentials -o IdentitiesOnly=yes `;
  const command = `ssh ${port}${key}-o BatchMode=yes -o ConnectTimeout=20 ${hostKeyOptions(job, target)} ${place?.login ?? ""} -s sftp`;
  return {
    name: target.name,
    repository: quote(target.repository),
    password: `${base}.password`,
    sftp: flag(target.type === "sftp").map(() => ({ command: quote(`sftp.command=${command}`) })),
    s3: flag(target.type === "s3" && target.credentials !== undefined).map(() => ({
      file: `${base}.credentials`,
    })),
  };
}
