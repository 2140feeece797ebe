import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeAtomic } from "../../deploy/stores/atomic.ts";
import { readWorkspace } from "../../inventory/read/workspace.ts";
import { allocatePools } from "../../inventory/resolve/allocate.ts";
import { type CommandContext, type CommandOutcome, findingReasons } from "../command.ts";
import { UsageError } from "../exit.ts";
import { printFindings } from "../text/findings.ts";

/** Lock files are for git: everybody who reads the workspace reads them. */
const LOCK_FILE_MODE = 0o644;

/** Gives out what pools owe to the chosen clients and writes their lock files; with errors it writes nothing. */
export async function run(context: CommandContext, selectors: readonly string[]): Promise<CommandOutcome> {
  const workspace = await readWorkspace(context.root);
  const clients = clientsOf(selectors, workspace.siteIds);
  const { files, granted, released, findings } = allocatePools(workspace, clients);
  const reasons = findingReasons(findings);
  if (reasons.length === 0) {
    for (const file of files) {
      const path = join(context.root, file.path);
      await mkdir(dirname(path), { recursive: true });
      await writeAtomic(path, file.content, LOCK_FILE_MODE);
    }
  }
  return {
    findings,
    result: {
      allocations: granted,
      released,
      files: reasons.length === 0 ? files.map((file) => file.path) : [],
    },
    reasons,
    text: (printer) => {
      printFindings(printer, findings, () => undefined);
      for (const grant of granted)
        printer.line(`${grant.prefix} to ${grant.client}/${grant.user} from ${grant.pool}`);
      for (const grant of released) printer.line(`${grant.prefix} back from ${grant.client}/${grant.user}`);
      if (granted.length + released.length === 0) printer.line("nothing to give out");
    },
  };
}

/** Pools belong to clients: a selector of a site allocates for its whole client. */
function clientsOf(selectors: readonly string[], siteIds: readonly string[]): string[] | undefined {
  if (selectors.length === 0) return undefined;
  const known = new Set(siteIds.map((id) => id.split("/")[0]));
  const clients = selectors.map((selector) => selector.split("/")[0] ?? "");
  const missing = clients.find((client) => !known.has(client));
  if (missing !== undefined)
    throw new UsageError(`there is no client ${missing}`, `known: ${[...known].join(", ")}`);
  return [...new Set(clients)];
}
