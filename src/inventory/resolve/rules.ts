import type { Prefix } from "../../model/address.ts";
import {
  comparePrefixes,
  containsPrefix,
  formatPrefix,
  parseAddress,
  parsePrefix,
  reservedBlockOf,
} from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import { compareText } from "../../model/finding.ts";
import type { Rule, RuleEnd } from "../../model/site.ts";
import type { Rule as RuleEntry, RulesFile } from "../schema/types.gen.ts";
import { Places } from "../shape/plain.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { NetworkDraft, SiteBase } from "./base.ts";
import type { Documents } from "./documents.ts";
import type { Findings } from "./findings.ts";
import type { Found, Names } from "./names.ts";
import { addressesOf } from "./names.ts";
import type { ClientPolicy } from "./policy.ts";
import { reportZone } from "./policy.ts";

/** What resolving rules needs. */
export interface RuleSources {
  readonly documents: Documents;
  readonly base: SiteBase;
  readonly names: Names;
  readonly policy: ClientPolicy;
  readonly findings: Findings;
}

/** Resolves the ends of rules: names become zones and addresses. */
export class RuleEnds {
  readonly #sources: RuleSources;
  readonly #zones: ReadonlySet<string>;
  readonly #byZone = new Map<string, Prefix[]>();
  readonly #claimed: { readonly prefix: Prefix; readonly zone: string }[] = [];

  constructor(sources: RuleSources) {
    this.#sources = sources;
    this.#zones = new Set(sources.policy.policy.zones.map((zone) => zone.name));
    for (const network of sources.base.networks.values()) {
      const { zone } = network.data;
      if (zone === undefined) continue;
      if (sources.policy.hasZones)
        reportZone(zone, sources.base.places.value(network.data, "zone"), this.#zones, sources.findings);
      const prefixes = prefixesOf(network);
      this.#byZone.set(zone, [...(this.#byZone.get(zone) ?? []), ...prefixes]);
      for (const prefix of prefixes) this.#claimed.push({ prefix, zone });
    }
  }

  get zones(): ReadonlySet<string> {
    return this.#zones;
  }

  /** Resolves one end; undefined (with a finding) where it means nothing. */
  end(ref: string, where: FileWhere): RuleEnd | undefined {
    if (ref === "any") return { ref, kind: "any", zones: [], site: undefined, prefixes: [] };
    if (ref.startsWith("zone:")) return this.#zone(ref, where);
    const literal = ref.includes("/") ? parsePrefix(ref) : undefined;
    const address = parseAddress(ref);
    if (literal?.hostBits) {
      this.#sources.findings.report(
        "IPP-HOST-BITS",
        where,
        `${ref} has bits set beyond its length`,
        `write ${literal.hostBits}`,
      );
      return undefined;
    }
    if (literal) return this.#address(ref, literal.prefix);
    if (address)
      return this.#address(ref, {
        version: address.version,
        base: address.value,
        length: address.version === 4 ? 32 : 128,
      });
    if (!ref.includes("/") && this.#zones.has(ref) && !this.#sources.names.all().includes(ref)) {
      this.#sources.findings.report(
        "REF-NAME",
        where,
        `nothing here is called "${ref}", but there is a zone`,
        `write zone:${ref}`,
      );
      return undefined;
    }
    const found = this.#sources.names.find(ref, where);
    return found && this.#found(ref, found, where);
  }

  #zone(ref: string, where: FileWhere): RuleEnd | undefined {
    const zone = ref.slice("zone:".length);
    if (!reportZone(zone, where, this.#zones, this.#sources.findings)) return undefined;
    if (zone === "internet" || zone === "self")
      return {
        ref,
        kind: "zone",
        zones: [zone],
        site: zone === "self" ? this.#sources.base.id : undefined,
        prefixes: [],
      };
    const prefixes = this.#byZone.get(zone) ?? [];
    if (prefixes.length === 0) {
      const wan = Object.values(this.#sources.base.settings.wan ?? {}).some((link) => link.zone === zone);
      if (!wan)
        this.#sources.findings.report(
          "RUL-012",
          where,
          `no network of this site is in the zone ${zone}`,
          "name another zone, or take the rule out of this site",
          { severity: "warning" },
        );
      return wan
        ? { ref, kind: "zone", zones: [zone], site: undefined, prefixes: [] }
        : { ref, kind: "zone", zones: [zone], site: this.#sources.base.id, prefixes: [] };
    }
    return { ref, kind: "zone", zones: [zone], site: this.#sources.base.id, prefixes: spell(prefixes) };
  }

  #address(ref: string, prefix: Prefix): RuleEnd {
    const holders = this.#claimed.filter(
      (claim) => containsPrefix(claim.prefix, prefix) || containsPrefix(prefix, claim.prefix),
    );
    const zones = [...new Set(holders.map((claim) => claim.zone))].sort(compareText);
    const inside = holders.some((claim) => containsPrefix(claim.prefix, prefix));
    const isPrivate = reservedBlockOf(prefix)?.use === "private";
    const outside = zones.length > 0 ? [] : isPrivate ? ["unassigned"] : ["internet"];
    return {
      ref,
      kind: "address",
      zones: [...zones, ...outside],
      site: inside ? this.#sources.base.id : undefined,
      prefixes: [formatPrefix(prefix)],
    };
  }

  #found(ref: string, found: Found, where: FileWhere): RuleEnd | undefined {
    if (found.kind === "network") {
      const zone = found.network.data.zone;
      return {
        ref,
        kind: "network",
        zones: zone === undefined ? [] : [zone],
        site: found.site.id,
        prefixes: spell(prefixesOf(found.network)),
      };
    }
    const addresses = addressesOf(found);
    if (addresses.length === 0) {
      this.#sources.findings.report(
        "REF-NO-ADDRESS",
        where,
        `"${ref}" has no address`,
        "give it one where it is defined",
        { about: ref },
      );
      return undefined;
    }
    const prefixes = spell(
      addresses.map((address) => ({
        version: address.version,
        base: address.value,
        length: address.version === 4 ? 32 : 128,
      })),
    );
    const site = found.kind === "device" ? this.#sources.base : found.site;
    const names =
      found.kind === "device"
        ? [found.device.network]
        : found.kind === "server"
          ? found.server.interfaces.map((one) => one.network)
          : [found.host.data.network];
    const zones = new Set<string>();
    for (const name of names) {
      const zone = name === undefined ? undefined : site.networks.get(name)?.data.zone;
      if (zone !== undefined) zones.add(zone);
    }
    if (found.kind === "host" && found.host.data.network === undefined) {
      const bare = this.#address(ref, {
        version: addresses[0]?.version ?? 4,
        base: addresses[0]?.value ?? 0n,
        length: addresses[0]?.version === 6 ? 128 : 32,
      });
      const zone = found.host.data.zone;
      return { ...bare, kind: "host", zones: zone === undefined ? bare.zones : [zone], prefixes };
    }
    return {
      ref,
      kind: found.kind === "device" ? "device" : "host",
      zones: [...zones].sort(compareText),
      site: site.id,
      prefixes,
    };
  }
}

/** Every prefix of a network. */
export function prefixesOf(network: NetworkDraft): Prefix[] {
  return [network.prefix4, network.prefix6, ...network.secondary].filter((prefix) => prefix !== undefined);
}

function spell(prefixes: readonly Prefix[]): string[] {
  return [...new Set([...prefixes].sort(comparePrefixes).map(formatPrefix))];
}

/** Reads the rules of the site and those of its client that touch it, in order of evaluation. */
export function readRules(sources: RuleSources, ends: RuleEnds): Rule[] {
  const { documents, base, findings } = sources;
  const rules: Rule[] = [];
  for (const [source, path] of [
    ["site", `inventory/${base.client}/${base.site}/rules.yaml`],
    ["client", `inventory/${base.client}/rules.yaml`],
  ] as const) {
    const doc = documents.get(path);
    if (!doc) continue;
    findings.addAll(doc.findings);
    const places = new Places();
    const data = places.read<RulesFile>(doc.root);
    for (const [id, entry] of Object.entries(data)) {
      const rule = readRule(id, entry, source, places, places.key(data, id), ends, sources);
      const known = rules.find((one) => one.id === id);
      if (known)
        findings.report(
          "RUL-016",
          places.key(data, id),
          `the rule ${id} is defined by the site and by the client`,
          "give one of them another id",
          { related: [known.origin] },
        );
      else if (rule && (source === "site" || touches(rule, base.id))) rules.push(rule);
    }
  }
  return orderRules(rules, findings);
}

function touches(rule: Rule, site: string): boolean {
  return [...rule.from, ...rule.to].some((end) => end.site === site);
}

function readRule(
  id: string,
  entry: RuleEntry,
  source: "site" | "client",
  places: Places,
  origin: FileWhere,
  ends: RuleEnds,
  sources: RuleSources,
): Rule | undefined {
  const sides = (key: "from" | "to"): RuleEnd[] =>
    listOf(entry[key]).flatMap((ref, index) => ends.end(ref, placeOf(entry, key, index, places)) ?? []);
  const from = sides("from");
  const to = sides("to");
  const services = listOf(entry.service);
  const matches = services.flatMap((name, index) =>
    sources.policy.services.matches(name, placeOf(entry, "service", index, places), sources.findings),
  );
  if (from.length === 0 || to.length === 0 || matches.length === 0) return undefined;
  return {
    id,
    action: entry.action ?? "permit",
    from,
    to,
    services,
    matches,
    log: entry.log ?? false,
    ...keep(entry, ["owner", "ticket", "reason", "created", "review", "expires"]),
    inspection: entry.inspection ?? [],
    before: listOf(entry.before),
    source,
    origin,
  };
}

/** Copies the text keys that are there. */
export function keep<T extends object, K extends keyof T>(data: T, keys: readonly K[]): Pick<T, K> {
  const out: Partial<T> = {};
  for (const key of keys) if (data[key] !== undefined) out[key] = data[key];
  return out as Pick<T, K>;
}

/** One name or a list of names, as a list. */
export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

function placeOf(entry: RuleEntry, key: "from" | "to" | "service", index: number, places: Places): FileWhere {
  const value = entry[key];
  return typeof value === "object" ? places.value(value, index) : places.value(entry, key);
}

/** Settles the order: by id, but each rule before those that its `before` names. */
function orderRules(rules: readonly Rule[], findings: Findings): Rule[] {
  if (rules.every((rule) => rule.before.length === 0))
    return [...rules].sort((a, b) => compareText(a.id, b.id));
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const waiting = new Map<string, number>(rules.map((rule) => [rule.id, 0]));
  for (const rule of rules) {
    for (const id of rule.before) {
      if (!byId.has(id)) {
        const near = suggest(id, byId.keys());
        findings.report(
          "REF-RULE",
          rule.origin,
          `${rule.id} is to stand before "${id}", which is no rule`,
          near ? `did you mean ${near}?` : `rules: ${listNames(byId.keys())}`,
        );
      } else waiting.set(id, (waiting.get(id) ?? 0) + 1);
    }
  }
  const out: Rule[] = [];
  const ready = new Set(rules.filter((rule) => waiting.get(rule.id) === 0).map((rule) => rule.id));
  const sorted = [...byId.keys()].sort(compareText);
  while (out.length < rules.length) {
    const next = sorted.find((id) => ready.has(id));
    const rule = next === undefined ? undefined : byId.get(next);
    if (next === undefined || !rule) break;
    ready.delete(next);
    sorted.splice(sorted.indexOf(next), 1);
    out.push(rule);
    for (const id of rule.before) {
      const left = (waiting.get(id) ?? 0) - 1;
      waiting.set(id, left);
      if (left === 0 && byId.has(id)) ready.add(id);
    }
  }
  const stuck = rules.filter((rule) => !out.includes(rule));
  const [first] = stuck;
  if (first)
    findings.report(
      "RUL-CYCLE",
      first.origin,
      `the order of ${stuck.map((rule) => rule.id).join(", ")} runs in a circle`,
      "take one `before` away",
    );
  return [...out, ...stuck];
}
