import type { Address } from "../../model/address.ts";
import {
  compareAddresses,
  containsAddress,
  formatAddress,
  formatPrefix,
  parsePrefix,
} from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import { compareText } from "../../model/finding.ts";
import type { Route } from "../schema/types.gen.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";
import type { DeviceDraft } from "./machines.ts";
import type { Names } from "./names.ts";
import { pick } from "./port-intents.ts";
import type { RouterPlan } from "./routers.ts";
import { listOf, prefixesOf } from "./rules.ts";
import type { WanPlan } from "./wan.ts";

/** A static route of one device to one prefix. */
export interface RoutePlan {
  readonly name: string;
  readonly device: string;
  readonly prefix: string;
  readonly nextHop: string;
  /** The network that the next hop is in; undefined behind a WAN link. */
  readonly through: string | undefined;
  readonly vrf?: string;
  readonly distance?: number;
  readonly origin: FileWhere;
}

/** What settling routes needs. */
export interface RouteSources {
  readonly base: SiteBase;
  readonly devices: ReadonlyMap<string, DeviceDraft>;
  readonly routers: ReadonlyMap<string, readonly RouterPlan[]>;
  readonly wan: readonly WanPlan[];
  readonly names: Names;
  readonly findings: Findings;
}

/** Settles the site's static routes: a next hop must be a neighbour (IPP-015), and no route leads to a network that the device is in (IPP-017). */
export function planRoutes(sources: RouteSources): RoutePlan[] {
  const written = sources.base.settings.routes ?? {};
  return Object.entries(written)
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([name, route]) => planRoute(name, route, sources.base.places.key(written, name), sources));
}

function planRoute(name: string, route: Route, origin: FileWhere, sources: RouteSources): RoutePlan[] {
  const { base, devices, findings } = sources;
  const device = devices.get(route.on ?? "");
  if (!device) {
    if (route.on === undefined) return [];
    const near = suggest(route.on, devices.keys());
    findings.report(
      "REF-DEVICE",
      base.places.value(route, "on"),
      `there is no device "${route.on}" at this site`,
      near ? `did you mean ${near}?` : `devices: ${listNames(devices.keys()) || "none"}`,
      { about: route.on },
    );
    return [];
  }
  const where = base.places.value(route, "via");
  const own = [...sources.routers.values()].flat().filter((plan) => plan.device === device);
  const hops = nextHops(route, where, device, sources);
  if (hops.length === 0) return [];
  const prefixes = listOf(route.to).flatMap((ref, index) =>
    destinations(
      ref,
      typeof route.to === "object" ? base.places.value(route.to, index) : base.places.value(route, "to"),
      sources,
    ),
  );
  return prefixes.flatMap((prefix): RoutePlan[] => {
    const version = prefix.includes(":") ? 6 : 4;
    const hop = hops.find((one) => one.version === version);
    if (!hop) return [];
    const through = neighbourNetwork(hop, device, own, sources);
    if (through === undefined) {
      findings.report(
        "IPP-015",
        where,
        `${formatAddress(hop)} is no neighbour of ${device.name}`,
        `name a next hop in one of its networks: ${listNames(own.map((plan) => plan.network.name)) || "none"}`,
      );
      return [];
    }
    const clash = own.find((plan) =>
      [plan.network.prefix4, plan.network.prefix6].some((known) => known && formatPrefix(known) === prefix),
    );
    if (clash) {
      findings.report(
        "IPP-017",
        origin,
        `${device.name} is in ${clash.network.name} itself and needs no route to ${prefix}`,
        "take the route away",
      );
      return [];
    }
    return [
      {
        name,
        device: device.name,
        prefix,
        nextHop: formatAddress(hop),
        through: through === "" ? undefined : through,
        ...pick("vrf", route.vrf),
        ...pick("distance", route.distance),
        origin,
      },
    ];
  });
}

/** The addresses of `via`; of a device, those in networks that both are in. */
function nextHops(route: Route, where: FileWhere, device: DeviceDraft, sources: RouteSources): Address[] {
  const other = sources.devices.get(route.via ?? "");
  if (!other) return route.via === undefined ? [] : sources.names.addresses(route.via, where);
  const shared: Address[] = [];
  for (const plans of sources.routers.values()) {
    if (!plans.some((plan) => plan.device === device)) continue;
    const there = plans.find((plan) => plan.device === other);
    if (there) shared.push(...[there.address, there.address6].filter((address) => address !== undefined));
  }
  if (shared.length === 0)
    sources.findings.report(
      "IPP-015",
      where,
      `${device.name} and ${other.name} share no network`,
      "put both on one transit network: gateway.on of that network names both",
    );
  return shared.sort(compareAddresses);
}

/** Name of the device's network that holds an address; "" for a WAN link's block; undefined where there is none. */
function neighbourNetwork(
  hop: Address,
  device: DeviceDraft,
  own: readonly RouterPlan[],
  sources: RouteSources,
): string | undefined {
  const network = own.find((plan) => prefixesOf(plan.network).some((prefix) => containsAddress(prefix, hop)));
  if (network) return network.network.name;
  const managed = [...sources.base.networks.values()].find(
    (one) =>
      one.name === device.data.management?.network &&
      prefixesOf(one).some((prefix) => containsAddress(prefix, hop)),
  );
  if (managed) return managed.name;
  const wan = sources.wan.some(
    (link) =>
      link.device === device.name &&
      [link.address, link.address6].some((address) => address && containsAddress(address.prefix, hop)),
  );
  return wan ? "" : undefined;
}

function destinations(ref: string, where: FileWhere, sources: RouteSources): string[] {
  if (ref === "default") return ["0.0.0.0/0", "::/0"];
  const literal = ref.includes("/") ? parsePrefix(ref) : undefined;
  if (literal?.hostBits) {
    sources.findings.report(
      "IPP-HOST-BITS",
      where,
      `${ref} has bits set beyond its length`,
      `write ${literal.hostBits}`,
    );
    return [];
  }
  if (literal) return [formatPrefix(literal.prefix)];
  const found = sources.names.find(ref, where);
  if (!found) return [];
  if (found.kind === "network") return prefixesOf(found.network).map(formatPrefix);
  sources.findings.report(
    "REF-KIND",
    where,
    `"${ref}" is no network`,
    "write default, a network or a prefix",
  );
  return [];
}
