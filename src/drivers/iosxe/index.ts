import type { FullDriver } from "../driver.ts";
import { textConfig } from "../text-config.ts";
import { IOSXE_CAPABILITIES } from "./capabilities.ts";
import { IOSXE_DIALECT } from "./dialect.ts";
import { iosxeEvidence } from "./evidence.ts";
import { readFilters } from "./filters.ts";
import { renderIosxe } from "./render.ts";
import { connectIosxe } from "./session.ts";

/** Cisco IOS-XE switches and routers (and IOS, where it answers alike). */
export const iosxe: FullDriver = {
  platform: "iosxe",
  level: "full",
  title: "Cisco IOS-XE",
  capabilities: IOSXE_CAPABILITIES,
  safetyNet: { kind: "native", maxSeconds: 7200, atomic: false },
  ...textConfig(IOSXE_DIALECT),
  evidence: iosxeEvidence,
  filters: readFilters,
  render: renderIosxe,
  connect: connectIosxe,
};
