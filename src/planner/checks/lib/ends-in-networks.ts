import { overlaps, type Prefix, parsePrefix, reservedBlockOf } from "../../../model/address.ts";
import type { PolicyException } from "../../../model/policy.ts";
import type { Network, RuleEnd, Site } from "../../../model/site.ts";
import type { Problem } from "../types.ts";

/** Ends of rules that are written as addresses which no packet at this site can have. */
export function endsNowhere(site: Site): Problem[] {
  const reached = reachedPrefixes(site);
  const isNowhere = ({ kind, prefixes }: RuleEnd): boolean =>
    kind === "address" && prefixes.map(prefixOf).every((prefix) => prefix && isUnreached(prefix, reached));
  return site.rules.flatMap((rule) =>
    [...rule.from, ...rule.to].filter(isNowhere).map(
      ({ ref }): Problem => ({
        where: rule.origin,
        message: `${rule.id}: ${ref} lies in no network of this site, and no route or VPN leads there`,
        hint: "mend the address, or write the network, route or VPN that it belongs to",
      }),
    ),
  );
}

/** Sources and destinations of exceptions that lie in another zone than the exception is for. */
export function exceptionsAstray(site: Site, sites: readonly Site[]): Problem[] {
  const networks = sites.filter(({ client }) => client === site.client).flatMap((each) => each.networks);
  return site.policy.exceptions
    .filter((exception) => exception.site === undefined || exception.site === site.id)
    .flatMap((exception) => [
      ...strayPrefixes(exception, "source", site, networks),
      ...strayPrefixes(exception, "destination", site, networks),
    ]);
}

/** A prefix is astray where it shares nothing with its zone at any site of the client, and something with another zone
 *  here. One that only other sites could claim is not judged: they may not be at hand. */
function strayPrefixes(
  exception: PolicyException,
  side: "source" | "destination",
  site: Site,
  networks: readonly Network[],
): Problem[] {
  const zone = side === "source" ? exception.from : exception.to;
  if (zone === "*" || zone === "self") return [];
  return exception[side].flatMap((text): Problem[] => {
    const prefix = prefixOf(text);
    if (prefix === undefined) return [];
    const touches = (network: Network): boolean => prefixesOf(network).some((each) => overlaps(each, prefix));
    if (networks.some((network) => network.zone === zone && touches(network))) return [];
    const other = site.networks.find((network) => network.zone !== undefined && touches(network));
    if (other === undefined) return [];
    return [
      {
        where: exception.origin,
        severity: "error",
        message: `the exception ${exception.id} is for ${zone}, and its ${side} ${text} lies in ${other.zone}`,
        hint: `name addresses of ${zone}, or write ${side === "source" ? "from" : "to"}: ${other.zone} and have that approved`,
        related: [other.origin],
      },
    ];
  });
}

/** What packets at a site can come from or go to, beside the internet: its networks, lines, routes and VPNs. */
function reachedPrefixes(site: Site): Prefix[] {
  const written = [
    ...site.wan.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]),
    ...site.routes.map(({ prefix }) => prefix),
    ...site.vpns.flatMap(({ remotePrefixes }) => remotePrefixes),
  ];
  return [...site.networks.flatMap(prefixesOf), ...written.flatMap((text) => prefixOf(text) ?? [])].filter(
    ({ length }) => length > 0,
  );
}

function isUnreached(prefix: Prefix, reached: readonly Prefix[]): boolean {
  return reservedBlockOf(prefix)?.use === "private" && !reached.some((each) => overlaps(each, prefix));
}

function prefixesOf({ ipv4, ipv6, secondary }: Network): Prefix[] {
  return [ipv4, ipv6, ...secondary].flatMap((text) => prefixOf(text) ?? []);
}

function prefixOf(text: string | undefined): Prefix | undefined {
  return text === undefined ? undefined : parsePrefix(text)?.prefix;
}
