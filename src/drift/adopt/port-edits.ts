import type { PortIntent } from "../../model/intent.ts";
import type { Network } from "../../model/site.ts";
import type { AdoptItem } from "./adopt-types.ts";

/** Names of networks by their VLAN. */
export interface VlanNames {
  readonly networks: readonly Pick<Network, "name" | "vlan">[];
}

/** What an item would mean in the inventory: settings of a port, or why there is none. */
export type PortMeaning =
  | { readonly settings: Readonly<Record<string, unknown>>; readonly refused?: never }
  | { readonly settings?: never; readonly refused: string };

/** A port's statement as a platform spells it, and what it means. */
interface Statement {
  readonly pattern: RegExp;
  readonly mean: (match: RegExpExecArray, site: VlanNames) => PortMeaning;
}

/** Networks that a trunk carries, and the one that it carries untagged. */
const ALLOWED = /^(?:switchport trunk allowed vlan|port trunk allow-pass vlan) ([\d ,toTO-]+)$/;
const NATIVE = /^(?:switchport trunk native vlan|port trunk pvid vlan) (\d+)$/;

const STATEMENTS: readonly Statement[] = [
  { pattern: /^description (.+)$/, mean: ([, text = ""]) => settings({ description: unquoted(text) }) },
  {
    pattern: /^(?:switchport access vlan|port default vlan|port hybrid (?:pvid|untagged) vlan) (\d+)$/,
    mean: ([, id], site) => namedNetworks(site, [Number(id)], (names) => ({ network: names[0] })),
  },
  {
    pattern: ALLOWED,
    mean: ([, list = ""], site) => namedNetworks(site, vlansOf(list), (names) => ({ tagged: names })),
  },
  {
    pattern: NATIVE,
    mean: ([, id], site) => namedNetworks(site, [Number(id)], (names) => ({ native: names[0] })),
  },
  {
    pattern: /^(?:switchport voice vlan|port hybrid tagged vlan|voice-vlan) (\d+)(?: enable)?$/,
    mean: ([, id], site) => namedNetworks(site, [Number(id)], (names) => ({ voice: names[0] })),
  },
  { pattern: /^(?:switchport mode|port link-type) (access|trunk)$/, mean: ([, mode]) => settings({ mode }) },
  // What telephones need on VRP follows from `voice`.
  {
    pattern: /^(?:port link-type hybrid|undo port hybrid vlan 1)$/,
    mean: () => settings({ mode: "access" }),
  },
  { pattern: /^(?:shutdown|admin down)$/, mean: () => settings({ enabled: false }) },
  { pattern: /^edge yes$/, mean: () => settings({ edge: true }) },
  { pattern: /^mtu (\d+)$/, mean: ([, bytes]) => settings({ mtu: Number(bytes) }) },
  { pattern: /^(?:(?:no|undo) shutdown|admin up)$/, mean: () => settings({ enabled: true }) },
];

/** What a port can do without, and the key that says so. */
const GONE = [
  [/^(?:switchport voice vlan|voice-vlan|port hybrid (?:tagged|untagged|pvid) vlan) /, "voice"],
  [/^(?:switchport trunk native vlan|port trunk pvid vlan) /, "native"],
  [/^edge yes$/, "edge"],
  [/^mtu \d+$/, "mtu"],
] as const;

/** Translates what runs on a port into the inventory's words. */
export function portMeaning(item: AdoptItem, site: VlanNames): PortMeaning {
  if (item.kind === "removed") {
    if (item.applied === "shutdown") return settings({ enabled: true });
    if (/^description /.test(item.applied ?? ""))
      return { refused: "a port without a description cannot be written; give it one" };
    const key = GONE.find(([pattern]) => pattern.test(item.applied ?? ""))?.[1];
    if (key !== undefined) return settings({ [key]: key === "edge" ? false : null });
    return { refused: `the inventory has no word for a port without \`${item.applied ?? ""}\`` };
  }
  const text = (item.running ?? "").trim();
  for (const { pattern, mean } of STATEMENTS) {
    const match = pattern.exec(text);
    if (match) return mean(match, site);
  }
  return { refused: `the inventory has no word for \`${text.split("\n")[0] ?? ""}\`` };
}

/** Translates a trunk whose list or native VLAN changed. Both together say which networks are tagged: the list of a
 *  switch names the native VLAN too.
 *  @param statements - the port as it runs
 *  @returns undefined where the item is about something else, or the port runs without a list */
export function trunkMeaning(
  item: AdoptItem,
  port: PortIntent,
  statements: readonly string[],
  site: VlanNames,
): PortMeaning | undefined {
  const text = (item.running ?? "").trim();
  const list = statements.flatMap((line) => ALLOWED.exec(line)?.[1] ?? [])[0];
  if (list === undefined || (!ALLOWED.test(text) && !NATIVE.test(text))) return undefined;
  const native = statements.flatMap((line) => NATIVE.exec(line)?.[1] ?? []).map(Number)[0];
  const tagged = vlansOf(list).filter((id) => id !== native);
  const sameList = tagged.join() === [...port.taggedVlans].sort((a, b) => a - b).join();
  const sameNative = native === undefined || native === port.nativeVlan;
  return namedNetworks(site, [...(native === undefined ? [] : [native]), ...tagged], (names) => ({
    ...(sameNative ? {} : { native: names[0] }),
    ...(sameList ? {} : { tagged: names.slice(native === undefined ? 0 : 1) }),
  }));
}

function settings(values: Readonly<Record<string, unknown>>): PortMeaning {
  return { settings: values };
}

/** Names the networks of VLANs. */
export function namedNetworks(
  site: VlanNames,
  vlans: readonly number[],
  use: (names: readonly string[]) => Readonly<Record<string, unknown>>,
): PortMeaning {
  const networks = vlans.map((id) => site.networks.find((network) => network.vlan === id));
  const missing = vlans.find((_id, index) => networks[index] === undefined);
  if (missing !== undefined || vlans.length === 0)
    return { refused: `no network of the site has VLAN ${missing ?? "?"}; add it to site.yaml first` };
  return settings(use(networks.flatMap((network) => network?.name ?? [])));
}

/** `10,20-22` and `10 20 to 22`. */
export function vlansOf(list: string): readonly number[] {
  const ids: number[] = [];
  for (const part of list
    .trim()
    .replace(/\s+to\s+/gi, "-")
    .split(/[\s,]+/)) {
    const [from = Number.NaN, to = from] = part.split("-").map(Number);
    if (!(from >= 1 && to <= 4094 && from <= to)) return [];
    for (let id = from; id <= to; id += 1) ids.push(id);
  }
  return ids;
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, "$1").replace(/\\(["\\])/g, "$1");
}
