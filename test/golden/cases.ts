import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMWARE_DIALECT } from "../../src/drivers/comware/dialect.ts";
import { EOS_DIALECT } from "../../src/drivers/eos/dialect.ts";
import { FORTIOS_DIALECT } from "../../src/drivers/fortios/dialect.ts";
import { FRR_DIALECT } from "../../src/drivers/frr/dialect.ts";
import { IOSXE_DIALECT } from "../../src/drivers/iosxe/dialect.ts";
import { JUNOS_DIALECT } from "../../src/drivers/junos/dialect.ts";
import { ROUTEROS_DIALECT } from "../../src/drivers/routeros/dialect.ts";
import { VRP_DIALECT } from "../../src/drivers/vrp/dialect.ts";
import { diffConfigs } from "../../src/planner/config/change.ts";
import type { Dialect } from "../../src/planner/config/dialect.ts";
import type { Change, ChangeOptions } from "../../src/planner/config/types.ts";

/** Platforms with golden cases. */
export const DIALECTS: readonly Dialect[] = [COMWARE_DIALECT, EOS_DIALECT, FORTIOS_DIALECT, FRR_DIALECT, IOSXE_DIALECT, JUNOS_DIALECT, ROUTEROS_DIALECT, VRP_DIALECT];

/** Platforms with a modelled device to judge them. */
export const MODELLED: readonly Dialect[] = [COMWARE_DIALECT, EOS_DIALECT, IOSXE_DIALECT, VRP_DIALECT];

/** Platforms with a practice device. */
export const PRACTISED: readonly Dialect[] = [IOSXE_DIALECT, VRP_DIALECT];

/** One case of the table: four files in a folder, beside them perhaps `options.json`. */
export interface GoldenCase {
  readonly platform: string;
  readonly name: string;
  readonly folder: string;
  readonly running: string;
  readonly intended: string;
  readonly options: ChangeOptions;
  /** Codes of the errors that the case is about; most have none. */
  readonly errors: readonly string[];
}

/** Reads the cases of a platform in the order of their names. */
export function casesOf(platform: string): GoldenCase[] {
  const root = join(import.meta.dirname, platform);
  return readdirSync(root)
    .sort()
    .map((name) => {
      const folder = join(root, name);
      const options = join(folder, "options.json");
      return {
        platform,
        name,
        folder,
        running: readFileSync(join(folder, "running"), "utf8"),
        intended: readFileSync(join(folder, "intended"), "utf8"),
        options: existsSync(options)
          ? (JSON.parse(readFileSync(options, "utf8")) as ChangeOptions)
          : { scope: { kind: "full" } },
        errors: existsSync(join(folder, "errors")) ? readFileSync(join(folder, "errors"), "utf8").split("\n").filter(Boolean) : [],
      };
    });
}

/** What the engine makes of a case. */
export function changeOf(dialect: Dialect, golden: GoldenCase): Change {
  return diffConfigs(dialect, golden.running, golden.intended, golden.options);
}

/** The two expected files; undefined where one is missing. */
export function expectedOf(golden: GoldenCase, file: "remediation" | "rollback"): string | undefined {
  const path = join(golden.folder, file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Writes commands as a golden file holds them. */
export function asText(commands: readonly string[]): string {
  return commands.map((command) => `${command}\n`).join("");
}

/** `node test/golden/cases.ts update`: the one way in which goldens change. */
if (process.argv[1] === import.meta.filename && process.argv[2] === "update") {
  for (const dialect of DIALECTS) {
    for (const golden of casesOf(dialect.platform)) {
      const change = changeOf(dialect, golden);
      writeFileSync(join(golden.folder, "remediation"), asText(change.commands));
      writeFileSync(join(golden.folder, "rollback"), asText(change.rollback));
    }
  }
}
