import { overlaps, parsePrefix } from "../../model/address.ts";
import { compareText, type FileWhere, type Finding } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";

/** One thing of a site that only one may have. */
interface Claim {
  readonly kind: "address" | "VLAN" | "port" | "forward" | "prefix" | "asset";
  /** `10.1.2.3`, `20`, `sw-1f:GE0/0/7`, `wan-1 tcp/443`. */
  readonly key: string;
  /** Who has it, by name. */
  readonly owner: string;
  readonly origin: FileWhere;
}

/** What another open request makes of a site. */
export interface OtherSide {
  readonly request: number;
  readonly site: Site;
}

/** Names what this change and another open request both take anew in a site: the same address, VLAN id, port, port forward or asset, or
 *  prefixes that overlap. What both take for the same owner is one change in two branches, and no conflict. Pure.
 *  @param base - the site before both; undefined where it is new */
export function openConflicts(base: Site | undefined, head: Site, others: readonly OtherSide[]): Finding[] {
  const before = base === undefined ? [] : claimsOf(base);
  const ours = newClaims(before, head);
  if (ours.length === 0) return [];
  return others.flatMap(({ request, site }) => {
    const theirs = newClaims(before, site);
    return ours.flatMap((mine) => {
      const other = theirs.find((each) => each.owner !== mine.owner && meet(mine, each));
      return other === undefined ? [] : [conflict(mine, other, request)];
    });
  });
}

function newClaims(before: readonly Claim[], site: Site): Claim[] {
  const known = new Set(before.map(nameOf));
  return claimsOf(site).filter((claim) => !known.has(nameOf(claim)));
}

function nameOf({ kind, key, owner }: Claim): string {
  return [kind, key, owner].join("\u0000");
}

function meet(a: Claim, b: Claim): boolean {
  if (a.kind !== b.kind) return false;
  if (a.key === b.key) return true;
  if (a.kind !== "prefix") return false;
  const [one, two] = [parsePrefix(a.key)?.prefix, parsePrefix(b.key)?.prefix];
  return one !== undefined && two !== undefined && overlaps(one, two);
}

function claimsOf(site: Site): Claim[] {
  const claims: Claim[] = [];
  const take = (
    kind: Claim["kind"],
    key: string | number | undefined,
    owner: string,
    origin: FileWhere,
  ): void => {
    if (key !== undefined) claims.push({ kind, key: String(key), owner, origin });
  };
  for (const network of site.networks) {
    take("VLAN", network.vlan, network.name, network.origin);
    for (const { device, address } of network.routers) take("address", address, device, network.origin);
    if (network.reuse) continue;
    for (const prefix of [network.ipv4, network.ipv6, ...network.secondary])
      take("prefix", prefix, network.name, network.origin);
  }
  for (const host of site.hosts) {
    take("address", host.address, host.name, host.origin);
    take("address", host.address6, host.name, host.origin);
    take("port", host.port, host.name, host.origin);
  }
  for (const link of site.links)
    for (const [end, other] of [
      [link.a, link.b],
      [link.b, link.a],
    ] as const)
      take("port", `${end.device}:${end.port}`, `${other.device}:${other.port}`, link.origin);
  for (const { wan, protocol, port, name, origin } of site.nat.forwards)
    take("forward", `${wan} ${protocol}/${port}`, name, origin);
  for (const device of site.devices) {
    take("asset", device.asset, device.name, device.origin);
    for (const port of device.ports) {
      const key = `${device.name}:${port.name}`;
      const used = port.enabled && !claims.some((claim) => claim.kind === "port" && claim.key === key);
      if (used) take("port", key, port.description, port.origin);
    }
  }
  return claims.sort((a, b) => compareText(nameOf(a), nameOf(b)));
}

function conflict(mine: Claim, other: Claim, request: number): Finding {
  const theirs = mine.key === other.key ? "" : ` as ${other.key}`;
  return {
    code: "PRV-OPEN-REQUEST",
    severity: "warning",
    message:
      `${mine.kind} ${mine.key} is for ${short(mine.owner)} here, in request ${request}${theirs} for ${short(other.owner)}`.slice(
        0,
        100,
      ),
    hint: `whoever is merged second meets it: agree with the author of request ${request} who takes another`,
    where: mine.origin,
  };
}

function short(name: string): string {
  return name.length <= 24 ? name : `${name.slice(0, 23)}…`;
}
