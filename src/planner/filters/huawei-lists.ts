import type { Action, Family } from "../flows/types.ts";
import { type RuleContext, readRule } from "./huawei-entry.ts";
import { addressTerms, portRangesOf } from "./huawei-groups.ts";
import { ListBuilder } from "./list-builder.ts";
import type { ExtractedFilter, FilterBinding, RuleLine } from "./types.ts";
import { UnreadError } from "./words.ts";

/** Where Huawei and H3C differ. */
export interface HuaweiStyle {
  readonly ports: Readonly<Record<string, string | number>>;
}

interface RuleText extends RuleLine {
  readonly id: number;
  readonly action: Action;
  readonly body: string;
}

interface ListText {
  readonly names: Set<string>;
  readonly family: Family;
  readonly basic: boolean;
  readonly auto: boolean;
  /** Distance of the numbers that the device gives. */
  step: number;
  readonly rules: RuleText[];
}

interface Source {
  readonly lists: ListText[];
  readonly groups: Map<string, string[]>;
  readonly bindings: { readonly name: string; readonly family: Family; readonly binding: FilterBinding }[];
  denyByDefault: boolean;
}

/** Reads every access list of a VRP or Comware configuration, or of what `display acl all` prints. What no rule names
 *  passes where a list filters traffic, and is refused where it guards a login. */
export function huaweiLists(text: string, style: HuaweiStyle): ExtractedFilter[] {
  const source = scan(text);
  return source.lists.map((list) => build(list, source, style));
}

const RULE = /^rule (?:(\d+) )?(?:name \S+ )?(permit|deny)\b\s*(.*)$/;
const GROUP =
  /^object-group (?:ip address|ipv6 address|service|port) (\S+)|^acl ip-pool (\S+)|^acl port-pool (\S+)/;
const BINDINGS = [
  /^(?:traffic-filter|packet-filter) (?<direction>inbound|outbound) acl (?<ipv6>ipv6 )?(?:name )?(?<name>\S+)/,
  /^(?:traffic-filter|traffic-secure) acl (?<ipv6>ipv6 )?(?:name )?(?<name>\S+) (?<direction>inbound|outbound)/,
  /^traffic-secure (?<direction>inbound|outbound) acl (?<ipv6>ipv6 )?(?:name )?(?<name>\S+)/,
  /^packet-filter (?<ipv6>ipv6 )?(?:name )?(?<name>\S+) (?<direction>inbound|outbound)/,
  /^acl (?<ipv6>ipv6 )?(?<name>\S+) (?<direction>inbound|outbound)/,
];

function scan(text: string): Source {
  const source: Source = { lists: [], groups: new Map(), bindings: [], denyByDefault: false };
  let list: ListText | undefined;
  let group: string[] | undefined;
  let place = "";
  for (const [index, raw] of text.split("\n").entries()) {
    const body = raw
      .trim()
      .replace(/\s+/g, " ")
      .replace(/(?: \([^()]*\))+$/, "");
    if (body === "" || body === "#") continue;
    const rule = list && RULE.exec(body);
    if (list && rule) {
      list.rules.push(ruleOf(rule, { line: index + 1, text: raw.trim() }, list));
      continue;
    }
    const step = /^(?:step |acl's step is )(\d+)/i.exec(body)?.[1];
    if (list && step !== undefined) list.step = Number(step);
    if (/^packet-filter default deny/.test(body)) source.denyByDefault = true;
    const header = /^\s/.test(raw) ? undefined : readHeader(body, source);
    if (header) {
      list = header;
      group = undefined;
      continue;
    }
    const named = GROUP.exec(body);
    if (named && !/^\s/.test(raw)) {
      group = [];
      source.groups.set(named[1] ?? named[2] ?? named[3] ?? "", group);
      list = undefined;
      continue;
    }
    if (/^\s/.test(raw)) {
      group?.push(body.replace(/^\d+ (?=[a-z])/, ""));
      readBinding(body, place, source);
      continue;
    }
    // Rules may stand unindented below their list; anything else at the margin ends it.
    if (!/^(?:rule|step|description|acl's)\b/i.test(body)) {
      list = undefined;
      group = undefined;
      place = body;
    }
  }
  return source;
}

function ruleOf(match: RegExpExecArray, at: RuleLine, list: ListText): RuleText {
  const last = Math.max(-1, ...list.rules.map((rule) => rule.id));
  const next = last < 0 ? list.step : (Math.floor(last / list.step) + 1) * list.step;
  return {
    ...at,
    id: match[1] === undefined ? next : Number(match[1]),
    action: match[2] as Action,
    body: match[3] ?? "",
  };
}

/** `acl number 3001`, `acl 3001`, `acl name X 3001`, `acl name X advance`, `acl advanced name X`, `acl ipv6 basic 2000`,
 *  and the headers of `display acl all`. */
function readHeader(body: string, source: Source): ListText | undefined {
  const shown = /^(Basic|Advanced) (?:(IPv4|IPv6) )?ACL(?: (.*?))?,/.exec(body);
  const typed = /^acl (?!ip-pool|port-pool|mac|copy|logging|trap|resource|accelerate)(.+)$/.exec(body);
  if (shown === null && typed === null) return undefined;
  const words = (
    shown
      ? `${shown[3] ?? ""} ${body.split(", ").find((part) => part.startsWith("named ")) ?? ""}`
      : (typed?.[1] ?? "")
  ).split(" ");
  if (/\b(?:inbound|outbound)\b/.test(body)) return undefined;
  const family = words.includes("ipv6") || shown?.[2] === "IPv6" ? 6 : 4;
  const number = words.find((word, at) => /^\d{4,5}$/.test(word) && words[at - 1] !== "match-order");
  const names = new Set<string>();
  if (number !== undefined) names.add(number);
  const keywords = new Set([
    "ipv6",
    "number",
    "name",
    "named",
    "basic",
    "advance",
    "advanced",
    "match-order",
    "auto",
    "config",
    "-none-",
    "",
    "link",
    "user",
  ]);
  for (const word of words) if (!keywords.has(word) && word !== number) names.add(word);
  if (names.size === 0) return undefined;
  const basic = words.includes("basic") || shown?.[1] === "Basic" || /^2\d{3}$/.test(number ?? "");
  if (/^[4-9]\d{3,4}$/.test(number ?? "") || words.includes("link")) return undefined;
  const known = source.lists.find(
    (list) => list.family === family && [...names].some((name) => list.names.has(name)),
  );
  if (known) return known;
  const list: ListText = {
    names,
    family,
    basic,
    auto: /match-order auto|match-order is auto/.test(body),
    step: 5,
    rules: [],
  };
  source.lists.push(list);
  return list;
}

function readBinding(body: string, place: string, source: Source): void {
  for (const pattern of BINDINGS) {
    const found = pattern.exec(body)?.groups;
    if (found === undefined) continue;
    const login = /^(?:user-interface|line)\b/.test(place);
    source.bindings.push({
      name: found.name ?? "",
      family: found.ipv6 === undefined ? 4 : 6,
      binding: {
        place: place.replace(/^interface /, ""),
        direction: login ? "local" : found.direction === "inbound" ? "in" : "out",
      },
    });
    return;
  }
}

function build(list: ListText, source: Source, style: HuaweiStyle): ExtractedFilter {
  const builder = new ListBuilder();
  const context: RuleContext = {
    family: list.family,
    basic: list.basic,
    ports: style.ports,
    network: (name) => addressTerms(source.groups, name),
    portGroup: (name) => portRangesOf(source.groups, name, style.ports),
  };
  const bindings = source.bindings
    .filter(({ name, family }) => family === list.family && list.names.has(name))
    .map(({ binding }) => binding);
  for (const rule of [...list.rules].sort((a, b) => a.id - b.id)) addRule(builder, rule, list, context);
  const login = bindings.length > 0 && bindings.every((binding) => binding.direction === "local");
  const [name = "", ...aliases] = [...list.names];
  return builder.build({
    name,
    aliases,
    family: list.family,
    defaultAction: login || (source.denyByDefault && list.rules.length > 0) ? "deny" : "permit",
    bindings,
  });
}

function addRule(builder: ListBuilder, rule: RuleText, list: ListText, context: RuleContext): void {
  const at = { line: rule.line, text: rule.text };
  if (/\b(?:none-first-)?fragment\b/.test(rule.body))
    builder.note("FLT-REFUSED", at, "fragments are not modelled");
  if (list.auto) builder.note("FLT-REFUSED", at, "match-order auto: the order of the rules is not modelled");
  const order = list.auto ? ["match-order auto"] : [];
  try {
    const predicate = readRule(rule.body, context);
    builder.add(
      rule.action,
      { ...predicate, conditions: [...predicate.conditions, ...order.map((word) => `${word} ${rule.body}`)] },
      at,
    );
  } catch (error) {
    if (!(error instanceof UnreadError || error instanceof RangeError)) throw error;
    builder.note("FLT-UNREAD", at, `cannot read: ${error.message}`);
    builder.add(rule.action, { matches: [{ family: list.family }], conditions: [rule.body] }, at);
  }
}
