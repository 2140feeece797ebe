import type { Dialect } from "../planner/config/dialect.ts";
import { comware } from "./comware/index.ts";
import type { Driver, FullDriver } from "./driver.ts";
import { eos } from "./eos/index.ts";
import { fortios } from "./fortios/index.ts";
import { frr } from "./frr/index.ts";
import { iosxe } from "./iosxe/index.ts";
import { junos } from "./junos/index.ts";
import { linuxServer } from "./linux-server/index.ts";
import { nftables } from "./nftables/index.ts";
import { openvswitch } from "./openvswitch/index.ts";
import { routeros } from "./routeros/index.ts";
import { vrp } from "./vrp/index.ts";

/** Every driver there is. A new platform is one folder, one import and one name here. */
const DRIVERS: readonly Driver[] = [
  comware,
  eos,
  fortios,
  frr,
  iosxe,
  junos,
  linuxServer,
  nftables,
  openvswitch,
  routeros,
  vrp,
];

const BY_PLATFORM: ReadonlyMap<string, Driver> = new Map(DRIVERS.map((driver) => [driver.platform, driver]));

/** Finds the driver of a platform; undefined where there is none. */
export function driverFor(platform: string): Driver | undefined {
  return BY_PLATFORM.get(platform);
}

/** The tables of all platforms that have one, to guess which platform a text is of. */
export function dialects(): readonly Dialect[] {
  return DRIVERS.flatMap((driver) => driver.dialect ?? []);
}

/** The names of all platforms, sorted. */
export function platforms(): readonly string[] {
  return [...BY_PLATFORM.keys()].sort();
}

/** Tells whether a driver can talk to devices, and not only compare their configurations. */
export function isFullDriver(driver: Driver): driver is FullDriver {
  return driver.level === "full";
}
