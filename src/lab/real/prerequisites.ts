import { accessSync, constants, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../../model/finding.ts";
import { run, runUnchecked } from "./run.ts";
import type { LabSite } from "./types.ts";

/** Debian packages that a lab needs, each with the program that proves it is there. */
const PACKAGE_PROGRAMS = {
  iproute2: "ip",
  "util-linux": "nsenter",
  "openssh-server": "sshd",
  ethtool: "ethtool",
  "iputils-ping": "ping",
  nftables: "nft",
  "openvswitch-switch": "ovs-vswitchd",
  frr: "vtysh",
  sudo: "sudo",
  restic: "restic",
  chrony: "chronyd",
  rsyslog: "rsyslogd",
  cron: "cron",
} as const;

export type LabPackage = keyof typeof PACKAGE_PROGRAMS;

const PROGRAM_FOLDERS = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"] as const;

/** Names the packages that a site needs, sorted; all that any lab can need when no site is given. */
export function labPackages(site?: LabSite): LabPackage[] {
  if (site === undefined) return (Object.keys(PACKAGE_PROGRAMS) as LabPackage[]).sort();
  const needed = new Set<LabPackage>([
    "iproute2",
    "util-linux",
    "openssh-server",
    "ethtool",
    "iputils-ping",
    "nftables",
  ]);
  for (const device of site.devices) {
    if (device.kind === "openvswitch-switch") needed.add("openvswitch-switch");
    if (device.kind === "frr-router") needed.add("frr");
    if (device.kind === "linux-server")
      for (const name of ["restic", "chrony", "rsyslog", "cron"] as const) needed.add(name);
    if (device.users?.some((user) => user.sudo === true && user.name !== "root")) needed.add("sudo");
  }
  return [...needed].sort();
}

/** Names those packages whose program is not on this machine, sorted. */
export function missingLabPackages(site?: LabSite): LabPackage[] {
  return labPackages(site).filter((name) => !isInstalled(PACKAGE_PROGRAMS[name]));
}

/** Tells why a lab of real daemons cannot run here; empty when it can. Changes nothing on the machine. */
export async function checkLabPrerequisites(site?: LabSite): Promise<Finding[]> {
  if (process.platform !== "linux")
    return [lack("LAB-NOT-LINUX", `real devices need Linux, this is ${process.platform}`, EMULATORS)];
  const found: Finding[] = [];
  const missing = missingLabPackages(site);
  if (missing.length > 0)
    found.push(
      lack("LAB-PACKAGES", `packages are missing: ${missing.join(", ")}`.slice(0, 100), aptCommand(missing)),
    );
  if (process.getuid?.() !== 0)
    found.push(
      lack("LAB-NOT-ROOT", "real devices need root, and you are not", `run it with sudo; ${EMULATORS}`),
    );
  if (found.length > 0) return found;
  return await tryKernel();
}

/** Makes, in namespaces that end with it, one of each thing that a device is made of. The numbers tell which failed. */
const KERNEL_TRIAL = `ip link add sw-a type veth peer name sw-b || exit 11
mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work || exit 12
mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /media || exit 12
nft list ruleset >/dev/null || exit 13`;

const KERNEL_LACKS: Readonly<Record<number, string>> = {
  11: "the kernel cannot make veth cables",
  12: "the kernel or container refuses tmpfs or overlay mounts",
  13: "the kernel has no nftables",
};

async function tryKernel(): Promise<Finding[]> {
  const namespaces = ["unshare", "-n", "-m", "-p", "-u", "-i", "-f"];
  const trial = await runUnchecked([...namespaces, "/bin/sh", "-c", KERNEL_TRIAL], { timeoutMs: 5000 });
  if (trial.exitCode === 0) return [];
  const what = KERNEL_LACKS[trial.exitCode] ?? "the kernel or container refuses new namespaces";
  return [lack("LAB-KERNEL", what, `in a container, start it with --privileged; ${EMULATORS}`)];
}

const EMULATORS = "the embedded emulators need none of this";

/** Spells what to type to get packages. */
export function aptCommand(packages: readonly string[]): string {
  return `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
}

const PROXY_VARIABLES = ["http_proxy", "https_proxy", "no_proxy"] as const;

/** Asked by Debian's packages before they start a daemon; 101 means "no". */
const START_POLICY_FILE = "/usr/sbin/policy-rc.d";

/** Installs what is missing with apt; does nothing when all is there. The daemons of the packages are not started on
 *  the machine itself, because each device runs its own.
 *  @returns the packages installed
 *  @throws LabCommandError with apt's own words */
export async function installLabPackages(site?: LabSite): Promise<LabPackage[]> {
  const missing = missingLabPackages(site);
  if (missing.length === 0) return [];
  const proxies = PROXY_VARIABLES.flatMap((name) =>
    process.env[name] ? [`${name}=${process.env[name]}`] : [],
  );
  const apt = ["env", "DEBIAN_FRONTEND=noninteractive", ...proxies, "apt-get", "-q", "-y"];
  // A package manager killed half-way leaves a machine that needs mending.
  const limits = { timeoutMs: 900_000, outlivesCaller: true };
  const hasPolicy = existsSync(START_POLICY_FILE);
  if (!hasPolicy) writeFileSync(START_POLICY_FILE, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await runUnchecked([...apt, "update"], limits);
    await run([...apt, "install", "--no-install-recommends", ...missing], limits);
  } finally {
    if (!hasPolicy) rmSync(START_POLICY_FILE, { force: true });
  }
  return missing;
}

function isInstalled(program: string): boolean {
  return PROGRAM_FOLDERS.some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function lack(code: string, message: string, hint: string): Finding {
  return { code, severity: "error", message, hint, where: { device: "localhost" } };
}
