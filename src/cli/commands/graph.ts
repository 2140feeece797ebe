import type { Site } from "../../model/site.ts";
import { topologyOf, zoneGraphOf } from "../../report/topology/graph.ts";
import { layoutGraph } from "../../report/topology/layout.ts";
import { drawSvg } from "../../report/topology/svg.ts";
import { spellDot, spellMermaid } from "../../report/topology/texts.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  flag,
  type Options,
  textOption,
} from "../command.ts";
import { UsageError } from "../exit.ts";
import { openChosen } from "../open.ts";
import { printFindings } from "../text/findings.ts";

const FORMATS = ["svg", "dot", "mermaid"] as const;
type Format = (typeof FORMATS)[number];

/** Draws the cables of a site, or its zones and who may speak to whom. Reads no device. */
export async function run(
  context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const format = formatOf(textOption(options, "format") ?? "svg");
  const chosen = await openChosen(context.root, args, options);
  const findings = chosen.findings.filter((finding) => finding.severity === "error");
  const zones = flag(options, "zones");
  if (chosen.sites.length > 1)
    throw new UsageError(
      `graph draws one site; ${args.join(" ")} chooses ${chosen.sites.length}`,
      `one of: ${chosen.sites.map((site) => site.id).join(", ")}`,
    );
  const [site] = chosen.sites;
  const drawing = site === undefined ? undefined : await draw(site, zones, format);
  return {
    findings,
    result: site === undefined ? null : { site: site.id, format, drawing },
    reasons: findingReasons(findings),
    ...(drawing === undefined || context.json ? {} : { raw: drawing }),
    text: (printer) => printFindings(printer, findings, chosen.frameOf),
  };
}

async function draw(site: Site, zones: boolean, format: Format): Promise<string> {
  const graph = zones ? zoneGraphOf(site) : topologyOf(site);
  if (format === "dot") return spellDot(graph);
  if (format === "mermaid") return spellMermaid(graph);
  const drawing = await layoutGraph(graph, zones);
  return drawSvg(drawing, { title: `${site.id} ${site.name}`, labels: zones, standalone: true }).toString();
}

function formatOf(name: string): Format {
  const format = FORMATS.find((known) => known === name);
  if (format === undefined)
    throw new UsageError(`there is no format "${name}"`, `known: ${FORMATS.join(", ")}`);
  return format;
}
