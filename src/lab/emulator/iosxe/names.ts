import type { ArgReader } from "../cli/grammar.ts";

const KINDS = [
  "GigabitEthernet",
  "TwoGigabitEthernet",
  "TenGigabitEthernet",
  "FortyGigabitEthernet",
  "AppGigabitEthernet",
  "FastEthernet",
  "Port-channel",
  "Vlan",
  "Loopback",
  "Tunnel",
] as const;

const SHORT: Readonly<Record<string, string>> = {
  GigabitEthernet: "Gi",
  TwoGigabitEthernet: "Tw",
  TenGigabitEthernet: "Te",
  FortyGigabitEthernet: "Fo",
  AppGigabitEthernet: "Ap",
  FastEthernet: "Fa",
  "Port-channel": "Po",
  Vlan: "Vl",
  Loopback: "Lo",
  Tunnel: "Tu",
};

/** The order in which a Catalyst prints kinds of interfaces. */
const PRINT_ORDER = [
  "Loopback",
  "Port-channel",
  "GigabitEthernet",
  "TwoGigabitEthernet",
  "TenGigabitEthernet",
  "FortyGigabitEthernet",
  "AppGigabitEthernet",
  "FastEthernet",
  "Tunnel",
  "Vlan",
];

/** Spells an interface name out: `gi1/0/1` and `GigabitEthernet 1/0/1` become `GigabitEthernet1/0/1`. */
export function interfaceName(text: string): string | undefined {
  const found = /^([a-z-]+)\s*(\d+(?:\/\d+)*)$/i.exec(text);
  const typed = found?.[1]?.toLowerCase();
  if (found === null || typed === undefined || typed === "") return undefined;
  const hits = KINDS.filter((kind) => kind.toLowerCase().startsWith(typed));
  const exact = hits.find((kind) => kind.toLowerCase() === typed);
  const kind = exact ?? (hits.length > 0 ? hits[0] : undefined);
  return kind === undefined ? undefined : `${kind}${found[2]}`;
}

/** The kind of an interface: its name without the numbers. */
export function kindOf(name: string): string {
  return name.replace(/[\d/]+$/, "");
}

/** The short form that tables print: `Gi1/0/1`. */
export function shortName(name: string): string {
  const kind = kindOf(name);
  return `${SHORT[kind] ?? kind}${name.slice(kind.length)}`;
}

/** Orders interfaces as the running configuration lists them. */
export function byInterface(a: string, b: string): number {
  const kinds = PRINT_ORDER.indexOf(kindOf(a)) - PRINT_ORDER.indexOf(kindOf(b));
  if (kinds !== 0) return kinds;
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (const [index, value] of left.entries()) {
    const step = value - (right[index] ?? -1);
    if (step !== 0) return step;
  }
  return left.length - right.length;
}

function numbersOf(name: string): number[] {
  return (/[\d/]+$/.exec(name)?.[0] ?? "").split("/").map(Number);
}

/** Reads an interface name of one or two words. */
export const interfaceArg: ArgReader = (tokens, index) => {
  const first = tokens[index]?.text ?? "";
  const whole = interfaceName(first);
  if (whole !== undefined) return { value: whole, count: 1 };
  const second = tokens[index + 1]?.text;
  if (second === undefined || !/^[a-z-]+$/i.test(first)) return undefined;
  const joined = interfaceName(first + second);
  return joined === undefined ? undefined : { value: joined, count: 2 };
};

/** Reads `gi1/0/1-4 , gi1/0/8, vlan 10 - 12`; undefined where a part is no interface. */
export function interfaceRange(text: string): string[] | undefined {
  const names: string[] = [];
  for (const part of text.split(",")) {
    const tight = part.trim().replace(/\s*-\s*(?=\d)/, "-");
    const found = /^([a-z-]+?\s*(?:\d+\/)*)(\d+)(?:-(?:\S*\/)?(\d+))?$/i.exec(tight);
    if (found === null) return undefined;
    const first = Number(found[2]);
    const last = found[3] === undefined ? first : Number(found[3]);
    if (last < first || last - first > 4094) return undefined;
    for (let number = first; number <= last; number += 1) {
      const name = interfaceName(`${found[1]}${number}`);
      if (name === undefined) return undefined;
      names.push(name);
    }
  }
  return names;
}
