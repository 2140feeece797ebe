import type { FileWhere } from "../../src/model/finding.ts";
import type {
  DeviceIntent,
  GatewayIntent,
  LagIntent,
  PortIntent,
  VlanIntent,
} from "../../src/model/intent.ts";
import { parseSecretRef, type SecretRef } from "../../src/model/secret.ts";

/** A place in the YAML of the practice switch. */
export function place(line: number): FileWhere {
  return { file: "inventory/acme/hq/devices/sw-1.yaml", line, column: 1 };
}

/** A reference as the YAML writes it. */
export function secret(text: string): SecretRef {
  const ref = parseSecretRef(text);
  if (!ref) throw new Error(`no reference: ${text}`);
  return ref;
}

/** An access port; `change` replaces what a test wants otherwise. */
export function port(name: string, line: number, change: Partial<PortIntent> = {}): PortIntent {
  return {
    name,
    description: `user ${name.split("/").at(-1)}`,
    enabled: true,
    mode: "access",
    accessVlan: 10,
    taggedVlans: [],
    edge: true,
    bpduGuard: true,
    rootGuard: false,
    dhcpTrust: false,
    dot1x: false,
    origin: place(line),
    ...change,
  };
}

/** A trunk to the core. */
export function trunk(name: string, line: number, change: Partial<PortIntent> = {}): PortIntent {
  return port(name, line, {
    description: "core-1",
    mode: "trunk",
    nativeVlan: 999,
    taggedVlans: [10, 20, 30, 99],
    edge: false,
    bpduGuard: false,
    dhcpTrust: true,
    ...change,
  });
}

/** A VLAN. */
export function vlan(id: number, name: string, purpose: VlanIntent["purpose"] = "data"): VlanIntent {
  return { id, name, purpose, dhcpSnooping: id < 100, origin: place(id) };
}

/** A VLAN's gateway. */
export function gateway(id: number, address: string, change: Partial<GatewayIntent> = {}): GatewayIntent {
  return {
    network: `net-${id}`,
    vlan: id,
    description: `gateway ${id}`,
    addresses: [address],
    dhcpRelay: [],
    routerAdvertisement: "off",
    management: false,
    origin: place(200 + id),
    ...change,
  };
}

/** A link aggregation of two uplinks. */
export function lag(name: string, id: number, members: readonly string[], line: number): LagIntent {
  const { mode: _mode, ...layer2 } = trunk(name, line);
  return { ...layer2, name, mode: "trunk", id, lacp: "active", members };
}

/** A switch with everything that both vendors can express. Port names are the platform's. */
export function richSwitch(platform: "iosxe" | "vrp", ports: readonly string[]): DeviceIntent {
  const [p1 = "", p2 = "", p3 = "", p4 = "", p5 = "", p6 = ""] = ports;
  const bundle = platform === "iosxe" ? "Port-channel1" : "Eth-Trunk1";
  return {
    id: "acme/hq/sw-1",
    client: "acme",
    site: "hq",
    name: "sw-1",
    asset: "AC-SW-1",
    platform,
    model: "test",
    kind: "switch",
    role: "core",
    origin: place(1),
    assetFields: {},
    management: {
      address: "10.1.99.11",
      network: "mgmt",
      vlan: 99,
      port: 22,
      user: "ops",
      password: secret("env:OPS@1"),
      agent: false,
      legacyAlgorithms: false,
      jump: [],
      hostKeys: [],
      allowedFrom: ["10.1.99.0/24", "127.0.0.1/32"],
    },
    ownership: "claims",
    gate: "none",
    system: {
      hostname: "sw-1",
      domain: "acme.example",
      timezone: "Asia/Shanghai",
      dns: ["10.1.20.53"],
      ntp: ["10.1.99.2", "10.1.99.3"],
      syslog: ["10.1.99.6"],
      snmp: {
        user: "mon",
        auth: secret("env:SNMP_AUTH@1"),
        privacy: secret("env:SNMP_PRIV@1"),
        hosts: ["10.1.99.7"],
        location: "1F rack 2",
        contact: "noc@acme.example",
      },
      users: [{ name: "ops", role: "admin", password: secret("env:OPS@1"), keys: [], origin: place(7) }],
      banner: "Authorised access only.\nEverything is logged.",
      idleTimeoutMinutes: 15,
    },
    vlans: [
      vlan(10, "office"),
      vlan(20, "servers"),
      vlan(30, "phones", "voice"),
      vlan(99, "mgmt"),
      vlan(998, "unused", "parking"),
      vlan(999, "native", "native"),
    ],
    ports: [
      port(p1, 20, { voiceVlan: 30, macLimit: 2, stormControlPercent: 1 }),
      port(p2, 21, { accessVlan: 20, edge: true, bpduGuard: false, description: "srv-erp eth0" }),
      trunk(p3, 22),
      port(p4, 23, {
        description: "",
        mode: "unused",
        accessVlan: 998,
        enabled: false,
        edge: false,
        bpduGuard: false,
      }),
      trunk(p5, 24, { mode: "lag-member", lag: 1 }),
      trunk(p6, 24, { mode: "lag-member", lag: 1 }),
    ],
    lags: [lag(bundle, 1, [p5, p6], 24)],
    gateways: [
      gateway(10, "10.1.10.2/24", {
        vrrp: { group: 10, address: "10.1.10.1", priority: 120, preempt: true },
        dhcpRelay: ["10.1.20.67"],
        filterIn: "OFFICE-IN",
      }),
      gateway(20, "10.1.20.1/24", { addresses: ["10.1.20.1/24", "10.1.21.1/24"] }),
      gateway(99, "10.1.99.11/24", { management: true }),
    ],
    interfaces: [],
    routes: [{ prefix: "0.0.0.0/0", nextHop: "10.1.99.1", name: "DEFAULT", origin: place(40) }],
    dhcpPools: [
      {
        network: "servers",
        vlan: 20,
        prefix: "10.1.20.0/24",
        ranges: [["10.1.20.100", "10.1.20.199"]],
        gateway: "10.1.20.1",
        dns: ["10.1.20.53"],
        domain: "acme.example",
        leaseSeconds: 28_800,
        reservations: [{ name: "printer", address: "10.1.20.50", mac: "00:11:22:33:44:55" }],
        origin: place(50),
      },
    ],
    filters: [
      {
        name: "OFFICE-IN",
        default: "deny",
        entries: [
          {
            id: "R0012",
            action: "permit",
            source: ["10.1.10.0/24"],
            destination: ["10.1.20.5/32"],
            services: [
              {
                protocol: "tcp",
                ports: [
                  [80, 80],
                  [443, 443],
                ],
              },
              { protocol: "udp", ports: [[5000, 5010]] },
            ],
            established: false,
            log: true,
            remark: "R0012 CHG-2026-0113",
            origin: place(60),
          },
          {
            id: "R0013",
            action: "permit",
            source: ["10.1.10.0/24"],
            destination: [],
            services: [{ protocol: "icmp", ports: [], icmpType: 8 }],
            established: false,
            log: false,
            remark: "R0013 ping",
            origin: place(61),
          },
        ],
      },
    ],
    layer2: { spanningTree: { mode: "rstp", priority: 4096 }, dhcpSnooping: [10, 30], arpInspection: [10] },
    firewall: undefined,
    server: undefined,
    vpns: [],
    members: [],
    checks: [],
    secrets: [secret("env:OPS@1"), secret("env:SNMP_AUTH@1"), secret("env:SNMP_PRIV@1")],
  };
}
