import type { FileWhere } from "../../model/finding.ts";
import { compareText } from "../../model/finding.ts";
import type { ServiceMatch } from "../../model/intent.ts";
import type { Service } from "../../model/policy.ts";
import type { Service as ServiceEntry, ServicesFile } from "../schema/types.gen.ts";
import { Places } from "../shape/plain.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { Doc } from "./documents.ts";
import type { Findings } from "./findings.ts";

interface Raw {
  readonly data: ServiceEntry;
  readonly places: Places;
  readonly at: FileWhere;
}

/** The services of the provider and of a client, groups flattened; the client's come first where both define one. */
export class ServiceBook {
  readonly #raw = new Map<string, Raw>();
  readonly #flat = new Map<string, readonly ServiceMatch[]>();
  readonly #findings: Findings;

  constructor(docs: readonly Doc[], findings: Findings) {
    this.#findings = findings;
    for (const doc of docs) {
      findings.addAll(doc.findings);
      const places = new Places();
      const data = places.read<ServicesFile>(doc.root);
      for (const [name, entry] of Object.entries(data))
        this.#raw.set(name, { data: entry, places, at: places.key(data, name) });
    }
  }

  /** All services, sorted. */
  all(): Service[] {
    return [...this.#raw]
      .map(([name, raw]) => ({ name, matches: this.#flatten(name, []), origin: raw.at }))
      .sort((a, b) => compareText(a.name, b.name));
  }

  /** What a service's name stands for; `any` is every packet. A dangling name is a finding and stands for nothing. */
  matches(name: string, where: FileWhere, findings: Findings = this.#findings): readonly ServiceMatch[] {
    if (name === "any") return [{ protocol: "any", ports: [] }];
    if (this.#raw.has(name)) return this.#flatten(name, []);
    const near = suggest(name, [...this.#raw.keys(), "any"]);
    findings.report(
      "REF-SERVICE",
      where,
      `there is no service "${name}"`,
      near
        ? `did you mean ${near}?`
        : `services: ${listNames(this.#raw.keys()) || "none: write policies/services.yaml"}`,
    );
    return [];
  }

  #flatten(name: string, above: readonly string[]): readonly ServiceMatch[] {
    const known = this.#flat.get(name);
    if (known) return known;
    const raw = this.#raw.get(name);
    if (!raw) return [];
    const matches = [...ownMatches(raw, name, this.#findings)];
    (raw.data.group ?? []).forEach((member, index) => {
      const where = raw.places.value(raw.data.group ?? [], index);
      if (above.includes(member) || member === name) {
        this.#findings.report(
          "REF-LOOP",
          where,
          `the service ${name} holds itself through ${member}`,
          "take it out of the group",
        );
        return;
      }
      if (this.#raw.has(member)) matches.push(...this.#flatten(member, [...above, name]));
      else this.matches(member, where);
    });
    const unique = [...new Map(matches.map((match) => [JSON.stringify(match), match])).values()];
    this.#flat.set(name, unique);
    return unique;
  }
}

function* ownMatches(raw: Raw, name: string, findings: Findings): Generator<ServiceMatch> {
  for (const protocol of ["tcp", "udp"] as const) {
    const written = raw.data[protocol];
    if (!written) continue;
    const ports = written.flatMap((port, index) => {
      const range = readPorts(port);
      if (!range)
        findings.report(
          "INV-RANGE",
          raw.places.value(written, index),
          `${name}: "${String(port)}" is no span of ports`,
          "write the lower port first, both from 1 to 65535",
        );
      return range ? [range] : [];
    });
    if (ports.length > 0) yield { protocol, ports: ports.sort((a, b) => a[0] - b[0]) };
  }
  for (const protocol of ["icmp", "icmp6"] as const) {
    const written = raw.data[protocol];
    if (written === true) yield { protocol, ports: [] };
    if (Array.isArray(written)) for (const icmpType of written) yield { protocol, ports: [], icmpType };
  }
  for (const protocol of raw.data.protocols ?? []) yield { protocol, ports: [] };
}

function readPorts(port: number | string): readonly [number, number] | undefined {
  if (typeof port === "number") return [port, port];
  const [from, to] = port.split("-").map(Number);
  if (from === undefined || to === undefined || from < 1 || to > 65_535 || to < from) return undefined;
  return [from, to];
}
