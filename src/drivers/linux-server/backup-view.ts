import type { BackupJobIntent, BackupTargetIntent } from "../../model/intent.ts";
import { formatSecretRef } from "../../model/secret.ts";
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
    ...job.targets.flatMap((target) => secretFiles(job, target)),
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
  const placeholder = (ref: BackupTargetIntent["encryption"]) => `\${secret:${formatSecretRef(ref)}}\n`;
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

/** How restic reaches a target: SFTP with a key of its own, S3 with `ID:SECRET`, a local folder with nothing. */
function targetView(job: BackupJobIntent, target: BackupTargetIntent, refusals: Refusals) {
  const base = `${FOLDER}/${job.name}.${target.name}`;
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(target.name))
    refusals.refuse(
      `a backup target "${target.name}"`,
      "Use lower-case letters, digits and dashes.",
      job.origin,
    );
  const remote = /^sftp:(?:\/\/)?([^:/\s]+)(?::(\d+))?/.exec(target.repository);
  if (target.type === "sftp" && remote === null)
    refusals.refuse(`the repository "${target.repository}"`, "Write sftp:user@host:/path.", job.origin);
  const port = target.repository.startsWith("sftp://") ? remote?.[2] : undefined;
  const key = target.credentials === undefined ? "" : `-i ${base}.credentials -o IdentitiesOnly=yes `;
  const hosts = `-o UserKnownHostsFile=${FOLDER}/known_hosts -o GlobalKnownHostsFile=/etc/ssh/ssh_known_hosts`;
  const command = `ssh ${port === undefined ? "" : `-p ${port} `}${key}-o BatchMode=yes -o ConnectTimeout=20 -o StrictHostKeyChecking=accept-new ${hosts} ${remote?.[1] ?? ""} -s sftp`;
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
