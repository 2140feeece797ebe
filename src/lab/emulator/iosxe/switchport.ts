import { readCommaRanges, span } from "../cli/ranges.ts";
import type { Section } from "../cli/section.ts";
import { vlanText } from "./args.ts";
import type { IosConfig } from "./config.ts";

const ALLOWED = "trunk allowed";
/** Room for VLANs on one line of the running configuration. */
const LINE_ROOM = 60;

/** How a port is meant to work. */
export type PortMode = "access" | "trunk" | "dynamic auto" | "dynamic desirable";

/** Reads a port's administrative mode. */
export function portMode(block: Section): PortMode {
  const kept = block.get("mode") ?? "switchport mode dynamic auto";
  const word = kept.slice("switchport mode ".length);
  return word === "access" || word === "trunk" || word === "dynamic desirable" ? word : "dynamic auto";
}

/** Tells whether a port is routed (`no switchport`). */
export function isRouted(block: Section): boolean {
  return block.get("switchport") !== undefined;
}

/** The VLAN of untagged frames on an access port. */
export function accessVlan(block: Section): number {
  return Number(block.get("access vlan")?.split(" ").at(-1) ?? 1);
}

/** The VLAN of untagged frames on a trunk. */
export function nativeVlan(block: Section): number {
  return Number(block.get("trunk native")?.split(" ").at(-1) ?? 1);
}

/** The VLANs that a trunk lets through. */
export function allowedVlans(block: Section): readonly number[] {
  const kept = block.get(ALLOWED);
  if (kept === undefined) return span(1, 4094);
  return kept === "none" ? [] : (readCommaRanges(kept, 1, 4094) ?? []);
}

/** Sets what a trunk lets through; everything is the default and kept as nothing. */
export function setAllowed(block: Section, vlans: readonly number[]): void {
  const sorted = [...new Set(vlans)].sort((a, b) => a - b);
  if (sorted.length === 4094) block.drop(ALLOWED);
  else block.put(ALLOWED, sorted.length === 0 ? "none" : vlanText(sorted));
}

/** Prints the allowed list; a long one goes on in `add` lines. */
export function printAllowed(kept: string): string[] {
  const parts = kept.split(",");
  const rows: string[] = [];
  let row = "";
  for (const part of parts) {
    if (row !== "" && row.length + part.length + 1 > LINE_ROOM) {
      rows.push(row);
      row = "";
    }
    row = row === "" ? part : `${row},${part}`;
  }
  rows.push(row);
  return rows.map((text, index) => `switchport trunk allowed vlan ${index === 0 ? "" : "add "}${text}`);
}

/** The VLANs whose frames a port carries. */
function carriedVlans(block: Section): readonly number[] {
  if (isRouted(block)) return [];
  return portMode(block) === "trunk" ? allowedVlans(block) : [accessVlan(block)];
}

/** Tells whether frames of a VLAN can pass a port: up, and carrying it, through its port-channel where it has one. */
export function passes(config: IosConfig, port: string, vlan: number): boolean {
  const block = config.interface(port);
  if (block === undefined || block.get("shutdown") !== undefined) return false;
  const channel = block.get("channel-group")?.split(" ")[1];
  if (channel === undefined) return carriedVlans(block).includes(vlan);
  const bundle = config.interface(`Port-channel${channel}`);
  return bundle !== undefined && bundle.get("shutdown") === undefined && carriedVlans(bundle).includes(vlan);
}
