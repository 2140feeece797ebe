import type { Section } from "../cli/section.ts";
import type { VrpConfig } from "./config.ts";
import { kindOf } from "./names.ts";
import { passes } from "./port-vlan.ts";

/** Whether a routed interface passes frames: not shut, and for a VLAN's one that the VLAN is there and some port of
 *  `ports` carries it. */
export function isForwarding(
  config: VrpConfig,
  name: string,
  block: Section,
  ports: readonly string[],
): boolean {
  if (block.get("shutdown") !== undefined) return false;
  if (kindOf(name) !== "Vlanif") return true;
  const vlan = Number(name.slice("Vlanif".length));
  return config.hasVlan(vlan) && ports.some((port) => passes(config, port, vlan));
}
