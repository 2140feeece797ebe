import { diffConfigs } from "../planner/config/change.ts";
import { compareTrees } from "../planner/config/compare.ts";
import type { Dialect } from "../planner/config/dialect.ts";
import { parseConfig } from "../planner/config/parse.ts";
import { redactConfig } from "../planner/config/secrets.ts";
import type { OfflineDriver } from "./driver.ts";

/** Makes the offline part of a driver from its dialect: everything but level and capabilities follows from the table. */
export function offlinePart(dialect: Dialect): Omit<OfflineDriver, "level" | "capabilities"> {
  return {
    platform: dialect.platform,
    title: dialect.title,
    parse: (text) => parseConfig(dialect, text),
    change: (running, intended, options) => diffConfigs(dialect, running, intended, options),
    compare: (before, after, scope) =>
      compareTrees(dialect, parseConfig(dialect, before), parseConfig(dialect, after), scope),
    redact: (text) => redactConfig(dialect, text),
  };
}
