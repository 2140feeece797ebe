import type { ConfigNode } from "../../planner/config/types.ts";
import { makeNode } from "./canonical.ts";

/** Kernel settings that a firewall's inventory may own. */
const SYSCTLS = [
  "net.ipv4.conf.all.rp_filter",
  "net.ipv4.ip_forward",
  "net.ipv6.conf.all.forwarding",
] as const;

/** Shell that shows them. */
export const READ_SYSCTLS = `for name in ${SYSCTLS.join(" ")}; do printf '%s %s\\n' "$name" "$(cat /proc/sys/$(echo $name | tr . /) 2>/dev/null)"; done`;

interface IpLink {
  readonly ifname?: string;
  readonly link?: string;
  readonly flags?: readonly string[];
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: { readonly id?: number } };
  readonly addr_info?: readonly {
    readonly local?: string;
    readonly prefixlen?: number;
    readonly scope?: string;
    readonly dynamic?: boolean;
    readonly temporary?: boolean;
  }[];
}

interface IpRoute {
  readonly dst?: string;
  readonly gateway?: string;
  readonly dev?: string;
  readonly protocol?: string;
  readonly metric?: number;
  readonly type?: string;
}

/** Blocks of interfaces with the addresses that somebody set; learnt ones are left out. */
export function decodeAddresses(json: string): ConfigNode[] {
  return readList<IpLink>(json).flatMap((link) => {
    if (link.ifname === undefined || link.ifname === "lo") return [];
    const fixed = (link.addr_info ?? []).filter(
      (each) => each.scope === "global" && each.dynamic !== true && each.temporary !== true,
    );
    const vlan = link.linkinfo?.info_kind === "vlan" ? link.linkinfo.info_data?.id : undefined;
    const isAsNamed = vlan === undefined || `${link.link}.${vlan}` === link.ifname;
    return [
      makeNode(`interface ${link.ifname}`, [
        ...fixed.map((each) => `address ${each.local}/${each.prefixlen}`),
        link.flags?.includes("UP") ? "up" : "down",
        ...(isAsNamed ? [] : [`vlan ${vlan} on ${link.link ?? "?"}`]),
      ]),
    ];
  });
}

/** Blocks of routes that somebody set: not the kernel's, not those learnt by DHCP or a routing daemon. */
export function decodeRoutes(json4: string, json6: string): ConfigNode[] {
  const found = [
    ...readList<IpRoute>(json4).flatMap((route) => routeNode(route, 4)),
    ...readList<IpRoute>(json6).flatMap((route) => routeNode(route, 6)),
  ];
  return [...new Map(found.map((node) => [node.key, node])).values()];
}

/** Metric that the kernel gives an IPv6 route without one. */
const DEFAULT_METRIC6 = 1024;

function routeNode(route: IpRoute, family: 4 | 6): ConfigNode[] {
  if (route.protocol !== undefined && !["static", "boot"].includes(route.protocol)) return [];
  if (route.type !== undefined && route.type !== "unicast") return [];
  if (route.dst === undefined || (route.gateway === undefined && route.dev === undefined)) return [];
  const host = family === 4 ? "/32" : "/128";
  const any = family === 4 ? "0.0.0.0/0" : "::/0";
  const prefix = route.dst === "default" ? any : route.dst.includes("/") ? route.dst : route.dst + host;
  const isDefault = family === 6 && route.metric === DEFAULT_METRIC6;
  const words = [
    `route ${prefix}`,
    route.gateway === undefined ? "" : `via ${route.gateway}`,
    route.dev === undefined ? "" : `dev ${route.dev}`,
    route.metric === undefined || isDefault ? "" : `metric ${route.metric}`,
  ];
  return [makeNode(words.filter((word) => word !== "").join(" "))];
}

function readList<T>(json: string): readonly T[] {
  if (json.trim() === "") return [];
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? (value as T[]) : [];
}

/** Blocks of the kernel settings; one that the kernel lacks is left out. */
export function decodeSysctls(text: string): ConfigNode[] {
  return text.split("\n").flatMap((line) => (/^\S+ -?\d+$/.test(line) ? [makeNode(`sysctl ${line}`)] : []));
}
