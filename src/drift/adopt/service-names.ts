import type { ServiceMatch } from "../../model/intent.ts";
import type { Service } from "../../model/policy.ts";

/** Names the services that together let through exactly these matches, the widest first; undefined where none do. */
export function serviceNames(
  matches: readonly ServiceMatch[],
  services: readonly Service[],
): readonly string[] | undefined {
  if (matches.some((match) => match.protocol === "any")) return ["any"];
  const wanted = new Set(matches.flatMap(matchWords));
  const inside = services
    .map(({ name, matches: own }) => ({ name, atoms: own.flatMap(matchWords) }))
    .filter((service) => service.atoms.length > 0 && service.atoms.every((atom) => wanted.has(atom)))
    .sort((a, b) => b.atoms.length - a.atoms.length);
  const names: string[] = [];
  const left = new Set(wanted);
  for (const service of inside) {
    if (!service.atoms.some((atom) => left.has(atom))) continue;
    names.push(service.name);
    for (const atom of service.atoms) left.delete(atom);
  }
  return left.size === 0 && names.length > 0 ? names : undefined;
}

/** What a match lets through, range by range, comparable. */
export function matchWords({ protocol, ports, icmpType }: ServiceMatch): readonly string[] {
  if (ports.length === 0) return [`${protocol} ${icmpType ?? "all"}`];
  return ports.map(([from, to]) => `${protocol} ${from}-${to}`);
}
