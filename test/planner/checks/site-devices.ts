import type {
  DeviceIntent,
  FilterIntent,
  GatewayIntent,
  PortIntent,
  RoutedInterfaceIntent,
  VlanIntent,
} from "../../../src/model/intent.ts";
import { at, secret, tcp } from "./site-places.ts";

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
    checks: [],
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

/** The practice site's core. */
export function core(name: string, host: number, peers: readonly [string, string]): DeviceIntent {
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

/** The practice site's firewall. */
export function firewall(): DeviceIntent {
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

/** The practice site's server. */
export function server(): DeviceIntent {
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
              hostKeys: [],
              offsite: false,
            },
            {
              name: "vault",
              type: "s3",
              repository: "s3:https://vault.example/hq",
              encryption: secret("RESTIC"),
              credentials: secret("VAULT"),
              hostKeys: [],
              offsite: true,
            },
          ],
          origin: at("hq/servers/srv-1.yaml", 10),
        },
      ],
    },
  });
}

/** The practice site's access. */
export function access(): DeviceIntent {
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
