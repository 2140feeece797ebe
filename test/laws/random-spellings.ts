import type { Abstract } from "./random-config.ts";

const HUAWEI_RULES = [
  "permit tcp source 10.0.10.0 0.0.0.255 destination-port eq 443",
  "permit tcp destination 10.0.20.5 0 destination-port eq www",
  "permit udp destination-port eq dns",
  "deny tcp destination-port eq 22",
  "deny ip source 10.0.30.0 0.0.0.255",
  "permit ip source 10.0.0.0 0.0.255.255",
  "permit icmp",
  "deny ip",
];
const EOS_RULES = [
  "permit tcp 10.0.10.0/24 any eq https",
  "permit tcp any host 10.0.20.5 eq www",
  "permit udp any any eq domain",
  "deny tcp any any eq ssh",
  "deny ip 10.0.30.0/24 any",
  "permit ip 10.0.0.0/16 any",
  "permit icmp any any",
  "deny ip any any",
];

/** Spells a random device for H3C; its rules are numbered from 0 on, as the device does. */
export function comwareBlocks(device: Abstract, step: number): string[][] {
  const blocks: string[][] = [];
  for (const [vlan, name] of Object.entries(device.vlans))
    blocks.push([`vlan ${vlan}`, ...(name ? [` name ${name}`] : [])]);
  for (const [number, each] of Object.entries(device.ports)) {
    const lines = [
      `interface GigabitEthernet1/0/${number}`,
      ...(each.text ? [` description ${each.text}`] : []),
    ];
    if (each.mode === "access") lines.push(` port access vlan ${each.vlan}`);
    else {
      lines.push(" port link-type trunk", " undo port trunk permit vlan 1");
      lines.push(` port trunk permit vlan ${inOrder(each.tagged).join(" ")}`);
      lines.push(` port trunk pvid vlan ${each.native}`);
    }
    blocks.push(lines);
  }
  for (const [name, rules] of Object.entries(device.lists)) {
    blocks.push([
      `acl advanced ${name}`,
      ...rules.map((rule, i) => ` rule ${i * step} ${HUAWEI_RULES[rule]}`),
    ]);
  }
  for (const [vlan, svi] of Object.entries(device.svis)) {
    const bound = svi.list === undefined ? [] : [` packet-filter ${svi.list} inbound`];
    blocks.push([
      `interface Vlan-interface${vlan}`,
      ` ip address 10.0.${svi.address}.1 255.255.255.0`,
      ...bound,
    ]);
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

/** Spells a random device for Arista. */
export function eosBlocks(device: Abstract, step: number): string[][] {
  const blocks: string[][] = [];
  for (const [vlan, name] of Object.entries(device.vlans))
    blocks.push([`vlan ${vlan}`, ...(name ? [`   name ${name}`] : [])]);
  for (const [number, each] of Object.entries(device.ports)) {
    const lines = [`interface Ethernet${number}`, ...(each.text ? [`   description ${each.text}`] : [])];
    if (each.mode === "access") lines.push(`   switchport access vlan ${each.vlan}`);
    else {
      lines.push("   switchport mode trunk", `   switchport trunk native vlan ${each.native}`);
      lines.push(`   switchport trunk allowed vlan ${inOrder(each.tagged).join(",")}`);
    }
    blocks.push(lines);
  }
  for (const [name, rules] of Object.entries(device.lists)) {
    blocks.push([
      `ip access-list ${name}`,
      ...rules.map((rule, i) => `   ${(i + 1) * step} ${EOS_RULES[rule]}`),
    ]);
  }
  for (const [vlan, svi] of Object.entries(device.svis)) {
    const bound = svi.list === undefined ? [] : [`   ip access-group ${svi.list} in`];
    blocks.push([`interface Vlan${vlan}`, `   ip address 10.0.${svi.address}.1/24`, ...bound]);
  }
  for (const route of device.routes) blocks.push([`ip route 10.9.${route}.0/24 10.0.0.${route}`]);
  blocks.push([
    "management ssh",
    "   idle-timeout 10",
    ...(device.terminal === undefined ? [] : [`   ip access-group ${device.terminal} in`]),
  ]);
  return blocks;
}

function inOrder(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}
