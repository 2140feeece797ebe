import fc from "fast-check";

/** A site in words that no platform owns; each platform spells it. */
export interface AbstractSite {
  readonly vlans: readonly { readonly id: number; readonly note: boolean }[];
  readonly ports: readonly {
    readonly number: number;
    readonly vlan: number;
    readonly off: boolean;
    readonly note: string;
  }[];
  readonly hosts: readonly { readonly name: string; readonly last: number }[];
  /** In the order that counts. */
  readonly rules: readonly {
    readonly name: number;
    readonly from: string;
    readonly port: number;
    readonly permit: boolean;
    readonly log: boolean;
  }[];
  readonly routes: readonly { readonly net: number; readonly via: number }[];
  readonly name: string;
}

const VLANS = [10, 20, 30, 40];
const HOSTS = ["erp", "dns", "mail", "nas"];

/** Random sites in which every name that is used exists. */
export const abstractSite: fc.Arbitrary<AbstractSite> = fc
  .record({
    vlans: fc
      .subarray(VLANS, { minLength: 1 })
      .chain((ids) => fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), note: fc.boolean() })))),
    hosts: fc
      .subarray(HOSTS)
      .chain((names) =>
        fc.tuple(
          ...names.map((name) =>
            fc.record({ name: fc.constant(name), last: fc.integer({ min: 5, max: 6 }) }),
          ),
        ),
      ),
    order: fc.shuffledSubarray([1, 2, 3, 4, 5]),
    picks: fc.array(fc.nat(999), { minLength: 5, maxLength: 5 }),
    ports: fc.subarray([1, 2, 3, 4]),
    routes: fc
      .subarray([0, 8, 9])
      .chain((nets) =>
        fc.tuple(
          ...nets.map((net) => fc.record({ net: fc.constant(net), via: fc.integer({ min: 1, max: 2 }) })),
        ),
      ),
    name: fc.constantFrom("SW1", "SW2"),
  })
  .map(({ vlans, hosts, order, picks, ports, routes, name }) => ({
    vlans,
    hosts,
    routes,
    name,
    ports: ports.map((number, i) => ({
      number,
      vlan: (vlans[(picks[i] ?? 0) % vlans.length] ?? { id: 10 }).id,
      off: (picks[i] ?? 0) % 3 === 0,
      note: ["", "desk", "2nd floor, left"][(picks[i] ?? 0) % 3] ?? "",
    })),
    rules: order.map((rule) => {
      const pick = picks[rule - 1] ?? 0;
      return {
        name: rule,
        from: hosts.length === 0 || pick % 4 === 0 ? "any" : (hosts[pick % hosts.length]?.name ?? "any"),
        port: [22, 443, 8443][pick % 3] ?? 443,
        permit: pick % 2 === 0,
        log: pick % 5 === 0,
      };
    }),
  }));

/** Turns a list, so that what is unordered stands in another order. */
function turned<T>(list: readonly T[], turn: number): T[] {
  const at = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** Spells a site as a configuration. `turn` changes what does not count: order, quotes, names of ports. */
export function spellSite(platform: string, site: AbstractSite, turn: number): string {
  const lines =
    platform === "junos"
      ? junos(site, turn)
      : platform === "fortios"
        ? fortios(site, turn)
        : routeros(site, turn);
  return `${lines.join("\n")}\n`;
}

function junos(site: AbstractSite, turn: number): string[] {
  const flat = [`set system host-name ${site.name}`];
  for (const vlan of turned(site.vlans, turn)) {
    flat.push(`set vlans V${vlan.id} vlan-id ${vlan.id}`);
    if (vlan.note) flat.push(`set vlans V${vlan.id} description "net ${vlan.id}"`);
  }
  for (const port of turned(site.ports, turn)) {
    const head = `set interfaces ge-0/0/${port.number}`;
    const family = `${head} unit 0 family ethernet-switching`;
    if (turn % 2 === 0) flat.push(`${family} interface-mode access`, `${family} vlan members V${port.vlan}`);
    else flat.push(`${family} interface-mode access vlan members [ V${port.vlan} ]`);
    if (port.off) flat.push(`${head} disable`);
    if (port.note !== "") flat.push(`${head} description "${port.note}"`);
  }
  for (const host of turned(site.hosts, turn))
    flat.push(`set security address-book global address ${host.name} 10.0.20.${host.last}/32`);
  for (const rule of site.rules) {
    const head = `set security policies from-zone office to-zone server policy R${rule.name}`;
    const body = [
      `${head} match source-address ${rule.from}`,
      `${head} match destination-address any`,
      `${head} match application junos-p${rule.port}`,
      `${head} then ${rule.permit ? "permit" : "deny"}`,
      ...(rule.log ? [`${head} then log session-close`] : []),
    ];
    flat.push(...turned(body, turn));
    const term = `set firewall family inet filter F term T${rule.name}`;
    const port = rule.port === 443 && turn % 3 === 1 ? "https" : rule.port;
    flat.push(`${term} from destination-port ${port}`, `${term} then ${rule.permit ? "accept" : "discard"}`);
  }
  if (site.rules.length > 0) flat.push("set interfaces irb unit 10 family inet filter input F");
  for (const route of turned(site.routes, turn))
    flat.push(`set routing-options static route 10.${route.net}.0.0/16 next-hop 10.0.0.${route.via}`);
  return flat;
}

function fortios(site: AbstractSite, turn: number): string[] {
  const quote = (text: string) => (turn % 2 === 0 || text.includes(" ") ? `"${text}"` : text);
  const lines = [
    "config system global",
    `    set hostname ${quote(site.name)}`,
    "end",
    "config system interface",
  ];
  for (const vlan of turned(site.vlans, turn)) {
    lines.push(
      `    edit ${quote(`vlan${vlan.id}`)}`,
      '        set vdom "root"',
      `        set vlanid ${vlan.id}`,
    );
    lines.push(
      `        set ip ${turn % 3 === 1 ? `10.0.${vlan.id}.1/24` : `10.0.${vlan.id}.1 255.255.255.0`}`,
    );
    lines.push(`        set allowaccess ${turned(["ping", "https"], turn).join(" ")}`);
    if (vlan.note) lines.push(`        set alias "net ${vlan.id}"`);
    lines.push("    next");
  }
  for (const port of turned(site.ports, turn)) {
    lines.push(`    edit ${quote(`port${port.number}`)}`, `        set mtu 9${port.vlan}`);
    if (port.off) lines.push("        set status down");
    if (port.note !== "") lines.push(`        set description "${port.note}"`);
    lines.push("    next");
  }
  lines.push("end", "config firewall address");
  for (const host of turned(site.hosts, turn))
    lines.push(
      `    edit ${quote(host.name)}`,
      `        set subnet 10.0.20.${host.last} 255.255.255.255`,
      "    next",
    );
  lines.push("end", "config firewall addrgrp", '    edit "all-hosts"');
  const members = turned(site.hosts, turn).map((host) => quote(host.name));
  lines.push(
    `        set member ${["all", ...members].join(" ")}`,
    "    next",
    "end",
    "config firewall policy",
  );
  for (const rule of site.rules) {
    const body = [
      '        set srcintf "any"',
      '        set dstintf "any"',
      `        set srcaddr ${quote(rule.from === "any" ? "all" : rule.from)}`,
      '        set dstaddr "all"',
      `        set service ${quote(rule.port === 22 ? "SSH" : "HTTPS")}`,
      '        set schedule "always"',
      ...(rule.permit ? ["        set action accept"] : []),
      ...(rule.log ? ["        set logtraffic all"] : []),
    ];
    lines.push(`    edit ${rule.name}`, ...turned(body, turn), "    next");
  }
  lines.push("end", "config router static");
  for (const route of turned(site.routes, turn)) {
    lines.push(`    edit ${route.net + 1}`, `        set dst 10.${route.net}.0.0 255.255.0.0`);
    lines.push(`        set gateway 10.0.0.${route.via}`, '        set device "wan1"', "    next");
  }
  lines.push("end");
  return lines;
}

function routeros(site: AbstractSite, turn: number): string[] {
  const lines = ["/interface bridge", "add name=bridge1 vlan-filtering=yes"];
  lines.push("/interface ethernet");
  for (const port of turned(site.ports, turn)) {
    const note = port.note === "" ? "" : ` comment="${port.note}"`;
    lines.push(
      `set [ find default-name=ether${port.number} ]${port.off ? " disabled=yes" : ""} mtu=15${port.vlan}${note}`,
    );
  }
  lines.push("/interface vlan");
  for (const vlan of turned(site.vlans, turn)) {
    const note = vlan.note ? ` comment="net ${vlan.id}"` : "";
    lines.push(
      turn % 2 === 0
        ? `add interface=bridge1 name=vlan${vlan.id} vlan-id=${vlan.id}${note}`
        : `add vlan-id=${vlan.id}${note} name=vlan${vlan.id} \\\n    interface=bridge1`,
    );
  }
  lines.push("/ip address");
  for (const vlan of turned(site.vlans, turn))
    lines.push(`add address=10.0.${vlan.id}.1/24 interface=vlan${vlan.id}`);
  lines.push("/ip firewall address-list");
  for (const host of turned(site.hosts, turn))
    lines.push(`add address=10.0.20.${host.last} list=${host.name}`);
  lines.push("/ip firewall filter");
  for (const rule of site.rules) {
    const named = rule.name % 2 === 0 ? ` comment="R${rule.name}, rule"` : "";
    const from = rule.from === "any" ? "" : ` src-address-list=${rule.from}`;
    lines.push(
      `add action=${rule.permit ? "accept" : "drop"} chain=forward${named} dst-port=${rule.port}${rule.log ? " log=yes" : ""} protocol=tcp${from}`,
    );
  }
  lines.push("/ip route");
  for (const route of turned(site.routes, turn))
    lines.push(`add dst-address=10.${route.net}.0.0/16 gateway=10.0.0.${route.via}`);
  lines.push("/system identity", `set name=${site.name}`);
  return lines.flatMap((line) => line.split("\n"));
}
