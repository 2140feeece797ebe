import { Section } from "../cli/section.ts";
import { byInterface, kindOf } from "./names.ts";

/** Rule names under which hooks find what other rules keep. */
export const INTERFACE = "interface";
export const VLAN = "vlan";
export const ACL = "acl";
export const LINE = "line";

/** A running configuration as an IOS device holds it. */
export class IosConfig {
  readonly root = new Section("global", "");
  /** Names of the physical ports; they exist whatever is typed. */
  readonly ports: readonly string[];
  /** Whether SSH host keys exist; they do not stand in the configuration. */
  hasKeys = true;

  constructor(ports: readonly string[], hostname: string) {
    this.ports = [...ports].sort(byInterface);
    for (const port of ports) this.openInterface(port);
    this.openInterface("Vlan1");
    this.root.put("hostname", `hostname ${hostname}`);
    for (const name of ["line con 0", "line vty 0 4", "line vty 5 15"]) {
      this.root.open(LINE, name.slice(5), "line", name);
    }
  }

  hostname(): string {
    return (this.root.get("hostname") ?? "hostname Switch").slice("hostname ".length);
  }

  interfaces(): readonly (readonly [name: string, block: Section])[] {
    return [...this.root.blocks(INTERFACE)].sort(([a], [b]) => byInterface(a, b));
  }

  interface(name: string): Section | undefined {
    return this.root.block(INTERFACE, name);
  }

  openInterface(name: string): Section {
    return this.root.open(INTERFACE, name, viewOf(name), `interface ${name}`);
  }

  isPhysical(name: string): boolean {
    return this.ports.includes(name);
  }

  /** Tells whether a VLAN is in the database; 1 always is. */
  hasVlan(id: number): boolean {
    return id === 1 || this.root.block(VLAN, String(id)) !== undefined;
  }

  openVlan(id: number): Section {
    return this.root.open(VLAN, String(id), "vlan", `vlan ${id}`);
  }

  /** VLANs of the database in order, 1 included. */
  vlans(): readonly number[] {
    return [...new Set([1, ...this.root.blocks(VLAN).map(([id]) => Number(id))])].sort((a, b) => a - b);
  }

  vlanName(id: number): string {
    const kept = this.root.block(VLAN, String(id))?.get("name");
    if (kept !== undefined) return kept.slice("name ".length);
    return id === 1 ? "default" : `VLAN${String(id).padStart(4, "0")}`;
  }

  acl(name: string): Section | undefined {
    return this.root.block(ACL, name);
  }

  /** Ports that belong to a port-channel. */
  members(channel: number): readonly string[] {
    return this.interfaces()
      .filter(([, block]) => block.get("channel-group")?.split(" ")[1] === String(channel))
      .map(([name]) => name);
  }
}

function viewOf(name: string): string {
  const kind = kindOf(name);
  if (kind === "Vlan") return "if-vlan";
  if (kind === "Loopback" || kind === "Tunnel") return "if-routed";
  return name === "GigabitEthernet0/0" ? "if-routed" : "if-port";
}

/** The interface name that a block configures. */
export function nameOf(block: Section): string {
  return block.header.slice("interface ".length);
}
