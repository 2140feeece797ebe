import type { OfflineDriver } from "../driver.ts";
import { formConfig } from "../form-config.ts";
import { linuxEvidence } from "../linux-common/evidence.ts";
import { FRR_DIALECT } from "./dialect.ts";

/** FRRouting on Linux: configurations are read and compared, devices not talked to yet. */
export const frr: OfflineDriver = {
  platform: "frr",
  level: "offline",
  title: "FRRouting",
  capabilities: [],
  ...formConfig(FRR_DIALECT),
  evidence: linuxEvidence,
};
