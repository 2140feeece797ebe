import { Configurator } from "../cli/configurator.ts";
import { loadText } from "../cli/load.ts";
import type { Box } from "../system.ts";
import { calendarOf, logTime, longTime } from "./calendar.ts";
import { IosConfig, VLAN } from "./config.ts";
import { IOS_DIALECT, printConfig } from "./dialect.ts";

/** Release that the emulator shows. */
const RELEASE = "17.9";
const LOG_ROOM = 500;

/** Who changed something, and when. */
export interface Stamp {
  readonly at: number;
  readonly by: string;
}

/** A line of the configuration log. */
export interface LoggedCommand extends Stamp {
  readonly line: string;
  readonly text: string;
}

/** A confirmed change that waits for its confirmation. */
export interface PendingRollback extends Stamp {
  readonly file: string;
  readonly minutes: number;
}

interface VlanRecord {
  readonly id: number;
  readonly name?: string | undefined;
}

/** Tells whether VLANs stand in the VLAN database only: a VTP server does not print them. */
function hidesVlans(config: IosConfig): boolean {
  return config.root.get("vtp mode") === "vtp mode server";
}

interface IosSnapshot {
  readonly vlans: readonly VlanRecord[];
  readonly running: string;
  readonly startup: string | undefined;
  readonly files: readonly (readonly [string, string])[];
  readonly keys: boolean;
  readonly changed: Stamp | undefined;
  readonly written: Stamp | undefined;
  readonly rollback: PendingRollback | undefined;
  readonly archives: readonly string[];
  readonly logged: readonly LoggedCommand[];
  readonly syslog: readonly string[];
}

/** What an IOS device holds: running configuration, NVRAM, flash, keys and logs. */
export class IosState {
  readonly box: Box;
  config: IosConfig;
  startup: string | undefined;
  files = new Map<string, string>();
  changed: Stamp | undefined;
  written: Stamp | undefined;
  rollback: PendingRollback | undefined;
  archives: string[] = [];
  logged: LoggedCommand[] = [];
  syslog: string[] = [];
  #archiveCount = 0;

  constructor(box: Box) {
    this.box = box;
    this.startup = box.options.config;
    this.config = this.#blank();
  }

  /** Ports of the box. */
  ports(): readonly string[] {
    return this.box.options.ports ?? DEFAULT_PORTS;
  }

  #blank(): IosConfig {
    const hasManagementPort = this.ports().includes("GigabitEthernet0/0");
    return this.read(FACTORY + (hasManagementPort ? MANAGEMENT_PORT : "")).config;
  }

  /** Builds a configuration from text; lines that make no sense are left out and told. */
  read(text: string): {
    readonly config: IosConfig;
    readonly refused: readonly { line: string; answer: string }[];
  } {
    const config = new IosConfig(this.ports(), this.box.options.hostname);
    const refused = loadText(text, new Configurator(IOS_DIALECT, config, config.root), "!");
    return { config, refused };
  }

  /** Starts from NVRAM, or as the factory left it. */
  boot(): void {
    this.changed = undefined;
    this.rollback = undefined;
    this.logged = [];
    this.syslog = [];
    if (this.startup === undefined) {
      this.config = this.#blank();
      return;
    }
    const database = this.#database();
    const keys = this.config.hasKeys;
    const { config, refused } = this.read(this.startup);
    this.config = config;
    this.config.hasKeys = keys;
    if (hidesVlans(config)) this.#restoreVlans(database);
    for (const one of refused) this.box.note("boot-refused", "", one.line);
  }

  /** The VLAN database: a VTP server keeps it on flash, whatever is saved. */
  #database(): readonly VlanRecord[] {
    return this.config
      .vlans()
      .map((id) => ({ id, name: this.config.root.block(VLAN, String(id))?.get("name") }));
  }

  #restoreVlans(records: readonly VlanRecord[]): void {
    for (const { id, name } of records) {
      const block = this.config.openVlan(id);
      if (name !== undefined) block.put("name", name);
    }
  }

  /** The configuration from `version` to `end`. */
  text(): string {
    return printConfig(this.config, RELEASE, hidesVlans(this.config));
  }

  /** The text with the header lines that change by themselves, as it goes to files. */
  fileText(): string {
    const lines = ["!"];
    if (this.changed !== undefined) {
      lines.push(`! Last configuration change at ${longTime(this.changed.at)} by ${this.changed.by}`);
    }
    if (this.written !== undefined) {
      lines.push(`! NVRAM config last updated at ${longTime(this.written.at)} by ${this.written.by}`);
    }
    if (lines.length > 1) lines.push("!");
    return `${lines.join("\n")}\n${this.text()}`;
  }

  /** Notes a change. */
  touch(by: string, line: string, text: string): void {
    const at = this.box.clock.now();
    this.changed = { at, by };
    const log = this.config.root.block("archive")?.block("log config");
    if (log?.get("logging enable") !== undefined) {
      const hide = log.get("hidekeys") !== undefined;
      const shown = hide ? text.replace(/\b(secret|password|key|community)( \d)? \S+/g, "$1$2 *****") : text;
      this.logged = [...this.logged, { at, by, line, text: shown }].slice(-LOG_ROOM);
      if (log.all("notify syslog [contenttype {plaintext|xml}]").length > 0) {
        this.log(`%PARSER-5-CFGLOG_LOGGEDCMD: User:${by}  logged command:${shown}`);
      }
    }
  }

  /** Writes a line to the log buffer. */
  log(message: string): void {
    const line = `*${logTime(this.box.clock.now())}: ${message}`;
    this.syslog = [...this.syslog, line].slice(-LOG_ROOM);
    for (const session of this.box.logins()) if (session.monitor) session.terminal.print(`\n${line}\n`);
  }

  /** Whether what runs differs from what would start. */
  isDirty(): boolean {
    return bodyOf(this.startup ?? "") !== this.text();
  }

  /** Writes NVRAM; false where the flash is full. */
  save(by: string): boolean {
    if (this.box.faults.flashFull) return false;
    this.written = { at: this.box.clock.now(), by };
    this.startup = this.fileText();
    if (this.config.root.block("archive")?.get("write-memory") !== undefined) this.archive();
    return true;
  }

  /** Copies the running configuration into the archive; undefined where no path is set or the flash is full. */
  archive(): string | undefined {
    const block = this.config.root.block("archive");
    const path = block?.get("path")?.slice("path ".length);
    if (path === undefined || this.box.faults.flashFull) return undefined;
    const c = calendarOf(this.box.clock.now());
    const stamp = `${c.month}-${String(c.day).padStart(2, "-")}-${c.time.replaceAll(":", "-")}.${c.milliseconds}`;
    const name = `${path}${stamp}-UTC-${this.#archiveCount}`;
    this.#archiveCount += 1;
    this.files.set(name, this.fileText());
    this.archives.push(name);
    const room = Number(block?.get("maximum")?.slice("maximum ".length) ?? 10);
    for (const old of this.archives.splice(0, Math.max(0, this.archives.length - room)))
      this.files.delete(old);
    return name;
  }

  /** Replaces the running configuration; returns lines that could not be carried out. */
  replace(text: string, by: string): readonly { line: string; answer: string }[] {
    const { config, refused } = this.read(text);
    config.hasKeys = this.config.hasKeys;
    this.config = config;
    this.changed = { at: this.box.clock.now(), by };
    return refused;
  }

  snapshot(): IosSnapshot {
    const { startup, changed, written, rollback, archives, logged, syslog } = this;
    return {
      vlans: this.#database(),
      running: this.text(),
      startup,
      files: [...this.files],
      keys: this.config.hasKeys,
      changed,
      written,
      rollback,
      archives,
      logged,
      syslog,
    };
  }

  restore(kept: IosSnapshot): void {
    this.config = this.read(kept.running).config;
    if (hidesVlans(this.config)) this.#restoreVlans(kept.vlans);
    this.startup = kept.startup;
    this.files = new Map(kept.files);
    this.config.hasKeys = kept.keys;
    this.changed = kept.changed;
    this.written = kept.written;
    this.rollback = kept.rollback;
    this.archives = [...kept.archives];
    this.logged = [...kept.logged];
    this.syslog = [...kept.syslog];
  }
}

/** Cuts header lines off a configuration file: what is left starts at `version`. */
export function bodyOf(text: string): string {
  const at = text.search(/^version /m);
  return at < 0 ? text : text.slice(at);
}

/** What a switch holds that was never configured. */
const FACTORY = `service timestamps debug datetime msec
service timestamps log datetime msec
vtp mode transparent
interface Vlan1
 shutdown
line vty 0 4
 login
 transport input ssh
line vty 5 15
 login
 transport input ssh
`;

const MANAGEMENT_PORT = `vrf definition Mgmt-vrf
 address-family ipv4
 address-family ipv6
interface GigabitEthernet0/0
 vrf forwarding Mgmt-vrf
 negotiation auto
`;

const DEFAULT_PORTS = [
  "GigabitEthernet0/0",
  ...Array.from({ length: 24 }, (_, index) => `GigabitEthernet1/0/${index + 1}`),
  ...Array.from({ length: 4 }, (_, index) => `GigabitEthernet1/1/${index + 1}`),
];
