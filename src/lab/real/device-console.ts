import { readInitPid } from "./device-power.ts";
import { inNamespace } from "./lab-network.ts";
import { livesIn } from "./namespaces.ts";
import { type CommandResult, type RunOptions, run, runUnchecked } from "./run.ts";
import type { LabDeviceState, LabState } from "./types.ts";

/** Finds a device of a lab by name.
 *  @throws Error that names the devices there are */
export function labDevice(state: LabState, name: string): LabDeviceState {
  const device = state.devices.find((known) => known.name === name);
  if (device !== undefined) return device;
  throw new Error(
    `no device ${name} in this lab; there are ${state.devices.map((known) => known.name).join(", ")}`,
  );
}

/** Pid of a device's first process; undefined while it is switched off, and on hosts without users. */
export function runningInit(state: LabState, name: string): number | undefined {
  const pid = readInitPid(state.runDir, name);
  return pid !== undefined && livesIn(pid, labDevice(state, name).namespace) ? pid : undefined;
}

/** Types a command at a device's console, as root, past its sshd: how somebody changes it behind our back.
 *  On a host without users it runs the machine's program in the host's network.
 *  @returns exit code and output, whatever they are
 *  @throws Error when the device is switched off */
export function onConsole(
  state: LabState,
  name: string,
  command: readonly string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  return runUnchecked(consoleCommand(state, name, command), options);
}

/** As onConsole, for a command that must succeed.
 *  @throws LabCommandError */
export function mustOnConsole(
  state: LabState,
  name: string,
  command: readonly string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  return run(consoleCommand(state, name, command), options);
}

function consoleCommand(state: LabState, name: string, command: readonly string[]): string[] {
  const device = labDevice(state, name);
  if (device.socketPath === undefined) return inNamespace(device.namespace, ...command);
  const pid = runningInit(state, name);
  if (pid === undefined) throw new Error(`${name} is switched off`);
  return [
    "nsenter",
    `--target=${pid}`,
    "--all",
    "--root",
    "--",
    "/bin/sh",
    "-c",
    'cd / && exec "$@"',
    "sh",
    ...command,
  ];
}
