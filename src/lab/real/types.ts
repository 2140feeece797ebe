/** What a practice device is made of. `host` is a bare network namespace unless it has users. */
export type LabDeviceKind =
  | "nftables-firewall"
  | "openvswitch-switch"
  | "linux-server"
  | "frr-router"
  | "host";

/** Daemons that a device starts by itself at power-on, beside sshd. */
export type LabService = "cron" | "chrony" | "rsyslog" | "openvswitch" | "frr" | "nftables";

/** An account on a device. With neither key nor password nobody can log in as it. */
export interface LabUser {
  readonly name: string;
  /** Public keys, one line of authorized_keys each. */
  readonly authorizedKeys?: readonly string[];
  /** Clear text: it is a practice password, chosen by whoever describes the lab. */
  readonly password?: string;
  /** `sudo -n` without a password; ignored for root. Needs the package sudo. */
  readonly sudo?: boolean;
  /** Login shell (default /bin/bash). */
  readonly shell?: string;
}

/** An interface of a device; its far end is named by a link. */
export interface LabInterface {
  /** At most 15 characters, unique in the device. */
  readonly name: string;
  /** Addresses with prefix length, IPv4 or IPv6, set at every power-on. */
  readonly addresses?: readonly string[];
  readonly mtuBytes?: number;
  readonly macAddress?: string;
}

/** A static route set at every power-on; `to` is a prefix or `default`. */
export interface LabRoute {
  readonly to: string;
  readonly via: string;
}

/** How a switch port stands when the lab comes up; the operator changes it afterwards over SSH. */
export type LabSwitchPort =
  | { readonly access: number }
  | { readonly trunk: readonly number[]; readonly native?: number };

/** First state of an Open vSwitch switch. */
export interface LabSwitch {
  /** Name of the bridge (default `br0`). */
  readonly bridge?: string;
  /** Interfaces that are ports from the start (default: none is attached, as on a box still to be set up). */
  readonly ports?: Readonly<Record<string, LabSwitchPort>>;
  /** The switch's own address on its bridge, reached through the data network. */
  readonly management?: { readonly vlan: number; readonly address: string; readonly gateway?: string };
  /** Rapid spanning tree; needed where links between switches form a loop. */
  readonly rstp?: boolean;
}

/** The operator's way to a device.
 *  - left out: a cable of its own to the lab's management network, 198.18.0.0/15, on `mgmt0`
 *  - `out-of-band`: the same cable, with the address that the inventory gives; `from` is the operator's address
 *  - `in-band`: no cable; the operator sits on the host `via` and every connection crosses the data network,
 *    so a wrong VLAN or filter locks him out for real */
export type LabManagement =
  | {
      readonly mode: "out-of-band";
      readonly address: string;
      readonly from: string;
      readonly interface?: string;
    }
  | { readonly mode: "in-band"; readonly address: string; readonly via: string };

/** One device of a practice site. */
export interface LabDevice {
  /** Lower-case letters, digits, dot and dash; unique in the site. */
  readonly name: string;
  readonly kind: LabDeviceKind;
  readonly interfaces: readonly LabInterface[];
  /** Accounts; a device with at least one runs its own sshd. */
  readonly users?: readonly LabUser[];
  readonly routes?: readonly LabRoute[];
  readonly management?: LabManagement;
  /** Daemons started at power-on (default: what the kind usually runs). */
  readonly services?: readonly LabService[];
  readonly switch?: LabSwitch;
  /** Files written before the first power-on, by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Size of the device's disk (default 256 MiB of memory, used only as it fills). */
  readonly diskMebibytes?: number;
}

/** One end of a link: device and interface. */
export interface LabLinkEnd {
  readonly device: string;
  readonly interface: string;
}

/** A practice site: devices and the cables between them. */
export interface LabSite {
  readonly name: string;
  readonly devices: readonly LabDevice[];
  readonly links: readonly (readonly [LabLinkEnd, LabLinkEnd])[];
}

/** Where a lab lives. Every function of the lab takes it, so that another process finds the same lab. */
export interface LabOptions {
  /** Folder of `lab.json`; one lab a folder. */
  readonly stateDir: string;
  /** Short id in the names of namespaces, `sw-<labId>-<device>` (default: made from stateDir). */
  readonly labId?: string;
}

/** A device that is up, as other processes need to know it. */
export interface LabDeviceState {
  readonly name: string;
  readonly kind: LabDeviceKind;
  readonly namespace: string;
  /** Unix socket that leads to the device's port 22; absent on a host without users. */
  readonly socketPath?: string;
  /** Address that the inventory calls the management address. */
  readonly managementAddress?: string;
  /** `ssh-ed25519 AAAA…`, as known_hosts has it. */
  readonly hostKey?: string;
  readonly users: readonly string[];
  readonly interfaces: readonly LabInterface[];
}

/** What `lab.json` holds. */
export interface LabState {
  readonly schemaVersion: 1;
  readonly labId: string;
  readonly site: LabSite;
  readonly runDir: string;
  readonly startedAt: string;
  readonly devices: readonly LabDeviceState[];
  /** Management address to unix socket: drivers dial the socket and nothing else. */
  readonly sockets: Readonly<Record<string, string>>;
}

/** A packet to be sent from one device to an address. `port` is needed for tcp and udp. */
export interface LabProbe {
  readonly proto: "tcp" | "udp" | "icmp";
  readonly to: string;
  readonly port?: number;
  /** Device that should receive it, and its port, where `to` is translated on the way. */
  readonly listener?: { readonly device: string; readonly port?: number };
  /** How long silence counts as dropped, milliseconds (default 800). */
  readonly timeoutMs?: number;
}

/** `arrived`: the listener on the target saw it. `refused`: a reset or an ICMP error came back.
 *  `dropped`: nothing came back in time. */
export type LabVerdict = "arrived" | "dropped" | "refused";

/** What became of a probe. */
export interface LabProbeResult {
  readonly verdict: LabVerdict;
  readonly tookMs: number;
  /** Source address that the listener saw: shows translation. */
  readonly seenFrom?: string;
  /** The system's word for it, such as ECONNREFUSED. */
  readonly detail?: string;
}
