import { keep } from "../cli/apply.ts";
import { DONE, type Outcome, refusal } from "../cli/outcome.ts";
import type { Section } from "../cli/section.ts";
import type { RuleCall, ViewTable } from "../cli/view.ts";
import type { VrpConfig } from "./config.ts";
import { cipherText, irreversible, isCipher } from "./secrets.ts";

type Call = RuleCall<VrpConfig>;

const ONLINE = `Info: After changing the rights (including the password, access type, FTP directory, HTTP directory, and level) of a local user, the rights of users already online do not change. The change takes effect to users who go online after the change.\n`;
const SHORTEST = 8;

function weakness(name: string, password: string): string | undefined {
  if (password.length < SHORTEST)
    return `Error: The password must contain at least ${SHORTEST} characters.\n`;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  if (kinds < 2)
    return "Error: The password must contain at least two of the following: uppercase letters, lowercase letters, digits, and special characters.\n";
  const reversed = [...name].reverse().join("");
  if (password === name || password === reversed)
    return "Error: The password cannot be the same as the user name or its reverse.\n";
  return undefined;
}

function setPassword(call: Call): Outcome {
  const { name = "", password = "" } = call.values;
  const known = userExists(call.section, name);
  if (!isCipher(password)) {
    const fault = weakness(name, password);
    if (fault !== undefined) return refusal(fault);
  }
  const kept = isCipher(password) ? password : irreversible(password);
  call.section.put("local-user", `local-user ${name} password irreversible-cipher ${kept}`, name);
  return { output: known ? ONLINE : "Info: Add a new user.\n" };
}

function userExists(aaa: Section, name: string): boolean {
  return aaa.get("local-user", name) !== undefined;
}

function property(call: Call): Outcome {
  const { name = "" } = call.values;
  if (!userExists(call.section, name)) return refusal("Error: The user does not exist.\n");
  keep(call);
  return { output: ONLINE };
}

function serviceTypes(call: Call): Outcome {
  const known = ["8021x", "api", "ftp", "http", "ppp", "ssh", "telnet", "terminal", "web", "x25-pad"];
  const types = (call.values.types ?? "")
    .split(/\s+/)
    .map((word) => known.find((one) => one.startsWith(word)));
  if (types.includes(undefined))
    return { refused: true, caret: `local-user ${call.values.name} service-type `.length };
  const order = ["telnet", "terminal", "ssh", "ftp", "x25-pad", "http", "8021x", "ppp", "web", "api"];
  const sorted = order.filter((one) => types.includes(one));
  return property({ ...call, text: `local-user ${call.values.name} service-type ${sorted.join(" ")}` });
}

function dropUser(call: Call): Outcome {
  const { name = "" } = call.values;
  if (!userExists(call.section, name)) return refusal("Error: The user does not exist.\n");
  for (const rule of USER_RULES) call.section.drop(rule, name);
  return DONE;
}

const USER_RULES = ["local-user", "level", "service", "idle", "access-limit", "state"];

const DEFAULT_SCHEMES = [
  "authentication-scheme default",
  " authentication-mode local",
  "authentication-scheme radius",
  " authentication-mode radius",
  "authorization-scheme default",
  " authorization-mode local",
  "accounting-scheme default",
  " accounting-mode none",
];
const DEFAULT_DOMAINS = [
  "domain default",
  " authentication-scheme radius",
  " accounting-scheme default",
  " radius-server default",
  "domain default_admin",
  " authentication-scheme default",
  " accounting-scheme default",
];

const SIX_END = "{any|<net:prefix6>|<host:ipv6> <length:0-128>}";
const SIX_PORT = "{{eq|gt|lt} <port:word>|range <low:word> <high:word>}";
const SIX_OPTION = `{source ${SIX_END}|destination ${SIX_END}|source-port ${SIX_PORT}|destination-port ${SIX_PORT}|logging|fragment}`;
const SIX_OPTIONS = `[${SIX_OPTION} [${SIX_OPTION} [${SIX_OPTION} [${SIX_OPTION} [${SIX_OPTION}]]]]]`;
/** A basic list names a source only. */
const SIX = `source ${SIX_END}`;

/** Views of smaller blocks: VLAN, pool, AAA, terminal lines, VPN instance. */
export const SMALL_VIEWS: Readonly<Record<string, ViewTable<VrpConfig>>> = {
  acl6: [
    { p: "description <text:line>", no: "description" },
    {
      id: "rule",
      p: `rule [<id:0-4294967294>] <action:permit|deny> {${SIX} [{ipv6|tcp|udp|icmpv6|<number:1-255>} ${SIX_OPTIONS}]|{ipv6|tcp|udp|icmpv6|<number:1-255>} ${SIX_OPTIONS}}`,
      no: "rule <id:0-4294967294>",
      sort: (a, b) => Number(a) - Number(b),
      set: addRule6,
      unset: (call) =>
        call.section.drop("rule", call.values.id)
          ? DONE
          : refusal("Error: The specified rule does not exist.\n"),
      print: (text, key) => [`rule ${key} ${text}`],
    },
  ],
  vlan: [
    { p: "description <text:line>", no: "description" },
    { p: "name <name:word>", no: "name" },
    { p: "management-vlan" },
    { p: "dhcp snooping enable", no: "dhcp snooping enable", set: snoopingVlan },
    { p: "dhcp snooping trusted interface <name:iface>", keys: ["name"] },
    { p: "arp anti-attack check user-bind enable" },
    { p: "ip source check user-bind enable" },
    { p: "mac-address learning disable" },
    { p: "traffic-policy <name:host> <way:inbound|outbound>", keys: ["way"] },
  ],
  pool: [
    { p: "vpn-instance <vpn:host>", no: "vpn-instance [<vpn:host>]" },
    { p: "gateway-list <gateways:line>", no: "gateway-list [<gateways:line>]" },
    { p: "network <network:ipv4> [mask <mask:mask>]", no: "network" },
    { p: "excluded-ip-address <low:ipv4> [<high:ipv4>]", keys: ["low", "high"] },
    {
      p: "static-bind ip-address <address:ipv4> mac-address <mac:word>",
      keys: ["address"],
      no: "static-bind ip-address <address:ipv4> [mac-address <mac:word>]",
    },
    {
      p: "lease {unlimited|day <days:0-999> [hour <hours:0-23> [minute <minutes:0-59>]]}",
      no: "lease",
      standard: ["lease day 1", "lease day 1 hour 0 minute 0"],
    },
    { p: "dns-list <servers:line>", no: "dns-list [<servers:line>]" },
    { p: "domain-name <name:host>", no: "domain-name" },
    {
      p: "option <number:1-254> {ip-address <address:ipv4>|ascii <text:word>|hex <text:word>}",
      keys: ["number"],
      no: "option <number:1-254>",
    },
  ],
  aaa: [
    { id: "schemes", p: "schemes-marker", no: null, absent: () => DEFAULT_SCHEMES },
    {
      id: "scheme",
      p: "authentication-scheme <name:host>",
      keys: ["name"],
      enter: "aaa-scheme",
      arrange: (blocks) => blocks.filter((one) => !["default", "radius"].includes(one.key)),
    },
    {
      id: "authorization",
      p: "authorization-scheme <name:host>",
      keys: ["name"],
      enter: "aaa-scheme",
      arrange: (blocks) => blocks.filter((one) => one.key !== "default"),
    },
    {
      id: "accounting",
      p: "accounting-scheme <name:host>",
      keys: ["name"],
      enter: "aaa-scheme",
      arrange: (blocks) => blocks.filter((one) => one.key !== "default"),
    },
    { p: "local-aaa-user password policy administrator", enter: "aaa-policy" },
    { id: "domains", p: "domains-marker", no: null, absent: () => DEFAULT_DOMAINS },
    {
      id: "domain",
      p: "domain <name:host>",
      keys: ["name"],
      enter: "aaa-domain",
      arrange: (blocks) => blocks.filter((one) => !["default", "default_admin"].includes(one.key)),
    },
    {
      id: "local-user",
      p: "local-user <name:host> password {irreversible-cipher|cipher} <password:word>",
      keys: ["name"],
      no: "local-user <name:host>",
      set: setPassword,
      unset: dropUser,
    },
    {
      id: "level",
      p: "local-user <name:host> privilege level <level:0-15>",
      keys: ["name"],
      no: "local-user <name:host> privilege level",
      set: property,
    },
    {
      id: "state",
      p: "local-user <name:host> state {active|block}",
      keys: ["name"],
      no: "local-user <name:host> state",
      set: property,
    },
    {
      id: "idle",
      p: "local-user <name:host> idle-timeout <minutes:0-35791> [<seconds:0-59>]",
      keys: ["name"],
      no: "local-user <name:host> idle-timeout",
      set: property,
    },
    {
      id: "access-limit",
      p: "local-user <name:host> access-limit <count:1-4294967295>",
      keys: ["name"],
      no: "local-user <name:host> access-limit",
      set: property,
    },
    {
      id: "service",
      p: "local-user <name:host> service-type <types:line>",
      keys: ["name"],
      no: "local-user <name:host> service-type",
      set: serviceTypes,
    },
  ],
  "aaa-scheme": [
    { p: "authentication-mode <modes:line>", no: "authentication-mode" },
    { p: "authorization-mode <modes:line>", no: "authorization-mode" },
    { p: "accounting-mode <modes:line>", no: "accounting-mode" },
  ],
  "aaa-policy": [
    {
      p: "password history record number <count:0-12>",
      standard: ["password history record number 5"],
      no: "password history record number",
    },
    { p: "password expire <days:0-999>", standard: ["password expire 90"], no: "password expire" },
  ],
  "aaa-domain": [
    { p: "authentication-scheme <name:host>", no: "authentication-scheme" },
    { p: "accounting-scheme <name:host>", no: "accounting-scheme" },
    { p: "radius-server <name:host>", no: "radius-server" },
  ],
  ui: [
    {
      id: "acl",
      p: "acl <acl:word> <way:inbound|outbound>",
      keys: ["way"],
      no: "acl [<acl:word>] <way:inbound|outbound>",
      set: applyAcl,
    },
    { id: "authentication", p: "authentication-mode {aaa|password|none}", no: "authentication-mode" },
    { p: "user privilege level <level:0-15>", no: "user privilege level" },
    {
      p: "set authentication password cipher <password:word>",
      no: "set authentication password",
      set: (call) =>
        void call.section.put(
          call.rule.p,
          `set authentication password cipher ${isCipher(call.values.password ?? "") ? call.values.password : cipherText()}`,
        ),
    },
    {
      p: "history-command max-size <size:0-256>",
      standard: ["history-command max-size 10"],
      no: "history-command max-size",
    },
    { p: "idle-timeout <minutes:0-35791> [<seconds:0-59>]", no: "idle-timeout", set: setIdle },
    { p: "screen-length <lines:0-512>", standard: ["screen-length 24"], no: "screen-length" },
    { id: "protocol", p: "protocol inbound {all|ssh|telnet}", no: "protocol inbound" },
  ],
  vpn: [{ p: "ipv4-family", enter: "vpn-family", no: "ipv4-family" }],
  "vpn-family": [
    { p: "route-distinguisher <rd:word>", no: "route-distinguisher" },
    { p: "vpn-target <target:word> <way:export-extcommunity|import-extcommunity>", keys: ["target", "way"] },
  ],
  ospf: [
    { p: "area <area:word>", keys: ["area"], enter: "ospf-area" },
    { p: "silent-interface {all|<name:iface>}", keys: ["name"] },
    { p: "import-route {direct|static}", keys: [] },
  ],
  "ospf-area": [{ p: "network <network:ipv4> <wild:ipv4>", keys: ["network", "wild"] }],
  null: [],
};

/** Numbers a rule by fives, as the device does, and keeps it once. */
function addRule6(call: Call): Outcome {
  const text = call.text.replace(/^rule (\d+ )?/, "");
  const kept = call.section.all("rule");
  if (call.values.id === undefined && kept.some(([, other]) => other === text)) return DONE;
  const last = Math.max(0, ...kept.map(([key]) => Number(key)));
  call.section.put("rule", text, call.values.id ?? String((Math.floor(last / 5) + 1) * 5));
  return DONE;
}

function snoopingVlan(call: Call): Outcome {
  if (call.state.root.get("dhcp snooping enable") === undefined) {
    return refusal("Error: Please enable DHCP snooping in the system view first.\n");
  }
  keep(call);
  return DONE;
}

function applyAcl(call: Call): Outcome {
  const { acl = "" } = call.values;
  if (!/^[23]\d{3}$/.test(acl) && call.state.acl(acl) === undefined)
    return { refused: true, caret: "acl ".length };
  keep(call);
  return DONE;
}

function setIdle(call: Call): Outcome {
  const text = `idle-timeout ${call.values.minutes} ${call.values.seconds ?? "0"}`;
  if (text === "idle-timeout 10 0") call.section.drop(call.rule.p);
  else call.section.put(call.rule.p, text);
  return DONE;
}
