import { formatAddress, parseAddress, parsePrefix } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import { compareText } from "../../model/finding.ts";
import type { ServiceMatch } from "../../model/intent.ts";
import type { Cell, CheckSettings, Policy, PolicyException, Waiver, Zone } from "../../model/policy.ts";
import { mergeNodes } from "../layers/merge.ts";
import type {
  Cell as CellEntry,
  ChecksFile,
  ExceptionsFile,
  WaiversFile,
  ZonesFile,
} from "../schema/types.gen.ts";
import { Places } from "../shape/plain.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { Node } from "../yaml/node.ts";
import type { Doc, Documents } from "./documents.ts";
import type { Findings } from "./findings.ts";
import { ServiceBook } from "./services.ts";
import { readZoning, type WrittenRule } from "./zoning.ts";

/** A client's policy with the book that its services are looked up in. */
export interface ClientPolicy {
  readonly policy: Policy;
  readonly services: ServiceBook;
  readonly waivers: readonly Waiver[];
  /** Own rules, the provider's first, their ends as written. */
  readonly zoning: readonly WrittenRule[];
  /** Whether any zones file is there at all; without one, zones are not judged. */
  readonly hasZones: boolean;
}

const RESERVED_ZONES: readonly Omit<Zone, "origin">[] = [
  { name: "internet", trust: 0, kind: "external", important: false, reserved: true },
  { name: "self", trust: 100, kind: "device", important: true, reserved: true },
  { name: "unassigned", trust: 0, kind: "external", important: false, reserved: true },
];

/** Reads a client's policy: the provider's files, with the client's laid over them. */
export function readPolicy(documents: Documents, client: string, findings: Findings): ClientPolicy {
  const docs = (kind: "services" | "zones"): Doc[] =>
    [`policies/${kind}.yaml`, `policies/${client}/${kind}.yaml`].flatMap((path) => documents.get(path) ?? []);
  const services = new ServiceBook(docs("services"), findings);
  const zoneDocs = docs("zones");
  for (const doc of zoneDocs) findings.addAll(doc.findings);
  let merged: Node | undefined;
  for (const doc of zoneDocs) merged = mergeNodes(merged, doc.root, (finding) => findings.add(finding));
  const places = new Places();
  const data = merged?.kind === "map" ? places.read<ZonesFile>(merged) : {};
  const zones = readZones(data, places, zoneDocs[0]?.path ?? "policies/zones.yaml");
  const names = new Set(zones.map((zone) => zone.name));
  const reader = new MatrixReader(names, services, places, findings);
  const exceptions = readExceptions(
    documents.get(`policies/${client}/exceptions.yaml`),
    reader,
    findings,
    documents,
    client,
  );
  const checks = readChecks(
    [`policies/checks.yaml`, `policies/${client}/checks.yaml`].flatMap((path) => documents.get(path) ?? []),
    findings,
  );
  const waivers = readWaivers(documents.get(`policies/${client}/waivers.yaml`), findings);
  const zoning = readZoning(
    ["policies/zoning.yaml", `policies/${client}/zoning.yaml`].flatMap((path) => documents.get(path) ?? []),
    { zones, services, findings },
  );
  return {
    policy: { zones, services: services.all(), matrix: reader.matrix(data), exceptions, ...checks },
    services,
    waivers,
    zoning,
    hasZones: zoneDocs.length > 0,
  };
}

function readZones(data: ZonesFile, places: Places, file: string): Zone[] {
  const zones = new Map<string, Zone>();
  for (const zone of RESERVED_ZONES) zones.set(zone.name, { ...zone, origin: { file, line: 1, column: 1 } });
  for (const [name, entry] of Object.entries(data.zones ?? {})) {
    const reserved = zones.get(name);
    zones.set(name, {
      name,
      trust: entry.trust ?? reserved?.trust ?? 50,
      kind: entry.kind ?? reserved?.kind ?? "user",
      important: entry.important ?? reserved?.important ?? false,
      ...(entry.description === undefined ? {} : { description: entry.description }),
      reserved: reserved !== undefined,
      origin: places.key(data.zones ?? {}, name),
    });
  }
  return [...zones.values()].sort((a, b) => compareText(a.name, b.name));
}

/** Reads cells and checks the zones and services that they name. */
class MatrixReader {
  readonly #zones: ReadonlySet<string>;
  readonly #services: ServiceBook;
  readonly #places: Places;
  readonly #findings: Findings;

  constructor(zones: ReadonlySet<string>, services: ServiceBook, places: Places, findings: Findings) {
    this.#zones = zones;
    this.#services = services;
    this.#places = places;
    this.#findings = findings;
  }

  matrix(data: ZonesFile): Policy["matrix"] {
    const written = data.matrix ?? {};
    const { default: fallback, intrazone, ...rows } = written;
    const cells: Cell[] = [];
    for (const [from, row] of Object.entries(rows)) {
      this.zone(from, this.#places.key(written, from));
      for (const [to, entry] of Object.entries(row as Record<string, CellEntry>)) {
        this.zone(to, this.#places.key(row as object, to));
        cells.push(this.#cell(from, to, entry, this.#places.key(row as object, to)));
      }
    }
    cells.sort((a, b) => compareText(a.from, b.from) || compareText(a.to, b.to));
    const except = intrazone?.except ?? [];
    except.forEach((name, index) => {
      this.zone(name, this.#places.value(except, index));
    });
    return {
      default: this.#cell("*", "*", fallback, fallback && this.#places.key(written, "default")),
      intrazone: {
        ...this.#cell("*", "*", intrazone, intrazone && this.#places.key(written, "intrazone")),
        except,
      },
      cells,
    };
  }

  #cell(from: string, to: string, entry: CellEntry | undefined, origin: FileWhere | undefined): Cell {
    const services = entry?.services ?? [];
    const access = entry?.access ?? "block-all";
    if (entry && services.length === 0 && (access === "allow-only" || access === "block-only")) {
      this.#findings.report(
        "ZON-CELL",
        origin ?? this.#places.of(entry),
        `${from} to ${to} is ${access} and lists no services`,
        `write services: […], or access: ${access === "allow-only" ? "block-all" : "allow-all"}`,
      );
    }
    if (entry && services.length > 0 && (access === "allow-all" || access === "block-all")) {
      this.#findings.report(
        "ZON-CELL",
        origin ?? this.#places.of(entry),
        `${from} to ${to} is ${access} and lists services, which then mean nothing`,
        `write access: ${access === "allow-all" ? "allow-only" : "block-only"}, or take services away`,
      );
    }
    return {
      from,
      to,
      access,
      services,
      matches: services.flatMap((name, index) =>
        this.#services.matches(name, this.#places.value(services, index)),
      ),
      severity: entry?.severity ?? "high",
      log: entry?.log ?? false,
      require: entry?.require ?? {},
      origin,
    };
  }

  /** Checks that a zone exists. */
  zone(name: string, where: FileWhere): void {
    if (name !== "*") reportZone(name, where, this.#zones, this.#findings);
  }

  services(names: readonly string[], where: (index: number) => FileWhere): readonly ServiceMatch[] {
    return names.flatMap((name, index) => this.#services.matches(name, where(index)));
  }
}

/** Says that a zone does not exist, and which one was probably meant. */
export function reportZone(
  name: string,
  where: FileWhere,
  zones: ReadonlySet<string>,
  findings: Findings,
): boolean {
  if (zones.has(name)) return true;
  const near = suggest(name, zones);
  findings.report(
    "REF-ZONE",
    where,
    `there is no zone "${name}"`,
    near ? `did you mean ${near}?` : `zones: ${listNames(zones)}; new ones go into policies/zones.yaml`,
  );
  return false;
}

function readExceptions(
  doc: Doc | undefined,
  reader: MatrixReader,
  findings: Findings,
  documents: Documents,
  client: string,
): PolicyException[] {
  if (!doc) return [];
  findings.addAll(doc.findings);
  const places = new Places();
  const data = places.read<ExceptionsFile>(doc.root);
  const out: PolicyException[] = [];
  for (const [id, entry] of Object.entries(data)) {
    reader.zone(entry.from, places.value(entry, "from"));
    reader.zone(entry.to, places.value(entry, "to"));
    const services = typeof entry.service === "string" ? [entry.service] : (entry.service ?? []);
    const at = places.value(entry, "service");
    const prefixes = (key: "source" | "destination"): string[] =>
      (entry[key] ?? []).flatMap((text, index) => {
        const address = parseAddress(text);
        if (address) return [`${formatAddress(address)}/${address.version === 4 ? 32 : 128}`];
        if (parsePrefix(text)?.hostBits === undefined && parsePrefix(text)) return [text];
        findings.report(
          "IPP-PREFIX",
          places.value(entry[key] ?? [], index),
          `"${text}" is no address or prefix`,
          "write e.g. 10.1.90.10 or 10.1.90.0/28",
        );
        return [];
      });
    if (entry.site !== undefined && documents.paths("site", client, entry.site).length === 0) {
      findings.report(
        "REF-SITE",
        places.value(entry, "site"),
        `the client has no site "${entry.site}"`,
        "write one of its folders below inventory/",
      );
    }
    out.push({
      id,
      ...(entry.site === undefined ? {} : { site: `${client}/${entry.site}` }),
      from: entry.from,
      to: entry.to,
      source: prefixes("source"),
      destination: prefixes("destination"),
      services,
      matches: reader.services(services, () => at),
      owner: entry.owner,
      approver: entry.approver,
      ticket: entry.ticket,
      reason: entry.reason,
      risk: entry.risk ?? "medium",
      ...(entry.created === undefined ? {} : { created: entry.created }),
      expires: entry.expires,
      ...(entry.compensating === undefined ? {} : { compensating: entry.compensating }),
      origin: places.key(data, id),
    });
  }
  return out.sort((a, b) => compareText(a.id, b.id));
}

/** The client's file over the provider's; undefined where neither is there. */
function readChecks(docs: readonly Doc[], findings: Findings): { readonly checks?: CheckSettings } {
  let merged: Node | undefined;
  for (const doc of docs) {
    findings.addAll(doc.findings);
    merged = mergeNodes(merged, doc.root, (finding) => findings.add(finding));
  }
  if (merged?.kind !== "map") return {};
  const places = new Places();
  const { packs = [], severities = {} } = places.read<ChecksFile>(merged);
  const weighed = Object.entries(severities).map(([name, severity]) => ({
    name,
    severity,
    origin: places.key(severities, name),
  }));
  return {
    checks: {
      packs: packs.map((name, index) => ({ name, origin: places.value(packs, index) })),
      severities: weighed.sort((a, b) => compareText(a.name, b.name)),
    },
  };
}

function readWaivers(doc: Doc | undefined, findings: Findings): Waiver[] {
  if (!doc) return [];
  findings.addAll(doc.findings);
  const places = new Places();
  const data = places.read<WaiversFile>(doc.root);
  const waivers = Object.entries(data).map(([id, entry]) => ({ id, ...entry, origin: places.key(data, id) }));
  return waivers.sort((a, b) => compareText(a.id, b.id));
}
