import type { FileWhere } from "./finding.ts";
import type { SecretRef } from "./secret.ts";

/** The neutral structured configuration of one device: everything is decided here, templates only spell it (D4).
 *  All lists are sorted; addresses are text in canonical form (`10.1.10.1`, `10.1.10.0/24`, RFC 5952 for IPv6).
 *  `origin` names the YAML place that a thing comes from, for provenance and for findings. */
export interface DeviceIntent {
  /** `client/site/device`. */
  readonly id: string;
  readonly client: string;
  readonly site: string;
  readonly name: string;
  /** Stable identity: a rename, a new address or a new box keeps it (D1). */
  readonly asset: string;
  readonly platform: string;
  readonly model: string;
  readonly kind: "switch" | "firewall" | "router" | "server";
  readonly role: string | undefined;
  readonly origin: FileWhere;
  readonly assetFields: AssetFields;
  readonly management: ManagementIntent;
  readonly ownership: "claims" | "full";
  readonly gate: "none" | "required";
  readonly system: SystemIntent;
  readonly vlans: readonly VlanIntent[];
  readonly ports: readonly PortIntent[];
  readonly lags: readonly LagIntent[];
  readonly gateways: readonly GatewayIntent[];
  readonly interfaces: readonly RoutedInterfaceIntent[];
  readonly routes: readonly RouteIntent[];
  readonly dhcpPools: readonly DhcpPoolIntent[];
  readonly filters: readonly FilterIntent[];
  readonly layer2: Layer2Intent;
  readonly firewall: FirewallIntent | undefined;
  readonly server: ServerIntent | undefined;
  /** Intent of the YAML that some platform may be unable to express, each to be refused by name if so. */
  readonly vpns: readonly VpnIntent[];
  readonly members: readonly MemberIntent[];
  /** Probes that must succeed from the device before a push of it is confirmed. */
  readonly checks: readonly CheckIntent[];
  /** Every secret that the rendered configuration refers to. */
  readonly secrets: readonly SecretRef[];
}

/** A probe from a device. Nothing of it is configured there. */
export type CheckIntent = PingCheck | TcpCheck;

interface CheckBase {
  readonly name: string;
  /** Whom it asks, without length. */
  readonly address: string;
  /** How long it may take to succeed, seconds. */
  readonly withinSeconds: number;
  readonly origin: FileWhere;
}

/** An address that must answer an ICMP echo. */
export interface PingCheck extends CheckBase {
  readonly kind: "ping";
}

/** A TCP port that must take a connection. */
export interface TcpCheck extends CheckBase {
  readonly kind: "tcp";
  readonly port: number;
}

export interface AssetFields {
  readonly serial?: string;
  readonly owner?: string;
  readonly location?: string;
  readonly warranty?: string;
  readonly criticality?: string;
  readonly firmware?: string;
}

/** How the device is reached. `addresses` are hosts without length; the binding of a lab stands in for them. */
export interface ManagementIntent {
  readonly address: string;
  readonly address6?: string;
  readonly network: string;
  readonly vlan?: number;
  readonly port: number;
  readonly user: string;
  readonly password?: SecretRef;
  readonly key?: SecretRef;
  readonly agent: boolean;
  /** Read-only login for plan and drift; the push login where it is absent. */
  readonly readOnly?: { readonly user: string; readonly password?: SecretRef; readonly key?: SecretRef };
  readonly enable?: SecretRef;
  readonly legacyAlgorithms: boolean;
  /** Names of jump hosts, outermost first, each resolved to an address and a login. */
  readonly jump: readonly JumpHost[];
  /** OpenSSH known-hosts style keys (`ssh-ed25519 AAAA…`); empty means: look in the workspace's known hosts. */
  readonly hostKeys: readonly string[];
  /** Addresses (prefixes) that management may come from. */
  readonly allowedFrom: readonly string[];
}

export interface JumpHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password?: SecretRef;
  readonly key?: SecretRef;
  readonly hostKeys: readonly string[];
}

export interface SystemIntent {
  readonly hostname: string;
  readonly domain?: string;
  /** IANA name, `Asia/Shanghai`. */
  readonly timezone: string;
  readonly dns: readonly string[];
  readonly ntp: readonly string[];
  readonly syslog: readonly string[];
  /** SNMPv3 only. */
  readonly snmp?: {
    readonly user: string;
    readonly auth: SecretRef;
    readonly privacy: SecretRef;
    readonly hosts: readonly string[];
    readonly location?: string;
    readonly contact?: string;
  };
  readonly users: readonly UserIntent[];
  readonly banner?: string;
  readonly idleTimeoutMinutes: number;
}

export interface UserIntent {
  readonly name: string;
  readonly role: "admin" | "operator";
  readonly password?: SecretRef;
  /** OpenSSH public keys. */
  readonly keys: readonly string[];
  readonly origin: FileWhere;
}

export interface VlanIntent {
  readonly id: number;
  readonly name: string;
  readonly purpose: "data" | "voice" | "parking" | "native";
  readonly dhcpSnooping: boolean;
  readonly origin: FileWhere;
}

export type PortMode = "access" | "trunk" | "lag-member" | "routed" | "unused";

export interface PortIntent {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly mode: PortMode;
  /** Access VLAN (mode access or unused: the parking VLAN). */
  readonly accessVlan?: number;
  readonly voiceVlan?: number;
  readonly nativeVlan?: number;
  /** Tagged VLANs of a trunk, sorted, without the native one. */
  readonly taggedVlans: readonly number[];
  readonly lag?: number;
  readonly edge: boolean;
  readonly bpduGuard: boolean;
  readonly rootGuard: boolean;
  readonly dhcpTrust: boolean;
  readonly macLimit?: number;
  /** Percent of the line rate. */
  readonly stormControlPercent?: number;
  readonly dot1x: boolean;
  readonly speed?: string;
  readonly mtuBytes?: number;
  /** What is at the other end, for descriptions and registers: `srv-erp:eth0`. */
  readonly peer?: string;
  readonly profile?: string;
  readonly origin: FileWhere;
}

/** A link aggregation; its layer-2 fields as of a port, `name` as the platform spells it (`Port-channel1`, `Eth-Trunk1`, `bond1`). */
export interface LagIntent extends Omit<PortIntent, "lag" | "mode"> {
  readonly mode: "access" | "trunk" | "routed";
  readonly id: number;
  readonly lacp: "active" | "passive" | "static";
  readonly members: readonly string[];
}

/** The layer-3 interface of a VLAN on this device (SVI, Vlanif, firewall leg). */
export interface GatewayIntent {
  readonly network: string;
  readonly vlan: number;
  readonly description: string;
  readonly vrf?: string;
  readonly zone?: string;
  /** This device's own address with length, `10.1.10.2/24`; secondary ones after the first. */
  readonly addresses: readonly string[];
  readonly vrrp?: {
    readonly group: number;
    readonly address: string;
    readonly address6?: string;
    readonly priority: number;
    readonly preempt: boolean;
  };
  readonly dhcpRelay: readonly string[];
  readonly routerAdvertisement: "off" | "slaac" | "managed";
  /** Names of filters in `filters`. */
  readonly filterIn?: string;
  readonly filterOut?: string;
  readonly management: boolean;
  readonly origin: FileWhere;
}

/** A physical or logical layer-3 interface that is no VLAN's gateway: WAN links, firewall ports, server NICs. */
export interface RoutedInterfaceIntent {
  readonly name: string;
  readonly description: string;
  readonly kind: "lan" | "wan" | "management" | "server";
  readonly network?: string;
  readonly zone?: string;
  readonly vlan?: number;
  readonly addresses: readonly string[];
  readonly pppoe?: { readonly credentials: SecretRef };
  readonly gateway?: string;
  readonly priority?: number;
  readonly upBps?: number;
  readonly downBps?: number;
  readonly origin: FileWhere;
}

export interface RouteIntent {
  readonly prefix: string;
  readonly nextHop: string;
  readonly vrf?: string;
  readonly distance?: number;
  readonly name?: string;
  readonly origin: FileWhere;
}

export interface DhcpPoolIntent {
  readonly network: string;
  readonly vlan: number;
  readonly prefix: string;
  /** Inclusive, `[from, to]`. */
  readonly ranges: readonly (readonly [string, string])[];
  readonly gateway: string;
  readonly dns: readonly string[];
  readonly domain?: string;
  readonly leaseSeconds: number;
  readonly reservations: readonly { readonly name: string; readonly address: string; readonly mac: string }[];
  readonly origin: FileWhere;
}

/** A layer-4 service: one protocol, optional port ranges. */
export interface ServiceMatch {
  readonly protocol: "tcp" | "udp" | "icmp" | "icmp6" | "any" | number;
  /** Inclusive destination ranges; empty means all. */
  readonly ports: readonly (readonly [number, number])[];
  readonly icmpType?: number;
}

/** A stateless filter for an SVI, compiled from rules. First match wins; `default` ends it. */
export interface FilterIntent {
  readonly name: string;
  readonly entries: readonly FilterEntryIntent[];
  readonly default: "permit" | "deny";
}

export interface FilterEntryIntent {
  readonly id: string;
  readonly action: "permit" | "deny";
  readonly source: readonly string[];
  readonly destination: readonly string[];
  readonly services: readonly ServiceMatch[];
  /** Set on entries that let answers back of UDP services: the ports that the server speaks from, inclusive. The
   *  destination ports are then free. A driver that cannot match source ports refuses the entry. */
  readonly sourcePorts?: readonly (readonly [number, number])[];
  readonly established: boolean;
  readonly log: boolean;
  readonly remark: string;
  readonly origin: FileWhere;
}

export interface Layer2Intent {
  readonly spanningTree: { readonly mode: "rapid-pvst" | "rstp" | "mstp"; readonly priority?: number };
  /** VLANs with DHCP snooping. */
  readonly dhcpSnooping: readonly number[];
  readonly arpInspection: readonly number[];
}

/** A stateful firewall between zones. */
export interface FirewallIntent {
  readonly zones: readonly FirewallZone[];
  readonly rules: readonly FirewallRuleIntent[];
  /** Rules for the device itself (input), beside management. */
  readonly local: readonly FirewallRuleIntent[];
  readonly nat: { readonly outbound: readonly NatOutbound[]; readonly forwards: readonly NatForward[] };
  readonly logDropped: boolean;
}

export interface FirewallZone {
  readonly name: string;
  readonly interfaces: readonly string[];
  readonly prefixes: readonly string[];
}

/** Order is significant; `from`/`to` are zone names, or `*`. */
export interface FirewallRuleIntent {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly action: "permit" | "deny";
  readonly source: readonly string[];
  readonly destination: readonly string[];
  readonly services: readonly ServiceMatch[];
  readonly log: boolean;
  readonly owner?: string;
  readonly ticket?: string;
  readonly reason?: string;
  readonly origin: FileWhere;
}

export interface NatOutbound {
  readonly name: string;
  readonly source: readonly string[];
  readonly interfaces: readonly string[];
}

export interface NatForward {
  readonly name: string;
  readonly interface: string;
  readonly address: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  readonly toAddress: string;
  readonly toPort: number;
}

export interface VpnIntent {
  readonly name: string;
  readonly peerSite: string;
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly localNetworks: readonly string[];
  readonly remoteNetworks: readonly string[];
  readonly psk: SecretRef;
  readonly origin: FileWhere;
}

/** A member of a stack or an HA pair: one configuration, several boxes. */
export interface MemberIntent {
  readonly name: string;
  readonly asset: string;
  readonly serial?: string;
  readonly address?: string;
  readonly priority?: number;
}

export interface ServerIntent {
  readonly packages: readonly string[];
  readonly files: readonly {
    readonly path: string;
    readonly content: string;
    readonly mode: string;
    readonly owner: string;
    readonly restarts?: string;
  }[];
  readonly services: readonly { readonly name: string; readonly enabled: boolean }[];
  readonly sshd: {
    readonly passwordAuthentication: boolean;
    readonly permitRootLogin: "no" | "prohibit-password";
    readonly allowUsers: readonly string[];
    readonly listen: readonly string[];
  };
  readonly backups: readonly BackupJobIntent[];
}

export interface BackupJobIntent {
  readonly name: string;
  readonly path: string;
  readonly before?: string;
  /** Local time `HH:MM`. */
  readonly at: string;
  readonly targets: readonly BackupTargetIntent[];
  readonly keep: { readonly daily?: number; readonly weekly?: number; readonly monthly?: number };
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
  readonly restoreTestSeconds?: number;
  readonly origin: FileWhere;
}

export interface BackupTargetIntent {
  readonly name: string;
  readonly type: "sftp" | "s3" | "local";
  /** restic repository, `sftp:backup@10.1.20.5:/srv/restic/erp-db`. */
  readonly repository: string;
  readonly encryption: SecretRef;
  readonly credentials?: SecretRef;
  /** Host keys that an sftp target must show (`ssh-ed25519 AAAA…`), sorted; empty where none is known. */
  readonly hostKeys: readonly string[];
  readonly offsite: boolean;
}
