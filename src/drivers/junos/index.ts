import type { OfflineDriver } from "../driver.ts";
import { formConfig } from "../form-config.ts";
import { JUNOS_DIALECT } from "./dialect.ts";
import { junosEvidence } from "./evidence.ts";

/** Juniper switches, routers and firewalls: configurations are read and compared, devices not talked to yet. */
export const junos: OfflineDriver = {
  platform: "junos",
  level: "offline",
  title: "Juniper Junos",
  capabilities: [],
  ...formConfig(JUNOS_DIALECT),
  evidence: junosEvidence,
};
