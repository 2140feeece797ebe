import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, LagIntent, PortIntent } from "../../model/intent.ts";
import type { LinkEnd, Site } from "../../model/site.ts";

/** A place that frames come from or go to: a device, and the port there where a host is plugged in. */
export interface Attachment {
  readonly device: string;
  readonly port?: string;
}

/** The way of a frame inside one VLAN, or where it ends. */
export type FramePath =
  | { readonly kind: "path"; readonly steps: readonly string[] }
  | {
      readonly kind: "stuck";
      readonly device: string;
      readonly drop: "port" | "vlan";
      readonly text: string;
      readonly where?: FileWhere;
    };

interface Crossing {
  readonly out: LinkEnd;
  readonly into: LinkEnd;
}

/** Follows a frame of a VLAN over the cables of a site. Only switches pass frames on; a port must be up and carry the
 *  VLAN, at both ends of each cable. */
export function framePath(site: Site, vlan: number, from: Attachment, to: Attachment): FramePath {
  for (const end of [from, to]) {
    const shut =
      end.port === undefined ? undefined : refusal(site, { device: end.device, port: end.port }, vlan);
    if (shut !== undefined) return shut;
  }
  const found = search(site, from.device, to.device, (end) => refusal(site, end, vlan) === undefined);
  if (found !== undefined) {
    const middle = found.map(({ out, into }) => `${out.device}:${out.port} → ${into.device}:${into.port}`);
    const [first, last] = [spell(from), spell(to)];
    return { kind: "path", steps: [...first, ...middle, ...last] };
  }
  const cabled = search(site, from.device, to.device, () => true);
  const ends = (cabled ?? []).flatMap(({ out, into }) => [out, into]);
  const blocked = ends.map((end) => refusal(site, end, vlan)).find((each) => each !== undefined);
  if (blocked !== undefined) return blocked;
  const text = `no cable leads from ${from.device} to ${to.device}`;
  return { kind: "stuck", device: from.device, drop: "port", text };
}

function spell({ device, port }: Attachment): string[] {
  return port === undefined ? [] : [`${device}:${port}`];
}

/** The fewest cables from one device to another over ends that `carries` says yes to. */
function search(
  site: Site,
  from: string,
  to: string,
  carries: (end: LinkEnd) => boolean,
): readonly Crossing[] | undefined {
  const switches = new Set(site.devices.filter(({ kind }) => kind === "switch").map(({ name }) => name));
  const reached = new Map<string, readonly Crossing[]>([[from, []]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const path = reached.get(at) ?? [];
    if (at === to) return path;
    if (at !== from && !switches.has(at)) continue;
    for (const { a, b } of site.links) {
      const out: LinkEnd = a.device === at ? a : b;
      const into: LinkEnd = out === a ? b : a;
      if (out.device !== at || reached.has(into.device) || !carries(out) || !carries(into)) continue;
      reached.set(into.device, [...path, { out, into }]);
      queue.push(into.device);
    }
  }
  return undefined;
}

/** Why a port does not carry a VLAN; undefined where it does. A server's own port takes what the switch gives it. */
function refusal(site: Site, end: LinkEnd, vlan: number): Extract<FramePath, { kind: "stuck" }> | undefined {
  const device = site.devices.find(({ name }) => name === end.device);
  if (device === undefined || device.kind === "server") return undefined;
  const port = portOf(site, device, end);
  const name = `${end.device}:${end.port}`;
  const stuck = (drop: "port" | "vlan", text: string) => ({
    kind: "stuck" as const,
    device: end.device,
    drop,
    text,
    where: port?.origin ?? device.origin,
  });
  if (port === undefined) return stuck("port", `${name} is not configured`);
  if (!port.enabled) return stuck("port", `${name} is shut`);
  if (carriesVlan(port, vlan)) return undefined;
  return stuck("vlan", `${name} does not carry VLAN ${vlan}`);
}

/** The port, or the bundle that it belongs to. Cables spell a port as the inventory does, devices as their platform does:
 *  what stands at the other end tells which one is meant. */
function portOf(site: Site, device: DeviceIntent, end: LinkEnd): PortIntent | LagIntent | undefined {
  const cable = site.links.find(({ a, b }) => isEnd(a, end) || isEnd(b, end));
  const far = cable && (isEnd(cable.a, end) ? cable.b : cable.a);
  const peer = far && `${far.device}:${far.port}`;
  const port =
    device.ports.find(({ name }) => name === end.port) ??
    device.ports.find((each) => peer !== undefined && each.peer === peer);
  const lag = port?.lag ?? end.lag;
  return device.lags.find(({ id }) => id === lag) ?? port;
}

function isEnd(a: LinkEnd, b: LinkEnd): boolean {
  return a.device === b.device && a.port === b.port;
}

function carriesVlan(port: PortIntent | LagIntent, vlan: number): boolean {
  if (port.mode === "trunk") return port.nativeVlan === vlan || port.taggedVlans.includes(vlan);
  return port.mode === "access" && (port.accessVlan === vlan || port.voiceVlan === vlan);
}
