import type { FileWhere } from "./finding.ts";
import type { DeviceIntent, ServiceMatch } from "./intent.ts";
import type { Policy, Waiver, ZoningRule } from "./policy.ts";
import type { SecretRef } from "./secret.ts";

/** One site with every name resolved, every layer merged, everything derivable derived.
 *  Lists are sorted by name unless they say otherwise; addresses are canonical text. */
export interface Site {
  /** `client/site`. */
  readonly id: string;
  readonly client: string;
  readonly site: string;
  /** As people call it, `上海总部`. */
  readonly name: string;
  readonly clientName: string;
  readonly origin: FileWhere;
  /** IANA name. */
  readonly timezone: string;
  readonly criticality: Criticality;
  /** `lab`: management addresses are reached through the practice lab only; nothing is dialled while it is down. */
  readonly binding: "direct" | "lab";
  readonly gate: "none" | "required";
  readonly ownership: "claims" | "full";
  /** How many devices may be read or pushed side by side. */
  readonly parallel: number;
  readonly contacts: readonly Contact[];
  readonly changeWindows: readonly ChangeWindow[];
  readonly freezes: readonly Freeze[];
  readonly networks: readonly Network[];
  readonly hosts: readonly Host[];
  readonly links: readonly Link[];
  readonly wan: readonly WanLink[];
  readonly nat: SiteNat;
  readonly routes: readonly SiteRoute[];
  readonly vpns: readonly SiteVpn[];
  /** In the order of evaluation: `before` settled, else by id. */
  readonly rules: readonly Rule[];
  readonly policy: Policy;
  /** Own rules of the provider and the client, also those that no end of lies here; absent where nobody wrote one. */
  readonly zoning?: readonly ZoningRule[];
  readonly waivers: readonly Waiver[];
  readonly backup: SiteBackup;
  /** Network devices and servers, sorted by name. */
  readonly devices: readonly DeviceIntent[];
}

export type Criticality = "low" | "medium" | "high" | "critical";

export interface Contact {
  readonly name: string;
  readonly role?: string;
  readonly email?: string;
  readonly phone?: string;
}

/** Local times of the site, `HH:MM`; `to` before `from` means the next morning. */
export interface ChangeWindow {
  readonly name: string;
  readonly days: readonly ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
  readonly from: string;
  readonly to: string;
  readonly origin: FileWhere;
}

/** No change from the first to the last day, both ISO days of the site. */
export interface Freeze {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly reason?: string;
  readonly origin: FileWhere;
}

export interface Network {
  readonly name: string;
  readonly description?: string;
  readonly purpose: "data" | "voice" | "parking" | "native" | "transit";
  readonly vlan?: number;
  readonly zone?: string;
  readonly vrf?: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly secondary: readonly string[];
  /** The address that hosts use as their router (the VRRP address where there is one). */
  readonly gateway?: string;
  readonly gateway6?: string;
  /** Devices that route for it, sorted by priority, then name. */
  readonly routers: readonly {
    readonly device: string;
    readonly address: string;
    readonly priority?: number;
  }[];
  readonly dhcp?: {
    /** The device or host that answers. */
    readonly server: string;
    readonly ranges: readonly (readonly [string, string])[];
    readonly relays: readonly string[];
  };
  /** From which pool the prefixes came. */
  readonly pools: readonly string[];
  readonly reuse: boolean;
  readonly origin: FileWhere;
}

export type HostKind = "host" | "server" | "device" | "member";

/** Whatever has an address at the site: foreign hosts, our servers' interfaces, our devices' management. */
export interface Host {
  readonly name: string;
  readonly kind: HostKind;
  readonly description?: string;
  readonly network?: string;
  readonly zone?: string;
  readonly address?: string;
  readonly address6?: string;
  /** `00:11:22:33:44:55`. */
  readonly mac?: string;
  /** Where it is plugged in, `sw-1f:GE0/0/7`. */
  readonly port?: string;
  readonly owner?: string;
  readonly origin: FileWhere;
}

export interface LinkEnd {
  readonly device: string;
  readonly port: string;
  /** Id of the LAG that the port belongs to. */
  readonly lag?: number;
}

/** A cable between two things of the site; `a` sorts before `b`. */
export interface Link {
  readonly a: LinkEnd;
  readonly b: LinkEnd;
  /** VLANs carried, sorted. */
  readonly vlans: readonly number[];
  readonly origin: FileWhere;
}

export interface WanLink {
  readonly name: string;
  readonly device: string;
  readonly interface: string;
  readonly zone: string;
  readonly method: "static" | "pppoe" | "dhcp";
  /** With length, `203.0.113.2/30`. */
  readonly ipv4?: string;
  readonly gateway?: string;
  readonly ipv6?: string;
  readonly gateway6?: string;
  readonly priority: number;
  readonly upBps?: number;
  readonly downBps?: number;
  readonly probe?: string;
  readonly provider?: string;
  readonly circuit?: string;
  readonly origin: FileWhere;
}

export interface SiteNat {
  readonly outbound: readonly {
    readonly name: string;
    readonly from: readonly string[];
    readonly via: readonly string[];
    readonly source: readonly string[];
    readonly origin: FileWhere;
  }[];
  readonly forwards: readonly {
    readonly name: string;
    readonly wan: string;
    readonly device: string;
    readonly protocol: "tcp" | "udp";
    readonly port: number;
    readonly to: string;
    readonly toAddress: string;
    readonly toPort: number;
    /** The rule that it implies. */
    readonly rule: string;
    readonly origin: FileWhere;
  }[];
}

export interface SiteRoute {
  readonly name: string;
  readonly device: string;
  readonly prefix: string;
  readonly nextHop: string;
  readonly vrf?: string;
  readonly distance?: number;
  readonly origin: FileWhere;
}

export interface SiteVpn {
  readonly name: string;
  readonly device: string;
  readonly wan: string;
  /** `client/site` of the other end. */
  readonly peerSite: string;
  readonly peerDevice: string;
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly localNetworks: readonly string[];
  readonly remoteNetworks: readonly string[];
  readonly localPrefixes: readonly string[];
  readonly remotePrefixes: readonly string[];
  readonly psk: SecretRef;
  readonly origin: FileWhere;
}

/** One side of a rule after resolution: what was written, and the addresses it means, each with its zone. */
export interface RuleEnd {
  /** As written: `office`, `zone:office`, `hq/srv-erp`, `10.1.2.3`, `any`. */
  readonly ref: string;
  readonly kind: "network" | "host" | "device" | "zone" | "address" | "site" | "any";
  /** Zones it lies in, sorted; the reserved `internet` for public space that no network claims. */
  readonly zones: readonly string[];
  /** `client/site` that it lies in; undefined for the outside. */
  readonly site: string | undefined;
  /** IPv4 and IPv6 prefixes, sorted; empty means every address of its zones (only `internet` and `any`). */
  readonly prefixes: readonly string[];
}

export interface Rule {
  readonly id: string;
  readonly action: "permit" | "deny";
  readonly from: readonly RuleEnd[];
  readonly to: readonly RuleEnd[];
  /** Names as written. */
  readonly services: readonly string[];
  readonly matches: readonly ServiceMatch[];
  readonly log: boolean;
  readonly owner?: string;
  readonly ticket?: string;
  readonly reason?: string;
  readonly created?: string;
  readonly review?: string;
  readonly expires?: string;
  readonly inspection: readonly string[];
  readonly before: readonly string[];
  /** `implied`: made from a port forward or from a service of the site; never written in a rules file. */
  readonly source: "site" | "client" | "implied";
  readonly origin: FileWhere;
}

export interface BackupTarget {
  readonly name: string;
  readonly type: "sftp" | "s3" | "local";
  readonly host?: string;
  readonly media: string;
  readonly offsite: boolean;
  readonly immutableSeconds?: number;
  readonly origin: FileWhere;
}

export interface BackupPolicy {
  readonly name: string;
  readonly rpoSeconds: number;
  readonly rtoSeconds: number;
  readonly copies: readonly string[];
  readonly keep: { readonly daily?: number; readonly weekly?: number; readonly monthly?: number };
  readonly restoreTestSeconds?: number;
  readonly origin: FileWhere;
}

export interface SiteBackup {
  readonly targets: readonly BackupTarget[];
  readonly policies: readonly BackupPolicy[];
}
