import { type InterfaceAddress, parseInterfaceAddress } from "../../../model/address.ts";
import type { DeviceIntent } from "../../../model/intent.ts";

/** Every address that a device has itself, with the block that it lies in. */
export function connectedOf(device: DeviceIntent): InterfaceAddress[] {
  return [...device.gateways, ...device.interfaces]
    .flatMap((port) => port.addresses)
    .flatMap((text) => parseInterfaceAddress(text) ?? []);
}

/** Whether a device routes for others: a gateway that is not only its own management. */
export function isRouting(device: DeviceIntent): boolean {
  if (device.kind === "server") return false;
  return device.gateways.some(
    (gateway) => !gateway.management || gateway.vrrp !== undefined || device.kind !== "switch",
  );
}
