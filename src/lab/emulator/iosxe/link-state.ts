import type { Section } from "../cli/section.ts";
import type { IosConfig } from "./config.ts";
import { kindOf } from "./names.ts";
import { passes } from "./switchport.ts";

/** Whether a routed interface passes frames: not shut, and for a VLAN's one that the VLAN is there and some port of
 *  `ports` carries it. */
export function isForwarding(
  config: IosConfig,
  name: string,
  block: Section,
  ports: readonly string[],
): boolean {
  if (block.get("shutdown") !== undefined) return false;
  if (kindOf(name) !== "Vlan") return true;
  const vlan = Number(name.slice("Vlan".length));
  if (!config.hasVlan(vlan)) return false;
  if (config.root.block("vlan", String(vlan))?.get("shutdown") !== undefined) return false;
  return ports.some((port) => passes(config, port, vlan));
}
