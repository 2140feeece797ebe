import type { Network, Rule, Site } from "../../../src/model/site.ts";
import { end } from "./site-policy.ts";
import { cleanWorld, deviceOf } from "./world.ts";

/** Zones behind the firewall of a big site. */
export const ZONES = 20;
const RULES = 60;

/** One of many sites: twenty zones behind the firewall, forty-eight user ports a switch, rules between the zones. */
export function bigSite(number: number): {
  site: Site;
  rendered: [string, { platform: string; config: string }][];
} {
  const world = cleanWorld();
  const { site } = world;
  const octet = `10.${number % 200}`;
  const zoneNames = Array.from({ length: ZONES }, (_, at) => `z${at}`);
  const [office] = site.networks.filter((network) => network.name === "office");
  if (!office) throw new Error("no office");
  for (const [at, name] of zoneNames.entries()) {
    const { ipv6: _ipv6, ...rest } = structuredClone(office);
    site.networks.push({
      ...rest,
      name,
      zone: name,
      vlan: 200 + at,
      ipv4: `${octet}.${100 + at}.0/24`,
    } as (typeof site.networks)[number]);
    site.policy.zones.push({
      name,
      trust: 30 + at,
      kind: "user",
      important: at > 15,
      reserved: false,
      origin: office.origin,
    });
  }
  const rules = Array.from({ length: RULES }, (_, at): Rule => {
    const [from = "", to = ""] = [zoneNames[at % ZONES], zoneNames[(at * 7 + 3) % ZONES]];
    const network = (name: string) => site.networks.find((each) => each.name === name) as unknown as Network;
    return {
      ...(site.rules[0] as unknown as Rule),
      id: `R${1000 + at}`,
      action: at % 10 === 0 ? "deny" : "permit",
      from: [end(from, network(from).ipv4 ?? "")],
      to: [end(to, network(to).ipv4 ?? "")],
    };
  });
  site.rules = rules as unknown as typeof site.rules;
  const access = deviceOf(world, "sw-1");
  const [user] = access.ports;
  if (user) for (let at = 5; at < 48; at += 1) access.ports.push({ ...user, name: `Gi1/0/${at}` });
  const id = `acme/s${number}`;
  const renamed = JSON.parse(JSON.stringify(site).replaceAll("acme/hq", id)) as Site;
  const rendered = [...world.rendered].map(
    ([device, config]) =>
      [device.replace("acme/hq", id), config] as [string, { platform: string; config: string }],
  );
  return { site: { ...renamed, site: `s${number}` }, rendered };
}
