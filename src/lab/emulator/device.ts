import { deviceClock } from "./clock.ts";
import { sameSecret } from "./secrets.ts";
import { CliSession } from "./session.ts";
import {
  type HostKey,
  hostKeyFrom,
  type Login,
  type ShellChannel,
  type SshDoor,
  SshFront,
} from "./ssh-server.ts";
import { readState, writeState } from "./store.ts";
import type { Box, System } from "./system.ts";
import { Terminal, type Wire } from "./terminal.ts";
import type { EmulatorLogEntry, EmulatorOptions, EmulatorUser, Faults } from "./types.ts";

const DEFAULT_MINUTE_MS = 60_000;
const DEFAULT_REBOOT_MS = 200;

interface Timer {
  readonly firesAt: number;
  readonly dueAt: number;
  readonly cancel: () => void;
}

/** A place that the device listens at for one of its addresses. */
interface Entrance {
  /** Undefined where the device has no management path: then everything gets through. */
  readonly address: string | undefined;
  readonly front: SshFront;
  /** What was printed while the line was dead. */
  readonly held: (() => void)[];
  where: string | number;
  dead: boolean;
}

/** The box: power, network front, clock and memory; the vendor's system runs on it. */
export class Device implements Box {
  readonly options: EmulatorOptions;
  readonly clock;
  readonly faults: Faults;
  readonly entries: EmulatorLogEntry[] = [];
  readonly key: HostKey;
  readonly #system: System;
  readonly #main: Entrance;
  readonly #entrances: readonly Entrance[];
  readonly #timers = new Map<string, Timer>();
  readonly #sessions = new Set<CliSession>();
  #client: string;
  #bootedAt: number;
  #powered = true;
  #stopped = false;
  /** Whether something changed that the state folder does not hold yet. */
  #unkept = false;
  #comingBack: Promise<void> = Promise.resolve();
  port = 0;

  constructor(options: EmulatorOptions, makeSystem: (box: Box) => System) {
    this.options = options;
    this.clock = deviceClock(options.minuteMs ?? DEFAULT_MINUTE_MS);
    this.faults = { ...noFaults(), ...options.faults };
    this.#client = options.clientAddress ?? "127.0.0.1";
    this.#bootedAt = this.clock.now();
    const kept = options.stateFolder === undefined ? undefined : readState(options.stateFolder);
    this.key = hostKeyFrom(options.hostKey ?? kept?.hostKey);
    this.#system = makeSystem(this);
    if (kept === undefined) this.#system.boot();
    else this.#system.restore(kept.system);
    const { management } = options;
    this.#main = this.#entrance(management?.address, options.listen ?? 0);
    const others = Object.entries(management?.elsewhere ?? {});
    this.#entrances = [this.#main, ...others.map(([address, where]) => this.#entrance(address, where))];
    for (const [timer, firesAt] of Object.entries(kept?.timers ?? {}))
      this.#start(timer, firesAt - Date.now());
    this.changed();
  }

  /** Opens the SSH port. */
  async start(): Promise<void> {
    await this.#listen();
    this.port = typeof this.#main.where === "number" ? this.#main.where : 0;
  }

  /** TCP ports of the addresses besides the first; 0 on a Unix socket. */
  ports(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.#entrances
        .slice(1)
        .map(({ address = "", where }) => [address, typeof where === "number" ? where : 0]),
    );
  }

  /** The vendor's system, for inspection. */
  get system(): System {
    return this.#system;
  }

  clientAddress(): string {
    return this.#client;
  }

  /** Changes the client's address as the device sees it. */
  setClientAddress(address: string): void {
    this.#client = address;
    this.#watchLink();
  }

  note(kind: EmulatorLogEntry["kind"], user: string, text: string): void {
    this.entries.push({ at: this.clock.now(), kind, user, text });
  }

  changed(): void {
    this.#unkept = true;
    setImmediate(() => this.#keepIfChanged());
    this.#watchLink();
  }

  arm(timer: string, minutes: number): void {
    this.#start(timer, minutes * (this.options.minuteMs ?? DEFAULT_MINUTE_MS));
    this.#keep();
  }

  disarm(timer: string): void {
    this.#timers.get(timer)?.cancel();
    this.#timers.delete(timer);
    this.#keep();
  }

  due(timer: string): number | undefined {
    return this.#timers.get(timer)?.dueAt;
  }

  reboot(reason: string): void {
    if (!this.#powered || this.#stopped) return;
    this.#powered = false;
    this.note("power", "", reason);
    this.#comingBack = this.#restart();
    this.#comingBack.catch((error: unknown) => this.note("power", "", `did not come back: ${String(error)}`));
  }

  /** Cuts the power and waits until the device is back. */
  async powerCycle(): Promise<void> {
    this.reboot("power lost");
    await this.#comingBack;
  }

  losePower(): void {
    this.reboot("power lost");
  }

  bootedAt(): number {
    return this.#bootedAt;
  }

  logins(): readonly CliSession[] {
    return [...this.#sessions];
  }

  /** Whether a new connection would be served. */
  reachable(): boolean {
    return this.#powered && this.#isUp(this.#main) && this.#system.servesSsh(this.#client);
  }

  /** Stops for good, without a trace in the kept state but what was there. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    await this.#comingBack.catch(() => undefined);
    this.#keep();
    this.#stopped = true;
    this.#hangUpAll();
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    await this.#shut();
  }

  async #restart(): Promise<void> {
    this.#hangUpAll();
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    await this.#shut();
    await new Promise<void>((resolve) => {
      setTimeout(resolve, this.options.rebootMs ?? DEFAULT_REBOOT_MS);
    });
    if (this.#stopped) return;
    this.#system.boot();
    this.#bootedAt = this.clock.now();
    this.note("boot", "", "started from the saved configuration");
    this.#powered = true;
    for (const entrance of this.#entrances) entrance.dead = false;
    this.changed();
    await this.#listen();
  }

  #hangUpAll(): void {
    for (const entrance of this.#entrances) entrance.held.length = 0;
    for (const session of this.#sessions) session.terminal.hangUp();
    this.#sessions.clear();
  }

  #start(timer: string, delayMs: number): void {
    this.#timers.get(timer)?.cancel();
    const minutes = Math.max(0, delayMs) / (this.options.minuteMs ?? DEFAULT_MINUTE_MS);
    const cancel = this.clock.after(minutes, () => {
      this.#timers.delete(timer);
      if (this.#powered && !this.#stopped) this.#system.onTimer(timer);
    });
    const dueAt = this.clock.now() + minutes * 60_000;
    this.#timers.set(timer, { firesAt: Date.now() + delayMs, dueAt, cancel });
  }

  #keep(): void {
    const folder = this.options.stateFolder;
    this.#unkept = false;
    if (folder === undefined || this.#stopped) return;
    const timers = Object.fromEntries([...this.#timers].map(([name, timer]) => [name, timer.firesAt]));
    writeState(folder, { hostKey: this.key.privateKey, timers, system: this.#system.snapshot() });
  }

  #keepIfChanged(): void {
    if (this.#unkept) this.#keep();
  }

  #watchLink(): void {
    for (const entrance of this.#entrances) {
      const dead = !this.#isUp(entrance);
      if (dead === entrance.dead) continue;
      entrance.dead = dead;
      entrance.front.setDead(dead);
      if (!dead) for (const release of entrance.held.splice(0)) release();
    }
  }

  #isUp({ address }: Entrance): boolean {
    return address === undefined || this.#system.linkUp(this.#client, address);
  }

  async #listen(): Promise<void> {
    for (const entrance of this.#entrances) {
      const port = await entrance.front.listen(entrance.where);
      if (typeof entrance.where === "number") entrance.where = port;
    }
  }

  async #shut(): Promise<void> {
    await Promise.all(this.#entrances.map(({ front }) => front.shut()));
  }

  #entrance(address: string | undefined, where: string | number): Entrance {
    const entrance: Entrance = {
      address,
      front: new SshFront(
        this.#door(() => entrance),
        this.key,
      ),
      held: [],
      where,
      dead: false,
    };
    return entrance;
  }

  #door(entrance: () => Entrance): SshDoor {
    const system = this.#system;
    return {
      ident: system.ident,
      admit: () => {
        if (!this.#isUp(entrance())) return entrance() === this.#main ? "silent" : "reset";
        if (system.servesSsh(this.#client)) return "open";
        this.note("refused-connection", "", this.#client);
        return "reset";
      },
      banner: () => system.banner(),
      byPassword: (name, password) =>
        this.#byPassword(name, password) ?? system.loginByPassword(name, password),
      byKey: (name, key) => this.#byKey(name, key) ?? system.loginByKey(name, key),
      onShell: (channel) => this.#serve(channel, entrance(), (session) => system.shell(session)),
      ...(system.exec === undefined
        ? {}
        : {
            onExec: (channel: ShellChannel, command: string) =>
              this.#serve(
                channel,
                entrance(),
                (session) => system.exec?.(session, command) ?? Promise.resolve(),
              ),
          }),
      onRefusedLogin: (name) => this.note("login-refused", name, this.#client),
    };
  }

  #byPassword(name: string, password: string): Login | undefined {
    const user = this.#user(name);
    if (user?.password === undefined || !sameSecret(user.password, password)) return undefined;
    return { name, privilege: user.privilege };
  }

  #byKey(name: string, key: string): Login | undefined {
    const user = this.#user(name);
    const known = user?.publicKeys?.some((line) => line.trim().split(/\s+/)[1] === key) === true;
    return user === undefined || !known ? undefined : { name, privilege: user.privilege };
  }

  #user(name: string): EmulatorUser | undefined {
    return this.options.users.find((user) => user.name === name);
  }

  #serve(channel: ShellChannel, entrance: Entrance, run: (session: CliSession) => Promise<void>): void {
    const terminal = new Terminal(this.#wireTo(channel, entrance));
    const session = new CliSession(this, terminal, channel.login, this.#client, this.#freeVty());
    this.#sessions.add(session);
    this.note("login", channel.login.name, this.#client);
    channel.onData((text) => terminal.feed(text));
    channel.onClose(() => {
      terminal.hangUp();
      this.#sessions.delete(session);
    });
    run(session)
      .catch((error: unknown) =>
        this.note("refused", channel.login.name, `the emulator failed: ${String(error)}`),
      )
      .finally(() => {
        this.#sessions.delete(session);
        terminal.close();
      });
  }

  /** Gathers what is printed in one go, and sends it once the change that it answers is kept. */
  #wireTo(channel: ShellChannel, entrance: Entrance): Wire {
    let waiting = "";
    const flush = (): void => {
      const text = waiting;
      waiting = "";
      if (text === "") return;
      this.#keepIfChanged();
      if (entrance.dead) entrance.held.push(() => channel.send(text));
      else channel.send(text);
    };
    return {
      send: (text) => {
        if (waiting === "") setImmediate(flush);
        waiting += text;
      },
      close: (exitCode) => {
        flush();
        channel.close(exitCode ?? 0);
      },
    };
  }

  #freeVty(): number {
    const taken = new Set([...this.#sessions].map((session) => session.vty));
    let vty = 0;
    while (taken.has(vty)) vty += 1;
    return vty;
  }
}

function noFaults(): Faults {
  return {
    refuse: [],
    hangAt: undefined,
    dropAt: undefined,
    powerLossAt: undefined,
    dropAfter: undefined,
    powerLossAfter: undefined,
    replyDelayMs: 0,
    chatter: [],
    flashFull: false,
  };
}
