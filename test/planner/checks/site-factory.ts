import type { Host, Link, Network, Site } from "../../../src/model/site.ts";
import { access, core, firewall, server } from "./site-devices.ts";
import { at } from "./site-places.ts";
import { policy, rule } from "./site-policy.ts";

function network(name: string, vlan: number, change: Partial<Network> = {}): Network {
  return {
    name,
    purpose: "data",
    vlan,
    zone: name,
    ipv4: `10.1.${vlan}.0/24`,
    secondary: [],
    routers: [{ device: "fw", address: `10.1.${vlan}.1` }],
    pools: [],
    reuse: false,
    origin: at("hq/site.yaml", vlan),
    ...change,
  };
}

function bare(name: string, vlan: number, purpose: "parking" | "native"): Network {
  const { zone: _zone, ipv4: _ipv4, ...rest } = network(name, vlan, { purpose, routers: [] });
  return rest;
}

function host(name: string, change: Partial<Host> = {}): Host {
  return {
    name,
    kind: "host",
    network: "office",
    address: "10.1.10.50",
    mac: "00:11:22:33:44:55",
    origin: at("hq/site.yaml", 70),
    ...change,
  };
}

function cable(a: string, aPort: string, b: string, bPort: string): Link {
  return {
    a: { device: a, port: aPort },
    b: { device: b, port: bPort },
    vlans: [10],
    origin: at(`hq/devices/${a}.yaml`, 30),
  };
}

/** The practice site `acme/hq`: a firewall pair, two cores, an access switch and a server, with nothing to complain of. */
export function practiceSite(): Site {
  const cores = [
    { device: "core-1", address: "10.1.30.2" },
    { device: "core-2", address: "10.1.30.3" },
  ];
  const wan = (name: string, port: string, ipv4: string, priority: number, provider: string) => ({
    name,
    device: "fw",
    interface: port,
    zone: "internet",
    method: "static" as const,
    ipv4,
    priority,
    provider,
    origin: at("hq/site.yaml", 50 + priority),
  });
  return {
    id: "acme/hq",
    client: "acme",
    site: "hq",
    name: "总部",
    clientName: "Acme",
    origin: at("hq/site.yaml"),
    timezone: "Asia/Shanghai",
    criticality: "critical",
    binding: "direct",
    gate: "required",
    ownership: "full",
    parallel: 4,
    contacts: [],
    changeWindows: [
      { name: "weekly", days: ["sat"], from: "22:00", to: "01:00", origin: at("hq/site.yaml", 5) },
    ],
    freezes: [],
    networks: [
      network("cctv", 31, { routers: cores }),
      network("core-fw", 40, {
        purpose: "transit",
        zone: "transit",
        ipv4: "10.1.40.0/29",
        routers: [{ device: "fw", address: "10.1.40.1" }, ...cores],
      }),
      network("guest", 90),
      network("mgmt", 99),
      bare("native", 999, "native"),
      network("office", 10, {
        ipv6: "2001:db8:1:10::/64",
        dhcp: { server: "fw", ranges: [["10.1.10.100", "10.1.10.199"]], relays: [] },
      }),
      network("phones", 30, { purpose: "voice", routers: cores }),
      network("servers", 20),
      bare("unused", 998, "parking"),
    ],
    hosts: [
      host("nas", { kind: "host", network: "servers", address: "10.1.20.11", mac: "00:11:22:33:44:66" }),
      host("printer"),
      host("srv-1", { kind: "server", network: "servers", address: "10.1.20.10" }),
    ],
    links: [
      cable("core-1", "Te1/1/1", "sw-1", "Te1/1/1"),
      cable("core-1", "Te1/1/2", "core-2", "Te1/1/2"),
      cable("core-1", "Te1/1/3", "fw", "eth2"),
      cable("core-2", "Te1/1/1", "sw-1", "Te1/1/2"),
      cable("core-2", "Te1/1/3", "fw", "eth3"),
    ],
    wan: [
      wan("isp-a", "eth0", "203.0.113.2/30", 1, "telecom"),
      wan("isp-b", "eth1", "198.51.100.2/30", 2, "unicom"),
    ],
    nat: { outbound: [], forwards: [] },
    routes: [],
    vpns: [],
    rules: [rule()],
    policy: policy(),
    waivers: [],
    backup: {
      targets: [
        {
          name: "nas",
          type: "sftp",
          host: "nas",
          media: "disk",
          offsite: false,
          origin: at("client.yaml", 20),
        },
        {
          name: "vault",
          type: "s3",
          media: "object",
          offsite: true,
          immutableSeconds: 2_592_000,
          origin: at("client.yaml", 24),
        },
      ],
      policies: [],
    },
    devices: [
      core("core-1", 2, ["core-2", "fw"]),
      core("core-2", 3, ["core-1", "fw"]),
      firewall(),
      server(),
      access(),
    ],
  };
}
