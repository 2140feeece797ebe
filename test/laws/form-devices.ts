import { FORTIOS_DIALECT } from "../../src/drivers/fortios/dialect.ts";
import { JUNOS_DIALECT } from "../../src/drivers/junos/dialect.ts";
import { ROUTEROS_DIALECT } from "../../src/drivers/routeros/dialect.ts";
import type { Dialect } from "../../src/planner/config/dialect.ts";
import { FortiosDevice } from "./model/fortios.ts";
import { JunosDevice } from "./model/junos.ts";
import { RouterosDevice } from "./model/routeros.ts";

/** A modelled device of a platform that does not indent. */
export interface FormDevice {
  type(line: string): void;
  show(): string;
  /** A device of the same state, with nothing open. */
  copy(): FormDevice;
}

/** Platforms with a form of their own and a modelled device. */
export const FORMS: readonly Dialect[] = [FORTIOS_DIALECT, JUNOS_DIALECT, ROUTEROS_DIALECT];

const LOAD: Readonly<Record<string, (text: string) => FormDevice>> = {
  fortios: (text) => FortiosDevice.load(text),
  junos: (text) => JunosDevice.load(text),
  routeros: (text) => RouterosDevice.load(text),
};

/** Loads a configuration into the model of a platform. */
export function loadForm(platform: string, text: string): FormDevice {
  const load = LOAD[platform];
  if (!load) throw new Error(`no model for ${platform}`);
  return load(text);
}

/** Types commands; a refusal names the command. */
export function typeForm(device: FormDevice, commands: readonly string[]): FormDevice {
  for (const command of commands) {
    try {
      device.type(command);
    } catch (error) {
      throw new Error(`refused "${command}" in\n${commands.join("\n")}`, { cause: error });
    }
  }
  return device;
}
