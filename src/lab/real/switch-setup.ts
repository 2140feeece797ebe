import { addressLine } from "./ip-lines.ts";
import type { LabDevice, LabSwitchPort } from "./types.ts";

const DEFAULT_BRIDGE = "br0";

/** Commands of a switch's very first power-on: one OVSDB transaction that makes the bridge and attaches what the
 *  description attaches. `netdev` is the datapath in user space: the kernel's module is often not there. */
export function firstSwitchCommands(device: LabDevice): string[] {
  const bridge = device.switch?.bridge ?? DEFAULT_BRIDGE;
  const clauses = [
    `--may-exist add-br ${bridge}`,
    `set bridge ${bridge} datapath_type=netdev rstp_enable=${device.switch?.rstp === true}`,
    ...Object.entries(device.switch?.ports ?? {}).map(([name, port]) => attach(bridge, name, port)),
  ];
  const management = device.switch?.management;
  if (management !== undefined) clauses.push(`set port ${bridge} tag=${management.vlan}`);
  return [`ovs-vsctl -t 10 ${clauses.join(" -- ")}`];
}

/** Lines for `ip -batch` once the bridge is there: the switch's own address. */
export function lateSwitchNetwork(device: LabDevice): string[] {
  const management = device.switch?.management;
  if (management === undefined) return [];
  const bridge = device.switch?.bridge ?? DEFAULT_BRIDGE;
  const gateway = management.gateway;
  return [
    `link set dev ${bridge} up`,
    addressLine(management.address, bridge),
    ...(gateway === undefined ? [] : [`route replace default via ${gateway}`]),
  ];
}

function attach(bridge: string, name: string, port: LabSwitchPort): string {
  const add = `--may-exist add-port ${bridge} ${name}`;
  if ("access" in port) return `${add} -- set port ${name} vlan_mode=access tag=${port.access}`;
  if (port.native === undefined)
    return `${add} -- set port ${name} vlan_mode=trunk trunks=${port.trunk.join(",")}`;
  const trunks = [...new Set([...port.trunk, port.native])].join(",");
  return `${add} -- set port ${name} vlan_mode=native-untagged tag=${port.native} trunks=${trunks}`;
}
