import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEVICE_INIT, DEVICE_SYSTEMCTL } from "./device-init.ts";
import { writeTree } from "./file-tree.ts";
import type { LabPaths } from "./lab-names.ts";
import { shellQuote } from "./run.ts";

/** What devices share with the machine: programs and libraries. Everything else of it is hidden. */
const SHARED_AT_ROOT = new Set(["bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "var"]);
const HIDDEN_IN_USR = ["local", "src"] as const;

/** Parts of the machine's /etc that programs need and that hold nothing of its owner. */
const COPIED_FROM_ETC = words(`
  alternatives bash.bashrc debian_version default ethertypes gai.conf host.conf init.d inputrc
  iproute2 ld.so.cache ld.so.conf ld.so.conf.d libaudit.conf locale.alias localtime login.defs
  logrotate.conf logrotate.d nsswitch.conf os-release pam.conf pam.d profile protocols rpc
  security services shells skel terminfo timezone
`);

const EMPTY_FOLDERS = {
  "0755": words(`
  boot dev/net dev/pts etc/cron.d etc/cron.daily etc/cron.hourly etc/cron.monthly etc/cron.weekly
  etc/default etc/lab etc/openvswitch etc/rsyslog.d etc/ssh/sshd_config.d etc/sudoers.d
  etc/sysctl.d etc/systemd/system/multi-user.target.wants etc/nftables.d etc/chrony/conf.d
  etc/chrony/sources.d home media mnt opt proc run srv sys usr/local/bin usr/local/sbin
  var/backups var/cache var/lib/misc var/lib/logrotate var/lib/openvswitch var/local var/log
  var/mail var/opt var/spool/cron
`),
  "0700": ["root"],
  "1730": ["var/spool/cron/crontabs"],
  "1777": ["tmp", "var/tmp", "dev/shm"],
} as const;

const DEVICE_NODES = [
  ["null", 1, 3],
  ["zero", 1, 5],
  ["full", 1, 7],
  ["random", 1, 8],
  ["urandom", 1, 9],
  ["tty", 5, 0],
  ["net/tun", 10, 200],
] as const;

/** Folders that belong to a daemon's account, where its package is installed. */
const DAEMON_FOLDERS = [
  ["_chrony", "var/lib/chrony"],
  ["_chrony", "var/log/chrony"],
  ["frr", "etc/frr"],
  ["frr", "var/log/frr"],
] as const;

/** Spells the script that lays the two lower layers of every device: `hide` takes the machine's own files away
 *  (a whiteout is a character device 0:0), `fresh` puts an /etc, /var and /dev of its own above. */
export function baseLayerScript(paths: LabPaths): string {
  const hide = shellQuote(paths.hideLayer);
  const fresh = shellQuote(paths.freshLayer);
  const copies = COPIED_FROM_ETC.map((name) => `[ ! -e /etc/${name} ] || set -- "$@" /etc/${name}`);
  const lines = [
    "umask 022",
    `mkdir -p ${hide}/usr ${hide}/var/lib ${fresh}/etc`,
    `cd ${hide}`,
    ...whiteouts().map((path) => `mknod ${shellQuote(path)} c 0 0`),
    `cd ${fresh}`,
    ...Object.entries(EMPTY_FOLDERS).map(
      ([mode, names]) => `mkdir -p ${names.join(" ")}; chmod ${mode} ${names.join(" ")}`,
    ),
    "set --",
    ...copies,
    'cp -a "$@" etc/',
    ...DEVICE_NODES.map(([name, major, minor]) => `mknod -m 666 dev/${name} c ${major} ${minor}`),
    "ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd",
    "ln -s /proc/self/fd/0 dev/stdin; ln -s /proc/self/fd/1 dev/stdout; ln -s /proc/self/fd/2 dev/stderr",
    "ln -s /run var/run; ln -s /run/lock var/lock; ln -s /proc/mounts etc/mtab",
    "chgrp crontab var/spool/cron/crontabs 2>/dev/null || true",
    ...DAEMON_FOLDERS.map(
      ([who, path]) => `mkdir -p ${path}; chown ${who}:${who} ${path} 2>/dev/null || true`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** Writes the files that are the same on every device. */
export function writeBaseFiles(paths: LabPaths): void {
  writeTree(paths.freshLayer, {
    "/etc/chrony/chrony.conf": { text: CHRONY_CONF },
    "/etc/cron.d/.placeholder": { text: "" },
    "/etc/crontab": {
      text: "SHELL=/bin/sh\nPATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin\n",
    },
    "/etc/environment": { text: "" },
    "/etc/frr/daemons": { text: "zebra=yes\nstaticd=yes\nospfd=yes\nbgpd=yes\n" },
    "/etc/frr/vtysh.conf": { text: "service integrated-vtysh-config\n" },
    "/etc/nftables.conf": { text: "#!/usr/sbin/nft -f\nflush ruleset\n", mode: 0o755 },
    "/etc/resolv.conf": { text: "" },
    "/etc/rsyslog.conf": { text: RSYSLOG_CONF },
    "/etc/sudoers": { text: SUDOERS, mode: 0o440 },
    "/etc/sysctl.conf": { text: "" },
    // Logins are only recorded where these are there.
    "/var/log/btmp": { text: "", mode: 0o660 },
    "/var/log/wtmp": { text: "", mode: 0o664 },
    "/usr/bin/systemctl": { text: DEVICE_SYSTEMCTL, mode: 0o755 },
    "/usr/lib/sitewright-lab/init": { text: DEVICE_INIT, mode: 0o755 },
  });
}

/** The machine's static accounts, under which daemons run; no person's account is among them. */
export function systemAccounts(file: "passwd" | "group"): string[] {
  const lines = readFileSync(join("/etc", file), "utf8").split("\n");
  return lines.filter((line) => {
    const [name = "", , id = ""] = line.split(":");
    return name !== "" && name !== "root" && (Number(id) < FIRST_PERSON_ID || Number(id) === NOBODY_ID);
  });
}

/** Numbers from here on are people's, on Debian. */
export const FIRST_PERSON_ID = 1000;
const NOBODY_ID = 65_534;

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

function whiteouts(): string[] {
  const atRoot = readdirSync("/").filter((name) => !SHARED_AT_ROOT.has(name));
  const inVar = readdirSync("/var").filter((name) => name !== "lib");
  // dpkg's database stays: a server's packages are asked for by name.
  const inVarLib = readdirSync("/var/lib").filter((name) => name !== "dpkg");
  const inUsr = readdirSync("/usr").filter((name) => HIDDEN_IN_USR.some((hidden) => hidden === name));
  return [
    ...atRoot,
    ...inVar.map((name) => `var/${name}`),
    ...inVarLib.map((name) => `var/lib/${name}`),
    ...inUsr.map((name) => `usr/${name}`),
  ];
}

const CHRONY_CONF = `# No time source yet.
driftfile /var/lib/chrony/chrony.drift
confdir /etc/chrony/conf.d
sourcedir /etc/chrony/sources.d
`;

/** Without the kernel's log: that one belongs to the machine. */
const RSYSLOG_CONF = `module(load="imuxsock")
$FileOwner root
$FileGroup adm
$FileCreateMode 0640
$IncludeConfig /etc/rsyslog.d/*.conf
auth,authpriv.*			/var/log/auth.log
cron.*				/var/log/cron.log
*.*;auth,authpriv.none		-/var/log/syslog
`;

const SUDOERS = `Defaults env_reset
Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
root ALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
`;
