import { maskOf, parseInterfaceAddress } from "../../model/address.ts";
import type { DeviceIntent } from "../../model/intent.ts";

/** The configuration that somebody typed on the console when the box was hung up: management only. It is written here
 *  and not rendered by a driver, so that the first push meets a box that Sitewright did not make. */
export function commissioningConfig(device: DeviceIntent): string {
  const own = managementInterface(device);
  return `${(device.platform === "vrp" ? vrp(device, own) : iosxe(device, own)).join("\n")}\n`;
}

interface ManagementInterface {
  readonly vlan: number;
  readonly address: string;
  readonly mask: string;
  readonly gateway: string | undefined;
}

function managementInterface(device: DeviceIntent): ManagementInterface {
  const gateway = device.gateways.find((candidate) => candidate.management);
  const parsed = parseInterfaceAddress(gateway?.addresses[0] ?? `${device.management.address}/24`);
  const defaultRoute = device.routes.find((route) => route.prefix === "0.0.0.0/0");
  return {
    vlan: gateway?.vlan ?? device.management.vlan ?? 1,
    address: device.management.address,
    mask: maskOf(parsed?.prefix.length ?? 24),
    gateway: defaultRoute?.nextHop,
  };
}

function iosxe(device: DeviceIntent, own: ManagementInterface): string[] {
  return [
    `hostname ${device.system.hostname}`,
    ...(own.vlan === 1 ? [] : [`vlan ${own.vlan}`, " name MANAGEMENT"]),
    "aaa new-model",
    "aaa authentication login default group tacacs+ local",
    "aaa authorization exec default group tacacs+ local",
    "archive",
    " path flash:archive",
    `interface Vlan${own.vlan}`,
    ` ip address ${own.address} ${own.mask}`,
    " no shutdown",
    ...(own.gateway === undefined ? [] : [`ip route 0.0.0.0 0.0.0.0 ${own.gateway}`]),
    "ip ssh version 2",
    "line vty 0 4",
    " transport input ssh",
    "line vty 5 15",
    " transport input ssh",
    "end",
  ];
}

function vrp(device: DeviceIntent, own: ManagementInterface): string[] {
  return [
    `sysname ${device.system.hostname}`,
    "#",
    ...(own.vlan === 1 ? [] : [`vlan batch ${own.vlan}`, "#"]),
    `interface Vlanif${own.vlan}`,
    ` ip address ${own.address} ${own.mask}`,
    "#",
    ...(own.gateway === undefined ? [] : [`ip route-static 0.0.0.0 0.0.0.0 ${own.gateway}`, "#"]),
    "stelnet server enable",
    "#",
    "user-interface vty 0 4",
    " authentication-mode aaa",
    " protocol inbound ssh",
    "#",
    "return",
  ];
}
