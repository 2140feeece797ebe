import { COMMANDS } from "../catalogue.ts";
import type { CommandContext, CommandOutcome } from "../command.ts";
import { candidates } from "../completion/candidates.ts";
import { SCRIPTS } from "../completion/scripts.ts";
import { UsageError } from "../exit.ts";
import { GLOBAL_FLAGS } from "../global-flags.ts";
import { findWorkspaceRoot } from "../root.ts";

/** Prints the script that teaches a shell to complete our words; `candidates` is what that script asks. */
export async function run(context: CommandContext, args: readonly string[]): Promise<CommandOutcome> {
  const [shell = "", ...words] = args;
  if (shell === "candidates") return answer(context, words, await valuesFor(words.at(-2)));
  const known = SCRIPTS[shell];
  if (known === undefined) {
    throw new UsageError(`completion does not know "${shell}"`, `known: ${Object.keys(SCRIPTS).join(", ")}`);
  }
  return {
    findings: [],
    result: { shell, ...known },
    reasons: [],
    text: (printer) => {
      printer.line(known.script.trimEnd());
      if (context.interactive) printer.note(known.install);
    },
  };
}

/** Values of the option that is being typed; the drivers are loaded for their names only where they are asked for. */
async function valuesFor(option: string | undefined): Promise<Readonly<Record<string, readonly string[]>>> {
  if (option !== "--platform") return { lang: ["en", "zh"] };
  const { platforms } = await import("../../drivers/registry.ts");
  return { platform: platforms() };
}

function answer(
  context: CommandContext,
  words: readonly string[],
  values: Readonly<Record<string, readonly string[]>>,
): CommandOutcome {
  const found = candidates({
    words,
    commands: COMMANDS,
    globals: GLOBAL_FLAGS.map(([flags]) => flags),
    root: workspaceOf(context.root),
    values,
  });
  return {
    findings: [],
    result: { candidates: found },
    reasons: [],
    text: (printer) => {
      for (const candidate of found) printer.line(candidate);
    },
  };
}

function workspaceOf(folder: string): string | undefined {
  try {
    return findWorkspaceRoot(folder);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
