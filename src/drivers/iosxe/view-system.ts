import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, UserIntent } from "../../model/intent.ts";
import { secretPlaceholder } from "../../model/secret.ts";
import { type ClockZone, clockZone } from "../render/clock-zone.ts";
import { flag, type Maybe, maybe, when } from "../render/optional.ts";
import type { Refusals } from "../render/refusals.ts";
import { isIpv6 } from "./names.ts";

/** What the device is and whom it talks to, beside networks. */
export interface SystemView {
  readonly hostname: string;
  readonly domain: Maybe<string>;
  readonly servers: Maybe<string>;
  readonly noLookup: Maybe<true>;
  readonly zone: Maybe<string>;
  readonly summer: Maybe<string>;
  readonly users: readonly UserView[];
  readonly enable: Maybe<string>;
  readonly banner: readonly { readonly lines: readonly string[] }[];
  readonly timeout: Maybe<number>;
  readonly logSource: Maybe<string>;
  readonly clockSource: Maybe<string>;
  readonly logs: readonly string[];
  readonly clocks: readonly string[];
  readonly snmp: readonly SnmpView[];
}

interface UserView {
  readonly origin: FileWhere;
  readonly name: string;
  readonly level: string;
  readonly secret: string;
}

interface SnmpView {
  readonly user: string;
  readonly auth: string;
  readonly privacy: string;
  readonly hosts: readonly { readonly host: string; readonly user: string }[];
  readonly location: Maybe<string>;
  readonly contact: Maybe<string>;
  readonly access: string;
}

/** Idle time after which the device logs a user out without being told, minutes; not printed. */
const DEFAULT_TIMEOUT_MINUTES = 10;

const WORD = { asciiOnly: true, word: true } as const;

/** Settles what the system sections say. */
export function systemView(intent: DeviceIntent, refusals: Refusals): SystemView {
  const { system, management } = intent;
  const zone = zoneOf(intent, refusals);
  const source = when(management.vlan !== undefined, () => `Vlan${management.vlan}`);
  return {
    hostname: refusals.text(system.hostname, "a hostname", intent.origin, { ...WORD, maxChars: 63 }),
    domain: maybe(system.domain),
    servers: when(system.dns.length > 0, () => system.dns.join(" ")),
    noLookup: flag(system.dns.length === 0),
    zone: when(zone !== undefined && zone.name !== "UTC", () => zoneText(zone)),
    summer: maybe(summerText(zone)),
    users: system.users.flatMap((user) => userView(user, refusals)),
    enable: management.enable ? [secretPlaceholder(management.enable)] : [],
    banner: bannerView(intent, refusals),
    timeout: when(system.idleTimeoutMinutes !== DEFAULT_TIMEOUT_MINUTES, () => system.idleTimeoutMinutes),
    logSource: system.syslog.length > 0 ? source : [],
    clockSource: system.ntp.length > 0 ? source : [],
    logs: system.syslog,
    clocks: system.ntp,
    snmp: system.snmp ? [snmpView(intent, system.snmp, refusals)] : [],
  };
}

function zoneOf(intent: DeviceIntent, refusals: Refusals): ClockZone | undefined {
  const zone = clockZone(intent.system.timezone);
  if (zone === undefined) {
    const hint = "Take a zone without daylight saving of its own, or one of Europe or the United States.";
    refusals.refuse(`the time zone ${intent.system.timezone}`, hint, intent.origin);
  }
  return zone;
}

function zoneText(zone: ClockZone | undefined): string {
  const offset = zone?.offsetMinutes ?? 0;
  const hours = Math.trunc(offset / 60);
  return `${zone?.name ?? "UTC"} ${hours} ${Math.abs(offset % 60)}`;
}

const SUMMER_RULES = {
  europe: "recurring last Sun Mar 2:00 last Sun Oct 3:00",
  america: "recurring",
} as const;

function summerText(zone: ClockZone | undefined): string | undefined {
  return zone?.summer && `${zone.summer.name} ${SUMMER_RULES[zone.summer.rule]}`;
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
      level: user.role === "admin" ? " privilege 15" : "",
      secret: secretPlaceholder(user.password),
    },
  ];
}

function bannerView(intent: DeviceIntent, refusals: Refusals): SystemView["banner"] {
  const { banner } = intent.system;
  if (banner === undefined || banner.trim() === "") return [];
  const lines = banner.trimEnd().split(/\r?\n/);
  const bad = lines.find((line) => /[^\x20-\x7e]|\?|\^C/.test(line));
  if (bad !== undefined) {
    refusals.refuse(
      "a banner with anything but plain ASCII",
      "Write the banner in plain ASCII, without `?`.",
      intent.origin,
    );
    return [];
  }
  return [{ lines }];
}

function snmpView(
  intent: DeviceIntent,
  snmp: NonNullable<DeviceIntent["system"]["snmp"]>,
  refusals: Refusals,
): SnmpView {
  const text = (value: string | undefined, what: string): Maybe<string> =>
    value === undefined
      ? []
      : [refusals.text(value, what, intent.origin, { asciiOnly: true, maxChars: 255 })];
  const user = refusals.text(snmp.user, "an SNMP user", intent.origin, { ...WORD, maxChars: 32 });
  return {
    user,
    auth: secretPlaceholder(snmp.auth),
    privacy: secretPlaceholder(snmp.privacy),
    hosts: snmp.hosts.map((host) => ({ host, user })),
    location: text(snmp.location, "an SNMP location"),
    contact: text(snmp.contact, "an SNMP contact"),
    access: snmp.hosts.some((host) => !isIpv6(host)) ? " access SNMP-IN" : "",
  };
}
