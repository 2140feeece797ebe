import type { OfflineDriver } from "../driver.ts";
import { formConfig } from "../form-config.ts";
import { ROUTEROS_DIALECT } from "./dialect.ts";
import { routerosEvidence } from "./evidence.ts";

/** MikroTik routers and switches: configurations are read and compared, devices not talked to yet. */
export const routeros: OfflineDriver = {
  platform: "routeros",
  level: "offline",
  title: "MikroTik RouterOS",
  capabilities: [],
  ...formConfig(ROUTEROS_DIALECT),
  evidence: routerosEvidence,
};
