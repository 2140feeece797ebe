/** The Pulumi engine that Sitewright is built and tested with; CLI and SDK are of one release. */
export const ENGINE_VERSION = "3.259.0";

/** The last SDK module that holds the Node language host; engine 3.259 runs with it. */
export const LANGUAGE_HOST_VERSION = "3.68.0";

/** The plugin of @pulumi/command. */
export const COMMAND_PLUGIN_VERSION = "1.2.1";

/** The oldest Go that builds the engine. */
export const GO_VERSION = "1.25.11";

/** Compares dotted versions number by number, a leading `v` or `go` ignored.
 *  @returns below 0 where `a` is older */
export function compareVersions(a: string, b: string): number {
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  const match = /(\d+(?:\.\d+)*)/.exec(version);
  return (match?.[1] ?? "").split(".").map(Number);
}
