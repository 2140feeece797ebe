import { containsPrefix, parsePrefix } from "../../../model/address.ts";
import type { DeviceIntent } from "../../../model/intent.ts";
import type { Site } from "../../../model/site.ts";
import { indexOf } from "./site-index.ts";

/** Prefixes of a site's networks that lie in a management zone. */
export function managementPrefixes(site: Site): string[] {
  const { zones } = indexOf(site);
  return site.networks
    .filter((network) => zones.get(network.zone ?? "")?.kind === "management")
    .flatMap((network) => [network.ipv4, network.ipv6, ...network.secondary])
    .filter((prefix) => prefix !== undefined);
}

/** Whether managers at `source` are ours: in a management zone, a single jump host, or the device itself. */
export function isManager(site: Site, device: DeviceIntent, source: string): boolean {
  const single = source.split("/")[0] ?? "";
  const parsed = parsePrefix(source.includes("/") ? source : `${source}/${source.includes(":") ? 128 : 32}`);
  if (!parsed) return false;
  const { prefix } = parsed;
  if (prefix.version === 4 ? prefix.length === 32 : prefix.length === 128) {
    if (single.startsWith("127.") || single === "::1") return true;
    if (device.management.jump.some((jump) => jump.address === single)) return true;
  }
  return managementPrefixes(site).some((text) => {
    const outer = parsePrefix(text);
    return outer !== undefined && containsPrefix(outer.prefix, prefix);
  });
}
