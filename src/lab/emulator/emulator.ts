import { Device } from "./device.ts";
import { iosxeSystem } from "./iosxe/system.ts";
import type { Box, System } from "./system.ts";
import type { Emulator, EmulatorOptions, EmulatorPlatform } from "./types.ts";
import { vrpSystem } from "./vrp/system.ts";

const SYSTEMS: Readonly<Record<EmulatorPlatform, (box: Box) => System>> = {
  iosxe: iosxeSystem,
  vrp: vrpSystem,
};

/** Starts an in-process device that speaks a vendor's command line over SSH, bound to this machine only.
 *  @throws Error where the port or socket cannot be had, or the host key or kept state cannot be read */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const device = new Device(options, SYSTEMS[options.platform]);
  await device.start();
  return {
    platform: options.platform,
    host: typeof options.listen === "string" ? options.listen : "127.0.0.1",
    port: device.port,
    ports: device.ports(),
    hostKey: {
      publicKey: device.key.publicKey,
      fingerprint: device.key.fingerprint,
      type: device.key.type,
    },
    faults: device.faults,
    log: device.entries,
    running: () => device.system.running(),
    saved: () => device.system.saved(),
    handEdit: (lines, by = "console") => device.system.handEdit(lines, by),
    sessions: () => device.logins().length,
    reachable: () => device.reachable(),
    setClientAddress: (address) => device.setClientAddress(address),
    setClockAhead: (aheadMs) => device.clock.setAhead(aheadMs),
    powerCycle: () => device.powerCycle(),
    stop: () => device.stop(),
  };
}
