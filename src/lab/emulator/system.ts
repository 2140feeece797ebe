import type { DeviceClock } from "./clock.ts";
import type { CliSession } from "./session.ts";
import type { Login } from "./ssh-server.ts";
import type { EmulatorLogEntry, EmulatorOptions, Faults } from "./types.ts";

/** What a vendor's system may use of the box that it runs on. */
export interface Box {
  readonly options: EmulatorOptions;
  readonly clock: DeviceClock;
  readonly faults: Faults;
  /** Address of the client as the device sees it. */
  clientAddress(): string;
  note(kind: EmulatorLogEntry["kind"], user: string, text: string): void;
  /** To be called after every change: keeps the state and looks whether the operator is still let in. */
  changed(): void;
  /** Starts a timer that survives the process; an earlier one of the name is replaced. */
  arm(timer: string, minutes: number): void;
  disarm(timer: string): void;
  /** Device time at which a timer fires, milliseconds since 1970. */
  due(timer: string): number | undefined;
  /** Restarts the device from its saved configuration. */
  reboot(reason: string): void;
  /** Device time of the last start, milliseconds since 1970. */
  bootedAt(): number;
  /** Logins that are open now. */
  logins(): readonly CliSession[];
}

/** A vendor's system: command line, configuration, files. */
export interface System {
  readonly ident: string;
  /** Text shown before authentication. */
  banner(): string | undefined;
  /** Whether the SSH service answers this client. */
  servesSsh(client: string): boolean;
  /** Whether frames between the client and an address of the device get through. */
  linkUp(client: string, address: string): boolean;
  loginByPassword(name: string, password: string): Login | undefined;
  loginByKey(name: string, key: string): Login | undefined;
  /** Runs the command line until the session ends. */
  shell(session: CliSession): Promise<void>;
  /** Runs one command; `undefined` where the platform refuses exec requests. */
  readonly exec?: (session: CliSession, command: string) => Promise<void>;
  /** Starts from the saved configuration. */
  boot(): void;
  onTimer(timer: string): void;
  running(): string;
  saved(): string;
  /** @throws Error naming the line and the answer where a line is refused */
  handEdit(lines: readonly string[], by: string): void;
  /** Everything that must survive the process, as JSON. */
  snapshot(): unknown;
  restore(snapshot: unknown): void;
}
