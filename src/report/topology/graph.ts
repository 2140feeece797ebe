import { compareText } from "../../model/finding.ts";
import { cellFor } from "../../model/policy.ts";
import type { Site } from "../../model/site.ts";

/** A thing in a drawing. `detail` is its second line. */
export interface GraphNode {
  readonly id: string;
  readonly kind: "outside" | "firewall" | "router" | "switch" | "server" | "zone";
  readonly label: string;
  readonly detail: string;
  /** Rows from the outside (0) inwards. */
  readonly rank: number;
}

/** What connects two things; parallel cables are one edge. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly cables: number;
  /** Whether the cables are bundled into one. */
  readonly bundled: boolean;
  readonly label: string;
}

/** A drawing's content, without places. Sorted. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Gives the cables of a site: its WAN links, network devices and servers. */
export function topologyOf(site: Site): Graph {
  const ranks = ranksOf(site);
  const devices = site.devices.map(
    (device): GraphNode => ({
      id: device.name,
      kind: device.kind,
      label: device.name,
      detail: device.management.address,
      rank: ranks.get(device.name) ?? 1,
    }),
  );
  const outside = site.wan.map(
    (link): GraphNode => ({
      id: `wan:${link.name}`,
      kind: "outside",
      label: link.provider ?? link.name,
      detail: link.ipv4 ?? link.ipv6 ?? link.method,
      rank: 0,
    }),
  );
  return { nodes: [...outside, ...devices], edges: mergeCables(cablesOf(site)) };
}

/** Gives the zones of a site and who may speak to whom: every cell that allows something. */
export function zoneGraphOf(site: Site): Graph {
  const present = new Set(site.networks.flatMap((network) => network.zone ?? []));
  const zones = site.policy.zones.filter((zone) => present.has(zone.name) || zone.name === "internet");
  const nodes = zones.map(
    (zone): GraphNode => ({
      id: zone.name,
      kind: "zone",
      label: zone.name,
      detail: String(zone.trust),
      rank: 0,
    }),
  );
  const edges = zones.flatMap((from) =>
    zones.flatMap((to): GraphEdge[] => {
      const cell = cellFor(site.policy, from.name, to.name);
      if (from === to || cell.access === "block-all") return [];
      const label =
        cell.access === "allow-all"
          ? "all"
          : `${cell.access === "block-only" ? "not " : ""}${cell.services.join(", ")}`;
      return [{ from: from.name, to: to.name, cables: 1, bundled: false, label }];
    }),
  );
  return { nodes, edges };
}

interface Cable {
  readonly a: string;
  readonly b: string;
  readonly ports: string;
  readonly bundled: boolean;
}

function cablesOf(site: Site): Cable[] {
  const names = new Set(site.devices.map((device) => device.name));
  const links = site.links.map(
    (link): Cable => ({
      a: link.a.device,
      b: link.b.device,
      ports: `${link.a.port} – ${link.b.port}`,
      bundled: link.a.lag !== undefined,
    }),
  );
  const wired = new Set(links.flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]));
  const plugs = site.hosts.flatMap((host): Cable[] => {
    const [device, port] = host.port?.split(":") ?? [];
    if (host.kind !== "server" || device === undefined || port === undefined) return [];
    if (!names.has(host.name) || wired.has(`${device} ${host.name}`)) return [];
    return [{ a: device, b: host.name, ports: `${port} – ${host.description ?? "eth"}`, bundled: false }];
  });
  const wan = site.wan.map(
    (link): Cable => ({
      a: `wan:${link.name}`,
      b: link.device,
      ports: link.interface,
      bundled: false,
    }),
  );
  return [...links, ...plugs, ...wan];
}

function mergeCables(cables: readonly Cable[]): GraphEdge[] {
  const merged = new Map<string, Cable[]>();
  for (const cable of cables) {
    const [from, to] =
      cable.a < cable.b || cable.a.startsWith("wan:") ? [cable.a, cable.b] : [cable.b, cable.a];
    const key = `${from}\u0000${to}`;
    const list = merged.get(key);
    if (list) list.push(cable);
    else merged.set(key, [cable]);
  }
  return [...merged]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, list]) => {
      const [from = "", to = ""] = key.split("\u0000");
      const label = list.map((cable) => cable.ports).join("; ");
      return { from, to, cables: list.length, bundled: list.some((cable) => cable.bundled), label };
    });
}

/** How far things stand from the outside: firewalls and routers, cores, whatever hangs on these, and on those. */
function ranksOf(site: Site): Map<string, number> {
  const ranks = new Map<string, number>();
  const neighbours = new Map<string, Set<string>>();
  for (const { a, b } of cablesOf(site)) {
    neighbours.set(a, (neighbours.get(a) ?? new Set()).add(b));
    neighbours.set(b, (neighbours.get(b) ?? new Set()).add(a));
  }
  const edge = site.devices.filter((device) => device.kind === "firewall" || device.kind === "router");
  const cores = site.devices.filter((device) => device.role === "core");
  let front = (edge.length > 0 ? edge : cores.length > 0 ? cores : site.devices.slice(0, 1)).map(
    (device) => device.name,
  );
  for (let rank = 1; front.length > 0; rank += 1) {
    for (const name of front) ranks.set(name, rank);
    const next = front.flatMap((name) => [...(neighbours.get(name) ?? [])]);
    front = [...new Set(next)]
      .filter((name) => !ranks.has(name) && !name.startsWith("wan:"))
      .sort(compareText);
  }
  for (const device of site.devices) {
    if (!ranks.has(device.name)) ranks.set(device.name, Math.max(1, ...ranks.values()));
  }
  return ranks;
}
