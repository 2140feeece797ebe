import fc from "fast-check";
import { comwareBlocks, eosBlocks } from "./random-spellings.ts";

/** A small network device in the abstract; both platforms spell it. References always resolve. */
export interface Abstract {
  readonly vlans: Readonly<Record<number, string>>;
  readonly ports: Readonly<Record<number, Port>>;
  readonly lists: Readonly<Record<string, readonly number[]>>;
  readonly svis: Readonly<Record<number, { readonly address: number; readonly list: string | undefined }>>;
  readonly routes: readonly number[];
  readonly terminal: string | undefined;
}

export type Port =
  | { readonly mode: "access"; readonly vlan: number; readonly text: string }
  | {
      readonly mode: "trunk";
      readonly native: number;
      readonly tagged: readonly number[];
      readonly text: string;
    };

const VLANS = [10, 20, 30, 40, 50];
const LISTS = ["3001", "3002", "3003"];

const text = fc.constantFrom("", "user", "uplink 1F", "printer");
const port: fc.Arbitrary<Port> = fc.oneof(
  fc.record({ mode: fc.constant("access" as const), vlan: fc.constantFrom(...VLANS), text }),
  fc.record({
    mode: fc.constant("trunk" as const),
    native: fc.constantFrom(...VLANS),
    tagged: fc.uniqueArray(fc.constantFrom(...VLANS), { minLength: 1 }),
    text,
  }),
);

/** Devices whose names all exist; entries of lists are numbers of a pool of rules, each at most once. */
export const abstractDevice: fc.Arbitrary<Abstract> = fc
  .record({
    names: fc.dictionary(fc.constantFrom(...VLANS.map(String)), fc.constantFrom("", "A", "B"), {
      maxKeys: 5,
    }),
    ports: fc.dictionary(fc.constantFrom("1", "2", "3"), port, { maxKeys: 3 }),
    lists: fc.dictionary(
      fc.constantFrom(...LISTS),
      fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 6 }),
      { maxKeys: 3 },
    ),
    svis: fc.dictionary(
      fc.constantFrom(...VLANS.map(String)),
      fc.record({
        address: fc.integer({ min: 1, max: 9 }),
        list: fc.option(fc.constantFrom(...LISTS), { nil: undefined }),
      }),
      { maxKeys: 3 },
    ),
    routes: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
    terminal: fc.option(fc.constantFrom(...LISTS), { nil: undefined }),
  })
  .map((raw) => {
    const vlans: Record<number, string> = {};
    for (const [vlan, name] of Object.entries(raw.names)) {
      vlans[Number(vlan)] = Object.values(vlans).includes(name) ? "" : name;
    }
    const need = (vlan: number) => {
      vlans[vlan] ??= "";
    };
    for (const each of Object.values(raw.ports)) {
      if (each.mode === "access") need(each.vlan);
      else for (const vlan of [each.native, ...each.tagged]) need(vlan);
    }
    const known = (list: string | undefined) => (list !== undefined && raw.lists[list] ? list : undefined);
    const svis: Record<number, { address: number; list: string | undefined }> = {};
    const taken = new Set<number>();
    for (const [vlan, svi] of Object.entries(raw.svis)) {
      if (taken.has(svi.address)) continue;
      taken.add(svi.address);
      need(Number(vlan));
      svis[Number(vlan)] = { address: svi.address, list: known(svi.list) };
    }
    return {
      vlans,
      ports: raw.ports,
      lists: raw.lists,
      svis,
      routes: raw.routes,
      terminal: known(raw.terminal),
    };
  });

const IOS_RULES = [
  "permit tcp 10.0.10.0 0.0.0.255 any eq 443",
  "permit tcp any host 10.0.20.5 eq www",
  "permit udp any any eq domain",
  "deny tcp any any eq 22",
  "deny ip 10.0.30.0 0.0.0.255 any",
  "permit ip 10.0.0.0 0.0.255.255 any",
  "permit icmp any any",
  "deny ip any any",
];
const VRP_RULES = [
  "permit tcp source 10.0.10.0 0.0.0.255 destination-port eq 443",
  "permit tcp destination 10.0.20.5 0 destination-port eq www",
  "permit udp destination-port eq dns",
  "deny tcp destination-port eq 22",
  "deny ip source 10.0.30.0 0.0.0.255",
  "permit ip source 10.0.0.0 0.0.255.255",
  "permit icmp",
  "deny ip",
];

/** Spells a device; `turn` changes the order of what has no order, `step` the distance of list numbers. */
export function spellDevice(platform: string, device: Abstract, turn = 0, step = 10): string {
  const spell = SPELLERS[platform];
  if (!spell) throw new Error(`no spelling for ${platform}`);
  const blocks = spell(device, step);
  const by = blocks.length === 0 ? 0 : turn % blocks.length;
  return [...blocks.slice(by), ...blocks.slice(0, by)].map((block) => `${block.join("\n")}\n`).join("");
}

const SPELLERS: Readonly<Record<string, (device: Abstract, step: number) => string[][]>> = {
  comware: comwareBlocks,
  eos: eosBlocks,
  iosxe: iosBlocks,
  vrp: vrpBlocks,
};

function iosBlocks(device: Abstract, step: number): string[][] {
  const blocks: string[][] = [];
  for (const [vlan, name] of Object.entries(device.vlans))
    blocks.push([`vlan ${vlan}`, ...(name ? [` name ${name}`] : [])]);
  for (const [number, each] of Object.entries(device.ports)) {
    const lines = [
      `interface GigabitEthernet1/0/${number}`,
      ...(each.text ? [` description ${each.text}`] : []),
    ];
    if (each.mode === "access") lines.push(" switchport mode access", ` switchport access vlan ${each.vlan}`);
    else {
      lines.push(" switchport mode trunk", ` switchport trunk native vlan ${each.native}`);
      lines.push(` switchport trunk allowed vlan ${[...each.tagged].sort((a, b) => a - b).join(",")}`);
    }
    blocks.push(lines);
  }
  for (const [name, rules] of Object.entries(device.lists)) {
    blocks.push([
      `ip access-list extended ${name}`,
      ...rules.map((rule, i) => ` ${(i + 1) * step} ${IOS_RULES[rule]}`),
    ]);
  }
  for (const [vlan, svi] of Object.entries(device.svis)) {
    const bound = svi.list === undefined ? [] : [` ip access-group ${svi.list} in`];
    blocks.push([`interface Vlan${vlan}`, ` ip address 10.0.${svi.address}.1 255.255.255.0`, ...bound]);
  }
  for (const route of device.routes) blocks.push([`ip route 10.9.${route}.0 255.255.255.0 10.0.0.${route}`]);
  blocks.push([
    "line vty 0 4",
    " transport input ssh",
    ...(device.terminal === undefined ? [] : [` access-class ${device.terminal} in`]),
  ]);
  return blocks;
}

function vrpBlocks(device: Abstract, step: number): string[][] {
  const blocks: string[][] = [];
  const vlans = Object.keys(device.vlans)
    .map(Number)
    .sort((a, b) => a - b);
  if (vlans.length > 0) blocks.push([`vlan batch ${vlans.join(" ")}`]);
  for (const [vlan, name] of Object.entries(device.vlans))
    if (name) blocks.push([`vlan ${vlan}`, ` description ${name}`]);
  for (const [number, each] of Object.entries(device.ports)) {
    const lines = [
      `interface GigabitEthernet0/0/${number}`,
      ...(each.text ? [` description ${each.text}`] : []),
    ];
    if (each.mode === "access") lines.push(" port link-type access", ` port default vlan ${each.vlan}`);
    else {
      lines.push(
        " port link-type trunk",
        ` port trunk pvid vlan ${each.native}`,
        " undo port trunk allow-pass vlan 1",
      );
      lines.push(` port trunk allow-pass vlan ${[...each.tagged].sort((a, b) => a - b).join(" ")}`);
    }
    blocks.push(lines);
  }
  for (const [name, rules] of Object.entries(device.lists)) {
    blocks.push([
      `acl number ${name}`,
      ...rules.map((rule, i) => ` rule ${(i + 1) * step} ${VRP_RULES[rule]}`),
    ]);
  }
  for (const [vlan, svi] of Object.entries(device.svis)) {
    const bound = svi.list === undefined ? [] : [` traffic-filter inbound acl ${svi.list}`];
    blocks.push([`interface Vlanif${vlan}`, ` ip address 10.0.${svi.address}.1 255.255.255.0`, ...bound]);
  }
  for (const route of device.routes)
    blocks.push([`ip route-static 10.9.${route}.0 255.255.255.0 10.0.0.${route}`]);
  blocks.push([
    "user-interface vty 0 4",
    " protocol inbound ssh",
    ...(device.terminal === undefined ? [] : [` acl ${device.terminal} inbound`]),
  ]);
  return blocks;
}
