import { maskOf, parseInterfaceAddress } from "../../model/address.ts";
import type { DeviceIntent } from "../../model/intent.ts";

/** The configuration that somebody typed on the console when the box was hung up: management and one account. It is written here
 *  and not rendered by a driver, so that the first push meets a box that Sitewright did not make. */
export function commissioningConfig(device: DeviceIntent, password: string): string {
  const own = managementInterface(device);
  const lines = device.platform === "vrp" ? vrp(device, own, password) : iosxe(device, own, password);
  return `${lines.join("\n")}\n`;
}

interface ManagementInterface {
  readonly vlan: number;
  readonly address: string;
  readonly mask: string;
  readonly gateway: string | undefined;
  /** The port that management comes in by; without one that carries its VLAN the address is dead. */
  readonly port: string | undefined;
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
    port: managementPort(device, gateway?.vlan ?? device.management.vlan),
  };
}

/** A trunk or access port of the finished switch that carries the management VLAN, plain ports before LAG members. */
function managementPort(device: DeviceIntent, vlan: number | undefined): string | undefined {
  if (vlan === undefined) return device.ports[0]?.name;
  const carries = device.ports.filter(
    (port) => port.enabled && (port.accessVlan === vlan || port.taggedVlans.includes(vlan)),
  );
  const bundled = device.lags.find((lag) => lag.accessVlan === vlan || lag.taggedVlans.includes(vlan));
  return carries.find((port) => port.lag === undefined)?.name ?? bundled?.members[0];
}

function iosxe(device: DeviceIntent, own: ManagementInterface, password: string): string[] {
  return [
    `hostname ${device.system.hostname}`,
    ...(own.vlan === 1 ? [] : [`vlan ${own.vlan}`, " name MANAGEMENT"]),
    "aaa new-model",
    "aaa authentication login default local",
    "aaa authorization exec default local",
    `username ${device.management.user} privilege 15 algorithm-type scrypt secret ${password}`,
    "archive",
    " path flash:archive",
    ...(own.port === undefined ? [] : [`interface ${own.port}`, " switchport mode trunk"]),
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

function vrp(device: DeviceIntent, own: ManagementInterface, password: string): string[] {
  return [
    `sysname ${device.system.hostname}`,
    "#",
    ...(own.vlan === 1 ? [] : [`vlan batch ${own.vlan}`, "#"]),
    `interface Vlanif${own.vlan}`,
    ` ip address ${own.address} ${own.mask}`,
    "#",
    ...(own.port === undefined
      ? []
      : [`interface ${own.port}`, " port link-type trunk", ` port trunk allow-pass vlan ${own.vlan}`, "#"]),
    ...(own.gateway === undefined ? [] : [`ip route-static 0.0.0.0 0.0.0.0 ${own.gateway}`, "#"]),
    "aaa",
    ` local-user ${device.management.user} password irreversible-cipher ${password}`,
    ` local-user ${device.management.user} privilege level 15`,
    ` local-user ${device.management.user} service-type ssh`,
    "#",
    "stelnet server enable",
    `ssh user ${device.management.user}`,
    `ssh user ${device.management.user} authentication-type password`,
    `ssh user ${device.management.user} service-type stelnet`,
    "#",
    "user-interface vty 0 4",
    " authentication-mode aaa",
    " protocol inbound ssh",
    "#",
    "return",
  ];
}
