import { Configurator } from "../cli/configurator.ts";
import { isMatch, type Mismatch, matchLine, nextWords } from "../cli/grammar.ts";
import type { Outcome } from "../cli/outcome.ts";
import type { CliLine, CliSession } from "../session.ts";
import type { Pager } from "../terminal.ts";
import { bannerText } from "./banner.ts";
import type { IosConfig } from "./config.ts";
import { IOS_DIALECT, promptSuffix } from "./dialect.ts";
import { EXEC_COMMANDS } from "./exec.ts";
import type { ExecContext } from "./exec-context.ts";
import type { IosState } from "./state.ts";

const PAGER: Pager = { more: " --More-- ", wipe: "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b" };
const PROMPT_ROOM = 20;

/** One person's command line on an IOS device. */
class IosShell implements ExecContext {
  readonly state: IosState;
  readonly session: CliSession;
  privilege: number;
  length = 24;
  width = 80;
  #config: Configurator<IosConfig> | undefined;
  #configOf: IosConfig | undefined;
  #over = false;

  constructor(state: IosState, session: CliSession) {
    this.state = state;
    this.session = session;
    this.privilege = session.login.privilege;
  }

  /** The prompt of the current mode. */
  prompt(): string {
    const name = this.state.config.hostname();
    const config = this.#current();
    if (config !== undefined) {
      const { view, sections } = config.mode();
      return `${name.slice(0, PROMPT_ROOM)}(${promptSuffix(view, sections.length)})#`;
    }
    return `${name}${this.privilege > 1 ? "#" : ">"}`;
  }

  /** Enters configuration mode. */
  configure(): void {
    this.#configOf = this.state.config;
    this.#config = new Configurator(IOS_DIALECT, this.state.config, this.state.config.root);
  }

  /** Ends the session. */
  logout(): void {
    this.#over = true;
  }

  /** Prints a question and reads the answer. */
  async ask(question: string, key = false): Promise<string | undefined> {
    return this.session.ask(question, key);
  }

  /** Prints at once, before the reply. */
  print(text: string): void {
    this.session.terminal.print(text);
  }

  /** Runs until the session ends. */
  async run(): Promise<void> {
    const welcome = `${bannerText(this.state, "motd") ?? ""}${bannerText(this.state, "exec") ?? ""}`;
    this.print(welcome === "" ? "\n" : `\n${welcome}\n`);
    while (!this.#over) {
      const prompt = this.prompt();
      const line = await this.session.next(prompt, { width: this.width, help: (typed) => this.#help(typed) });
      if (line === undefined) return;
      const output = await this.#line(line, prompt);
      if (output === "") this.print(this.session.takeChatter());
      else await this.session.reply(output, this.length, PAGER);
    }
  }

  /** Runs one command of an exec request. */
  async single(command: string): Promise<void> {
    this.length = 0;
    const output = await this.#exec(command, "");
    this.print(`\n${output}`);
  }

  /** What a question mark shows. */
  #help(typed: string): string {
    const config = this.#current();
    const view = config === undefined ? undefined : IOS_DIALECT.views.get(config.mode().view);
    const usable = EXEC_COMMANDS.filter((one) => one.payload.level <= this.privilege);
    const words = view === undefined ? nextWords(typed, usable) : nextWords(typed, view.positive);
    if (words === undefined) return "% Unrecognized command\n";
    return `${words.map((word) => `  ${word}`).join("\n")}\n\n`;
  }

  async #line(line: CliLine, prompt: string): Promise<string> {
    const text = line.text.trimEnd();
    if (line.interrupt === "ctrl-c") {
      if (this.#current() !== undefined) this.#leaveConfig();
      return "";
    }
    const body = text.trim();
    if (body === "" || body.startsWith("!")) {
      if (line.interrupt === "ctrl-z") this.#leaveConfig();
      return "";
    }
    if (line.refuse) return caret(prompt.length + text.length - text.trimStart().length);
    const output =
      this.#current() === undefined ? await this.#exec(text, prompt) : await this.#configLine(text, prompt);
    if (line.interrupt === "ctrl-z") this.#leaveConfig();
    return output;
  }

  /** The configurator; a new one where the configuration was replaced meanwhile. */
  #current(): Configurator<IosConfig> | undefined {
    if (this.#config !== undefined && this.#configOf !== this.state.config) this.configure();
    return this.#config;
  }

  #leaveConfig(): void {
    if (this.#config === undefined) return;
    this.#config = undefined;
    const where = `vty${this.session.vty} (${this.session.from})`;
    this.state.log(`%SYS-5-CONFIG_I: Configured from console by ${this.session.login.name} on ${where}`);
  }

  async #configLine(text: string, prompt: string): Promise<string> {
    const config = this.#current();
    const word = text.trim().toLowerCase();
    if (config === undefined) return "";
    if (word === "end") {
      this.#leaveConfig();
      return "";
    }
    if (word === "exit" || word === "exi" || word === "ex") {
      if (!config.leave()) this.#leaveConfig();
      return "";
    }
    const doLine = /^\s*do\s+/.exec(text);
    if (doLine !== null)
      return this.#exec(" ".repeat(doLine[0].length) + text.slice(doLine[0].length), prompt);
    const answer = config.apply(text);
    if ("mismatch" in answer) return explain(answer.mismatch, text, prompt);
    const outcome = await this.#settle(answer.outcome);
    if (outcome.caret !== undefined)
      return caret(prompt.length + text.length - text.trimStart().length + outcome.caret);
    if (outcome.refused !== true) this.#note(text.trim());
    return outcome.refused === true && outcome.output !== undefined
      ? `${outcome.output}\n`
      : (outcome.output ?? "");
  }

  #note(line: string): void {
    this.state.touch(this.session.login.name, `vty${this.session.vty}`, line);
    this.state.box.changed();
  }

  async #settle(first: Outcome): Promise<Outcome> {
    let outcome = first;
    for (;;) {
      if (outcome.question !== undefined) {
        const answer = await this.ask(outcome.question.text, outcome.question.key === true);
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

  async #exec(text: string, prompt: string): Promise<string> {
    const bar = text.indexOf(" | ");
    const head = bar < 0 ? text : text.slice(0, bar);
    const usable = EXEC_COMMANDS.filter((one) => one.payload.level <= this.privilege);
    const match = matchLine(head, usable);
    if (!isMatch(match)) {
      const unknownWord = match.kind === "unknown" && match.depth === 0 && !text.trim().includes(" ");
      if (unknownWord && this.#config === undefined) return UNKNOWN_WORD;
      return explain(match, head, prompt);
    }
    const output = await match.payload.run(this, match.values);
    if (bar < 0) return output;
    return filtered(output, text.slice(bar + 3).trim()) ?? caret(prompt.length + bar + 3);
  }
}

const UNKNOWN_WORD =
  "% Bad IP address or host name\n% Unknown command or computer name, or unable to find computer address\n";

function caret(column: number): string {
  return `${" ".repeat(column)}^\n% Invalid input detected at '^' marker.\n\n`;
}

function explain(mismatch: Mismatch, text: string, prompt: string): string {
  if (mismatch.kind === "incomplete") return "% Incomplete command.\n\n";
  if (mismatch.kind === "ambiguous") return `% Ambiguous command:  "${text.trim()}"\n`;
  return caret(prompt.length + mismatch.at);
}

/** Carries a pipe out; undefined where the word is none. */
function filtered(output: string, pipe: string): string | undefined {
  const found = /^(i\w*|e\w*|b\w*|s\w*|c\w*)\s+(.+)$/.exec(pipe);
  const [, word = "", wanted = ""] = found ?? [];
  const lines = output.replace(/\n$/, "").split("\n");
  const hit = (line: string): boolean => new RegExp(wanted).test(line);
  if ("include".startsWith(word) && word !== "") return join(lines.filter(hit));
  if ("exclude".startsWith(word) && word !== "") return join(lines.filter((line) => !hit(line)));
  if ("begin".startsWith(word) && word !== "") return join(lines.slice(Math.max(0, lines.findIndex(hit))));
  if ("count".startsWith(word) && word !== "")
    return `Number of lines which match regexp = ${lines.filter(hit).length}\n`;
  if ("section".startsWith(word) && word !== "") return join(sections(lines, hit));
  return undefined;
}

function sections(lines: readonly string[], hit: (line: string) => boolean): string[] {
  const kept: string[] = [];
  let inside = false;
  for (const line of lines) {
    if (!line.startsWith(" ")) inside = hit(line);
    if (inside) kept.push(line);
  }
  return kept;
}

function join(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** Serves an interactive login. */
export async function runShell(state: IosState, session: CliSession): Promise<void> {
  await new IosShell(state, session).run();
}

/** Serves an exec request. */
export async function runExec(state: IosState, session: CliSession, command: string): Promise<void> {
  await new IosShell(state, session).single(command);
}
