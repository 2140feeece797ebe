import type { FileWhere, Severity } from "../../model/finding.ts";
import type { ServiceMatch } from "../../model/intent.ts";
import { fitsPattern } from "../../model/name-pattern.ts";
import type { Zone, ZoningRule } from "../../model/policy.ts";
import type { ZoningEnd as EndEntry, ZoningRule as RuleEntry, ZoningFile } from "../schema/types.gen.ts";
import { Places } from "../shape/plain.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { Doc } from "./documents.ts";
import type { Findings } from "./findings.ts";
import type { ServiceBook } from "./services.ts";

/** An own rule as its file writes it, names of zones and services checked. */
export interface WrittenRule {
  readonly rule: Omit<ZoningRule, "from" | "to">;
  readonly from: EndEntry;
  readonly to: EndEntry;
  readonly places: Places;
  /** Whether a client wrote it, whose sites and networks it may name. */
  readonly ofClient: boolean;
}

/** What own rules are read against. */
interface ZoningBooks {
  readonly zones: readonly Zone[];
  readonly services: ServiceBook;
  readonly findings: Findings;
}

/** Names that would make a code which means something else. */
const TAKEN: ReadonlySet<string> = new Set(["load", "none", "threw", "twice"]);

/** Reads own rules. Those of a client stand beside the provider's and replace none: a promise cannot be lost by a name. */
export function readZoning(docs: readonly Doc[], books: ZoningBooks): WrittenRule[] {
  const names = new Map<string, FileWhere>();
  return docs.flatMap((doc) => {
    books.findings.addAll(doc.findings);
    const places = new Places();
    const data = places.read<ZoningFile>(doc.root);
    return (["forbidden", "required"] as const).flatMap((kind) =>
      (data[kind] ?? []).flatMap((entry): WrittenRule[] => {
        const rule = readRule(kind, entry, places, books);
        if (!isFree(entry.name, names, places.value(entry, "name"), books.findings)) return [];
        const { from, to } = entry;
        return [{ rule, from, to, places, ofClient: doc.identity.client !== undefined }];
      }),
    );
  });
}

function readRule(
  kind: ZoningRule["kind"],
  entry: RuleEntry,
  places: Places,
  { zones, services, findings }: ZoningBooks,
): WrittenRule["rule"] {
  const names = listOf(entry.service);
  const matches = names.flatMap((name, index): readonly ServiceMatch[] =>
    services.matches(name, placeIn(places, entry, "service", index)),
  );
  for (const end of [entry.from, entry.to]) checkZones(end, zones, places, findings);
  const severity: Severity = entry.severity ?? "error";
  return {
    name: entry.name,
    code: `OWN-${entry.name.toUpperCase()}`,
    kind,
    severity,
    ...(entry.comment === undefined ? {} : { comment: entry.comment }),
    services: names,
    matches: names.length === 0 ? [{ protocol: "any", ports: [] }] : matches,
    via: listOf(entry.via),
    origin: places.value(entry, "name"),
  };
}

function isFree(name: string, names: Map<string, FileWhere>, where: FileWhere, findings: Findings): boolean {
  const first = names.get(name);
  if (first === undefined && !TAKEN.has(name)) {
    names.set(name, where);
    return true;
  }
  const related = first === undefined ? {} : { related: [first] };
  const message =
    first === undefined ? `${name} is taken by findings about checks` : `two rules are called ${name}`;
  findings.report("ZON-OWN-NAME", where, message, "give it another name", related);
  return false;
}

/** Says which zones that an end names there are not. */
function checkZones(end: EndEntry, zones: readonly Zone[], places: Places, findings: Findings): void {
  const known = new Set(zones.map(({ name }) => name).filter((name) => name !== "self"));
  for (const part of [end, end.not ?? {}]) {
    listOf(part.zone).forEach((name, index) => {
      if ([...known].some((zone) => fitsPattern(zone, name))) return;
      const near = suggest(name, known);
      findings.report(
        "REF-ZONE",
        placeIn(places, part, "zone", index),
        name === "self" ? "self is no end of an own rule" : `there is no zone "${name}"`,
        near ? `did you mean ${near}?` : `zones: ${listNames(known)}`,
      );
    });
  }
}

/** One name or a list of names, as a list. */
export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

/** Where an entry of a list stands, or the single value in its place. */
export function placeIn(places: Places, data: object, key: string, index: number): FileWhere {
  const value = (data as Readonly<Record<string, unknown>>)[key];
  return Array.isArray(value) ? places.value(value, index) : places.value(data, key);
}
