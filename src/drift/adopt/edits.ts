import type { DeviceIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";
import type { AdoptItem, StatementsOf, Translation } from "./adopt-types.ts";
import { isVlanColumn, ovsVlanMeaning } from "./ovs-port-edits.ts";
import { type PortMeaning, portMeaning, trunkMeaning, type VlanNames } from "./port-edits.ts";

/** The device that drifts, its site, and what its file has below `ports`: settings by key, in order. */
export interface Adopting {
  readonly site: Site;
  readonly intent: DeviceIntent;
  readonly ports: ReadonlyMap<string, unknown>;
  /** All that is adopted: several statements may make one list. */
  readonly items: readonly AdoptItem[];
  readonly statements: StatementsOf;
}

/** Lists of addresses that a device has, by the statement that names one. */
const LISTS = [
  [/^(?:ntp server|ntp-service unicast-server) (\S+)/, "ntp"],
  [/^(?:logging host|info-center loghost) (\d\S+)/, "syslog"],
  [/^(?:ip name-server|dns server) ([\da-fA-F.:]+(?: [\da-fA-F.:]+)*)$/, "dns"],
] as const;

/** Statements that follow from other words, and are proved with them. */
const FOLLOWS = /^(?:info-center loghost source|spanning-tree vlan \d+ priority)\b/;

/** Translates what runs on a device into edits of its YAML. */
export function translate(item: AdoptItem, adopting: Adopting): Translation {
  if (item.kind === "unsaved")
    return { refused: "it is not saved on the device; that is nothing to write down" };
  if (FOLLOWS.test(item.path[0] ?? "")) return { edits: [] };
  const list = listOf(item);
  // A list that the inventory left out so far is claimed from now on.
  if (!item.managed && list === undefined) return { refused: "it is outside what the inventory claims" };
  if (item.state !== "unauthorised")
    return { refused: "the inventory wants something else here since the last apply" };
  const [head = ""] = item.path;
  const port = /^(?:interface|port) (\S+)$/.exec(head)?.[1];
  if (port !== undefined) return portTranslation(item, port, adopting);
  const vlan = /^vlan (\d+)$/.exec(head);
  if (vlan) return vlanTranslation(item, Number(vlan[1]), adopting);
  return listTranslation(item, list, adopting);
}

function portTranslation(item: AdoptItem, port: string, adopting: Adopting): Translation {
  const { intent, ports } = adopting;
  const site = networksWith(adopting.site, adopting.items);
  const listed = intent.ports.find((one) => one.name === port);
  if (listed === undefined) return { refused: `${port} is no port that the inventory lists` };
  if (item.path.length !== 2) return { refused: `the inventory has no word for the whole of ${port}` };
  const meaning: PortMeaning =
    intent.platform === "openvswitch" && isVlanColumn(item)
      ? ovsVlanMeaning(listed, adopting.statements(item.path[0] ?? ""), site)
      : (trunkMeaning(item, listed, adopting.statements(item.path[0] ?? ""), site) ??
        portMeaning(item, site));
  if (meaning.refused !== undefined) return { refused: meaning.refused };
  const keys = [...ports.keys()];
  const own = keys.find((one) => isPort(one, port));
  const key = own ?? shortName(port, keys);
  const file = intent.origin.file;
  // A narrower key stands in place of the range, it does not add to it.
  const range = keys.findLast((one) => coversPort(one, port));
  const base = plainOf(ports.get(own ?? range ?? ""));
  const set = Object.entries(meaning.settings);
  // What the file itself says is taken out; what comes from a profile is taken away by `null`.
  const edits = set.map(([name, value]) => ({
    file,
    path: ["ports", key, name],
    value: value === null && name in base ? undefined : value,
  }));
  if (own !== undefined) return { edits };
  const ground = Object.entries(base);
  const copied = ground.map(([name, value]) => ({ file, path: ["ports", key, name], value, ground: true }));
  return { edits: [...copied, ...edits] };
}

function plainOf(value: unknown): object {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** Whether a key is a range that holds the port, `Gi1/0/13-20`. */
function coversPort(key: string, port: string): boolean {
  const match = /^(.*?)(\d+)-(\d+)$/.exec(key);
  const last = /(\d+)$/.exec(port)?.[1];
  if (!match || last === undefined) return false;
  const [, prefix = "", from, to] = match;
  const number = Number(last);
  return number >= Number(from) && number <= Number(to) && isPort(`${prefix}${last}`, port);
}

/** Whether a key is this very port; people write `Gi1/0/1` for `GigabitEthernet1/0/1`. */
function isPort(key: string, port: string): boolean {
  const [, letters = "", number = ""] = /^([A-Za-z-]*)(.*)$/.exec(key) ?? [];
  const [, long = "", numberOfPort = ""] = /^([A-Za-z-]*)(.*)$/.exec(port) ?? [];
  return number === numberOfPort && isShort(letters, long);
}

function isShort(letters: string, long: string): boolean {
  const short = letters.toLowerCase();
  const initials = long.replace(/[^A-Z]/g, "").toLowerCase();
  return long.toLowerCase().startsWith(short) || short === initials;
}

/** A new key is spelled as the file spells its others; it is narrower than a range, so it wins. */
function shortName(port: string, keys: readonly string[]): string {
  const [, long = "", number = ""] = /^([A-Za-z-]*)(.*)$/.exec(port) ?? [];
  const letters = keys
    .map((key) => /^[A-Za-z-]*/.exec(key)?.[0] ?? "")
    .find((one) => one !== "" && isShort(one, long));
  return `${letters ?? long}${number}`;
}

function vlanTranslation(item: AdoptItem, id: number, { site, items }: Adopting): Translation {
  const known = site.networks.find((network) => network.vlan === id);
  if (item.kind === "removed")
    return { refused: `take the network of VLAN ${id} out of site.yaml if nothing needs it` };
  if (known) return { refused: `the name of a VLAN is the name of its network, ${known.name}` };
  const { name, key } = networkOf(item, id);
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(key)) return { refused: `"${name}" is no name for a network` };
  if (site.networks.some((network) => network.name === key))
    return { refused: `a network ${key} is there already` };
  if (!isCarried(id, items))
    return {
      refused: `no port carries it, so the inventory would not keep it on the switch: give a port the VLAN ${id} as well and adopt both, or write the network ${key} into site.yaml when it is needed`,
    };
  return { edits: [{ file: site.origin.file, path: ["networks", key], value: { vlan: id } }] };
}

/** The name that a new VLAN has on the switch, and the network that it becomes. */
function networkOf(item: AdoptItem, id: number): { readonly name: string; readonly key: string } {
  const name = /^\s*name (\S+)\s*$/m.exec(item.running ?? "")?.[1] ?? `vlan-${id}`;
  return { name, key: name.toLowerCase().replaceAll("_", "-") };
}

/** Whether a port is adopted with a VLAN: a network that no port uses is on no switch. */
function isCarried(id: number, items: readonly AdoptItem[]): boolean {
  const word = new RegExp(`\\b(?:vlan|tag|trunks)\\b.*\\b${id}\\b`);
  return items.some(
    ({ path, running }) => /^(?:interface|port) /.test(path[0] ?? "") && word.test(running ?? ""),
  );
}

/** The networks of the site, those included that new VLANs among the items become. */
function networksWith(site: Site, items: readonly AdoptItem[]): VlanNames {
  const fresh = items.flatMap((item) => {
    const vlan = Number(/^vlan (\d+)$/.exec(item.path[0] ?? "")?.[1]);
    if (item.kind !== "added" || !(vlan > 0) || site.networks.some((one) => one.vlan === vlan)) return [];
    const parts = items.filter((one) => one.path[0] === item.path[0]).map((one) => one.running ?? "");
    return [{ vlan, name: networkOf({ ...item, running: parts.join("\n") }, vlan).key }];
  });
  return { networks: [...site.networks, ...fresh] };
}

function listOf(item: AdoptItem): (typeof LISTS)[number] | undefined {
  return LISTS.find(([pattern]) => pattern.test((item.running ?? item.applied ?? "").trim()));
}

function listTranslation(
  item: AdoptItem,
  list: (typeof LISTS)[number] | undefined,
  { intent, items }: Adopting,
): Translation {
  if (list === undefined)
    return { refused: `the inventory has no word for \`${item.path.join(" / ")}\` that adopt knows` };
  const [pattern, key] = list;
  const addresses = (text: string | undefined): readonly string[] =>
    pattern.exec((text ?? "").trim())?.[1]?.split(" ") ?? [];
  const before = new Set(items.flatMap((one) => addresses(one.applied)));
  const after = new Set(items.flatMap((one) => addresses(one.running)));
  const kept = intent.system[key].filter((one) => !before.has(one) || after.has(one));
  const value = [...new Set([...kept, ...after])];
  return { edits: [{ file: intent.origin.file, path: [key], value }] };
}
