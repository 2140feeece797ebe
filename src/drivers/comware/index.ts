import type { OfflineDriver } from "../driver.ts";
import { textConfig } from "../text-config.ts";
import { COMWARE_DIALECT } from "./dialect.ts";
import { comwareEvidence } from "./evidence.ts";

/** H3C and HPE Comware switches: configurations are read and compared, devices not talked to yet. */
export const comware: OfflineDriver = {
  platform: "comware",
  level: "offline",
  title: "H3C Comware",
  capabilities: [],
  ...textConfig(COMWARE_DIALECT),
  evidence: comwareEvidence,
};
