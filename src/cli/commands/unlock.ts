import { cancelStack } from "../../deploy/cancel-stack.ts";
import { findEngine } from "../../deploy/engine/locate.ts";
import { type LockReport, unlockSite } from "../../deploy/resume-site.ts";
import type { CommandContext, CommandOutcome, Options } from "../command.ts";
import { openDeploy } from "../deploy-context.ts";
import { type ExitReason, UsageError } from "../exit.ts";
import { openChosen } from "../open.ts";

/** Releases stale locks of the chosen sites and says whose they were. A lock of a living process stays unless --yes. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  if (selectors.length === 0)
    throw new UsageError("unlock wants a selector", "sitewright unlock CLIENT/SITE");
  const chosen = await openChosen(context.root, selectors, options);
  const deploy = openDeploy(context.root, chosen.sites);
  const locks: LockReport[] = [];
  const engine = await findEngine();
  for (const site of chosen.sites) {
    const cancel = async (): Promise<void> => {
      if (engine) await cancelStack(context.root, site.id, engine);
    };
    locks.push(...(await unlockSite(site, deploy, { force: context.yes, cancel })));
  }
  return {
    findings: [],
    result: { locks },
    reasons: locks
      .filter((lock) => !lock.released)
      .map(
        (lock): ExitReason => ({ code: 3, reason: "incomplete", subject: `${lock.name}: ${lock.holder}` }),
      ),
    text: (printer) => {
      if (locks.length === 0) printer.line("no lock is held");
      for (const lock of locks) {
        const what = lock.released
          ? "released"
          : "kept, its holder lives or is on another machine (--yes releases it)";
        printer.line(`${lock.name}: ${what}; it was ${lock.holder}`);
      }
    },
  };
}
