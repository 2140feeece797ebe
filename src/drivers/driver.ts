import type { Finding } from "../model/finding.ts";
import type { CheckIntent, DeviceIntent } from "../model/intent.ts";
import type { Secret } from "../model/secret.ts";
import type { Dialect } from "../planner/config/dialect.ts";
import type { Change, ChangeOptions, ConfigItem, ConfigTree, Scope } from "../planner/config/types.ts";
import type { ReadFilters } from "../planner/filters/types.ts";
import type { Answers, EvidenceReader } from "./evidence.ts";
import type { DeviceTarget } from "./transport/types.ts";

/** What a platform can do; intent that needs a capability the driver lacks is refused, never dropped. */
export const CAPABILITIES = [
  "vlans",
  "access-ports",
  "trunk-ports",
  "voice-vlan",
  "lag",
  "gateways",
  "vrrp",
  "secondary-addresses",
  "ipv6",
  "vrf",
  "static-routes",
  "dhcp-server",
  "dhcp-relay",
  "acl",
  "stateful-firewall",
  "nat",
  "vpn",
  "pppoe",
  "spanning-tree",
  "dhcp-snooping",
  "arp-inspection",
  "storm-control",
  "port-security",
  "dot1x",
  "bpdu-guard",
  "root-guard",
  "ntp",
  "syslog",
  "snmp",
  "dns",
  "banner",
  "local-users",
  "router-advertisement",
  "port-speed",
  "mtu",
  "packages",
  "files",
  "services",
  "accounts",
  "backup-jobs",
  "members",
  "ping-checks",
  "tcp-checks",
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** How a device undoes what is not confirmed: natively, by a timer of ours, or by a reboot to a checkpoint. */
export interface SafetyNet {
  readonly kind: "native" | "timer" | "reboot";
  readonly maxSeconds: number;
  readonly atomic: boolean;
}

/** What every driver has: enough to read, compare and plan. Pure. */
export interface DriverCore {
  readonly platform: string;
  readonly title: string;
  /** The table that a text configuration is read by; absent where a platform has a form of its own. */
  readonly dialect?: Dialect;
  readonly capabilities: readonly Capability[];
  /** Text to tree, without losing a line. */
  parse(text: string): ConfigTree;
  /** Ordered, proved commands from running to intended. */
  change(running: string, intended: string, options: ChangeOptions): Change;
  /** Item-wise comparison by canonical equality: what became of `before` in `after`. */
  compare(before: string, after: string, scope: Scope): readonly ConfigItem[];
  /** Secrets and salted hashes out, structure kept: what archives and reports may show. */
  redact(text: string): string;
  /** Reads the packet filters of a configuration for exact analysis; absent where the platform has none. Pure. */
  readonly filters?: ReadFilters;
  /** Reads who was on the device and what they did; absent where the platform does not tell. Pure. */
  readonly evidence?: EvidenceReader;
}

/** The intended configuration of a device as text, with `${secret:…}` placeholders. */
export interface Rendered {
  readonly config: string;
  readonly scope: Scope;
  /** For each line of `config` (index 0 is line 1): where in the YAML it comes from, if known. */
  readonly provenance: readonly (string | undefined)[];
  /** Refusals: what this platform cannot express. */
  readonly findings: readonly Finding[];
}

/** A platform whose configurations can be compared offline, and no more yet. */
export interface OfflineDriver extends DriverCore {
  readonly level: "offline";
}

/** A platform that is rendered, read and pushed. */
export interface FullDriver extends DriverCore {
  readonly level: "full";
  readonly safetyNet: SafetyNet;
  render(intent: DeviceIntent): Rendered;
  /** Opens a session; checks the host key; proves that the device is the one meant (hostname or serial).
   *  @throws DeviceError */
  connect(target: DeviceTarget): Promise<DeviceSession>;
}

export type Driver = OfflineDriver | FullDriver;

export interface RunningState {
  /** What `parse` and `change` take. */
  readonly text: string;
  /** Whether the running configuration is what a reboot would bring back. */
  readonly saved: "same" | "differs" | "unknown";
  /** ISO time by our clock. */
  readonly readAt: string;
  readonly facts: {
    readonly hostname?: string;
    readonly model?: string;
    readonly version?: string;
    readonly serial?: string;
  };
}

/** What an unfinished push left on the device. */
export interface PendingPush {
  /** The token given to `arm`, where the device can hold one. */
  readonly token: string | undefined;
  readonly detail: string;
}

/** One conversation with one device. Every reply is checked; a refused line throws `DeviceError` with `kind: "refused"`.
 *  Calls come in the order of the push sequence: lock, read, arm, send, (new session) probe, confirm, save, read, unlock. */
export interface DeviceSession {
  read(): Promise<RunningState>;
  /** Takes the device's own lock where it has one; refuses with `kind: "locked"` naming the holder.
   *  A stale lock of the same token is taken over. */
  lock(token: string): Promise<void>;
  unlock(token: string): Promise<void>;
  /** Arms the dead-man: unless `confirm` comes within `graceSeconds`, the device returns to `running` by itself. */
  arm(request: ArmRequest): Promise<void>;
  /** Sends the change, checking each reply. `onStep` is told after each command that the device took. */
  send(change: Change, reveal: RevealSecret, onStep?: (done: number, total: number) => void): Promise<void>;
  /** Asks somebody on the network once, from the device. */
  probe(check: CheckIntent): Promise<ProbeResult>;
  /** Disarms the dead-man and keeps the change. */
  confirm(token: string): Promise<void>;
  /** Runs commands that only read, such as those of `evidence`; undefined where the device refused one. */
  ask(commands: Readonly<Record<string, string>>): Promise<Answers>;
  /** Makes the running configuration survive a reboot. */
  save(): Promise<void>;
  /** Undoes at once, by the device's own means or by the change's rollback commands; returns when the device answers again. */
  rollBack(request: ArmRequest, reveal: RevealSecret): Promise<void>;
  /** What a killed push left armed or locked. */
  pending(): Promise<PendingPush | undefined>;
  close(): Promise<void>;
}

/** What came of a probe; `said` is the device's own account of it. */
export interface ProbeResult {
  readonly answered: boolean;
  readonly said: string;
}

export interface ArmRequest {
  readonly token: string;
  readonly graceSeconds: number;
  /** The running configuration as read before the change. */
  readonly running: string;
  readonly change: Change;
  /** Who manages the device, and from where to where the change moves the address that it is managed at: so that the way
   *  back, too, takes the address under its own session away last. */
  readonly way?: Pick<ChangeOptions, "management" | "move">;
}

/** Gives the clear text of a `${secret:REF}` placeholder. */
export type RevealSecret = (reference: string) => Promise<Secret>;

export type DeviceErrorKind =
  | "unreachable"
  | "host-key"
  | "authentication"
  | "timeout"
  | "closed"
  | "refused"
  | "locked"
  | "wrong-device"
  | "no-safety-net"
  | "unexpected";

/** A device that did not do what was asked. `command` and `reply` hold no secret. */
export class DeviceError extends Error {
  readonly kind: DeviceErrorKind;
  readonly device: string;
  readonly command: string | undefined;
  readonly reply: string | undefined;
  constructor(
    kind: DeviceErrorKind,
    device: string,
    message: string,
    detail: { command?: string; reply?: string; cause?: unknown } = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "DeviceError";
    this.kind = kind;
    this.device = device;
    this.command = detail.command;
    this.reply = detail.reply;
  }
}
