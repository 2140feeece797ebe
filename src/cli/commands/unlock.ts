import { describeHolder } from "../../deploy/stores/locks.ts";
import type { CommandContext, CommandOutcome, Options } from "../command.ts";
import { openDeploy } from "../deploy-context.ts";
import { type ExitReason, UsageError } from "../exit.ts";
import { openChosen } from "../open.ts";

interface Unlocked {
  readonly device: string;
  readonly holder: string;
  readonly released: boolean;
}

/** Releases stale locks of the chosen devices and says whose they were. A lock of a living process stays unless --yes. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  if (selectors.length === 0)
    throw new UsageError("unlock wants a selector", "sitewright unlock CLIENT/SITE/DEVICE");
  const chosen = await openChosen(context.root, selectors, options);
  const deploy = openDeploy(context.root, chosen.sites);
  const devices = chosen.sites
    .flatMap((site) => site.devices)
    .filter((device) => chosen.devices.has(device.id));
  const locks: Unlocked[] = [];
  for (const lock of await deploy.stores.locks.list()) {
    const device = devices.find((candidate) => candidate.asset === lock.name);
    if (device === undefined) continue;
    const released = lock.stale || context.yes;
    if (released) await deploy.stores.locks.break(lock.name);
    locks.push({ device: device.id, holder: describeHolder(lock.holder), released });
  }
  return {
    findings: [],
    result: { locks },
    reasons: locks
      .filter((lock) => !lock.released)
      .map(
        (lock): ExitReason => ({ code: 3, reason: "incomplete", subject: `${lock.device}: ${lock.holder}` }),
      ),
    text: (printer) => {
      if (locks.length === 0) printer.line("no lock is held");
      for (const lock of locks) {
        const what = lock.released ? "released" : "kept, its holder lives (--yes releases it)";
        printer.line(`${lock.device}: ${what}; it was ${lock.holder}`);
      }
    },
  };
}
