import type { CommandContext, CommandModule, CommandOutcome, Options } from "../command.ts";
import { exitCodeOf } from "../exit.ts";

/** The commands that a demo tells its story with. */
const TOLD = {
  validate: () => import("../commands/validate.ts"),
  plan: () => import("../commands/plan.ts"),
  apply: () => import("../commands/apply.ts"),
  drift: () => import("../commands/drift.ts"),
  revert: () => import("../commands/revert.ts"),
} as const satisfies Record<string, () => Promise<CommandModule>>;

type ToldCommand = keyof typeof TOLD;

/** One step of the demo as it went. */
export interface DemoStep {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Tells the story of a demo: each command as a user would type it, its real output, and whether it ended as it should. */
export class DemoStory {
  readonly steps: DemoStep[] = [];
  readonly #context: CommandContext;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** Prints what happens next. */
  say(text: string): void {
    const { printer } = this.#context;
    printer.line();
    printer.line(printer.style.bold(`── ${text}`));
  }

  /** Prints a line of the story. */
  show(text: string): void {
    this.#context.printer.line(`  ${text}`);
  }

  /** Runs a command of the product and shows its output. @param expected - the exit code that it should end with */
  async run(
    name: ToldCommand,
    args: readonly string[],
    expected: number,
    options: Options = {},
  ): Promise<CommandOutcome> {
    const { printer } = this.#context;
    const flags = Object.entries(options).map(([key, value]) =>
      value === true ? `--${dashed(key)}` : `--${dashed(key)} ${value}`,
    );
    printer.line(printer.style.dim(`$ ${["sitewright", name, ...args, ...flags].join(" ")}`));
    const { run } = await TOLD[name]();
    const outcome = await run(this.#context, args, options);
    outcome.text(printer);
    const code = exitCodeOf(outcome.reasons);
    this.check(name, code === expected, `exit code ${code}, expected ${expected}`);
    return outcome;
  }

  /** Records whether something is as promised; a broken promise is said at once. */
  check(name: string, ok: boolean, detail: string): void {
    this.steps.push({ name, ok, detail });
    const { printer } = this.#context;
    if (!ok) printer.line(printer.style.red(`not as promised: ${name}: ${detail}`));
  }

  /** True where every step went as promised. */
  get ok(): boolean {
    return this.steps.every((step) => step.ok);
  }
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
