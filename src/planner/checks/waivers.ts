import { compareText, type Finding, sortFindings } from "../../model/finding.ts";
import type { Waiver } from "../../model/policy.ts";
import type { Site } from "../../model/site.ts";
import { belongsTo } from "./belongs.ts";
import { CATALOGUE, checkById } from "./catalogue.ts";

/** Findings with their waivers, and what is wrong with the waivers themselves. */
export interface Waived {
  /** All findings, those that are accepted with `waiver`. */
  readonly findings: readonly Finding[];
  /** WVR-EXPIRED and WVR-UNKNOWN-CODE (errors), WVR-UNUSED (warning). */
  readonly problems: readonly Finding[];
}

export interface WaiverOptions {
  /** ISO day. */
  readonly today: string;
  /** Whether `findings` are those of all sites of each client; only then can a waiver be called unused. */
  readonly complete: boolean;
  /** Codes beside those of the catalogue that a waiver may name, where all of them are known. */
  readonly otherCodes?: KnownCodes;
  /** Finds the code that was probably meant. */
  readonly suggest?: Suggest;
}

/** Codes that there are: those that can be named, and whether one is among them. */
export interface KnownCodes extends Iterable<string> {
  has(code: string): boolean;
}

/** Finds among names the one that a word was probably meant to be; undefined where none is near. */
export type Suggest = (word: string, names: Iterable<string>) => string | undefined;

const AREAS = new Set(CATALOGUE.map((check) => check.area));

/** Applies each client's waivers to findings: an expired one no longer holds, and says so. */
export function applyWaivers(
  findings: readonly Finding[],
  sites: readonly Site[],
  options: WaiverOptions,
): Waived {
  const waivers = waiversOf(sites);
  const used = new Set<Waiver>();
  const codes = new Set(findings.map((finding) => finding.code));
  const byCode = new Map<string, { client: string; waiver: Waiver }[]>();
  for (const entry of waivers) {
    if (entry.waiver.expires < options.today) continue;
    byCode.set(entry.waiver.code, [...(byCode.get(entry.waiver.code) ?? []), entry]);
  }
  const waived = findings.map((finding): Finding => {
    const holding = (byCode.get(finding.code) ?? []).filter(({ client, waiver }) =>
      covers(waiver, client, finding),
    );
    for (const { waiver } of holding) used.add(waiver);
    const waiver = holding[0]?.waiver;
    if (waiver === undefined) return finding;
    const { owner, reason, ticket, expires } = waiver;
    return { ...finding, waiver: { owner, reason, ...(ticket === undefined ? {} : { ticket }), expires } };
  });
  const known = (code: string): boolean => isKnown(code, codes, options.otherCodes);
  const problems = waivers.flatMap(({ waiver }) => problemsOf(waiver, used, known, options));
  return { findings: waived, problems: sortFindings(problems) };
}

/** Each client's waivers once, though every site of the client holds them. */
function waiversOf(sites: readonly Site[]): { readonly client: string; readonly waiver: Waiver }[] {
  const once = new Map<string, { client: string; waiver: Waiver }>();
  for (const site of sites)
    for (const waiver of site.waivers)
      once.set(`${site.client} ${waiver.id}`, { client: site.client, waiver });
  return [...once.entries()].sort(([a], [b]) => compareText(a, b)).map(([, entry]) => entry);
}

/** A waiver holds for places of its client; what is the provider's, a client cannot accept for all. */
function covers(waiver: Waiver, client: string, finding: Finding): boolean {
  if (waiver.match !== undefined && !finding.message.includes(waiver.match)) return false;
  const places = [finding.where, ...(finding.related ?? [])].map(belongsTo);
  const place =
    places[0]?.client === undefined ? places.find((each) => each.client !== undefined) : places[0];
  if (place?.client !== client) return false;
  if (waiver.scope === undefined) return true;
  const scope = waiver.scope.startsWith(`${client}/`) ? waiver.scope.slice(client.length + 1) : waiver.scope;
  const [site, device] = scope.split("/");
  return place.site === site && (device === undefined || place.device === device);
}

function isKnown(code: string, seen: ReadonlySet<string>, others: KnownCodes | undefined): boolean {
  if (checkById(code) !== undefined || seen.has(code) || others?.has(code)) return true;
  if (others !== undefined) return false;
  const [area, rest] = [code.slice(0, code.indexOf("-")), code.slice(code.indexOf("-") + 1)];
  return /^[A-Z0-9]+-[A-Z][A-Z0-9-]*$/.test(code) && !(AREAS.has(area) && /^\d/.test(rest));
}

function problemsOf(
  waiver: Waiver,
  used: ReadonlySet<Waiver>,
  known: (code: string) => boolean,
  options: WaiverOptions,
): Finding[] {
  const where = waiver.origin;
  if (!known(waiver.code)) {
    const near = options.suggest?.(waiver.code, options.otherCodes ?? []);
    return [
      {
        code: "WVR-UNKNOWN-CODE",
        severity: "error",
        message: `the waiver ${waiver.id} is for "${waiver.code}", which no check reports`,
        hint: near ? `did you mean ${near}?` : "write the code as `sitewright validate` prints it",
        where,
      },
    ];
  }
  if (waiver.expires < options.today)
    return [
      {
        code: "WVR-EXPIRED",
        severity: "error",
        message: `the waiver ${waiver.id} for ${waiver.code} ended on ${waiver.expires}`,
        hint: "mend what it waived and remove it, or have it approved again with a later expires:",
        where,
      },
    ];
  if (used.has(waiver) || !options.complete) return [];
  return [
    {
      code: "WVR-UNUSED",
      severity: "warning",
      message: `the waiver ${waiver.id} matches no finding of ${waiver.code}`,
      hint: "remove it: what it waived is mended, or its scope and match name something else",
      where,
    },
  ];
}
