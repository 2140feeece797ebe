import { formatAddress, formatInterfaceAddress, parseAddress } from "../../model/address.ts";
import { compareText, type FileWhere } from "../../model/finding.ts";
import type {
  BackupJobIntent,
  BackupTargetIntent,
  RoutedInterfaceIntent,
  ServerIntent,
} from "../../model/intent.ts";
import type { BackupPolicy, BackupTarget, SiteBackup } from "../../model/site.ts";
import type { BackupTarget as BackupTargetData } from "../schema/types.gen.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import { durationSeconds } from "../units.ts";
import type { ServerDraft, SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";
import type { Found, Names } from "./names.ts";
import { pick } from "./port-intents.ts";
import { secretOf } from "./system.ts";

/** Interfaces of a server, sorted by name. */
export function serverInterfaces(server: ServerDraft, base: SiteBase): RoutedInterfaceIntent[] {
  return server.interfaces
    .map((one): RoutedInterfaceIntent => {
      const network = base.networks.get(one.network);
      const addresses = [
        ...(one.address && network?.prefix4 ? [formatInterfaceAddress(one.address, network.prefix4)] : []),
        ...(one.address6 && network?.prefix6 ? [formatInterfaceAddress(one.address6, network.prefix6)] : []),
      ];
      return {
        name: one.name,
        description: server.data.interfaces?.[one.name]?.description ?? one.network,
        kind: "server",
        network: one.network,
        ...pick("zone", network?.data.zone),
        addresses,
        ...pick("gateway", network?.gateway4 && formatAddress(network.gateway4)),
        origin: one.at,
      };
    })
    .sort((a, b) => compareText(a.name, b.name));
}

/** What of a server is configured: packages, files, services, sshd, backups. What is not listed is off. */
export function serverIntent(
  server: ServerDraft,
  base: SiteBase,
  names: Names,
  findings: Findings,
): ServerIntent {
  const { data } = server;
  const sshd = data.daemons?.sshd;
  const users = Object.keys(data.users ?? {});
  const login = data.credentials?.user;
  return {
    packages: [...new Set(data.packages ?? [])].sort(compareText),
    files: Object.entries(data.files ?? {})
      .map(([path, file]) => ({
        path,
        content: file.content,
        mode: file.mode ?? "0644",
        owner: file.owner ?? "root:root",
        ...pick("restarts", file.restarts),
      }))
      .sort((a, b) => compareText(a.path, b.path)),
    services: Object.entries(data.services ?? {})
      .map(([name, service]) => ({ name, enabled: service.enabled ?? true }))
      .sort((a, b) => compareText(a.name, b.name)),
    sshd: {
      passwordAuthentication: sshd?.passwordAuthentication ?? false,
      permitRootLogin: sshd?.permitRootLogin ?? "no",
      // The login that pushes the change must stay allowed, or the next one finds the door shut.
      allowUsers: [
        ...new Set([...(sshd?.allowUsers ?? users), ...(login === undefined ? [] : [login])]),
      ].sort(compareText),
      listen: (sshd?.listen ?? []).flatMap((ref, index) =>
        names.addresses(ref, server.places.value(sshd?.listen ?? [], index)).map(formatAddress),
      ),
    },
    backups: backupJobs(server, base, names, findings),
  };
}

function backupJobs(
  server: ServerDraft,
  base: SiteBase,
  names: Names,
  findings: Findings,
): BackupJobIntent[] {
  const jobs = server.data.backup ?? {};
  const policies = base.settings.backupPolicies ?? {};
  const out: BackupJobIntent[] = [];
  for (const [name, job] of Object.entries(jobs)) {
    const policy = policies[job.policy];
    if (!policy) {
      const near = suggest(job.policy ?? "", Object.keys(policies));
      if (job.policy !== undefined)
        findings.report(
          "REF-BACKUP-POLICY",
          server.places.value(job, "policy"),
          `there is no backup policy "${job.policy}"`,
          near
            ? `did you mean ${near}?`
            : `policies: ${listNames(Object.keys(policies)) || "none: write backupPolicies"}`,
          { about: job.policy },
        );
      continue;
    }
    const targets = Object.keys(policy.copies ?? {}).flatMap(
      (target) => targetIntent(target, `${base.site}/${server.name}/${name}`, base, names) ?? [],
    );
    if (Object.keys(policy.copies ?? {}).length === 0)
      findings.report(
        "BKP-003",
        server.places.key(jobs, name),
        `${server.name}/${name} has no target to back up to`,
        `give the policy ${job.policy} copies`,
      );
    out.push({
      name,
      path: job.path,
      ...pick("before", job.before),
      at: job.at,
      targets,
      keep: policy.keep,
      rpoSeconds: durationSeconds(policy.rpo),
      rtoSeconds: durationSeconds(policy.rto),
      ...pick(
        "restoreTestSeconds",
        policy.restoreTest === undefined ? undefined : durationSeconds(policy.restoreTest),
      ),
      origin: server.places.key(jobs, name),
    });
  }
  return out.sort((a, b) => compareText(a.name, b.name));
}

function targetIntent(
  name: string,
  dataset: string,
  base: SiteBase,
  names: Names,
): BackupTargetIntent | undefined {
  const targets = base.settings.backupTargets ?? {};
  const target = targets[name];
  const encryption = secretOf(target?.encryption);
  if (!target || !encryption) return undefined;
  const where = base.places.value(target, "host");
  const address =
    target.type === "sftp" && target.host !== undefined ? names.addresses(target.host, where)[0] : undefined;
  if (target.type === "sftp" && !address) return undefined;
  const host = address && (address.version === 6 ? `[${formatAddress(address)}]` : formatAddress(address));
  const repository =
    target.type === "sftp"
      ? `sftp:${target.user ?? "backup"}@${host}:${target.path ?? "/srv/restic"}/${dataset}`
      : target.type === "s3"
        ? `s3:${target.url ?? ""}/${dataset}`
        : `${target.path ?? "/srv/restic"}/${dataset}`;
  return {
    name,
    type: target.type,
    repository,
    encryption,
    ...pick("credentials", secretOf(target.credentials)),
    hostKeys: target.type === "sftp" ? hostKeysOf(target, names, where) : [],
    offsite: target.offsite ?? false,
  };
}

/** The target's own keys, else those that its host is known by elsewhere in the inventory. */
function hostKeysOf(target: BackupTargetData, names: Names, where: FileWhere): string[] {
  const found =
    target.host === undefined || parseAddress(target.host) ? undefined : names.find(target.host, where);
  const keys = target.hostKeys ?? (found && knownKeys(found)) ?? [];
  return [...new Set(keys.map((key) => key.split(/\s+/).slice(0, 2).join(" ")))].sort(compareText);
}

function knownKeys(found: Found): readonly string[] | undefined {
  if (found.kind === "host") return found.host.data.login?.hostKeys;
  return found.kind === "server" ? found.server.data.hostKeys : undefined;
}

/** Targets and policies of the site, with what is missing from them found. */
export function siteBackup(base: SiteBase, findings: Findings): SiteBackup {
  const targets = base.settings.backupTargets ?? {};
  const policies = base.settings.backupPolicies ?? {};
  const targetList: BackupTarget[] = [];
  for (const [name, target] of Object.entries(targets)) {
    const origin = base.places.key(targets, name);
    if (!target.type) continue;
    const lacks =
      target.type === "sftp"
        ? target.host === undefined
          ? "host"
          : undefined
        : target.type === "s3"
          ? target.url === undefined
            ? "url"
            : undefined
          : target.path === undefined
            ? "path"
            : undefined;
    if (target.type !== "sftp" && target.hostKeys !== undefined)
      findings.report(
        "BKP-HOST-KEYS",
        base.places.value(target, "hostKeys"),
        `the ${target.type} target ${name} has SSH host keys`,
        "take hostKeys away: only sftp targets are reached by SSH",
      );
    if (lacks)
      findings.report(
        "INV-MISSING-KEY",
        origin,
        `the ${target.type} target ${name} lacks the key "${lacks}"`,
        `add ${lacks}: where the copies go`,
      );
    targetList.push({
      name,
      type: target.type,
      ...pick("host", target.host),
      media: target.media,
      offsite: target.offsite ?? false,
      ...pick(
        "immutableSeconds",
        target.immutable === undefined ? undefined : durationSeconds(target.immutable),
      ),
      origin,
    });
  }
  const policyList: BackupPolicy[] = [];
  for (const [name, policy] of Object.entries(policies)) {
    if (!policy.rpo || !policy.rto) continue;
    for (const copy of Object.keys(policy.copies ?? {})) {
      if (targets[copy]) continue;
      const near = suggest(copy, Object.keys(targets));
      findings.report(
        "REF-BACKUP-TARGET",
        base.places.key(policy.copies, copy),
        `there is no backup target "${copy}"`,
        near
          ? `did you mean ${near}?`
          : `targets: ${listNames(Object.keys(targets)) || "none: write backupTargets"}`,
        { about: copy },
      );
    }
    policyList.push({
      name,
      rpoSeconds: durationSeconds(policy.rpo),
      rtoSeconds: durationSeconds(policy.rto),
      copies: Object.keys(policy.copies ?? {}).sort(compareText),
      keep: policy.keep ?? {},
      ...pick(
        "restoreTestSeconds",
        policy.restoreTest === undefined ? undefined : durationSeconds(policy.restoreTest),
      ),
      origin: base.places.key(policies, name),
    });
  }
  const byName = (a: { name: string }, b: { name: string }): number => compareText(a.name, b.name);
  return { targets: targetList.sort(byName), policies: policyList.sort(byName) };
}
