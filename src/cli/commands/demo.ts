import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureEngine } from "../../deploy/engine/ensure.ts";
import { type CommandContext, type CommandOutcome, flag, type Options } from "../command.ts";
import { demoEmulated, findPracticeSite } from "../demo/emulated.ts";
import { demoReal } from "../demo/real.ts";
import { copyWorkspace, newWorkspace, PACKAGE_ROOT, type Scratch } from "../demo/scratch.ts";
import type { DemoStory } from "../demo/steps.ts";

/** Shows the main job on practice devices, in a scratch copy of the workspace: nothing of yours is touched. */
export async function run(
  context: CommandContext,
  _args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  await ensureEngine((message) => context.printer.note(message));
  const real = flag(options, "real");
  const scratch = real ? await copyWorkspace(PACKAGE_ROOT) : await practiceWorkspace(context.root);
  try {
    const inside = { ...context, root: scratch.root };
    const story = real ? await demoReal(inside) : await demoEmulated(inside);
    return outcomeOf(story);
  } finally {
    if (flag(options, "keep")) context.printer.note(`kept: ${scratch.root}`);
    else await scratch.remove();
  }
}

/** A copy of this workspace if it has a site to practise on, else the one that `init` writes. */
async function practiceWorkspace(root: string): Promise<Scratch> {
  if (existsSync(join(root, "inventory")) && (await findPracticeSite(root))) return copyWorkspace(root);
  return newWorkspace();
}

function outcomeOf(story: DemoStory): CommandOutcome {
  const { steps, ok } = story;
  return {
    findings: [],
    result: { steps },
    reasons: ok ? [] : [{ code: 70, reason: "bug", subject: "a step of the demo did not go as promised" }],
    text: (printer) => {
      const good = steps.filter((step) => step.ok).length;
      printer.line();
      printer.line(
        ok
          ? printer.style.green(`${good} steps, each as promised`)
          : printer.style.red(`${good} of ${steps.length} steps as promised`),
      );
    },
  };
}
