import type { FileWhere } from "../../../src/model/finding.ts";
import type {
  DeviceIntent,
  FirewallIntent,
  FirewallRuleIntent,
  PortIntent,
  RoutedInterfaceIntent,
  ServerIntent,
  ServiceMatch,
} from "../../../src/model/intent.ts";
import { parseSecretRef, type SecretRef } from "../../../src/model/secret.ts";

/** A place in the YAML of the practice site. */
export function place(line: number, file = "devices/fw.yaml"): FileWhere {
  return { file: `inventory/acme/office/${file}`, line, column: 1 };
}

/** A Linux device with nothing but a name. */
function bareDevice(name: string, platform: string, kind: DeviceIntent["kind"]): DeviceIntent {
  return {
    id: `acme/office/${name}`,
    client: "acme",
    site: "office",
    name,
    asset: `AC-${name}`,
    platform,
    model: "test",
    kind,
    role: undefined,
    origin: place(1, `devices/${name}.yaml`),
    assetFields: {},
    management: {
      address: "198.18.0.2",
      network: "mgmt",
      port: 22,
      user: "root",
      agent: false,
      legacyAlgorithms: false,
      jump: [],
      hostKeys: [],
      allowedFrom: ["198.18.0.0/15"],
    },
    ownership: "claims",
    gate: "none",
    system: {
      hostname: name,
      timezone: "Etc/UTC",
      dns: [],
      ntp: [],
      syslog: [],
      users: [],
      idleTimeoutMinutes: 15,
    },
    vlans: [],
    ports: [],
    lags: [],
    gateways: [],
    interfaces: [],
    routes: [],
    dhcpPools: [],
    filters: [],
    layer2: { spanningTree: { mode: "rstp" }, dhcpSnooping: [], arpInspection: [] },
    firewall: undefined,
    server: undefined,
    vpns: [],
    members: [],
    checks: [],
    secrets: [],
  };
}

/** TCP ports as a service. */
export function tcp(...ports: readonly number[]): ServiceMatch {
  return { protocol: "tcp", ports: ports.map((port) => [port, port] as const) };
}

/** A rule between zones. */
export function rule(id: string, change: Partial<FirewallRuleIntent>): FirewallRuleIntent {
  return {
    id,
    from: "office",
    to: "server",
    action: "permit",
    source: [],
    destination: [],
    services: [],
    log: false,
    ticket: "CHG-2026-0113",
    origin: place(Number(id.replace(/\D/g, "")) || 1, "rules.yaml"),
    ...change,
  };
}

function leg(name: string, network: string, addresses: readonly string[]): RoutedInterfaceIntent {
  return { name, description: network, kind: "lan", network, zone: network, addresses, origin: place(10) };
}

/** The practice site's firewall: office may ask the servers for the web, and may ping. */
export function practiceFirewall(rules?: readonly FirewallRuleIntent[]): DeviceIntent {
  const firewall: FirewallIntent = {
    zones: [
      { name: "office", interfaces: ["lan10"], prefixes: ["10.77.10.0/24", "2001:db8:10::/64"] },
      { name: "server", interfaces: ["lan20"], prefixes: ["10.77.20.0/24", "2001:db8:20::/64"] },
      { name: "guest", interfaces: ["lan90"], prefixes: ["10.77.90.0/24"] },
    ],
    rules: rules ?? [
      rule("R0012", {
        source: ["10.77.10.0/24", "2001:db8:10::/64"],
        destination: ["10.77.20.10", "10.77.20.11"],
        services: [tcp(443, 80, 81), { protocol: "icmp", ports: [], icmpType: 8 }],
      }),
      rule("R0013", { to: "*", from: "office", action: "deny", services: [tcp(25)], log: true }),
    ],
    local: [rule("R0020", { from: "office", to: "self", services: [{ protocol: "icmp", ports: [] }] })],
    nat: { outbound: [], forwards: [] },
    logDropped: true,
  };
  return {
    ...bareDevice("fw", "nftables", "firewall"),
    interfaces: [
      leg("lan10", "office", ["10.77.10.1/24", "2001:db8:10::1/64"]),
      leg("lan20", "server", ["10.77.20.1/24", "2001:db8:20::1/64"]),
      leg("lan90", "guest", ["10.77.90.1/24"]),
    ],
    firewall,
  };
}

/** A port of the practice switch. */
export function switchPort(name: string, change: Partial<PortIntent>): PortIntent {
  return {
    name,
    description: `to ${name}`,
    enabled: true,
    mode: "access",
    taggedVlans: [],
    edge: false,
    bpduGuard: false,
    rootGuard: false,
    dhcpTrust: false,
    dot1x: false,
    origin: place(20, "devices/sw1.yaml"),
    ...change,
  };
}

/** The practice site's first switch, as it is cabled. */
export function practiceSwitch(change: Partial<DeviceIntent> = {}): DeviceIntent {
  const access = (name: string, accessVlan: number) => switchPort(name, { accessVlan, edge: true });
  return {
    ...bareDevice("sw1", "openvswitch", "switch"),
    ports: [
      access("f10", 10),
      access("f20", 20),
      access("f90", 90),
      access("p1", 10),
      access("p2", 20),
      switchPort("spare", { mode: "unused", accessVlan: 998, enabled: false, description: "" }),
      switchPort("up", {
        mode: "trunk",
        taggedVlans: [10, 20, 90],
        nativeVlan: 999,
        description: 'to "sw2"; 二楼',
      }),
    ],
    ...change,
  };
}

/** A reference, as the YAML writes it. */
function secret(text: string): SecretRef {
  const ref = parseSecretRef(text);
  if (ref === undefined) throw new Error(`no reference: ${text}`);
  return ref;
}

/** The practice site's first server, backed up to the second. */
export function practiceServer(change: Partial<ServerIntent> = {}): DeviceIntent {
  const bare = bareDevice("srv1", "linux-server", "server");
  const origin = place(5, "servers/srv1.yaml");
  const server: ServerIntent = {
    packages: ["chrony"],
    files: [
      {
        path: "/etc/motd",
        content: "Practice server\n\n\tkeep out\n",
        mode: "0644",
        owner: "root",
      },
    ],
    services: [],
    sshd: { passwordAuthentication: false, permitRootLogin: "prohibit-password", allowUsers: [], listen: [] },
    backups: [
      {
        name: "erp",
        path: "/srv/erp data",
        before: "date > '/srv/erp data/stamp'",
        at: "01:30",
        keep: { daily: 14, weekly: 8 },
        rpoSeconds: 86_400,
        rtoSeconds: 14_400,
        origin,
        targets: [
          {
            name: "nas-1",
            type: "sftp",
            repository: "sftp:root@10.77.20.11:/srv/restic/erp",
            encryption: secret("env:RESTIC@1"),
            credentials: secret("env:NAS_KEY@1"),
            hostKeys: [],
            offsite: false,
          },
        ],
      },
    ],
    ...change,
  };
  return {
    ...bare,
    system: {
      ...bare.system,
      ntp: ["10.77.20.11"],
      syslog: ["10.77.20.11"],
      banner: "Authorised access only.",
      users: [
        {
          name: "li-wei",
          role: "admin",
          password: secret("env:LIWEI@1"),
          keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMMllGdVmt/eX/ARxlcZ9V49uUHY8AF0kla9tGXbZq7h li wei"],
          origin,
        },
        { name: "auditor", role: "operator", keys: [], origin },
      ],
    },
    server,
    secrets: [secret("env:RESTIC@1"), secret("env:NAS_KEY@1"), secret("env:LIWEI@1")],
  };
}
