import type { Driver } from "../../src/drivers/driver.ts";
import { nftables } from "../../src/drivers/nftables/index.ts";

/** The real drivers that the tests of this folder push with. */
export function testDrivers(platform: string): Driver | undefined {
  return platform === "nftables" ? nftables : undefined;
}
