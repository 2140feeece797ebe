import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { deviceFiles, homeFolders, wantedUnits } from "./device-files.ts";
import { writeTree } from "./file-tree.ts";
import { type DevicePaths, devicePaths, type LabPaths, namespacePath } from "./lab-names.ts";
import { inNamespace } from "./lab-network.ts";
import { livesIn } from "./namespaces.ts";
import { run, shellQuote, startDetached } from "./run.ts";
import type { LabDevice } from "./types.ts";
import { waitFor } from "./wait.ts";

/** What it takes to switch a device on, off, and on again. */
export interface DevicePower {
  readonly runDir: string;
  readonly device: LabDevice;
  readonly namespace: string;
}

/** Rights over the machine's clock, kernel and hardware, which no practice device may have. */
const DROPPED_RIGHTS =
  "-sys_time,-sys_module,-sys_rawio,-sys_boot,-mac_admin,-mac_override,-syslog,-wake_alarm";

const BOOT_TIMEOUT_MS = 30_000;

const DEFAULT_DISK_MEBIBYTES = 256;

/** Size of a device's disk. */
export function diskMebibytes(device: LabDevice): number {
  return device.diskMebibytes ?? DEFAULT_DISK_MEBIBYTES;
}

/** Writes a new device's disk: its own files in the overlay's upper layer, and the script that boots it. */
export function writeDisk(
  device: LabDevice,
  paths: LabPaths,
  namespace: string,
  extraNetwork: readonly string[],
): void {
  const place = devicePaths(paths.runDir, device.name);
  mkdirSync(place.upper, { recursive: true });
  mkdirSync(place.work);
  mkdirSync(place.root);
  for (const { path, uid } of homeFolders(device)) {
    const folder = join(place.upper, path);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    chownSync(folder, uid, uid);
    chmodSync(folder, 0o700);
  }
  writeTree(place.upper, deviceFiles(device, extraNetwork));
  const wants = join(place.upper, "etc/systemd/system/multi-user.target.wants");
  mkdirSync(wants, { recursive: true });
  for (const unit of ["ssh", ...wantedUnits(device)])
    symlinkSync(`/lib/systemd/system/${unit}.service`, join(wants, `${unit}.service`));
  mkdirSync(dirname(place.bootScript), { recursive: true });
  writeFileSync(place.bootScript, bootScript(place, paths), { mode: 0o600 });
  if (!existsSync(namespacePath(namespace))) throw new Error(`namespace ${namespace} is not there`);
}

/** Spells what a device's first process does before it becomes init: leave the machine's root for good. The pid is
 *  read before /proc is the device's own, so it is the machine's number for it. */
function bootScript(place: DevicePaths, paths: LabPaths): string {
  const layers = `lowerdir=${paths.freshLayer}:${paths.hideLayer}:/,upperdir=${place.upper},workdir=${place.work}`;
  return `set -e
read -r pid rest </proc/self/stat
echo "$pid" >${shellQuote(place.pidFile)}
umask 022
mount -t overlay overlay -o ${shellQuote(layers)} ${shellQuote(place.root)}
cd ${shellQuote(place.root)}
mount -t tmpfs -o mode=0755,size=32m tmpfs run
mount -t proc proc proc
mount --bind proc/sys/net media
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount --move media proc/sys/net
if [ -e proc/sysrq-trigger ]; then
  mount --bind proc/sysrq-trigger proc/sysrq-trigger
  mount -o remount,bind,ro proc/sysrq-trigger
fi
mount -t sysfs -o ro sysfs sys
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts dev/pts
mkdir run/old
pivot_root . run/old
umount -l /run/old
rmdir /run/old
exec setpriv --bounding-set ${DROPPED_RIGHTS} /usr/lib/sitewright-lab/init </dev/null
`;
}

/** Switches a device on and waits until its sshd listens.
 *  @returns milliseconds that it took
 *  @throws LabTimeoutError with the end of the device's console when it does not come up */
export async function powerOnDevice(power: DevicePower): Promise<number> {
  const startedAt = performance.now();
  const place = devicePaths(power.runDir, power.device.name);
  rmSync(place.pidFile, { force: true });
  const unshare = ["unshare", "-m", "-p", "-u", "-i", "-f", "--kill-child", "/bin/sh", place.bootScript];
  const starter = startDetached(inNamespace(power.namespace, ...unshare), place.log);
  try {
    await waitFor(`${power.device.name} comes up`, () => isListening(power, starter), {
      timeoutMs: BOOT_TIMEOUT_MS,
    });
  } catch (cause) {
    const console = readText(place.log).trim().split("\n").slice(-5).join(" | ");
    throw new Error(`${power.device.name} did not come up; its console says: ${console}`, { cause });
  }
  return performance.now() - startedAt;
}

function isListening(power: DevicePower, starter: number): true | undefined {
  const pid = readInitPid(power.runDir, power.device.name);
  if (pid === undefined) {
    if (!existsSync(`/proc/${starter}`)) throw new Error("its first process ended");
    return undefined;
  }
  if (!existsSync(`/proc/${pid}`)) throw new Error("its first process ended");
  const root = `/proc/${pid}/root`;
  return existsSync(`${root}/run/lab/ready`) && existsSync(`${root}/run/sshd.pid`) ? true : undefined;
}

/** Pulls the plug: every process of the device ends at once, whatever is not on its disk is lost, packet filter and
 *  addresses with it. The disk stays for the next power-on. */
export async function powerOffDevice(power: DevicePower): Promise<void> {
  const pid = readInitPid(power.runDir, power.device.name);
  if (pid !== undefined && livesIn(pid, power.namespace)) process.kill(pid, "SIGKILL");
  if (pid !== undefined)
    await waitFor(`${power.device.name} is off`, () => !existsSync(`/proc/${pid}`) || undefined);
  rmSync(devicePaths(power.runDir, power.device.name).pidFile, { force: true });
  await run(inNamespace(power.namespace, "/bin/sh", "-c", FORGET_NETWORK));
}

/** The namespace outlives the device, its state must not. */
const FORGET_NETWORK = `nft flush ruleset 2>/dev/null
for path in /proc/sys/net/ipv4/conf/*; do
  name=\${path##*/}
  case $name in all|default) continue ;; esac
  ip addr flush dev "$name" 2>/dev/null
  ip link set "$name" down 2>/dev/null
done
echo 0 >/proc/sys/net/ipv4/ip_forward
exit 0`;

/** Pid of a device's init on this machine, as its last boot wrote it. */
export function readInitPid(runDir: string, device: string): number | undefined {
  const text = readText(devicePaths(runDir, device).pidFile).trim();
  return /^[1-9][0-9]*$/.test(text) ? Number(text) : undefined;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
