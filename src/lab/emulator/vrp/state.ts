import { Configurator } from "../cli/configurator.ts";
import { loadText } from "../cli/load.ts";
import type { Box } from "../system.ts";
import { VrpConfig } from "./config.ts";
import { printConfig, VRP_DIALECT } from "./dialect.ts";

/** File that the device saves to unless told otherwise. */
export const DEFAULT_FILE = "flash:/vrpcfg.zip";
const LOG_ROOM = 512;

interface VrpSnapshot {
  readonly running: string;
  readonly files: readonly (readonly [string, string])[];
  readonly startup: string | undefined;
  readonly booted: string | undefined;
  readonly keys: boolean;
  readonly logbuffer: readonly string[];
  readonly logCount: number;
}

/** What a VRP device holds: current configuration, files, which of them starts, logs. */
export class VrpState {
  readonly box: Box;
  config: VrpConfig;
  files = new Map<string, string>();
  /** File for the next start. */
  startup: string | undefined;
  /** File that this start was made from. */
  booted: string | undefined;
  logbuffer: string[] = [];
  #logCount = 0;

  constructor(box: Box) {
    this.box = box;
    if (box.options.config !== undefined) {
      this.files.set(DEFAULT_FILE, box.options.config);
      this.startup = DEFAULT_FILE;
    }
    this.config = this.#blank();
  }

  #ports(): readonly string[] {
    return this.box.options.ports ?? DEFAULT_PORTS;
  }

  #fresh(): VrpConfig {
    const { options } = this.box;
    return new VrpConfig(this.#ports(), options.hostname, options.asksBeforeLinkType ?? false);
  }

  #blank(): VrpConfig {
    const config = this.#fresh();
    loadText(FACTORY, new Configurator(VRP_DIALECT, config, config.root), "#");
    return config;
  }

  /** Builds a configuration from text; lines that make no sense are left out and told. */
  read(text: string): {
    readonly config: VrpConfig;
    readonly refused: readonly { line: string; answer: string }[];
  } {
    const config = this.#fresh();
    const body = text
      .split(/\r?\n/)
      .filter((line) => !line.startsWith("!") && line.trim() !== "return")
      .join("\n");
    const refused = loadText(membersLast(body), new Configurator(VRP_DIALECT, config, config.root), "#");
    return { config, refused };
  }

  /** Starts from the saved file, or as the factory left it. */
  boot(): void {
    const keys = this.config.hasKeys;
    this.logbuffer = [];
    this.booted = this.startup;
    const text = this.startup === undefined ? undefined : this.files.get(this.startup);
    if (text === undefined) this.config = this.#blank();
    else {
      const { config, refused } = this.read(text);
      this.config = config;
      for (const one of refused) this.box.note("boot-refused", "", one.line);
    }
    this.config.hasKeys = keys;
  }

  /** The current configuration as the device prints it. */
  text(): string {
    return printConfig(this.config);
  }

  /** The configuration saved for the next start; undefined where there is none. */
  savedText(): string | undefined {
    return this.startup === undefined ? undefined : this.files.get(this.startup);
  }

  /** Writes a file; false where the flash is full. */
  save(file: string): boolean {
    if (this.box.faults.flashFull) return false;
    this.files.set(file, this.text());
    this.box.changed();
    return true;
  }

  /** Writes to the log buffer.
   *  @param module - `SHELL/5/CMDRECORD` and the like */
  log(module: string, text: string): void {
    this.#logCount += 1;
    const at = new Date(this.box.clock.now()).toISOString();
    const month = MONTHS[Number(at.slice(5, 7)) - 1] ?? "";
    const when = `${month} ${Number(at.slice(8, 10))} ${at.slice(0, 4)} ${at.slice(11, 19)}`;
    const line = `${when} ${this.config.sysname()} %%01${module}(l)[${this.#logCount}]:${text}`;
    this.logbuffer = [...this.logbuffer, line].slice(-LOG_ROOM);
  }

  snapshot(): VrpSnapshot {
    return {
      running: this.text(),
      files: [...this.files],
      startup: this.startup,
      booted: this.booted,
      keys: this.config.hasKeys,
      logbuffer: this.logbuffer,
      logCount: this.#logCount,
    };
  }

  restore(kept: VrpSnapshot): void {
    this.config = this.read(kept.running).config;
    this.config.hasKeys = kept.keys;
    this.files = new Map(kept.files);
    this.startup = kept.startup;
    this.booted = kept.booted;
    this.logbuffer = [...kept.logbuffer];
    this.#logCount = kept.logCount;
  }
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A file may name a filter before the list that it applies stands there, and a port may join a trunk that comes
 *  later; the device reads the whole file before it judges. What interfaces build on is therefore read first. */
function membersLast(text: string): string {
  const rank = (block: string): number => {
    if (/^\s*vlan batch /.test(block)) return 0;
    if (/^\s*interface Eth-Trunk/.test(block)) return 2;
    return /^\s*interface /.test(block) ? 3 : 1;
  };
  const blocks = text.split(/^#\s*$/m);
  return [0, 1, 2, 3].flatMap((wanted) => blocks.filter((block) => rank(block) === wanted)).join("\n#\n");
}

/** What a switch holds that was never configured. */
const FACTORY = `vlan batch 1
interface Vlanif1
user-interface con 0
 authentication-mode password
user-interface vty 0 4
 authentication-mode aaa
 protocol inbound ssh
#
stelnet server enable
`;

const DEFAULT_PORTS = [
  "MEth0/0/1",
  ...Array.from({ length: 24 }, (_, index) => `GigabitEthernet0/0/${index + 1}`),
  ...Array.from({ length: 4 }, (_, index) => `XGigabitEthernet0/0/${index + 1}`),
];
