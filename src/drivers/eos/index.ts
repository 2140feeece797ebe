import type { OfflineDriver } from "../driver.ts";
import { textConfig } from "../text-config.ts";
import { EOS_DIALECT } from "./dialect.ts";

/** Arista EOS switches: configurations are read and compared, devices not talked to yet. */
export const eos: OfflineDriver = {
  platform: "eos",
  level: "offline",
  title: "Arista EOS",
  capabilities: [],
  ...textConfig(EOS_DIALECT),
};
