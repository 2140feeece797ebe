import type { Network, Site } from "../../model/site.ts";
import type { AdoptItem } from "./adopt-types.ts";

/** What an item would mean in the inventory: settings of a port, or why there is none. */
export type PortMeaning =
  | { readonly settings: Readonly<Record<string, unknown>>; readonly refused?: never }
  | { readonly settings?: never; readonly refused: string };

/** A port's statement as a platform spells it, and what it means. */
interface Statement {
  readonly pattern: RegExp;
  readonly mean: (match: RegExpExecArray, site: Site) => PortMeaning;
}

const STATEMENTS: readonly Statement[] = [
  { pattern: /^description (.+)$/, mean: ([, text = ""]) => settings({ description: unquoted(text) }) },
  {
    pattern: /^(?:switchport access vlan|port default vlan|tag) (\d+)$/,
    mean: ([, id], site) => named(site, [Number(id)], (names) => ({ network: names[0] })),
  },
  {
    pattern: /^(?:switchport trunk allowed vlan|port trunk allow-pass vlan|trunks) ([\d ,toTO-]+)$/,
    mean: ([, list = ""], site) => named(site, vlansOf(list), (names) => ({ tagged: names })),
  },
  {
    pattern: /^(?:switchport trunk native vlan|port trunk pvid vlan) (\d+)$/,
    mean: ([, id], site) => named(site, [Number(id)], (names) => ({ native: names[0] })),
  },
  {
    pattern: /^switchport voice vlan (\d+)$/,
    mean: ([, id], site) => named(site, [Number(id)], (names) => ({ voice: names[0] })),
  },
  { pattern: /^(?:switchport mode|port link-type) (access|trunk)$/, mean: ([, mode]) => settings({ mode }) },
  { pattern: /^shutdown$/, mean: () => settings({ enabled: false }) },
  { pattern: /^(?:no|undo) shutdown$/, mean: () => settings({ enabled: true }) },
];

/** Translates what runs on a port into the inventory's words. */
export function portMeaning(item: AdoptItem, site: Site): PortMeaning {
  if (item.kind === "removed") {
    if (item.applied === "shutdown") return settings({ enabled: true });
    if (/^description /.test(item.applied ?? ""))
      return { refused: "a port without a description cannot be written; give it one" };
    return { refused: `the inventory has no word for a port without \`${item.applied ?? ""}\`` };
  }
  const text = (item.running ?? "").trim();
  for (const { pattern, mean } of STATEMENTS) {
    const match = pattern.exec(text);
    if (match) return mean(match, site);
  }
  return { refused: `the inventory has no word for \`${text.split("\n")[0] ?? ""}\`` };
}

function settings(values: Readonly<Record<string, unknown>>): PortMeaning {
  return { settings: values };
}

/** Names the networks of VLANs. */
function named(
  site: Site,
  vlans: readonly number[],
  use: (names: readonly string[]) => Readonly<Record<string, unknown>>,
): PortMeaning {
  const networks = vlans.map((id) => site.networks.find((network: Network) => network.vlan === id));
  const missing = vlans.find((_id, index) => networks[index] === undefined);
  if (missing !== undefined || vlans.length === 0)
    return { refused: `no network of the site has VLAN ${missing ?? "?"}; add it to site.yaml first` };
  return settings(use(networks.flatMap((network) => network?.name ?? [])));
}

/** `10,20-22` and `10 20 to 22`. */
function vlansOf(list: string): readonly number[] {
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
  return text.replace(/^"(.*)"$/, "$1");
}
