import { ComwareDevice } from "./model/comware.ts";
import type { Shelf } from "./model/device.ts";
import { EosDevice } from "./model/eos.ts";
import { IosDevice } from "./model/ios.ts";
import { VrpDevice } from "./model/vrp.ts";

/** A modelled device: loaded with a configuration, it takes commands as typed and shows what it holds. */
export interface ModelDevice {
  readonly root: Shelf;
  type(line: string): void;
  show(): string;
  /** A device of the same state, with no block open. */
  copy(): ModelDevice;
}

/** Loads a configuration into the model of a platform. */
export function loadDevice(platform: string, config: string): ModelDevice {
  if (platform === "comware") return ComwareDevice.load(config);
  if (platform === "eos") return EosDevice.load(config);
  if (platform === "iosxe") return IosDevice.load(config);
  if (platform === "vrp") return VrpDevice.load(config);
  throw new Error(`no model for ${platform}`);
}

/** Leaves the blocks that commands left open. */
export function leaveAll(platform: string, device: ModelDevice): void {
  const leave = platform === "iosxe" || platform === "eos" ? "exit" : "quit";
  for (let i = 0; i < 4; i++) {
    try {
      device.type(leave);
    } catch {
      return;
    }
  }
}

/** Types commands; a refusal names the command. */
export function typeAll(device: ModelDevice, commands: readonly string[]): ModelDevice {
  for (const command of commands) {
    try {
      device.type(command);
    } catch (error) {
      throw new Error(`refused "${command}" in\n${commands.join("\n")}`, { cause: error });
    }
  }
  return device;
}
