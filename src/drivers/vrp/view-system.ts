import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, UserIntent } from "../../model/intent.ts";
import { secretPlaceholder } from "../../model/secret.ts";
import { clockZone } from "../render/clock-zone.ts";
import { type Maybe, maybe, when } from "../render/optional.ts";
import type { Refusals } from "../render/refusals.ts";
import { MANAGEMENT_FILTER, SNMP_FILTER } from "./view-filters.ts";

/** What the device is and whom it talks to, beside networks. */
export interface SystemView {
  readonly hostname: string;
  readonly domain: Maybe<string>;
  readonly resolve: Maybe<true>;
  readonly servers: readonly string[];
  readonly zone: Maybe<string>;
  readonly users: readonly UserView[];
  readonly banner: readonly {
    readonly text: readonly { readonly first: string; readonly rest: readonly string[] }[];
  }[];
  readonly timeout: Maybe<number>;
  readonly source: Maybe<string>;
  readonly logSource: Maybe<string>;
  readonly clockSource: Maybe<string>;
  readonly logs: readonly string[];
  readonly clocks: readonly string[];
  readonly snmp: readonly SnmpView[];
  readonly guards: Maybe<number>;
}

interface UserView {
  readonly origin: FileWhere;
  readonly name: string;
  readonly level: number;
  readonly secret: string;
}

interface SnmpView {
  readonly user: string;
  readonly auth: string;
  readonly privacy: string;
  readonly hosts: readonly { readonly host: string; readonly user: string }[];
  readonly location: Maybe<string>;
  readonly contact: Maybe<string>;
  readonly filter: number;
}

/** Idle time after which the device logs a user out without being told, minutes; not printed. */
const DEFAULT_TIMEOUT_MINUTES = 10;

const WORD = { asciiOnly: true, word: true } as const;

/** Settles what the system sections say. */
export function systemView(intent: DeviceIntent, refusals: Refusals): SystemView {
  const { system, management } = intent;
  const source = when(management.vlan !== undefined, () => `Vlanif${management.vlan}`);
  return {
    hostname: refusals.text(system.hostname, "a hostname", intent.origin, { ...WORD, maxChars: 246 }),
    domain: maybe(system.domain),
    resolve: when(system.dns.length > 0, () => true as const),
    servers: system.dns,
    zone: maybe(zoneText(intent, refusals)),
    users: system.users.flatMap((user) => userView(user, refusals)),
    banner: bannerView(intent, refusals),
    timeout: when(system.idleTimeoutMinutes !== DEFAULT_TIMEOUT_MINUTES, () => system.idleTimeoutMinutes),
    source,
    logSource: system.syslog.length > 0 ? source : [],
    clockSource: system.ntp.length > 0 ? source : [],
    logs: system.syslog,
    clocks: system.ntp,
    snmp: system.snmp ? [snmpView(intent, system.snmp, refusals)] : [],
    guards: when(management.allowedFrom.length > 0, () => MANAGEMENT_FILTER),
  };
}

function zoneText(intent: DeviceIntent, refusals: Refusals): string | undefined {
  const zone = clockZone(intent.system.timezone);
  if (zone === undefined || zone.summer !== undefined) {
    const hint = "Take a zone without daylight saving, such as Asia/Shanghai or UTC.";
    refusals.refuse(`the time zone ${intent.system.timezone}`, hint, intent.origin);
    return undefined;
  }
  if (zone.offsetMinutes === 0) return undefined;
  const minutes = Math.abs(zone.offsetMinutes);
  const two = (value: number): string => String(value).padStart(2, "0");
  const sign = zone.offsetMinutes < 0 ? "minus" : "add";
  return `${zone.name} ${sign} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00`;
}

function userView(user: UserIntent, refusals: Refusals): readonly UserView[] {
  if (user.keys.length > 0) {
    refusals.refuse(
      `the keys of ${user.name}`,
      `Give it a password, and take the keys away here: users: {${user.name}: {keys: null}}.`,
      user.origin,
    );
  }
  if (user.password === undefined) return [];
  return [
    {
      origin: user.origin,
      name: refusals.text(user.name, "an account's name", user.origin, { ...WORD, maxChars: 64 }),
      level: user.role === "admin" ? 15 : 1,
      secret: secretPlaceholder(user.password),
    },
  ];
}

function bannerView(intent: DeviceIntent, refusals: Refusals): SystemView["banner"] {
  const { banner } = intent.system;
  if (banner === undefined || banner.trim() === "") return [];
  const lines = banner.trimEnd().split(/\r?\n/);
  if (lines.some((line) => /[\p{Cc}?"]/u.test(line))) {
    refusals.refuse('a banner with `?` or `"`', "Write the banner without them.", intent.origin);
    return [];
  }
  const [first = "", ...rest] = lines;
  return [{ text: [{ first, rest }] }];
}

function snmpView(
  intent: DeviceIntent,
  snmp: NonNullable<DeviceIntent["system"]["snmp"]>,
  refusals: Refusals,
): SnmpView {
  const text = (value: string | undefined, what: string): Maybe<string> =>
    value === undefined ? [] : [refusals.text(value, what, intent.origin, { maxChars: 255 })];
  const user = refusals.text(snmp.user, "an SNMP user", intent.origin, { ...WORD, maxChars: 32 });
  return {
    user,
    auth: secretPlaceholder(snmp.auth),
    privacy: secretPlaceholder(snmp.privacy),
    hosts: snmp.hosts.map((host) => ({ host, user })),
    location: text(snmp.location, "an SNMP location"),
    contact: text(snmp.contact, "an SNMP contact"),
    filter: SNMP_FILTER,
  };
}
