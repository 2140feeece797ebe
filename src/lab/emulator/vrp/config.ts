import { Section } from "../cli/section.ts";
import { vlanNumbers } from "./args.ts";
import { byInterface, kindOf } from "./names.ts";

/** Rule names under which hooks find what other rules keep. */
export const INTERFACE = "interface";
export const VLAN_BATCH = "vlan batch";
export const VLAN = "vlan";
export const ACL = "acl";
export const USER_INTERFACE = "user-interface";

/** A current configuration as a VRP device holds it. */
export class VrpConfig {
  readonly root = new Section("system", "");
  /** Names of the physical ports; they exist whatever is typed. */
  readonly ports: readonly string[];
  /** Newer releases ask before a link type is changed that VLANs hang on; older ones refuse. */
  readonly asksBeforeLinkType: boolean;
  /** Whether an SSH host key exists; it does not live in the configuration. */
  hasKeys = true;

  constructor(ports: readonly string[], sysname: string, asksBeforeLinkType = false) {
    this.asksBeforeLinkType = asksBeforeLinkType;
    this.ports = [...ports].sort(byInterface);
    for (const port of ports) this.openInterface(port);
    this.openInterface("NULL0");
    this.root.put("sysname", `sysname ${sysname}`);
    for (const name of ["con 0", "vty 0 4", "vty 16 20"]) {
      this.root.open(USER_INTERFACE, name, "ui", `user-interface ${name}`);
    }
    this.root.open("aaa", "", "aaa", "aaa");
  }

  sysname(): string {
    return (this.root.get("sysname") ?? "sysname HUAWEI").slice("sysname ".length);
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

  /** VLANs that exist, 1 included. */
  vlans(): readonly number[] {
    const kept = vlanNumbers(this.root.get(VLAN_BATCH));
    return [...new Set([1, ...kept])].sort((a, b) => a - b);
  }

  hasVlan(id: number): boolean {
    return this.vlans().includes(id);
  }

  setVlans(ids: Iterable<number>): void {
    const sorted = [...new Set(ids)].filter((id) => id !== 1).sort((a, b) => a - b);
    if (sorted.length === 0) this.root.drop(VLAN_BATCH);
    else this.root.put(VLAN_BATCH, sorted.join(","));
  }

  vlanBlock(id: number): Section | undefined {
    return this.root.block(VLAN, String(id));
  }

  acl(name: string): Section | undefined {
    return this.root.block(ACL, name);
  }

  /** Names of the rules that belong to the SNMP agent. */
  snmpRules(): readonly string[] {
    return this.root
      .rules()
      .filter((rule) => rule.startsWith("snmp") || rule === "engine" || rule.startsWith("trap "));
  }

  /** Ports that belong to an Eth-Trunk. */
  members(trunk: string): readonly string[] {
    return this.interfaces()
      .filter(([, block]) => block.get("eth-trunk") === `eth-trunk ${trunk}`)
      .map(([name]) => name);
  }
}

function viewOf(name: string): string {
  const kind = kindOf(name);
  if (kind === "Vlanif") return "vlanif";
  if (kind === "Eth-Trunk") return "trunk";
  if (kind === "LoopBack" || kind === "MEth" || kind === "Tunnel") return "routed";
  return kind === "NULL" ? "null" : "port";
}

/** The interface name that a block configures. */
export function nameOf(block: Section): string {
  return block.header.slice("interface ".length);
}
