import { type Prefix, parseAddress, parsePrefix } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { FilterEntryIntent, FilterIntent, ServiceMatch } from "../../model/intent.ts";

/** One line of a stateless packet filter, before a vendor spells it. Undefined prefixes mean any address. */
export interface AccessEntry {
  readonly action: "permit" | "deny";
  readonly protocol: ServiceMatch["protocol"];
  readonly source: Prefix | undefined;
  readonly destination: Prefix | undefined;
  readonly ports: readonly [number, number] | undefined;
  readonly icmpType: number | undefined;
  readonly established: boolean;
  readonly log: boolean;
}

/** The lines that one entry of the intent becomes, with what they have in common. */
interface AccessRule {
  readonly remark: string;
  readonly origin: FileWhere;
  readonly entries: readonly AccessEntry[];
}

/** Multiplies a filter's entries out for one family: every source with every destination and every port range.
 *  An entry whose addresses are all of the other family gives no lines. */
export function accessRules(filter: FilterIntent, family: 4 | 6): readonly AccessRule[] {
  return filter.entries.flatMap((entry) => {
    const entries = expand(entry, family);
    return entries.length === 0 ? [] : [{ remark: entry.remark, origin: entry.origin, entries }];
  });
}

function expand(entry: FilterEntryIntent, family: 4 | 6): AccessEntry[] {
  const sources = sides(entry.source, family);
  const destinations = sides(entry.destination, family);
  const services: readonly ServiceMatch[] =
    entry.services.length === 0 ? [{ protocol: "any", ports: [] }] : entry.services;
  const lines: AccessEntry[] = [];
  for (const source of sources) {
    for (const destination of destinations) {
      for (const service of services) lines.push(...ofService(entry, source, destination, service, family));
    }
  }
  return lines;
}

function ofService(
  entry: FilterEntryIntent,
  source: Prefix | undefined,
  destination: Prefix | undefined,
  service: ServiceMatch,
  family: 4 | 6,
): AccessEntry[] {
  if (service.protocol === "icmp6" && family === 4) return [];
  if (service.protocol === "icmp" && family === 6) return [];
  const ranges = service.ports.length === 0 ? [undefined] : service.ports;
  return ranges.map((ports) => ({
    action: entry.action,
    protocol: service.protocol,
    source,
    destination,
    ports,
    icmpType: service.icmpType,
    established: entry.established,
    log: entry.log,
  }));
}

/** The prefixes of one family; an empty list means any. */
function sides(texts: readonly string[], family: 4 | 6): readonly (Prefix | undefined)[] {
  if (texts.length === 0) return [undefined];
  return texts.flatMap((text) => {
    const prefix = prefixOf(text);
    if (prefix.version !== family) return [];
    return [prefix.length === 0 ? undefined : prefix];
  });
}

/** Reads a prefix or a host. @throws Error where the resolver let a text through that is neither */
export function prefixOf(text: string): Prefix {
  const parsed = parsePrefix(text)?.prefix;
  if (parsed) return parsed;
  const address = parseAddress(text);
  if (!address) throw new Error(`not an address or a prefix: ${text}`);
  return { version: address.version, base: address.value, length: address.version === 4 ? 32 : 128 };
}
