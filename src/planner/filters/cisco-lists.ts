import type { Action, Family, Match } from "../flows/types.ts";
import { type EntryContext, readExtended, readStandard } from "./cisco-entry.ts";
import { type GroupText, networkTerms, serviceMatches } from "./cisco-groups.ts";
import { ListBuilder } from "./list-builder.ts";
import { ANYTHING, all, condition, only, type Predicate } from "./predicate.ts";
import type { ExtractedFilter, FilterBinding, RuleLine } from "./types.ts";
import { UnreadError } from "./words.ts";

/** Where platforms with Cisco's spelling of lists differ. */
export interface CiscoStyle {
  /** Kind of `ip access-list NAME` without a word before the name. */
  readonly bare: "standard" | "extended";
  readonly ports: Readonly<Record<string, string | number>>;
  /** Whether an IPv6 list lets neighbour discovery through before it denies the rest. */
  readonly neighbours: boolean;
}

interface Entry extends RuleLine {
  readonly sequence: number;
  readonly body: string;
}

interface ListText {
  readonly name: string;
  readonly kind: "standard" | "extended";
  readonly family: Family;
  readonly entries: Entry[];
}

/** Reads every access list of a configuration, or of what `show ip access-lists` prints. */
export function ciscoLists(text: string, style: CiscoStyle): ExtractedFilter[] {
  const source = scan(text, style);
  return [...source.lists.values()].map((list) => build(list, source, style));
}

interface Source {
  readonly lists: Map<string, ListText>;
  readonly groups: Map<string, GroupText>;
  readonly bindings: Map<string, FilterBinding[]>;
}

const HEADERS: readonly (readonly [RegExp, Family])[] = [
  [/^ip access-list (?:(?<kind>standard|extended) )?(?<name>\S+)$/i, 4],
  [/^ipv6 access-list (?:(?<kind>standard|extended) )?(?<name>\S+)$/i, 6],
  [/^(?<kind>standard |extended )?ip access list (?<name>\S+)/i, 4],
  [/^(?<kind>standard )?ipv6 access list (?<name>\S+)/i, 6],
];

const ENTRY = /^(?:(?:sequence |seq )?(\d+) )?(permit|deny|evaluate|dynamic)\b\s*(.*)$/;
const GROUP = /^object-group (?:(?:ip|ipv4|ipv6|v6-)?\s*)?(network|address|service|port)\s+(\S+)$/;
const BINDING = [
  /^(?<family>ip|ipv6) (?:access-group|traffic-filter) (?<name>\S+) (?<direction>in|out)$/,
  /^(?<family>ip|ipv6)? ?access-class (?<name>\S+) (?<direction>in|out)\b/,
];

/** Sorts lines into lists, groups and bindings. */
function scan(text: string, style: CiscoStyle): Source {
  const source: Source = { lists: new Map(), groups: new Map(), bindings: new Map() };
  let list: ListText | undefined;
  let group: GroupText | undefined;
  let place = "";
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("!")) continue;
    const at = { line: index + 1, text: line };
    // `show` adds hit counts and whether a time range is active.
    const body = line.replace(/\s+/g, " ").replace(/(?: \([^()]*\))+$/, "");
    const entry = ENTRY.exec(body);
    if (list !== undefined && entry) {
      list.entries.push(entryOf(entry, at, list));
      continue;
    }
    if (
      list !== undefined &&
      /^(?:(?:sequence )?\d+ )?remark\b|^(?:statistics|counters|fragment-rules)\b/.test(body)
    )
      continue;
    const header = readHeader(body, source, style);
    const numbered = header === undefined ? readNumbered(body, at, source) : false;
    if (header !== undefined || numbered) {
      list = header;
      group = undefined;
      continue;
    }
    const started = readGroup(body, source);
    if (started !== undefined) {
      group = started;
      list = undefined;
      continue;
    }
    if (/^\s/.test(raw)) {
      group?.lines.push(body.replace(/^\d+ (?=\S)/, ""));
      readBinding(body, place, source);
      continue;
    }
    list = undefined;
    group = undefined;
    place = body;
  }
  return source;
}

function entryOf(match: RegExpExecArray, at: RuleLine, list: ListText): Entry {
  const last = list.entries.at(-1)?.sequence ?? 0;
  const trailing = /\bsequence (\d+)$/.exec(match[3] ?? "")?.[1];
  const number = match[1] ?? trailing;
  return {
    ...at,
    sequence: number === undefined ? last + 10 : Number(number),
    body: `${match[2]} ${match[3]}`,
  };
}

function readHeader(body: string, source: Source, style: CiscoStyle): ListText | undefined {
  for (const [pattern, family] of HEADERS) {
    const found = pattern.exec(body)?.groups;
    if (found === undefined) continue;
    const kind = (found.kind?.trim().toLowerCase() ?? style.bare) === "standard" ? "standard" : "extended";
    return listNamed(source, found.name ?? "", family, kind);
  }
  return undefined;
}

function listNamed(source: Source, name: string, family: Family, kind: ListText["kind"]): ListText {
  const key = `${family} ${name}`;
  const known = source.lists.get(key);
  if (known !== undefined) return known;
  const list: ListText = { name, family, kind, entries: [] };
  source.lists.set(key, list);
  return list;
}

/** `access-list 101 permit …`: 1 to 99 and 1300 to 1999 are standard lists. */
function readNumbered(body: string, at: RuleLine, source: Source): boolean {
  const match = /^access-list (\S+) (?:(standard|extended) )?(.*)$/.exec(body);
  if (match === null) return false;
  const [, name = "", word, rest = ""] = match;
  const number = Number(name);
  const low = (number >= 1 && number <= 99) || (number >= 1300 && number <= 1999);
  const kind = word === "standard" || (word === undefined && low) ? "standard" : "extended";
  const list = listNamed(source, name, 4, kind);
  const entry = ENTRY.exec(rest);
  if (entry) list.entries.push(entryOf(entry, at, list));
  return true;
}

function readGroup(body: string, source: Source): GroupText | undefined {
  const match = GROUP.exec(body.replace("v6-network", "network").replace("ip address", "address"));
  if (match === null) return undefined;
  const name = match[2] ?? "";
  const kind = match[1] === "service" || match[1] === "port" ? "service" : "network";
  const known = source.groups.get(name);
  if (known !== undefined) return known;
  const group: GroupText = { kind, lines: [] };
  source.groups.set(name, group);
  return group;
}

function readBinding(body: string, place: string, source: Source): void {
  for (const pattern of BINDING) {
    const found = pattern.exec(body)?.groups;
    if (found === undefined) continue;
    const family = found.family === "ipv6" ? 6 : 4;
    const key = `${family} ${found.name}`;
    const direction = place.startsWith("line") ? "local" : found.direction === "in" ? "in" : "out";
    const bindings = source.bindings.get(key) ?? [];
    bindings.push({ place: place.replace(/^interface /, ""), direction });
    source.bindings.set(key, bindings);
  }
}

function build(list: ListText, source: Source, style: CiscoStyle): ExtractedFilter {
  const builder = new ListBuilder();
  const context: EntryContext = {
    family: list.family,
    ports: style.ports,
    network: (name) => networkTerms(source.groups, name),
    service: (name) => serviceMatches(source.groups, name, style.ports),
  };
  const entries = [...list.entries].sort((a, b) => a.sequence - b.sequence);
  for (const entry of entries) addEntry(builder, entry, list, context);
  if (list.family === 6 && style.neighbours) {
    for (const type of [136, 135]) {
      const match: Match = { family: 6, icmpTypes: [{ lo: type, hi: type }] };
      builder.add("permit", only(match), undefined);
    }
  }
  return builder.build({
    name: list.name,
    family: list.family,
    // A list without entries lets everything through where it is bound.
    defaultAction: entries.length === 0 ? "permit" : "deny",
    bindings: source.bindings.get(`${list.family} ${list.name}`) ?? [],
  });
}

function addEntry(builder: ListBuilder, entry: Entry, list: ListText, context: EntryContext): void {
  const at = { line: entry.line, text: entry.text };
  const [verb = "", ...rest] = entry.body.split(" ");
  const body = rest.join(" ").trim();
  if (verb === "evaluate" || verb === "dynamic") {
    builder.note("FLT-REFUSED", at, `${verb} lists change while they run, they are not modelled`);
    builder.add("permit", all([only({ family: list.family }), condition(`${verb} ${body}`)]), at);
    return;
  }
  if (/\bfragments\b/.test(body)) builder.note("FLT-REFUSED", at, "fragments are not modelled");
  if (/\breflect\b/.test(body)) builder.note("FLT-REFUSED", at, "reflexive lists are not modelled");
  builder.add(verb as Action, readOr(builder, at, body, list, context), at);
}

function readOr(
  builder: ListBuilder,
  at: RuleLine,
  body: string,
  list: ListText,
  context: EntryContext,
): Predicate {
  try {
    return list.kind === "standard" ? readStandard(body, context) : readExtended(body, context);
  } catch (error) {
    if (!(error instanceof UnreadError || error instanceof RangeError)) throw error;
    builder.note("FLT-UNREAD", at, `cannot read: ${error.message}`);
    return { ...ANYTHING, matches: [{ family: list.family }], conditions: [body] };
  }
}
