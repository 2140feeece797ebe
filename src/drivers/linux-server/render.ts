import type { DeviceIntent, ServerIntent } from "../../model/intent.ts";
import type { Rendered } from "../driver.ts";
import { type BlockView, fileBlock, fileText, hostBlocks, restoreTabs } from "../linux-common/host-view.ts";
import { maybe } from "../render/optional.ts";
import { collectRefusals, type Refusals } from "../render/refusals.ts";
import { fillTemplate } from "../template.ts";
import { backupFiles } from "./backup-view.ts";
import { claimsOf } from "./claims.ts";
import { READ_SCRIPT } from "./reading.ts";
import { SSHD_FILE } from "./sshd-main.ts";

/** Renders the intended state of a Linux server. What it cannot express is a finding. */
export function render(intent: DeviceIntent): Rendered {
  const refusals = collectRefusals("Linux server");
  refuseTheRest(intent, refusals);
  const blocks = uniqueBlocks(
    [
      ...hostBlocks(intent, READ_SCRIPT, refusals),
      ...(intent.server === undefined ? [] : serverBlocks(intent, intent.server, refusals)),
    ],
    intent,
    refusals,
  );
  const filled = fillTemplate("linux-server", "device", { blocks });
  return {
    config: restoreTabs(filled.config),
    provenance: filled.provenance,
    scope: claimsOf(blocks),
    findings: refusals.findings(),
  };
}

function serverBlocks(intent: DeviceIntent, server: ServerIntent, refusals: Refusals): BlockView[] {
  const packages = [...server.packages, ...neededPackages(intent, server)];
  return [
    ...[...new Set(packages)].map((name) => packageBlock(name, intent, refusals)),
    ...server.files.map((file) => ownedFile(file, intent, refusals)),
    ...sshdBlocks(intent, server, refusals),
    ...server.services.map(({ name, enabled }) => ({
      header: `service ${name.replace(/\.service$/, "")}`,
      lines: [`enabled ${enabled ? "yes" : "no"}`],
      origin: intent.origin,
    })),
    ...server.backups.flatMap((job) => backupFiles(job, refusals)).map(fileBlock),
  ];
}

/** What our files need to be read by anybody. */
function neededPackages({ system }: DeviceIntent, { backups }: ServerIntent): string[] {
  return [
    ...(backups.length === 0 ? [] : ["cron", "openssh-client", "restic"]),
    ...(system.ntp.length === 0 ? [] : ["chrony"]),
    ...(system.syslog.length === 0 ? [] : ["rsyslog"]),
  ];
}

function packageBlock(name: string, intent: DeviceIntent, refusals: Refusals): BlockView {
  if (!/^[a-z0-9][a-z0-9+.-]+$/.test(name))
    refusals.refuse(`a package "${name}"`, "Write a Debian package name.", intent.origin);
  return { header: `package ${name}`, lines: [], origin: intent.origin };
}

function ownedFile(file: ServerIntent["files"][number], intent: DeviceIntent, refusals: Refusals): BlockView {
  const { path, mode, owner, content } = file;
  if (!/^\/[^\s'"\\]+$/.test(path) || path.includes("/../") || path.endsWith("/"))
    refusals.refuse(`a file "${path}"`, "Write an absolute path without blanks and quotes.", intent.origin);
  if (!/^0?[0-7]{3,4}$/.test(mode))
    refusals.refuse(`mode "${mode}" of ${path}`, "Write three or four octal digits.", intent.origin);
  if (!/^[a-z_][\w-]*(:[a-z_][\w-]*)?$/.test(owner))
    refusals.refuse(`owner "${owner}" of ${path}`, "Write user, or user:group.", intent.origin);
  if (/[^\P{Cc}\n\t]/u.test(content))
    refusals.refuse(`control characters in ${path}`, "Keep to text.", intent.origin);
  const octal = mode.replace(/^0+(?=[0-7]{3})/, "");
  return fileBlock({
    path,
    content,
    mode: octal,
    owner: owner.includes(":") ? owner : `${owner}:${owner}`,
    origin: intent.origin,
  });
}

/** The drop-in, and what sshd must say that it runs by: an option set by hand in any other file is seen. */
function sshdBlocks(intent: DeviceIntent, server: ServerIntent, refusals: Refusals): BlockView[] {
  const { sshd } = server;
  const { user, port } = intent.management;
  if (sshd.allowUsers.length > 0 && !sshd.allowUsers.includes(user))
    refusals.refuse(
      `a server that ${user}, who manages it, may not enter`,
      `Add ${user} to allowUsers.`,
      intent.origin,
    );
  if (user === "root" && sshd.permitRootLogin === "no")
    refusals.refuse(
      "management by root, who may not log in",
      "Manage by another user, with sudo.",
      intent.origin,
    );
  const yes = sshd.passwordAuthentication ? "yes" : "no";
  const banner = intent.system.banner === undefined ? undefined : "/etc/issue.net";
  const content = fileText("linux-server", "sshd", {
    passwords: yes,
    root: sshd.permitRootLogin,
    users: maybe(sshd.allowUsers.length === 0 ? undefined : sshd.allowUsers.join(" ")),
    listen: sshd.listen.map((address) => (address.includes(":") ? `[${address}]` : address)),
    banners: maybe(banner),
  });
  const lines = [
    `passwordauthentication ${yes}`,
    `kbdinteractiveauthentication ${yes}`,
    `permitrootlogin ${sshd.permitRootLogin}`,
    ...sshd.allowUsers.map((name) => `allowusers ${name}`),
    ...sshd.listen.map(
      (address) => `listenaddress ${address.includes(":") ? `[${address}]` : address}:${port}`,
    ),
    ...(banner === undefined ? [] : [`banner ${banner}`]),
  ];
  return [
    fileBlock({ path: SSHD_FILE, mode: "0644", content, origin: intent.origin }),
    { header: "sshd", lines, origin: intent.origin },
  ];
}

/** Two blocks of one name would be merged into one that nobody wrote. */
function uniqueBlocks(blocks: readonly BlockView[], intent: DeviceIntent, refusals: Refusals): BlockView[] {
  const seen = new Map<string, BlockView>();
  for (const block of blocks) {
    if (seen.has(block.header))
      refusals.refuse(
        `"${block.header}" twice`,
        "Leave one of them out; some files are written by us.",
        block.origin ?? intent.origin,
      );
    seen.set(block.header, block);
  }
  return [...seen.values()];
}

function refuseTheRest(intent: DeviceIntent, refusals: Refusals): void {
  const { origin } = intent;
  for (const gateway of intent.gateways)
    refusals.refuse(`the gateway of ${gateway.network}`, "Put it on a firewall or a router.", gateway.origin);
  for (const pool of intent.dhcpPools)
    refusals.refuse(`DHCP for ${pool.network}`, "Serve DHCP on the firewall.", pool.origin);
  for (const filter of intent.filters)
    refusals.refuse(`the filter ${filter.name}`, "Filter on the firewall.", origin);
  for (const route of intent.routes)
    refusals.refuse(`a route to ${route.prefix}`, "Set it on the gateway.", route.origin);
  for (const vpn of intent.vpns)
    refusals.refuse(`the VPN ${vpn.name}`, "End it on another device.", vpn.origin);
  if (intent.ownership === "full")
    refusals.refuse(
      "full ownership",
      "Write ownership: claims; a server has more than an inventory lists.",
      origin,
    );
  if (intent.firewall) refusals.refuse("zones", "Put the rules on a firewall.", origin);
  if (intent.lags.length > 0)
    refusals.refuse("an aggregation", "Set it up with the server's own tools.", origin);
}
