import type { Dialect } from "../planner/config/dialect.ts";
import type { ChangeOptions } from "../planner/config/types.ts";
import { textConfig } from "./text-config.ts";

/** What an offline platform gets from a dialect that does not say yet how management comes in: the way in is
 *  reported as not proved, whatever address is given. */
export function formConfig(dialect: Dialect): ReturnType<typeof textConfig> {
  const config = textConfig(dialect);
  return {
    ...config,
    change: (running, intended, options) => config.change(running, intended, withoutManagement(options)),
  };
}

function withoutManagement({ scope, rotatedSecrets, prove }: ChangeOptions): ChangeOptions {
  return {
    scope,
    ...(rotatedSecrets === undefined ? {} : { rotatedSecrets }),
    ...(prove === undefined ? {} : { prove }),
  };
}
