import { Configurator } from "../cli/configurator.ts";
import { isMatch, type Mismatch, matchLine, nextWords } from "../cli/grammar.ts";
import type { Outcome } from "../cli/outcome.ts";
import type { Section } from "../cli/section.ts";
import type { CliLine, CliSession } from "../session.ts";
import type { Pager } from "../terminal.ts";
import type { VrpConfig } from "./config.ts";
import { promptSuffix, VRP_DIALECT } from "./dialect.ts";
import { ANY_VIEW, USER_VIEW } from "./exec.ts";
import type { ExecContext } from "./exec-context.ts";
import type { VrpState } from "./state.ts";

const PAGER: Pager = { more: "  ---- More ----", wipe: "\u001b[16D                \u001b[16D" };
/** Lowest level that may configure. */
const CONFIGURES = 3;

/** One person's command line on a VRP device. */
export class VrpShell implements ExecContext {
  readonly state: VrpState;
  readonly session: CliSession;
  length = 24;
  #config: Configurator<VrpConfig> | undefined;
  #configOf: VrpConfig | undefined;
  #over = false;

  constructor(state: VrpState, session: CliSession) {
    this.state = state;
    this.session = session;
  }

  /** The prompt of the current view. */
  prompt(): string {
    const name = this.state.config.sysname();
    const config = this.#current();
    if (config === undefined) return `<${name}>`;
    const { sections } = config.mode();
    const [first] = sections;
    return `[${name}${first === undefined ? "" : promptSuffix(first, sections.length)}]`;
  }

  /** Blocks that are being edited. */
  editing(): readonly Section[] {
    return this.#current()?.mode().sections ?? [];
  }

  /** Enters the system view. */
  configure(): string {
    if (this.session.login.privilege < CONFIGURES) return "deny";
    this.#configOf = this.state.config;
    this.#config = new Configurator(VRP_DIALECT, this.state.config, this.state.config.root);
    return "";
  }

  logout(): void {
    this.#over = true;
  }

  async ask(question: string): Promise<string | undefined> {
    return this.session.ask(question);
  }

  print(text: string): void {
    this.session.terminal.print(text);
  }

  /** Runs until the session ends. */
  async run(): Promise<void> {
    const users = this.state.box.logins().length;
    const time = new Date(this.state.box.clock.now()).toISOString();
    const shell = /^header shell information "([\s\S]*)"$/.exec(
      this.state.config.root.get("header", "shell") ?? "",
    )?.[1];
    this.print(
      `\nInfo: The max number of VTY users is 10, and the number\n      of current VTY users on line is ${users}.\n      The current login time is ${time.slice(0, 10)} ${time.slice(11, 19)}+00:00.\n${shell === undefined ? "" : `${shell}\n`}`,
    );
    if (this.#mustChangePassword() && (await this.#offerChange()) === undefined) return;
    while (!this.#over) {
      const prompt = this.prompt();
      const line = await this.session.next(prompt, { help: (typed) => this.#help(typed) });
      if (line === undefined) return;
      const output = await this.#line(line, prompt);
      if (output === "") this.print(this.session.takeChatter());
      else await this.session.reply(output, this.length, PAGER);
    }
  }

  #mustChangePassword(): boolean {
    const { users } = this.state.box.options;
    return users.some((user) => user.name === this.session.login.name && user.mustChangePassword === true);
  }

  /** Offers to change an initial password; the answer yes asks for a new one, which the AAA server does not take. */
  async #offerChange(): Promise<string | undefined> {
    this.print("Warning: The initial password poses security risks.\n");
    const answer = await this.#yesOrNo("The password needs to be changed. Change now? [Y/N]:");
    if (answer === undefined || /^n/i.test(answer)) return answer;
    for (const question of [
      "Please enter old password:",
      "Please enter new password:",
      "Please confirm new password:",
    ]) {
      if ((await this.session.ask(question, false, false)) === undefined) return undefined;
    }
    this.print("Error: The password of a remote account cannot be changed here.\n");
    return answer;
  }

  /** What a question mark shows. */
  #help(typed: string): string {
    const config = this.#current();
    const view = config === undefined ? undefined : VRP_DIALECT.views.get(config.mode().view);
    const words =
      view === undefined ? nextWords(typed, [...ANY_VIEW, ...USER_VIEW]) : nextWords(typed, view.positive);
    if (words === undefined) return "Error: Unrecognized command found at '^' position.\n";
    return `${words.map((word) => `  ${word}`).join("\n")}\n`;
  }

  async #line(line: CliLine, prompt: string): Promise<string> {
    const text = line.text.trimEnd();
    if (line.interrupt === "ctrl-z") this.#config = undefined;
    const body = text.trim();
    if (line.interrupt !== undefined || body === "" || body.startsWith("#")) return "";
    if (line.refuse)
      return fault("Error: Unrecognized command found at '^' position.", prompt.length + lead(text));
    const output = await this.#command(text, prompt);
    this.#record(body);
    return output;
  }

  #record(command: string): void {
    const { login, from, vty } = this.session;
    const shown = command.replace(
      /\b(irreversible-cipher|cipher|plain|password) (?!irrev|cipher)\S+/g,
      "$1 ******",
    );
    const reads = /^dis/.test(command);
    this.state.log(
      reads ? "SHELL/6/DISPLAY_CMDRECORD" : "SHELL/5/CMDRECORD",
      `Recorded ${reads ? "display " : ""}command information. (Task=VT${vty}, Ip=${from}, VpnName=, User=${login.name}, AuthenticationMethod="Local-user", Command="${shown}")`,
    );
  }

  #current(): Configurator<VrpConfig> | undefined {
    if (this.#config !== undefined && this.#configOf !== this.state.config) this.configure();
    return this.#config;
  }

  async #command(text: string, prompt: string): Promise<string> {
    const config = this.#current();
    const word = text.trim().toLowerCase();
    if (config === undefined) return this.#exec(text, prompt, [...ANY_VIEW, ...USER_VIEW]);
    if (isShort(word, "quit", 1)) {
      if (!config.leave()) this.#config = undefined;
      return "";
    }
    if (isShort(word, "return", 3)) {
      this.#config = undefined;
      return "";
    }
    const asked = matchLine(text, ANY_VIEW);
    if (isMatch(asked) || /^\s*dis\w*(\s|$)/i.test(text)) return this.#exec(text, prompt, ANY_VIEW);
    const answer = config.apply(text);
    if ("mismatch" in answer) return explain(answer.mismatch, prompt);
    const outcome = await this.#settle(answer.outcome);
    if (outcome.caret !== undefined)
      return fault(
        "Error: Wrong parameter found at '^' position.",
        prompt.length + lead(text) + outcome.caret,
      );
    if (outcome.refused !== true) this.state.box.changed();
    return outcome.output ?? "";
  }

  async #settle(first: Outcome): Promise<Outcome> {
    let outcome = first;
    for (;;) {
      if (outcome.question !== undefined) {
        const { text, secret } = outcome.question;
        if (outcome.output !== undefined) this.print(outcome.output);
        const answer =
          secret === true ? await this.session.ask(text, false, false) : await this.#yesOrNo(text);
        if (answer === undefined) return {};
        outcome = outcome.question.answered(answer);
      } else if (outcome.collect !== undefined) {
        this.print(outcome.output ?? "");
        const gathered: string[] = [];
        for (;;) {
          const line = await this.session.terminal.readLine("");
          if (line === undefined) return {};
          gathered.push(line.text);
          if (line.text.includes(outcome.collect.until)) break;
        }
        outcome = outcome.collect.answered(gathered.join("\n"));
      } else return outcome;
    }
  }

  async #yesOrNo(question: string): Promise<string | undefined> {
    for (;;) {
      const answer = await this.ask(question);
      if (answer === undefined || /^\s*[yn]/i.test(answer)) return answer?.trim();
      this.print("Error: Please choose 'YES' or 'NO' first before pressing 'Enter'. [Y/N]:\n");
    }
  }

  async #exec(text: string, prompt: string, commands: typeof ANY_VIEW): Promise<string> {
    const bar = text.indexOf(" | ");
    const head = bar < 0 ? text : text.slice(0, bar);
    const usable = commands.filter((one) => one.payload.level <= this.session.login.privilege);
    const match = matchLine(head, usable);
    if (!isMatch(match)) return explain(match, prompt);
    const output = await match.payload.run(this, match.values);
    if (bar < 0) return output;
    return (
      filtered(output, text.slice(bar + 3).trim()) ??
      fault("Error: Unrecognized command found at '^' position.", prompt.length + bar + 3)
    );
  }
}

function lead(text: string): number {
  return text.length - text.trimStart().length;
}

function isShort(text: string, word: string, least: number): boolean {
  return text.length >= least && word.startsWith(text);
}

function fault(message: string, column: number): string {
  return `${" ".repeat(column)}^\n${message}\n`;
}

function explain(mismatch: Mismatch, prompt: string): string {
  const column = prompt.length + mismatch.at;
  if (mismatch.kind === "incomplete")
    return fault("Error:Incomplete command found at '^' position.", column + 1);
  if (mismatch.kind === "ambiguous") return fault("Error:Ambiguous command found at '^' position.", column);
  if (mismatch.surplus) return fault("Error: Too many parameters found at '^' position.", column);
  if (mismatch.parameter && mismatch.depth > 0)
    return fault("Error: Wrong parameter found at '^' position.", column);
  return fault("Error: Unrecognized command found at '^' position.", column);
}

function filtered(output: string, pipe: string): string | undefined {
  const found = /^(\w[\w-]*)(?:\s+(.+))?$/.exec(pipe);
  const [, word = "", wanted = ""] = found ?? [];
  const lines = output.replace(/\n$/, "").split("\n");
  const pattern = new RegExp(wanted, "i");
  if (isShort(word, "no-more", 2)) return output;
  if (wanted === "") return undefined;
  if (isShort(word, "include", 1)) return join(lines.filter((line) => pattern.test(line)));
  if (isShort(word, "exclude", 1)) return join(lines.filter((line) => !pattern.test(line)));
  if (isShort(word, "begin", 1))
    return join(
      lines.slice(
        Math.max(
          0,
          lines.findIndex((line) => pattern.test(line)),
        ),
      ),
    );
  if (isShort(word, "section", 1)) return output;
  return undefined;
}

function join(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
