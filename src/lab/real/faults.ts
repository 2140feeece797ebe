import { existsSync, readFileSync } from "node:fs";
import { openAgent } from "./agent-client.ts";
import type { Impairment } from "./agent-protocol.ts";
import { labDevice, mustOnConsole, onConsole, runningInit } from "./device-console.ts";
import { type DevicePower, diskMebibytes, powerOffDevice, powerOnDevice } from "./device-power.ts";
import { devicePaths, managementNamespace, namespaceOf } from "./lab-names.ts";
import { inNamespace } from "./lab-network.ts";
import { processesIn } from "./namespaces.ts";
import { run } from "./run.ts";
import type { LabState } from "./types.ts";
import { waitFor } from "./wait.ts";

/** Freezes every sshd of a device: connections open and nothing is ever said. */
export function freezeSshd(state: LabState, device: string): void {
  for (const pid of sshdProcesses(state, device)) process.kill(pid, "SIGSTOP");
}

/** Lets a frozen sshd go on. */
export function thawSshd(state: LabState, device: string): void {
  for (const pid of sshdProcesses(state, device)) process.kill(pid, "SIGCONT");
}

/** Ends every SSH session of a device from the device's side; sshd itself goes on, and what sessions left in the
 *  background as well.
 *  @returns how many processes of sessions were ended */
export function killSessions(state: LabState, device: string): number {
  const init = runningInit(state, device);
  const sessions = sshdProcesses(state, device).filter((pid) => parentOf(pid) !== init);
  for (const pid of sessions) process.kill(pid, "SIGKILL");
  return sessions.length;
}

/** Pulls the plug of a device. Its disk stays. */
export function powerOff(state: LabState, device: string): Promise<void> {
  return powerOffDevice(powerOf(state, device));
}

/** Switches a device on again, from what is on its disk.
 *  @returns milliseconds until its sshd listens */
export function powerOn(state: LabState, device: string): Promise<number> {
  return powerOnDevice(powerOf(state, device));
}

/** Makes the operator's way to a device slow, narrow, or a black hole; an empty impairment makes it good again.
 *  With `cut` the connections that are open end.
 *  @returns how many connections were cut */
export async function impairWay(state: LabState, device: string, impairment: Impairment): Promise<number> {
  const { socketPath } = withSocket(state, device);
  const agent = await openAgent({ runDir: state.runDir, namespace: operatorNamespace(state, device) });
  try {
    return (await agent.call({ do: "impair", socketPath, impairment })).cut;
  } finally {
    agent.close();
  }
}

/** Table of our own in the operator's namespace; no device's rules are touched by a fault. */
const FAULT_TABLE = "inet sitewright_fault";

/** Drops all packets between operator and device in silence: new connections hang, open ones starve. */
export async function dropManagement(state: LabState, device: string): Promise<void> {
  const { managementAddress: address } = withSocket(state, device);
  const family = address.includes(":") ? "ip6" : "ip";
  const rules = `add table ${FAULT_TABLE}
add set ${FAULT_TABLE} lost_ip { type ipv4_addr; }
add set ${FAULT_TABLE} lost_ip6 { type ipv6_addr; }
add chain ${FAULT_TABLE} out { type filter hook output priority -300; }
add chain ${FAULT_TABLE} in { type filter hook input priority -300; }
flush chain ${FAULT_TABLE} out
flush chain ${FAULT_TABLE} in
add rule ${FAULT_TABLE} out ip daddr @lost_ip drop
add rule ${FAULT_TABLE} out ip6 daddr @lost_ip6 drop
add rule ${FAULT_TABLE} in ip saddr @lost_ip drop
add rule ${FAULT_TABLE} in ip6 saddr @lost_ip6 drop
add element ${FAULT_TABLE} lost_${family} { ${address} }
`;
  await run(nftIn(operatorNamespace(state, device)), { input: rules });
}

/** Ends every silent drop of the namespace from which the operator reaches the device. */
export async function restoreManagement(state: LabState, device: string): Promise<void> {
  const input = `add table ${FAULT_TABLE}\ndelete table ${FAULT_TABLE}\n`;
  await run(nftIn(operatorNamespace(state, device)), { input });
}

/** Fills a device's disk to the last byte, at no cost of memory: the disk shrinks to what it holds. */
export async function fillDisk(state: LabState, device: string): Promise<void> {
  const { disk } = devicePaths(state.runDir, withSocket(state, device).name);
  const { stdout } = await run(["df", "--block-size=1", "--output=used", disk]);
  const used = Number(stdout.trim().split("\n").at(-1));
  await run(["mount", "-o", `remount,size=${Math.max(used, 4096)}`, disk]);
}

/** Gives a device's disk its size back. */
export async function freeDisk(state: LabState, device: string): Promise<void> {
  const size = diskMebibytes(powerOf(state, device).device);
  await run(["mount", "-o", `remount,size=${size}m`, devicePaths(state.runDir, device).disk]);
}

const WRITABLE_FOLDERS = "/etc /var /home /root /srv /opt /tmp";

/** Makes a device's folders read-only, as a disk with errors becomes. Files that are open for writing stay so. */
export async function makeReadOnly(state: LabState, device: string): Promise<void> {
  const script = `for f in ${WRITABLE_FOLDERS}; do mount --bind $f $f && mount -o remount,bind,ro $f || exit 1; done`;
  await mustOnConsole(state, device, ["/bin/sh", "-c", script]);
}

/** Makes a device writable again. */
export async function makeWritable(state: LabState, device: string): Promise<void> {
  const script = `for f in ${WRITABLE_FOLDERS}; do umount -l $f || exit 1; done`;
  await mustOnConsole(state, device, ["/bin/sh", "-c", script]);
}

/** Waits until a command at the console ends with 0: "healed by itself", within a limit.
 *  @throws LabTimeoutError */
export async function waitOnConsole(
  state: LabState,
  device: string,
  command: readonly string[],
  timeoutMs: number,
): Promise<void> {
  const ask = async () =>
    (await onConsole(state, device, command, { timeoutMs })).exitCode === 0 || undefined;
  await waitFor(`${device}: ${command.join(" ")}`, ask, { timeoutMs, everyMs: 50 });
}

function withSocket(state: LabState, name: string) {
  const device = labDevice(state, name);
  const { socketPath, managementAddress } = device;
  if (socketPath === undefined || managementAddress === undefined) throw new Error(`${name} has no sshd`);
  return { ...device, socketPath, managementAddress };
}

function powerOf(state: LabState, name: string): DevicePower {
  const { namespace } = withSocket(state, name);
  const device = state.site.devices.find((known) => known.name === name);
  if (device === undefined) throw new Error(`no description of ${name}`);
  return { runDir: state.runDir, device, namespace };
}

function operatorNamespace(state: LabState, name: string): string {
  const management = state.site.devices.find((known) => known.name === name)?.management;
  if (management?.mode === "in-band") return namespaceOf(state.labId, management.via);
  return managementNamespace(state.labId);
}

function nftIn(namespace: string): string[] {
  return inNamespace(namespace, "nft", "-f", "-");
}

/** All processes of a device's sshd, sessions included. */
function sshdProcesses(state: LabState, name: string): number[] {
  const { namespace } = withSocket(state, name);
  return processesIn([namespace]).filter((pid) => existsSync(`/proc/${pid}`) && commandOf(pid) === "sshd");
}

function commandOf(pid: number): string {
  return readProc(pid, "comm").trim();
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(readProc(pid, "status"))?.[1]);
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    // It ended between two looks.
    return "";
  }
}
