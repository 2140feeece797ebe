import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ForgeError } from "../../forge/forge-error.ts";
import { type CommandContext, type CommandOutcome, flag, type Options, textOption } from "../command.ts";
import { UsageError } from "../exit.ts";
import { forgeEnvironment, forgeOf } from "../forge-flags.ts";
import { listOpenHeads } from "../open-heads.ts";

/** Lists the open requests of the forge, for jobs that fetch their heads or preview each of them. */
export async function run(
  _context: CommandContext,
  _args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const environment = await forgeEnvironment(options);
  const forge = await forgeOf(environment);
  if (forge === undefined)
    throw new UsageError(
      `${environment.tokenVariable} is not set`,
      "a token that may read the repository does",
    );
  try {
    const requests = await listOpenHeads(forge);
    const out = textOption(options, "out");
    if (out !== undefined) await writeFile(resolve(out), `${JSON.stringify(requests, null, 2)}\n`);
    return {
      findings: [],
      result: { requests },
      reasons: [],
      text: (printer) => {
        for (const { request, commit, ref } of requests)
          printer.line(flag(options, "refs") ? ref : `${request} ${commit} ${ref}`);
      },
    };
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    return {
      findings: [],
      result: { requests: [] },
      reasons: [{ code: 3, reason: "incomplete", subject: error.message }],
      text: (printer) => {
        printer.note(`${error.message}\n  ${error.hint}`);
      },
    };
  }
}
