import { compareText } from "../../model/finding.ts";
import type { Link, LinkEnd } from "../../model/site.ts";
import type { Precedence } from "./closing-first.ts";

/** A device that will be changed, as ordering sees it. */
export interface OrderedDevice {
  /** Name within the site. */
  readonly name: string;
  readonly kind: "switch" | "firewall" | "router" | "server";
  /** Canonical paths that its change touches; empty for a device that stays as it is. */
  readonly paths: readonly (readonly string[])[];
}

/** Who must be done before whom. */
export interface DeviceOrder {
  /** Name to the names that must be done before it, sorted. */
  readonly before: ReadonlyMap<string, readonly string[]>;
  /** What was wished and would have run in a circle. */
  readonly dropped: readonly Precedence[];
}

/** Says which devices must be done before which (D10). Where a change touches both ends of a link, the end that is
 *  farther from the site's way out goes first, for after the near end changed it might not be reached any more.
 *  Where one device closes what another opens, the closing goes first, unless that runs in a circle.
 *  All others have no order. */
export function orderDevices(
  devices: readonly OrderedDevice[],
  links: readonly Link[],
  closing: readonly Precedence[] = [],
): DeviceOrder {
  const byName = new Map(devices.map((device) => [device.name, device]));
  const distance = distancesFromExit(devices, links);
  const before = new Map<string, Set<string>>();
  for (const link of links) {
    const far = fartherEnd(link, distance);
    if (!far) continue;
    const near = far === link.a ? link.b : link.a;
    if (!touches(byName.get(far.device), far) || !touches(byName.get(near.device), near)) continue;
    const set = before.get(near.device) ?? new Set();
    before.set(near.device, set.add(far.device));
  }
  const dropped: Precedence[] = [];
  for (const wish of closing) {
    if (waitsFor(wish.first, wish.second, before)) dropped.push(wish);
    else before.set(wish.second, (before.get(wish.second) ?? new Set()).add(wish.first));
  }
  const sorted = [...before].map(([name, set]) => [name, [...set].sort(compareText)] as const);
  return { before: new Map(sorted), dropped };
}

/** Whether a device waits, straight or by way of others, for another. */
function waitsFor(
  device: string,
  other: string,
  before: ReadonlyMap<string, ReadonlySet<string>>,
  seen: Set<string> = new Set(),
): boolean {
  if (seen.has(device)) return false;
  seen.add(device);
  const own = [...(before.get(device) ?? [])];
  return own.some((name) => name === other || waitsFor(name, other, before, seen));
}

/** Hops from the nearest firewall or router; where a site has none, from the device with most links. */
function distancesFromExit(devices: readonly OrderedDevice[], links: readonly Link[]): Map<string, number> {
  const distance = new Map<string, number>();
  let ring = exits(devices, links);
  for (let hops = 0; ring.length > 0; hops += 1) {
    for (const name of ring) distance.set(name, hops);
    const next = ring.flatMap((name) => neighbours(name, links)).filter((name) => !distance.has(name));
    ring = [...new Set(next)];
  }
  return distance;
}

function exits(devices: readonly OrderedDevice[], links: readonly Link[]): string[] {
  const gates = devices.filter((device) => device.kind === "firewall" || device.kind === "router");
  if (gates.length > 0) return gates.map((device) => device.name);
  const byLinks = devices
    .filter((device) => device.kind === "switch")
    .map((device) => ({ name: device.name, count: neighbours(device.name, links).length }))
    .sort((a, b) => b.count - a.count || compareText(a.name, b.name));
  return byLinks.slice(0, 1).map((entry) => entry.name);
}

function neighbours(name: string, links: readonly Link[]): string[] {
  return links.flatMap(({ a, b }) => {
    if (a.device === name) return [b.device];
    return b.device === name ? [a.device] : [];
  });
}

function fartherEnd(link: Link, distance: ReadonlyMap<string, number>): LinkEnd | undefined {
  const a = distance.get(link.a.device);
  const b = distance.get(link.b.device);
  if (a === undefined || b === undefined || a === b) return undefined;
  return a > b ? link.a : link.b;
}

function touches(device: OrderedDevice | undefined, end: LinkEnd): boolean {
  return device?.paths.some((path) => path.some((key) => namesEnd(key, end))) ?? false;
}

/** True where a statement's key names the port, in short or long spelling, or the LAG that the port is in. */
function namesEnd(key: string, end: LinkEnd): boolean {
  const name = key.replace(/^interface\s+/i, "");
  const lag = /^(?:eth-trunk|port-channel|bridge-aggregation|bond|ae)\s*(\d+)$/i.exec(name);
  if (lag) return end.lag !== undefined && Number(lag[1]) === end.lag;
  const port = splitPort(end.port);
  const seen = splitPort(name);
  return port.number === seen.number && port.letter === seen.letter;
}

/** `GE0/0/1` and `GigabitEthernet0/0/1` are the same port: the same first letter and the same numbers. */
function splitPort(name: string): { readonly letter: string; readonly number: string } {
  const match = /^([A-Za-z-]*)\s*(.*)$/.exec(name);
  return { letter: (match?.[1] ?? "").slice(0, 1).toLowerCase(), number: match?.[2] ?? name };
}
