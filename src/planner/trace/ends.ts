import { formatAddress } from "../../model/address.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Host, Network, Site } from "../../model/site.ts";
import type { Family } from "../flows/types.ts";
import { rangeOf, zonePartition } from "../policy/zones.ts";
import type { TraceEnd } from "./types.ts";

/** An address as a number with its family. */
export interface Point {
  readonly family: Family;
  readonly value: bigint;
}

/** Whether a prefix or a single address covers this one. */
export function covers(text: string | undefined, { family, value }: Point): boolean {
  const range = text === undefined ? undefined : rangeOf(text);
  return range !== undefined && range.family === family && range.lo <= value && value <= range.hi;
}

/** Whether an interface's address, with or without length, is this one. */
export function isAddress(text: string | undefined, point: Point): boolean {
  return covers(text?.split("/")[0], point);
}

/** The network of the site that an address lies in. */
export function networkOf(site: Site, point: Point): Network | undefined {
  return site.networks.find(({ ipv4, ipv6, secondary }) =>
    [ipv4, ipv6, ...secondary].some((prefix) => covers(prefix, point)),
  );
}

/** The host of the site that has an address. */
export function hostAt(site: Site, point: Point): Host | undefined {
  return site.hosts.find((host) => isAddress(host.address, point) || isAddress(host.address6, point));
}

/** The device that answers for an address: its own, or the one that a pair shares, the best priority first. */
export function ownerOf(site: Site, point: Point): DeviceIntent | undefined {
  const owners = site.devices.filter((device) => device.kind !== "server" && owns(device, point));
  const rank = (device: DeviceIntent): number =>
    Math.max(0, ...device.gateways.map((gateway) => gateway.vrrp?.priority ?? 0));
  return owners.toSorted((a, b) => rank(b) - rank(a))[0];
}

/** Whether a device has this address on one of its interfaces. */
export function owns(device: DeviceIntent, point: Point): boolean {
  return (
    device.gateways.some(({ addresses, vrrp }) =>
      [...addresses, vrrp?.address, vrrp?.address6].some((text) => isAddress(text, point)),
    ) || device.interfaces.some(({ addresses }) => addresses.some((text) => isAddress(text, point)))
  );
}

/** What the site knows of an address. */
export function endOf(site: Site, point: Point): TraceEnd {
  const network = networkOf(site, point);
  const host = hostAt(site, point)?.name ?? ownerOf(site, point)?.name;
  return {
    address: formatAddress({ version: point.family, value: point.value }),
    zone: zoneOf(site, point),
    ...(network === undefined ? {} : { network: network.name }),
    ...(host === undefined ? {} : { host }),
  };
}

/** The zone of an address, with `internet` and `unassigned` as the rest. */
export function zoneOf(site: Site, point: Point): string {
  const zone = zonePartition(site).zones.find(({ ranges }) =>
    ranges.some(({ family, lo, hi }) => family === point.family && lo <= point.value && point.value <= hi),
  );
  return zone?.id ?? "unassigned";
}
