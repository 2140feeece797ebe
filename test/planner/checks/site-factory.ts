import type { FileWhere } from "../../../src/model/finding.ts";
import type {
  DeviceIntent,
  FilterIntent,
  GatewayIntent,
  PortIntent,
  RoutedInterfaceIntent,
  ServiceMatch,
  VlanIntent,
} from "../../../src/model/intent.ts";
import type { Cell, Policy, Zone } from "../../../src/model/policy.ts";
import type { SecretRef } from "../../../src/model/secret.ts";
import type { Host, Link, Network, Rule, RuleEnd, Site } from "../../../src/model/site.ts";

/** A place in a file of the client acme. */
export function at(file: string, line = 1): FileWhere {
  return { file: file.startsWith("policies/") ? file : `inventory/acme/${file}`, line, column: 1 };
}

const secret = (name: string): SecretRef => ({ scheme: "env", locator: name, version: "2026-03-01" });
const tcp = (...ports: number[]): ServiceMatch => ({
  protocol: "tcp",
  ports: ports.map((port) => [port, port]),
});

/** A port of the practice switches: guarded, in the office network. */
export function port(name: string, line: number, change: Partial<PortIntent> = {}): PortIntent {
  return {
    name,
    description: name,
    enabled: true,
    mode: "access",
    accessVlan: 10,
    taggedVlans: [],
    edge: true,
    bpduGuard: true,
    rootGuard: false,
    dhcpTrust: false,
    macLimit: 2,
    stormControlPercent: 1,
    dot1x: true,
    origin: at("hq/devices/sw-1.yaml", line),
    ...change,
  };
}

/** A trunk between two of our switches. */
export function trunk(
  name: string,
  peer: string,
  file: string,
  change: Partial<PortIntent> = {},
): PortIntent {
  const { accessVlan: _access, macLimit: _limit, stormControlPercent: _storm, ...base } = port(name, 30);
  return {
    ...base,
    mode: "trunk",
    nativeVlan: 999,
    taggedVlans: [10, 30, 99],
    edge: false,
    bpduGuard: false,
    dhcpTrust: true,
    dot1x: false,
    peer,
    origin: at(file, 30),
    ...change,
  };
}

const vlans: VlanIntent[] = [
  [10, "office", "data"],
  [20, "servers", "data"],
  [30, "phones", "voice"],
  [31, "cctv", "data"],
  [99, "mgmt", "data"],
  [998, "unused", "parking"],
  [999, "native", "native"],
].map(([id, name, purpose]) => ({
  id: Number(id),
  name: String(name),
  purpose: purpose as VlanIntent["purpose"],
  dhcpSnooping: id === 10,
  origin: at("hq/site.yaml", Number(id)),
}));

function device(name: string, change: Partial<DeviceIntent>): DeviceIntent {
  const kind = change.kind ?? "switch";
  const file = `hq/${kind === "server" ? "servers" : "devices"}/${name}.yaml`;
  return {
    id: `acme/hq/${name}`,
    client: "acme",
    site: "hq",
    name,
    asset: `AC-${name}`,
    platform: "iosxe",
    model: "cisco-c9300",
    kind,
    role: "access",
    origin: at(file),
    assetFields: {
      serial: `S-${name}`,
      owner: "li.wei",
      location: "1F",
      warranty: "2029-01-01",
      criticality: "medium",
      firmware: "17.9.4",
    },
    management: {
      address: "10.1.99.11",
      network: "mgmt",
      vlan: 99,
      port: 22,
      user: "sitewright",
      key: secret("SSH"),
      agent: false,
      readOnly: { user: "reader", key: secret("READ") },
      legacyAlgorithms: false,
      jump: [],
      hostKeys: [],
      allowedFrom: ["10.1.99.0/24"],
    },
    ownership: "full",
    gate: "required",
    system: {
      hostname: name,
      domain: "acme.example",
      timezone: "Asia/Shanghai",
      dns: ["10.1.20.10"],
      ntp: ["10.1.20.10", "10.1.20.11"],
      syslog: ["10.1.20.10"],
      users: [
        { name: "li-wei", role: "admin", keys: ["ssh-ed25519 AAAA1 li"], origin: at("client.yaml", 5) },
      ],
      banner: "Authorised use only.",
      idleTimeoutMinutes: 10,
    },
    vlans: kind === "switch" ? vlans : [],
    ports: [],
    lags: [],
    gateways: [],
    interfaces: [],
    routes: [],
    dhcpPools: [],
    filters: [],
    layer2: { spanningTree: { mode: "rapid-pvst" }, dhcpSnooping: [10], arpInspection: [10] },
    firewall: undefined,
    server: undefined,
    vpns: [],
    members: [],
    secrets: [secret("SSH")],
    ...change,
  };
}

function gateway(
  network: string,
  vlan: number,
  address: string,
  change: Partial<GatewayIntent> = {},
): GatewayIntent {
  return {
    network,
    vlan,
    description: network,
    addresses: [address],
    dhcpRelay: [],
    routerAdvertisement: "off",
    management: false,
    origin: at("hq/site.yaml", vlan),
    ...change,
  };
}

function filter(name: string, from: string, to: string): FilterIntent {
  const entry = (id: string, change: Partial<FilterIntent["entries"][number]>) => ({
    id,
    action: "permit" as const,
    source: [from],
    destination: [to],
    services: [tcp(554)],
    established: false,
    log: false,
    remark: id,
    origin: at("hq/rules.yaml", 40),
    ...change,
  });
  return {
    name,
    default: "deny",
    entries: [
      entry("R0040", {}),
      entry("answers", { services: [{ protocol: "tcp", ports: [] }], established: true }),
    ],
  };
}

function core(name: string, host: number, peers: readonly [string, string]): DeviceIntent {
  const file = `hq/devices/${name}.yaml`;
  const first = name === "core-1";
  const vrrp = (group: number, address: string) => ({
    vrrp: { group, address, priority: first ? 120 : 100, preempt: true },
  });
  return device(name, {
    role: "core",
    management: { ...device("x", {}).management, address: `10.1.99.${host}` },
    ports: [
      trunk("Te1/1/1", "sw-1:Te1/1/1", file, { rootGuard: true }),
      trunk("Te1/1/2", `${peers[0]}:Te1/1/2`, file),
      trunk("Te1/1/3", `${peers[1]}:eth${first ? 2 : 3}`, file),
    ],
    gateways: [
      gateway("phones", 30, `10.1.30.${host}/24`, { filterIn: "VOICE-IN", ...vrrp(30, "10.1.30.1") }),
      gateway("cctv", 31, `10.1.31.${host}/24`, { filterIn: "CCTV-IN", ...vrrp(31, "10.1.31.1") }),
      gateway("core-fw", 40, `10.1.40.${host}/29`),
      gateway("mgmt", 99, `10.1.99.${host}/24`, { management: true }),
    ],
    routes: [{ prefix: "0.0.0.0/0", nextHop: "10.1.40.1", origin: at("hq/site.yaml", 60) }],
    filters: [
      filter("VOICE-IN", "10.1.30.0/24", "10.1.31.0/24"),
      filter("CCTV-IN", "10.1.31.0/24", "10.1.30.0/24"),
    ],
    layer2: {
      spanningTree: { mode: "rapid-pvst", priority: first ? 4096 : 8192 },
      dhcpSnooping: [10],
      arpInspection: [10],
    },
  });
}

function line(name: string, address: string, priority: number): RoutedInterfaceIntent {
  return {
    name,
    description: name,
    kind: "wan",
    zone: "internet",
    addresses: [address],
    priority,
    origin: at("hq/site.yaml", 50 + priority),
  };
}

function firewall(): DeviceIntent {
  return device("fw", {
    kind: "firewall",
    platform: "nftables",
    model: "linux-firewall",
    role: "edge",
    assetFields: { ...device("x", {}).assetFields, firmware: "12.5" },
    ports: [
      trunk("eth2", "core-1:Te1/1/3", "hq/devices/fw.yaml"),
      trunk("eth3", "core-2:Te1/1/3", "hq/devices/fw.yaml"),
    ],
    gateways: [
      gateway("office", 10, "10.1.10.1/24"),
      gateway("servers", 20, "10.1.20.1/24"),
      gateway("mgmt", 99, "10.1.99.1/24"),
      gateway("guest", 90, "10.1.90.1/24"),
      gateway("core-fw", 40, "10.1.40.1/29"),
    ],
    interfaces: [line("eth0", "203.0.113.2/30", 1), line("eth1", "198.51.100.2/30", 2)],
    firewall: {
      zones: [],
      rules: [],
      local: [],
      nat: { outbound: [], forwards: [] },
      logDropped: true,
    },
    members: [
      { name: "a", asset: "AC-FW-A", serial: "FA" },
      { name: "b", asset: "AC-FW-B", serial: "FB" },
    ],
  });
}

function server(): DeviceIntent {
  return device("srv-1", {
    kind: "server",
    platform: "linux-server",
    model: "server",
    role: "logs",
    assetFields: { ...device("x", {}).assetFields, criticality: "high" },
    management: { ...device("x", {}).management, address: "10.1.20.10", network: "servers" },
    interfaces: [
      {
        name: "eth0",
        description: "servers",
        kind: "server",
        network: "servers",
        addresses: ["10.1.20.10/24"],
        origin: at("hq/servers/srv-1.yaml", 4),
      },
    ],
    server: {
      packages: ["restic"],
      files: [
        {
          path: "/etc/logrotate.d/remote",
          content: "/var/log/remote/*.log {\n  daily\n  rotate 200\n}\n",
          mode: "0644",
          owner: "root:root",
        },
      ],
      services: [],
      sshd: { passwordAuthentication: false, permitRootLogin: "no", allowUsers: ["li-wei"], listen: [] },
      backups: [
        {
          name: "logs",
          path: "/var/log/remote",
          at: "01:30",
          keep: { daily: 14, weekly: 8 },
          rpoSeconds: 86_400,
          rtoSeconds: 14_400,
          targets: [
            {
              name: "nas",
              type: "sftp",
              repository: "sftp:backup@10.1.20.11:/srv/restic",
              encryption: secret("RESTIC"),
              offsite: false,
            },
            {
              name: "vault",
              type: "s3",
              repository: "s3:https://vault.example/hq",
              encryption: secret("RESTIC"),
              credentials: secret("VAULT"),
              offsite: true,
            },
          ],
          origin: at("hq/servers/srv-1.yaml", 10),
        },
      ],
    },
  });
}

function access(): DeviceIntent {
  return device("sw-1", {
    ports: [
      port("Gi1/0/1", 10, { voiceVlan: 30 }),
      port("Gi1/0/2", 10),
      port("Gi1/0/3", 11, { accessVlan: 20, peer: "srv-1:eth0" }),
      port("Gi1/0/4", 1, { mode: "unused", enabled: false, accessVlan: 998, edge: false, bpduGuard: false }),
      trunk("Te1/1/1", "core-1:Te1/1/1", "hq/devices/sw-1.yaml"),
      trunk("Te1/1/2", "core-2:Te1/1/1", "hq/devices/sw-1.yaml"),
    ],
  });
}

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

function zone(name: string, trust: number, kind: Zone["kind"], change: Partial<Zone> = {}): Zone {
  return {
    name,
    trust,
    kind,
    important: false,
    reserved: false,
    origin: at("policies/zones.yaml", trust),
    ...change,
  };
}

function cell(from: string, to: string, change: Partial<Cell> = {}): Cell {
  return {
    from,
    to,
    access: "block-all",
    services: [],
    matches: [],
    severity: "high",
    log: true,
    require: {},
    origin: at("policies/zones.yaml", 100),
    ...change,
  };
}

function policy(): Policy {
  const https = tcp(443);
  const open = { access: "allow-only", services: ["https"], matches: [https] } as const;
  return {
    zones: [
      zone("cctv", 40, "server"),
      zone("guest", 10, "user"),
      zone("internet", 0, "external", { reserved: true }),
      zone("mgmt", 100, "management"),
      zone("office", 50, "user"),
      zone("phones", 45, "server"),
      zone("self", 100, "device", { reserved: true }),
      zone("servers", 70, "server", { important: true }),
      zone("transit", 60, "transit"),
      zone("unassigned", 0, "external", { reserved: true }),
    ],
    services: [{ name: "https", matches: [https], origin: at("policies/services.yaml", 1) }],
    matrix: {
      default: cell("*", "*"),
      intrazone: { ...cell("*", "*"), except: [] },
      cells: [
        cell("*", "mgmt"),
        cell("guest", "internet", open),
        cell("office", "servers", {
          ...open,
          require: { log: true, inspection: ["ips"], explicit: ["destination"] },
        }),
        cell("servers", "internet", open),
      ],
    },
    exceptions: [],
  };
}

/** One end of a rule that means a network. */
export function end(name: string, prefix: string, change: Partial<RuleEnd> = {}): RuleEnd {
  return { ref: name, kind: "network", zones: [name], site: "acme/hq", prefixes: [prefix], ...change };
}

function rule(): Rule {
  return {
    id: "R0012",
    action: "permit",
    from: [end("office", "10.1.10.0/24")],
    to: [end("servers", "10.1.20.10/32", { ref: "srv-1", kind: "host" })],
    services: ["https"],
    matches: [tcp(443)],
    log: true,
    owner: "li.wei",
    ticket: "CHG-2026-0113",
    reason: "ERP",
    review: "2027-03-01",
    inspection: ["ips"],
    before: [],
    source: "site",
    origin: at("hq/rules.yaml", 1),
  };
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
