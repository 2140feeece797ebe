import { driverFor, platforms } from "./drivers/registry.ts";
import type { Change, ChangeOptions, ConfigTree } from "./planner/config/types.ts";

export type { Finding } from "./model/finding.ts";
export type {
  Change,
  ChangeOptions,
  ChangeStep,
  ConfigItem,
  ConfigNode,
  ConfigTree,
  Scope,
} from "./planner/config/types.ts";

/** Names the platforms that the engine knows, sorted. */
export const enginePlatforms: () => readonly string[] = platforms;

/** Parses a configuration into a tree without losing a line.
 *  @param platform - one of `enginePlatforms()`
 *  @throws RangeError for an unknown platform, naming the known ones */
export function parseConfig(platform: string, text: string): ConfigTree {
  return engineOf(platform).parse(text);
}

/** Finds the ordered, proved commands that lead from one configuration to another, with their rollback.
 *  @param options - default: the whole configuration, access not proved
 *  @throws RangeError for an unknown platform, naming the known ones */
export function diffConfigs(
  platform: string,
  running: string,
  intended: string,
  options: ChangeOptions = { scope: { kind: "full" } },
): Change {
  return engineOf(platform).change(running, intended, options);
}

/** Takes secrets and salted hashes out of a configuration and keeps its structure.
 *  @throws RangeError for an unknown platform, naming the known ones */
export function redactConfig(platform: string, text: string): string {
  return engineOf(platform).redact(text);
}

function engineOf(platform: string) {
  const driver = driverFor(platform);
  if (!driver) throw new RangeError(`unknown platform "${platform}"; known: ${platforms().join(", ")}`);
  return driver;
}
