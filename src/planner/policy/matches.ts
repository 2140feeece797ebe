import type { FilterEntryIntent, ServiceMatch } from "../../model/intent.ts";
import { complementRanges } from "../flows/ranges.ts";
import type { AddressRange, Family, Match, Range } from "../flows/types.ts";

const PROTOCOL_NUMBERS = { tcp: 6, udp: 17, icmp: 1, icmp6: 58 } as const;
const ESTABLISHED = ["established", "related"] as const;

/** Spells services between addresses as the algebra's matches: one a service and family, for a service list is an "or".
 *  @param source - ranges; an empty list matches nothing, `undefined` everything */
export function serviceMatches(
  services: readonly ServiceMatch[],
  source: readonly AddressRange[] | undefined,
  destination: readonly AddressRange[] | undefined,
): Match[] {
  return services.flatMap((service) =>
    familiesOf(service).flatMap((family) => {
      const src = ofFamily(source, family);
      const dst = ofFamily(destination, family);
      if (src?.length === 0 || dst?.length === 0) return [];
      return [
        {
          family,
          ...protocolMatch(service),
          ...(src === undefined ? {} : { src }),
          ...(dst === undefined ? {} : { dst }),
        },
      ];
    }),
  );
}

/** Spells an entry of a stateless list between addresses: answers of UDP services are known by the port that they come
 *  from, those of TCP by their flags. */
export function entryMatches(
  entry: FilterEntryIntent,
  source: readonly AddressRange[] | undefined,
  destination: readonly AddressRange[] | undefined,
): Match[] {
  const ports = entry.sourcePorts?.map(([lo, hi]) => ({ lo, hi })) ?? [];
  return serviceMatches(entry.services, source, destination).map((match) => ({
    ...match,
    ...(ports.length === 0 ? {} : { srcPorts: ports }),
    ...(entry.established ? { states: ESTABLISHED } : {}),
  }));
}

/** What a stateful firewall lets back: packets of connections that it has seen opened. */
export const RETURN_TRAFFIC: Match = { states: ESTABLISHED };

/** Limits matches to packets that open a connection. */
export function opening(matches: readonly Match[]): Match[] {
  return matches.map((match) => ({ ...match, states: ["new"] }));
}

/** What a list of services leaves out: every packet that none of them means. */
export function otherThan(services: readonly ServiceMatch[]): Match[] {
  if (services.some((service) => service.protocol === "any")) return [];
  const named = [...new Set(services.map(protocolNumber))].sort((a, b) => a - b);
  const others = complementRanges(
    named.map((number) => ({ lo: number, hi: number })),
    255,
  );
  const rest = named.flatMap((number) =>
    otherOfProtocol(
      number,
      services.filter((s) => protocolNumber(s) === number),
    ),
  );
  return [...(others.length === 0 ? [] : [{ protocols: others }]), ...rest];
}

function otherOfProtocol(number: number, services: readonly ServiceMatch[]): Match[] {
  const protocols = [{ lo: number, hi: number }];
  if (services.some((service) => service.ports.length === 0 && service.icmpType === undefined)) return [];
  if (number === PROTOCOL_NUMBERS.icmp || number === PROTOCOL_NUMBERS.icmp6) {
    const types = services.flatMap((s) =>
      s.icmpType === undefined ? [] : [{ lo: s.icmpType, hi: s.icmpType }],
    );
    return [{ protocols, icmpTypes: complementRanges(types, 255) }];
  }
  const ports = services.flatMap((service) => service.ports.map(([lo, hi]) => ({ lo, hi })));
  return [{ protocols, dstPorts: complementRanges(ports, 65535) }];
}

function protocolNumber(service: ServiceMatch): number {
  if (service.protocol === "any") return -1;
  return typeof service.protocol === "number" ? service.protocol : PROTOCOL_NUMBERS[service.protocol];
}

function protocolMatch(service: ServiceMatch): Pick<Match, "protocols" | "dstPorts" | "icmpTypes"> {
  if (service.protocol === "any") return {};
  const number = protocolNumber(service);
  const ports: Range[] = service.ports.map(([lo, hi]) => ({ lo, hi }));
  return {
    protocols: [{ lo: number, hi: number }],
    ...(ports.length === 0 ? {} : { dstPorts: ports }),
    ...(service.icmpType === undefined
      ? {}
      : { icmpTypes: [{ lo: service.icmpType, hi: service.icmpType }] }),
  };
}

function familiesOf(service: ServiceMatch): Family[] {
  if (service.protocol === "icmp") return [4];
  if (service.protocol === "icmp6") return [6];
  return [4, 6];
}

function ofFamily(ranges: readonly AddressRange[] | undefined, family: Family): AddressRange[] | undefined {
  return ranges?.filter((range) => range.family === family);
}
