import type { ArgReader } from "../cli/grammar.ts";

const KINDS = [
  "GigabitEthernet",
  "XGigabitEthernet",
  "MultiGE",
  "40GE",
  "100GE",
  "Ethernet",
  "MEth",
  "Eth-Trunk",
  "Vlanif",
  "LoopBack",
  "NULL",
  "Tunnel",
] as const;

const SHORT: Readonly<Record<string, string>> = {
  GigabitEthernet: "GE",
  XGigabitEthernet: "XGE",
};

/** The order in which the current configuration lists kinds of interfaces. */
const PRINT_ORDER = [
  "Vlanif",
  "MEth",
  "Eth-Trunk",
  "Ethernet",
  "GigabitEthernet",
  "MultiGE",
  "XGigabitEthernet",
  "40GE",
  "100GE",
  "NULL",
  "LoopBack",
  "Tunnel",
];

/** Spells an interface name out: `g0/0/1` and `GigabitEthernet 0/0/1` become `GigabitEthernet0/0/1`. */
export function interfaceName(text: string): string | undefined {
  const found = /^((?:40|100)?[a-z-]+)\s*(\d+(?:\/\d+)*)$/i.exec(text);
  const typed = found?.[1]?.toLowerCase();
  if (found === null || typed === undefined) return undefined;
  const hits = KINDS.filter((kind) => kind.toLowerCase().startsWith(typed));
  const kind = hits.find((one) => one.toLowerCase() === typed) ?? (hits.length === 1 ? hits[0] : undefined);
  const slashes = (found[2] ?? "").includes("/");
  if (kind === undefined || slashes === ["Eth-Trunk", "Vlanif", "LoopBack", "NULL", "Tunnel"].includes(kind))
    return undefined;
  return `${kind}${found[2]}`;
}

/** The kind of an interface: its name without the numbers. */
export function kindOf(name: string): string {
  return KINDS.filter((kind) => name.startsWith(kind)).sort((a, b) => b.length - a.length)[0] ?? name;
}

/** The short form that tables print: `GE0/0/1`. */
export function shortName(name: string): string {
  const kind = kindOf(name);
  return `${SHORT[kind] ?? kind}${name.slice(kind.length)}`;
}

/** Orders interfaces as the current configuration lists them. */
export function byInterface(a: string, b: string): number {
  const kinds = PRINT_ORDER.indexOf(kindOf(a)) - PRINT_ORDER.indexOf(kindOf(b));
  if (kinds !== 0) return kinds;
  const numbers = (name: string): number[] => name.slice(kindOf(name).length).split("/").map(Number);
  const right = numbers(b);
  for (const [index, value] of numbers(a).entries()) {
    const step = value - (right[index] ?? -1);
    if (step !== 0) return step;
  }
  return 0;
}

/** Reads an interface name of one or two words. */
export const interfaceArg: ArgReader = (tokens, index) => {
  const first = tokens[index]?.text ?? "";
  const whole = interfaceName(first);
  if (whole !== undefined) return { value: whole, count: 1 };
  const second = tokens[index + 1]?.text;
  if (second === undefined || !/^\d/.test(second)) return undefined;
  const joined = interfaceName(first + second);
  return joined === undefined ? undefined : { value: joined, count: 2 };
};
