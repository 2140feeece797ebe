import type { DeviceIntent, VlanIntent } from "../../../model/intent.ts";
import type { Site } from "../../../model/site.ts";
import type { Problem } from "../types.ts";
import { hostPorts, indexOf } from "./site-index.ts";

/** Makes one problem of each data VLAN that some switches with host ports in it lack something for.
 *  @param what - `anybody may answer DHCP in`, followed by the VLAN and the switches */
export function perVlan(
  site: Site,
  lacks: (device: DeviceIntent, vlan: VlanIntent) => boolean,
  what: string,
): Problem[] {
  const found = new Map<number, { readonly vlan: VlanIntent; readonly devices: DeviceIntent[] }>();
  for (const device of indexOf(site).switches) {
    const used = new Set(hostPorts(site, device).map((port) => port.accessVlan));
    for (const vlan of device.vlans) {
      if (vlan.purpose !== "data" || !used.has(vlan.id) || !lacks(device, vlan)) continue;
      const entry = found.get(vlan.id);
      if (entry) entry.devices.push(device);
      else found.set(vlan.id, { vlan, devices: [device] });
    }
  }
  return [...found.values()].map(({ vlan, devices }) => {
    const [first] = devices;
    const where =
      devices.length === 1 ? `on ${first?.name}` : `on ${first?.name} and ${devices.length - 1} more`;
    return {
      where: vlan.origin,
      message: `${what} ${vlan.name} (VLAN ${vlan.id}) ${where}`,
      hint: `write dhcpSnooping: true at the network ${vlan.name}`,
      related: devices.slice(0, 5).map((device) => device.origin),
    };
  });
}
