import type { Login } from "./ssh-server.ts";
import type { LineOptions, Pager, Terminal, TypedLine } from "./terminal.ts";
import type { Faults } from "./types.ts";

/** What a session needs of its device. */
export interface SessionHost {
  readonly faults: Faults;
  note(kind: "command" | "refused", user: string, text: string): void;
  losePower(): void;
}

/** A line to carry out; `refuse` tells that a fault wants it refused with the vendor's error. */
export interface CliLine extends TypedLine {
  readonly refuse: boolean;
}

/** One login at a device's command line, with the misbehaviour that was asked for. */
export class CliSession {
  readonly terminal: Terminal;
  readonly login: Login;
  readonly from: string;
  /** Number of the terminal line (vty). */
  readonly vty: number;
  /** Whether log lines are shown as they come. */
  monitor = false;
  readonly #host: SessionHost;
  #last: string | undefined;
  #chatter = 0;

  constructor(host: SessionHost, terminal: Terminal, login: Login, from: string, vty: number) {
    this.#host = host;
    this.terminal = terminal;
    this.login = login;
    this.from = from;
    this.vty = vty;
  }

  /** Prompts for the next line; `undefined` when the session is over. */
  async next(prompt: string, options: LineOptions = {}): Promise<CliLine | undefined> {
    if (!(await this.#settle())) return undefined;
    const typed = await this.terminal.readLine(prompt, options);
    if (typed === undefined) return undefined;
    const text = typed.text.trim();
    if (text !== "") this.#host.note("command", this.login.name, text);
    if (!(await this.#strike(text))) return undefined;
    this.#last = text;
    const refuse = this.#host.faults.refuse.some((pattern) => pattern.test(text));
    if (refuse) this.#host.note("refused", this.login.name, text);
    return { ...typed, refuse };
  }

  /** Asks something in mid-command; `undefined` when the session is over. */
  async ask(question: string, key = false, echo = true): Promise<string | undefined> {
    if (!key) return (await this.terminal.readLine(question, { echo }))?.text;
    this.terminal.print(question);
    const pressed = await this.terminal.readKey();
    if (pressed !== undefined) this.terminal.print(/[\r\n]/.test(pressed) ? "\n" : `${pressed}\n`);
    return pressed;
  }

  /** Prints a reply, a page at a time. */
  async reply(text: string, length: number, pager: Pager): Promise<void> {
    if (text === "" || !(await this.#settle())) return;
    await this.terminal.page(this.#interrupt(text), length, pager);
  }

  /** Carries out what was asked to happen after a line; false when the session is over. */
  async #settle(): Promise<boolean> {
    const line = this.#last;
    this.#last = undefined;
    if (line === undefined) return this.terminal.isOpen();
    const { faults } = this.#host;
    if (faults.powerLossAfter?.test(line) === true) this.#host.losePower();
    if (faults.dropAfter?.test(line) === true) this.terminal.close();
    if (faults.replyDelayMs > 0) await sleep(faults.replyDelayMs);
    return this.terminal.isOpen();
  }

  /** Carries out what was asked to happen at a line; false when the session is over. */
  async #strike(line: string): Promise<boolean> {
    const { faults } = this.#host;
    if (faults.powerLossAt?.test(line) === true) this.#host.losePower();
    if (faults.dropAt?.test(line) === true) this.terminal.close();
    if (faults.hangAt?.test(line) === true) {
      while (this.terminal.isOpen()) if ((await this.terminal.readKey()) === undefined) return false;
    }
    return this.terminal.isOpen();
  }

  /** Puts a log line into the middle of a reply, as a device does that logs to the terminal. */
  #interrupt(text: string): string {
    const lines = this.#host.faults.chatter;
    const line = lines[this.#chatter % Math.max(1, lines.length)];
    if (line === undefined) return text;
    this.#chatter += 1;
    const body = text.replace(/\n$/, "").split("\n");
    const middle = Math.ceil(body.length / 2);
    return [...body.slice(0, middle), line, ...body.slice(middle)].join("\n");
  }

  /** Log line to throw in before a prompt where a command printed nothing. */
  takeChatter(): string {
    const lines = this.#host.faults.chatter;
    const line = lines[this.#chatter % Math.max(1, lines.length)];
    if (line === undefined) return "";
    this.#chatter += 1;
    return `\n${line}\n`;
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
