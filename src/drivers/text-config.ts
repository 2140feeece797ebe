import { diffConfigs } from "../planner/config/change.ts";
import { compareTrees } from "../planner/config/compare.ts";
import type { Dialect } from "../planner/config/dialect.ts";
import { parseConfig } from "../planner/config/parse.ts";
import { redactConfig } from "../planner/config/secrets.ts";
import type { OfflineDriver } from "./driver.ts";

/** What every platform with a text configuration gets from its dialect alone. */
export function textConfig(
  dialect: Dialect,
): Pick<OfflineDriver, "dialect" | "parse" | "change" | "compare" | "redact"> {
  return {
    dialect,
    parse: (text) => parseConfig(dialect, text),
    change: (running, intended, options) => diffConfigs(dialect, running, intended, options),
    compare: (before, after, scope) =>
      compareTrees(dialect, parseConfig(dialect, before), parseConfig(dialect, after), scope),
    redact: (text) => redactConfig(dialect, text),
  };
}
