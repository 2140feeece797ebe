import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { judgeSites } from "../src/cli/judge.ts";
import { filterReaderFor } from "../src/drivers/filter-registry.ts";
import { readWorkspace } from "../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../src/inventory/resolve/resolve.ts";
import { checkFilter } from "../src/planner/filters/check.ts";
import {
  countVerdicts,
  sumVerdicts,
  type VerdictCounts,
  verdictWords,
} from "../src/planner/flows/verdict-counts.ts";
import { title } from "./report.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const GOLDEN = join(ROOT, "test/golden");

/** Platforms of folders that are called as NTC's templates call them. */
const PLATFORM: Readonly<Record<string, string>> = {
  arista_eos: "eos",
  cisco_ios: "iosxe",
  fortinet: "fortios",
  hp_comware: "comware",
  huawei_vrp: "vrp",
  juniper_junos: "junos",
  mikrotik_routeros: "routeros",
};

/** How many questions stay undecided: pairs of zones and own rules of the sample sites, and lines of the filters in the
 *  golden configurations; with SITEWRIGHT_SAMPLES also of recorded ones, a folder a platform. */
export async function benchUnknown(): Promise<void> {
  title("share of unknown answers: an unknown one counts as violated");
  const workspace = await readWorkspace(ROOT);
  const judged = judgeSites({ ...resolveWorkspace(workspace), workspace }, new Date());
  tell("pairs of zones of the sample sites", sumVerdicts(judged.pairs.values()));
  tell("own rules of the sample sites", judged.rules);
  tellFilters("golden configurations", GOLDEN);
  const samples = process.env.SITEWRIGHT_SAMPLES;
  if (samples !== undefined) tellFilters("recorded configurations", samples);
}

function tellFilters(what: string, folder: string): void {
  const totals: VerdictCounts[] = [];
  for (const name of readdirSync(folder).sort()) {
    const read = filterReaderFor(PLATFORM[name] ?? name);
    if (read === undefined || !existsSync(join(folder, name))) continue;
    const texts = filesBelow(join(folder, name)).map((file) => readFileSync(file, "utf8"));
    const filters = texts.flatMap((text) => read(text)).filter((filter) => filter.derived !== true);
    const counts = sumVerdicts(filters.map((filter) => checkFilter(filter).lines));
    if (countVerdicts(counts) > 0) tell(`  lines of ${filters.length} filters, ${name}`, counts);
    totals.push(counts);
  }
  tell(`lines of filters in ${what}`, sumVerdicts(totals));
}

/** Of golden cases only what a device runs or shall run, not the commands in between. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && !/^(remediation|rollback)/.test(entry.name) && !entry.name.endsWith(".md"),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function tell(what: string, counts: VerdictCounts): void {
  console.log(`  ${what.padEnd(50)} ${verdictWords(counts)}`);
}
