import type { FullDriver } from "../driver.ts";
import { textConfig } from "../text-config.ts";
import { VRP_CAPABILITIES } from "./capabilities.ts";
import { VRP_DIALECT } from "./dialect.ts";
import { vrpEvidence } from "./evidence.ts";
import { readFilters } from "./filters.ts";
import { renderVrp } from "./render.ts";
import { connectVrp } from "./session.ts";

/** Huawei switches and routers with VRP5 (V200R). */
export const vrp: FullDriver = {
  platform: "vrp",
  level: "full",
  title: "Huawei VRP",
  capabilities: VRP_CAPABILITIES,
  safetyNet: { kind: "reboot", maxSeconds: 2_592_000, atomic: false },
  ...textConfig(VRP_DIALECT),
  evidence: vrpEvidence,
  filters: readFilters,
  render: renderVrp,
  connect: connectVrp,
};
