import { type Command, command, isMatch, type Match, matchLine } from "../cli/grammar.ts";
import { DONE, type Outcome, refusal } from "../cli/outcome.ts";
import type { Section } from "../cli/section.ts";
import type { Rule, RuleCall, ViewTable } from "../cli/view.ts";
import { matchesWildcard, underWildcard } from "../ipv4.ts";
import { VRP_ARGS } from "./args.ts";
import { ACL, USER_INTERFACE, type VrpConfig } from "./config.ts";

type Call = RuleCall<VrpConfig>;

const RULE = "rule";
const DEFAULT_STEP = 5;

const TCP_NAMES: Readonly<Record<number, string>> = {
  7: "echo",
  9: "discard",
  13: "daytime",
  19: "CHARgen",
  20: "ftp-data",
  21: "ftp",
  23: "telnet",
  25: "smtp",
  37: "time",
  43: "whois",
  49: "tacacs",
  53: "domain",
  70: "gopher",
  79: "finger",
  80: "www",
  101: "hostname",
  109: "pop2",
  110: "pop3",
  111: "sunrpc",
  119: "nntp",
  179: "bgp",
  194: "irc",
  512: "exec",
  513: "login",
  514: "cmd",
  515: "lpd",
  517: "talk",
  540: "uucp",
  543: "klogin",
  544: "kshell",
};
const UDP_NAMES: Readonly<Record<number, string>> = {
  7: "echo",
  9: "discard",
  37: "time",
  42: "nameserver",
  53: "dns",
  65: "tacacs-ds",
  67: "bootps",
  68: "bootpc",
  69: "tftp",
  90: "dnsix",
  111: "sunrpc",
  123: "ntp",
  137: "netbios-ns",
  138: "netbios-dgm",
  139: "netbios-ssn",
  161: "snmp",
  162: "snmptrap",
  177: "xdmcp",
  434: "mobilip-ag",
  435: "mobilip-mn",
  512: "biff",
  513: "who",
  514: "syslog",
  517: "talk",
  520: "rip",
};
const PROTOCOLS: Readonly<Record<number, string>> = {
  1: "icmp",
  2: "igmp",
  4: "ipinip",
  6: "tcp",
  17: "udp",
  47: "gre",
  89: "ospf",
};

const END = (side: string): string => `{any|<${side}net:ipv4> <${side}wild:wild>}`;
const PORT = (side: string): string =>
  `{<${side}op:eq|gt|lt|neq> <${side}port:word>|range <${side}from:word> <${side}to:word>}`;
const OPTION = `{source ${END("s")}|destination ${END("d")}|source-port ${PORT("s")}|destination-port ${PORT("d")}|<flag:logging|fragment>|tcp-flag established|icmp-type {<icmp:echo|echo-reply|net-unreachable|host-unreachable|port-unreachable|ttl-exceeded>|<type:0-255> [<code:0-255>]}|time-range <range:word>}`;
const OPTIONS = `[${OPTION} [${OPTION} [${OPTION} [${OPTION} [${OPTION} [${OPTION}]]]]]]`;

const ADVANCED: readonly Command<"advanced">[] = [
  command(
    `<action:permit|deny> {<protocol:ip|tcp|udp|icmp|igmp|gre|ospf|ipinip>|<number:1-255>} ${OPTIONS}`,
    VRP_ARGS,
    "advanced",
  ),
];
const BASIC: readonly Command<"basic">[] = [
  command(
    `<action:permit|deny> [source ${END("s")}] [<flag:logging|fragment>] [time-range <range:word>]`,
    VRP_ARGS,
    "basic",
  ),
];

/** A rule as data. */
interface AclRule {
  readonly permit: boolean;
  readonly protocol: string;
  readonly source: AclEnd;
  readonly target: AclEnd;
  readonly text: string;
}

interface AclEnd {
  readonly address: string;
  readonly wildcard: string;
  readonly ports?: readonly [number, number];
  readonly except?: boolean;
}

/** Reads a rule without `rule` and number; a column where it makes no sense. */
function readRule(
  view: string,
  text: string,
): AclRule | { readonly at: number; readonly incomplete: boolean } {
  const match: Match<string> | ReturnType<typeof matchLine<string>> = matchLine<string>(
    text,
    view === "acl-basic" ? BASIC : ADVANCED,
  );
  if (!isMatch(match)) return { at: match.at, incomplete: match.kind === "incomplete" };
  const { values } = match;
  const number = values.number === undefined ? undefined : Number(values.number);
  const protocol =
    view === "acl-basic" ? "ip" : (values.protocol ?? PROTOCOLS[number ?? -1] ?? String(number));
  const names = protocol === "udp" ? UDP_NAMES : TCP_NAMES;
  const source = readEnd(values, "s", names);
  const target = readEnd(values, "d", names);
  if (source === undefined || target === undefined) return { at: text.length, incomplete: false };
  const icmp = values.icmp ?? [values.type, values.code].filter((part) => part !== undefined).join(" ");
  const parts = [
    values.action ?? "",
    view === "acl-basic" ? "" : protocol,
    endText("source", source, names),
    endText("destination", target, names),
    /tcp-flag established/.test(match.text) ? "tcp-flag established" : "",
    icmp === "" ? "" : `icmp-type ${icmp}`,
    values.flag ?? "",
    values.range === undefined ? "" : `time-range ${values.range}`,
  ];
  return {
    permit: values.action === "permit",
    protocol,
    source,
    target,
    text: parts.filter((part) => part !== "").join(" "),
  };
}

function readEnd(
  values: Readonly<Record<string, string>>,
  side: string,
  names: Readonly<Record<number, string>>,
): AclEnd | undefined {
  const net = values[`${side}net`];
  const wild = values[`${side}wild`] ?? "255.255.255.255";
  const wildcard = wild === "0" ? "0.0.0.0" : wild;
  const end = {
    address: underWildcard(net ?? "0.0.0.0", wildcard),
    wildcard: net === undefined ? "255.255.255.255" : wildcard,
  };
  const given = values[`${side}port`] ?? values[`${side}from`];
  if (given === undefined) return end;
  const low = portOf(given, names);
  const high = portOf(values[`${side}to`] ?? given, names);
  if (low === undefined || high === undefined || high < low) return undefined;
  const op = values[`${side}op`];
  if (op === "gt") return { ...end, ports: [low + 1, 65_535] };
  if (op === "lt") return { ...end, ports: [0, low - 1] };
  return { ...end, ports: [low, high], ...(op === "neq" ? { except: true } : {}) };
}

function portOf(text: string, names: Readonly<Record<number, string>>): number | undefined {
  if (/^\d{1,5}$/.test(text)) return Number(text) <= 65_535 ? Number(text) : undefined;
  const found = Object.entries(names).find(([, name]) => name.toLowerCase() === text.toLowerCase());
  return found === undefined ? undefined : Number(found[0]);
}

function endText(word: string, end: AclEnd, names: Readonly<Record<number, string>>): string {
  const where =
    end.wildcard === "255.255.255.255"
      ? ""
      : `${word} ${end.address} ${end.wildcard === "0.0.0.0" ? "0" : end.wildcard}`;
  if (end.ports === undefined) return where;
  const [low, high] = end.ports;
  const named = (port: number): string => names[port] ?? String(port);
  const op =
    end.except === true
      ? `neq ${named(low)}`
      : low === high
        ? `eq ${named(low)}`
        : high === 65_535
          ? `gt ${named(low - 1)}`
          : low === 0
            ? `lt ${named(high + 1)}`
            : `range ${named(low)} ${named(high)}`;
  return [where, `${word}-port ${op}`].filter((part) => part !== "").join(" ");
}

/** Rules of a list in order: number and text. */
export function rulesOf(list: Section): readonly (readonly [id: number, text: string])[] {
  return list
    .all(RULE)
    .map(([key, text]) => [Number(key), text] as const)
    .sort(([a], [b]) => a - b);
}

/** The distance between rule numbers that the device gives by itself. */
export function stepOf(list: Section): number {
  return Number(list.get("step")?.split(" ")[1] ?? DEFAULT_STEP);
}

function addRule(call: Call): Outcome {
  const { section, values } = call;
  const rule = readRule(section.view, `${values.action} ${values.rest ?? ""}`.trimEnd());
  if ("at" in rule) {
    if (rule.incomplete)
      return { refused: true, output: "Error:Incomplete command found at '^' position.\n" };
    const before = values.id === undefined ? "rule ".length : `rule ${values.id} `.length;
    return { refused: true, caret: before + rule.at };
  }
  const rules = rulesOf(section);
  if (values.id === undefined && rules.some(([, text]) => text === rule.text)) return DONE;
  const step = stepOf(section);
  const last = rules.at(-1)?.[0];
  const next = last === undefined ? step : (Math.floor(last / step) + 1) * step;
  section.put(RULE, rule.text, values.id ?? String(next));
  return DONE;
}

function dropRule(call: Call): Outcome {
  const id = call.values.id ?? "";
  if (!call.section.drop(RULE, id)) return refusal("Error: The specified rule does not exist.\n");
  call.section.drop("rule description", id);
  return DONE;
}

/** Lines of an access list. */
export const ACL_TABLE: ViewTable<VrpConfig> = [
  { p: "description <text:line>", no: "description" },
  { id: "step", p: "step <step:1-20>", standard: ["step 5"], no: "step" },
  {
    id: RULE,
    p: "rule [<id:0-4294967294>] <action:permit|deny> [<rest:line>]",
    no: "rule <id:0-4294967294>",
    sort: (a, b) => Number(a) - Number(b),
    set: addRule,
    unset: dropRule,
    print: (text, key) => [`rule ${key} ${text}`],
  },
  {
    id: "rule description",
    p: "rule <id:0-4294967294> description <text:line>",
    keys: ["id"],
    set: (call) => {
      if (call.section.get(RULE, call.values.id) === undefined)
        return refusal("Error: The specified rule does not exist.\n");
      call.section.put("rule description", call.text, call.values.id);
      return DONE;
    },
  },
];

function openNumbered(call: Call): Outcome {
  const number = call.values.number ?? "";
  const view = Number(number) < 3000 ? "acl-basic" : "acl-advanced";
  return { opened: [call.state.root.open(ACL, number, view, `acl number ${number}`)] };
}

function openNamed(call: Call): Outcome {
  const { name = "", kind, number } = call.values;
  const found = call.state.acl(name);
  if (found !== undefined) return { opened: [found] };
  const basic = kind === "basic" || (number !== undefined && Number(number) < 3000);
  if (kind === undefined && number === undefined) return refusal("Error: The ACL does not exist.\n");
  const given = number ?? freeNumber(call.state, basic);
  return {
    opened: [
      call.state.root.open(ACL, name, basic ? "acl-basic" : "acl-advanced", `acl name ${name} ${given}`),
    ],
  };
}

/** Named lists get numbers from the top of their range downwards. */
function freeNumber(config: VrpConfig, basic: boolean): string {
  const taken = new Set(config.root.blocks(ACL).map(([, block]) => block.header.split(" ").at(-1)));
  let number = basic ? 2999 : 3999;
  while (taken.has(String(number))) number -= 1;
  return String(number);
}

function closeList(call: Call, key: string): Outcome {
  if (call.state.acl(key) === undefined) return refusal("Error: The ACL does not exist.\n");
  const users = usersOf(call.state, key);
  if (users.length > 0) return refusal(`Error: The ACL is in use (${users[0]}) and cannot be deleted.\n`);
  call.state.root.close(ACL, key);
  return DONE;
}

/** Where a list is applied. */
function usersOf(config: VrpConfig, key: string): string[] {
  const applied = new RegExp(` acl (name )?${key}( |$)`);
  return config
    .interfaces()
    .flatMap(([name, block]) =>
      block.all("traffic-filter").some(([, text]) => applied.test(text)) ? [name] : [],
    );
}

/** The commands that make and delete access lists. */
export const ACL_RULES: readonly Rule<VrpConfig>[] = [
  {
    id: ACL,
    p: "acl [number] <number:2000-3999>",
    no: "acl {[number] <number:2000-3999>|all}",
    sort: (a, b) => aclOrder(a) - aclOrder(b),
    set: openNumbered,
    unset: (call) => closeList(call, call.values.number ?? ""),
    mark: "#",
  },
  {
    id: "acl name",
    p: "acl name <name:host> [{<kind:basic|advance>|<number:2000-3999>}]",
    no: "acl name <name:host>",
    set: openNamed,
    unset: (call) => closeList(call, call.values.name ?? ""),
  },
];

function aclOrder(key: string): number {
  return /^\d+$/.test(key) ? Number(key) : 10_000;
}

/** Tells whether a list lets a source reach a terminal line; a list that does not exist lets everything pass. */
export function letsSource(list: Section | undefined, source: string): boolean {
  if (list === undefined) return true;
  for (const [, text] of rulesOf(list)) {
    const rule = readRule(list.view, text);
    if ("at" in rule || (rule.protocol !== "ip" && rule.protocol !== "tcp")) continue;
    if (!matchesWildcard(source, rule.source.address, rule.source.wildcard)) continue;
    const { ports } = rule.target;
    if (ports !== undefined && (22 < ports[0] || 22 > ports[1])) continue;
    return rule.permit;
  }
  return rulesOf(list).length === 0;
}

/** The list that a terminal line checks arriving logins against. */
export function vtyList(config: VrpConfig): Section | undefined {
  const line = config.root.block(USER_INTERFACE, "vty 0 4")?.get("acl", "inbound");
  return line === undefined ? undefined : config.acl(line.split(" ")[1] ?? "");
}
