import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readToldPreview, ToldError, type ToldPreview } from "../../report/told-preview.ts";
import { type CommandContext, type CommandOutcome, type Options, textOption } from "../command.ts";
import { UsageError } from "../exit.ts";
import { forgeEnvironment } from "../forge-flags.ts";
import { postPreview } from "../post-preview.ts";

/** The most of a preview that is read, bytes. */
const MAX_PREVIEW_BYTES = 64 * 1024 * 1024;

/** Posts a preview that another job made. Nothing of that job is believed but its figures: the comment is written anew
 *  from preview.json, and which request it belongs to is told by the event or by the flags. */
export async function run(
  _context: CommandContext,
  _args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const folder = textOption(options, "from");
  if (folder === undefined)
    throw new UsageError("comment wants the folder of a preview", "sitewright comment --from preview");
  const environment = await forgeEnvironment(options);
  if (environment.token === undefined)
    throw new UsageError(
      `${environment.tokenVariable} is not set`,
      "give this job, and no job that reads a branch, a token that may comment",
    );
  const { result, reasons, lines } = await postPreview(await readPreview(folder), environment);
  return {
    findings: [],
    result,
    reasons,
    text: (printer) => {
      for (const line of lines) printer.line(line);
    },
  };
}

async function readPreview(folder: string): Promise<ToldPreview> {
  const path = join(resolve(folder), "preview.json");
  const hint = "write it with: sitewright preview --base REF --out DIR, of the same version";
  const text = await readBounded(path, hint);
  try {
    return readToldPreview(JSON.parse(text));
  } catch (error) {
    if (error instanceof ToldError || error instanceof SyntaxError)
      throw new UsageError(
        `${path} is not a preview: ${error instanceof ToldError ? error.message : "it is no JSON"}`,
        hint,
      );
    throw error;
  }
}

/** Reads a file that another job left: no link is followed, and nothing beyond all measure is read. */
async function readBounded(path: string, hint: string): Promise<string> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new UsageError(`${path} cannot be read (${code})`, hint);
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > MAX_PREVIEW_BYTES)
      throw new UsageError(`${path} is no file of at most 64 MB`, hint);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}
