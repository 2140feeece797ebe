import type { OfflineDriver } from "../driver.ts";
import { formConfig } from "../form-config.ts";
import { FORTIOS_DIALECT } from "./dialect.ts";
import { fortiosEvidence } from "./evidence.ts";

/** Fortinet firewalls: configurations are read and compared, devices not talked to yet. */
export const fortios: OfflineDriver = {
  platform: "fortios",
  level: "offline",
  title: "Fortinet FortiOS",
  capabilities: [],
  ...formConfig(FORTIOS_DIALECT),
  evidence: fortiosEvidence,
};
