import { suggest } from "../../inventory/shape/suggest.ts";
import { toCsv } from "../../report/csv.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  type Options,
  textOption,
} from "../command.ts";
import { UsageError } from "../exit.ts";
import { openChosen } from "../open.ts";
import { readFilters } from "../query/filter.ts";
import { TABLES } from "../query/tables.ts";
import { printFindings } from "../text/findings.ts";
import { printTable } from "../text/table.ts";

const FORMATS = ["table", "csv", "json"];

/** Answers from the resolved inventory: devices, ports, addresses, rules, what is free. Reads no device. */
export async function run(
  context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const [name = "", ...words] = args;
  const table = TABLES[name];
  if (table === undefined) {
    const near = suggest(name, Object.keys(TABLES));
    throw new UsageError(
      `query does not know "${name}"`,
      near === undefined ? `known:\n${knownTables()}` : `did you mean ${near}?`,
    );
  }
  const { columns } = table;
  const format = textOption(options, "format") ?? "table";
  if (!FORMATS.includes(format)) {
    throw new UsageError(`there is no format "${format}"`, `known: ${FORMATS.join(", ")}`);
  }
  const matches = readFilters(words.filter(isFilter), columns);
  const chosen = await openChosen(
    context.root,
    words.filter((word) => !isFilter(word)),
    options,
  );
  const rows = chosen.sites.flatMap((site) => table.rows(site, chosen.devices)).filter(matches);
  const errors = chosen.findings.filter((finding) => finding.severity === "error");
  return {
    findings: errors,
    result: { table: name, columns, rows },
    reasons: findingReasons(errors),
    ...(format === "csv"
      ? {
          raw: toCsv(
            columns,
            rows.map((row) => columns.map((column) => row[column])),
          ),
        }
      : {}),
    ...(format === "json" ? { raw: `${JSON.stringify(rows, undefined, 2)}\n` } : {}),
    text: (printer) => {
      printFindings(printer, errors, chosen.frameOf);
      printTable(printer, columns, rows);
      printer.note(`${rows.length} ${name}`);
    },
  };
}

/** Selectors hold none of these signs. */
function isFilter(word: string): boolean {
  return /[=~]/.test(word);
}

function knownTables(): string {
  return Object.entries(TABLES)
    .map(([name, { summary }]) => `    ${name.padEnd(14)} ${summary}`)
    .join("\n");
}
