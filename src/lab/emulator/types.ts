/** The platforms that an emulator can be. */
export type EmulatorPlatform = "iosxe" | "vrp";

/** An account that the device's AAA server knows: it can log in whatever local accounts the configuration holds.
 *  Local accounts (`username … secret …`, `local-user … password …`) can log in besides. */
export interface EmulatorUser {
  readonly name: string;
  readonly password?: string;
  /** Public keys in OpenSSH form (`ssh-ed25519 AAAA… comment`). */
  readonly publicKeys?: readonly string[];
  /** 0 to 15. iosxe: 15 starts in `#`, less in `>` and may not configure. vrp: 3 to 15 may configure, less may only display. */
  readonly privilege: number;
  /** vrp: the login first asks whether to change the initial password. */
  readonly mustChangePassword?: boolean;
}

/** Where the device believes to be managed; what decides whether a change locks the operator out. */
export interface ManagementPath {
  /** The device's own address that the client dials. While no interface that is up holds it, nothing gets through. */
  readonly address: string;
  /** The port that the client's frames come in by; while it is shut or does not carry the address' VLAN, nothing gets through. */
  readonly port?: string;
  /** Other addresses that the device may come to be dialled at, each with a place to listen at as `listen` names one. It
   *  answers there while an interface that is up holds the address; else connections are reset, as by the last router. */
  readonly elsewhere?: Readonly<Record<string, string | number>>;
}

/** Misbehaviour on request. Mutable: what a test sets counts from the next line on. Patterns are tried on typed lines. */
export interface Faults {
  /** Lines that the device refuses with the vendor's own error. */
  refuse: RegExp[];
  /** A line after which the session never answers again. */
  hangAt: RegExp | undefined;
  /** A line at which the session is closed before it is carried out. */
  dropAt: RegExp | undefined;
  /** A line at which the device loses power before it is carried out. */
  powerLossAt: RegExp | undefined;
  /** Like `dropAt`, but the line is carried out and its answer lost. */
  dropAfter: RegExp | undefined;
  /** Like `powerLossAt`, but the line is carried out first. */
  powerLossAfter: RegExp | undefined;
  /** Wait before each reply, milliseconds. */
  replyDelayMs: number;
  /** Log lines that the device throws into its output, one at each reply, in turn. */
  chatter: string[];
  /** Saving fails: the flash is full. */
  flashFull: boolean;
}

/** What an emulator did and was asked, in order; `at` is the device's clock, milliseconds since 1970. */
export interface EmulatorLogEntry {
  readonly at: number;
  readonly kind:
    | "login"
    | "login-refused"
    | "refused-connection"
    | "command"
    | "refused"
    | "boot"
    | "boot-refused"
    | "rollback"
    | "power";
  readonly user: string;
  readonly text: string;
}

/** How to start an emulator. */
export interface EmulatorOptions {
  readonly platform: EmulatorPlatform;
  /** Name that a factory-fresh device takes; a `hostname`/`sysname` in `config` wins. */
  readonly hostname: string;
  /** Marketing name, e.g. `C9200L-24P-4G`, `S5735-L24T4S-A`. */
  readonly model?: string;
  readonly users: readonly EmulatorUser[];
  /** Startup configuration as text; left out, the factory's. Lines that the device refuses stand in `log` as `boot-refused`. */
  readonly config?: string;
  readonly faults?: Partial<Faults>;
  /** How long one device minute takes, milliseconds (default 60_000). Timers and the device's clock follow it. */
  readonly minuteMs?: number;
  /** How long a reboot takes, milliseconds (default 200). */
  readonly rebootMs?: number;
  /** Names of the physical ports in the vendor's long form; left out, 24 plus 4 uplinks. */
  readonly ports?: readonly string[];
  /** The client's source address as the device sees it (default 127.0.0.1). Filters and log lines use it. */
  readonly clientAddress?: string;
  readonly management?: ManagementPath;
  /** IPv4 addresses beside its own that answer its pings, as long as it has a way to them. */
  readonly neighbours?: readonly string[];
  /** Where to listen: a path is a Unix socket, a number a TCP port of 127.0.0.1 (default 0: any free one). */
  readonly listen?: string | number;
  /** Host key in OpenSSH private form; left out, a fresh ed25519 key (kept in `stateFolder`, where there is one). */
  readonly hostKey?: string;
  /** Folder that keeps running and saved configuration, files, timers and host key between processes. */
  readonly stateFolder?: string;
  /** vrp: ask before a link type is changed that VLANs hang on, as newer releases do, instead of refusing (default false). */
  readonly asksBeforeLinkType?: boolean;
  /** Serial number that inventory commands show. */
  readonly serial?: string;
}

/** A running emulator. */
export interface Emulator {
  readonly platform: EmulatorPlatform;
  /** 127.0.0.1, or the path of the Unix socket. */
  readonly host: string;
  /** TCP port; 0 on a Unix socket. */
  readonly port: number;
  /** The same for each address of `management.elsewhere`. */
  readonly ports: Readonly<Record<string, number>>;
  readonly hostKey: {
    /** base64 of the key's blob, the second word of an OpenSSH public key line. */
    readonly publicKey: string;
    /** `SHA256:…` without padding. */
    readonly fingerprint: string;
    /** Type word of the line, `ssh-ed25519`. */
    readonly type: string;
  };
  readonly faults: Faults;
  readonly log: readonly EmulatorLogEntry[];
  /** The running configuration, without volatile header lines. */
  running(): string;
  /** The saved (startup) configuration in the same form; empty where nothing was saved. */
  saved(): string;
  /** Types configuration lines on the console as a person would, below `configure terminal`/`system-view`; not saved.
   *  @throws Error naming the line and the device's answer where a line is refused */
  handEdit(lines: readonly string[], by?: string): void;
  /** Number of open SSH sessions. */
  sessions(): number;
  /** Whether a new SSH connection would get through now. */
  reachable(): boolean;
  /** Changes the source address that the device sees from the next connection on. */
  setClientAddress(address: string): void;
  /** Sets the device's clock wrong: this many milliseconds ahead of the right time, behind where negative. */
  setClockAhead(aheadMs: number): void;
  /** Cuts the power: all sessions are gone, timers too; comes back from the saved configuration after `rebootMs`. */
  powerCycle(): Promise<void>;
  /** Closes everything for good. */
  stop(): Promise<void>;
}
