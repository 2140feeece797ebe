import type { Shelf } from "./model/device.ts";
import { IosDevice } from "./model/ios.ts";
import { VrpDevice } from "./model/vrp.ts";

/** A modelled device: loaded with a configuration, it takes commands as typed and shows what it holds. */
export interface ModelDevice {
  readonly root: Shelf;
  type(line: string): void;
  show(): string;
}

/** Loads a configuration into the model of a platform. */
export function loadDevice(platform: string, config: string): ModelDevice {
  if (platform === "iosxe") return IosDevice.load(config);
  if (platform === "vrp") return VrpDevice.load(config);
  throw new Error(`no model for ${platform}`);
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
