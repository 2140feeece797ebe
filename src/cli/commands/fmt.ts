import { writeFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { identifyFile } from "../../inventory/read/file-kind.ts";
import { readWorkspace } from "../../inventory/read/workspace.ts";
import { formatYaml } from "../../inventory/yaml/format.ts";
import { type CommandContext, type CommandOutcome, flag, type Options } from "../command.ts";
import { UsageError } from "../exit.ts";
import { modelineOf } from "../modeline.ts";

/** Spells the YAML files of a workspace alike and gives each the line that tells editors its schema. */
export async function run(
  context: CommandContext,
  files: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const check = flag(options, "check");
  const { root } = context;
  const workspace = await readWorkspace(root);
  const wanted = files.map((file) => relative(root, resolve(file)).split(sep).join("/"));
  const unknown = wanted.find((file) => !workspace.files.has(file));
  if (unknown !== undefined) {
    throw new UsageError(
      `${unknown} is no file of this workspace`,
      "name a YAML file below inventory/ or policies/",
    );
  }
  const changed: string[] = [];
  const refused: { file: string; reason: string }[] = [];
  for (const [file, text] of workspace.files) {
    const kind = identifyFile(file)?.kind;
    if (kind === undefined || (wanted.length > 0 && !wanted.includes(file))) continue;
    const formatted = formatYaml(text, modelineOf(root, file, kind, text));
    if (formatted.refused !== undefined) refused.push({ file, reason: formatted.refused });
    else if (formatted.text !== text) {
      changed.push(file);
      if (!check) await writeFile(join(root, file), formatted.text);
    }
  }
  return {
    findings: [],
    result: { changed, refused },
    reasons: check && changed.length > 0 ? [{ code: 2, reason: "difference" }] : [],
    text: (printer) => {
      for (const file of changed) printer.line(check ? `would change ${file}` : file);
      for (const { file, reason } of refused)
        printer.line(`${printer.style.yellow("left alone")} ${file}: ${reason}`);
      if (changed.length === 0) printer.line("nothing to change");
    },
  };
}
