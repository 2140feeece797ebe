import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Draft, type Ground, newErrors, WishError } from "../../inventory/create/draft.ts";
import { newDevice, newServer } from "../../inventory/create/new-machine.ts";
import { newRule } from "../../inventory/create/new-rule.ts";
import { newSite } from "../../inventory/create/new-site.ts";
import { newVlan } from "../../inventory/create/new-vlan.ts";
import { identifyFile } from "../../inventory/read/file-kind.ts";
import { readWorkspace } from "../../inventory/read/workspace.ts";
import { resolveWorkspace } from "../../inventory/resolve/resolve.ts";
import { formatYaml } from "../../inventory/yaml/format.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  flag,
  type Options,
  textOption,
} from "../command.ts";
import { UsageError } from "../exit.ts";
import { modelineOf } from "../modeline.ts";
import { printFindings } from "../text/findings.ts";

type Maker = (ground: Ground, place: string, name: string | undefined, options: Options) => Draft;

const MAKERS: Readonly<Record<string, Maker>> = {
  site: (ground, place, _name, options) =>
    newSite(ground, place, {
      title: textOption(options, "title"),
      timezone: textOption(options, "timezone"),
    }),
  vlan: (ground, place, name, options) =>
    newVlan(ground, place, {
      name,
      vlan: numberOption(options, "vlan"),
      zone: textOption(options, "zone"),
      length: numberOption(options, "length") ?? 24,
    }),
  device: (ground, place, name, options) => newDevice(ground, place, machineWish(name, options)),
  server: (ground, place, name, options) => newServer(ground, place, machineWish(name, options)),
  rule: (ground, place, _name, options) =>
    newRule(ground, place, {
      from: textOption(options, "from"),
      to: textOption(options, "to"),
      service: (textOption(options, "service") ?? "").split(",").filter((word) => word !== ""),
      reason: textOption(options, "reason"),
      owner: textOption(options, "owner"),
      ticket: textOption(options, "ticket"),
      today: new Date().toISOString().slice(0, 10),
    }),
};

/** Writes a new part of the inventory in its place, with free ids and addresses chosen. What would bring an error is
 *  not written. */
export async function run(
  context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const [what = "", place, name] = args;
  const make = MAKERS[what];
  if (make === undefined)
    throw new UsageError(`new does not know "${what}"`, `known: ${Object.keys(MAKERS).join(", ")}`);
  if (place === undefined)
    throw new UsageError(`new ${what} wants a site`, `type: sitewright new ${what} CLIENT/SITE`);
  const workspace = await readWorkspace(context.root);
  const ground = { texts: workspace.files, sites: resolveWorkspace(workspace).sites };
  const draft = spelled(
    context.root,
    fulfil(() => make(ground, place, name, options)),
  );
  const errors = newErrors(context.root, ground, draft);
  const dryRun = flag(options, "dryRun");
  if (errors.length === 0 && !dryRun) await write(context.root, draft);
  return {
    findings: errors,
    result: { files: [...draft.files.keys()], chosen: draft.chosen, written: errors.length === 0 && !dryRun },
    reasons: findingReasons(errors),
    text: (printer) => {
      printFindings(printer, errors, () => undefined);
      if (errors.length > 0) printer.line("nothing written: it would not validate");
      else {
        printer.line(draft.chosen.join(", "));
        for (const [path, text] of draft.files) {
          printer.line(dryRun ? printer.style.bold(path) : `wrote ${path}`);
          if (dryRun) printer.line(text.trimEnd());
        }
      }
    },
  };
}

function machineWish(name: string | undefined, options: Options) {
  return {
    name,
    model: textOption(options, "model"),
    role: textOption(options, "role"),
    network: textOption(options, "network"),
    uplink: textOption(options, "uplink"),
  };
}

function numberOption(options: Options, name: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`--${name} ${text} is no number`, `type: --${name} 20`);
}

function fulfil(make: () => Draft): Draft {
  try {
    return make();
  } catch (error) {
    if (error instanceof WishError) throw new UsageError(error.message, error.hint);
    throw error;
  }
}

/** New files get the line that tells editors their schema. */
function spelled(root: string, draft: Draft): Draft {
  const files = [...draft.files].map(([path, text]): [string, string] => {
    const kind = identifyFile(path)?.kind;
    if (kind === undefined) throw new Error(`${path} is no file of the inventory`);
    return [path, formatYaml(text, modelineOf(root, path, kind, text)).text ?? text];
  });
  return { ...draft, files: new Map(files) };
}

async function write(root: string, draft: Draft): Promise<void> {
  for (const [path, text] of draft.files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
