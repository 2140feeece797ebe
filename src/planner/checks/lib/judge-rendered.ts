import type { DeviceIntent } from "../../../model/intent.ts";
import type { CheckContext, Outcome, Problem } from "../types.ts";

/** A line that a platform's configuration must hold, or must not. */
export interface Line {
  /** With the `m` flag where it is anchored to a line. */
  readonly pattern: RegExp;
  /** What the line means, for the message: `telnet is open`. */
  readonly what: string;
  /** Only where this holds of the device. */
  readonly when?: (device: DeviceIntent) => boolean;
}

/** What to look for on one platform; an empty table says that the platform is safe of itself. */
export interface PlatformLines {
  readonly require?: readonly Line[];
  readonly forbid?: readonly Line[];
}

/** Tables by platform. */
export type RenderedTable = Readonly<Record<string, PlatformLines>>;

/** Platforms that share the Linux host's blocks. */
export const LINUX = ["nftables", "openvswitch", "linux-server"] as const;

/** Gives every Linux platform the same table. */
export function onLinux(lines: PlatformLines): RenderedTable {
  return Object.fromEntries(LINUX.map((platform) => [platform, lines]));
}

/** Looks for lines in the rendered configurations of devices; one that was not rendered, or whose platform has no
 *  table, is told as missing. */
export function judgeRendered(
  context: CheckContext,
  devices: readonly DeviceIntent[],
  table: RenderedTable,
  hint: (what: string) => string,
): Outcome {
  const problems: Problem[] = [];
  const missing: string[] = [];
  for (const device of devices) {
    const lines = table[device.platform];
    const rendered = context.rendered.get(device.id);
    if (lines === undefined) {
      missing.push(`no table for the platform ${device.platform} (${device.id})`);
      continue;
    }
    if (lines.require === undefined && lines.forbid === undefined) continue;
    if (rendered === undefined) {
      missing.push(`no rendered configuration of ${device.id}`);
      continue;
    }
    problems.push(...judgeDevice(device, rendered.config, lines, hint));
  }
  return { problems, missing };
}

function judgeDevice(
  device: DeviceIntent,
  config: string,
  lines: PlatformLines,
  hint: (what: string) => string,
): Problem[] {
  const problems: Problem[] = [];
  const applies = (line: Line): boolean => line.when?.(device) ?? true;
  for (const line of lines.require ?? []) {
    if (!applies(line) || line.pattern.test(config)) continue;
    problems.push({ where: device.origin, message: `${device.name}: ${line.what}`, hint: hint(line.what) });
  }
  for (const line of lines.forbid ?? []) {
    const match = applies(line) ? line.pattern.exec(config) : null;
    if (!match) continue;
    const number = config.slice(0, match.index).split("\n").length;
    problems.push({
      where: { device: device.id, line: number, text: match[0].split("\n")[0]?.trim() ?? "" },
      message: `${device.name}: ${line.what}`,
      hint: hint(line.what),
      related: [device.origin],
    });
  }
  return problems;
}

/** Joins what the parts of a check say. */
export function join(...parts: readonly (Outcome | readonly Problem[])[]): Outcome {
  const outcomes = parts.map(
    (part): Outcome => ("problems" in part ? part : { problems: part, missing: [] }),
  );
  return {
    problems: outcomes.flatMap((outcome) => outcome.problems),
    missing: [...new Set(outcomes.flatMap((outcome) => outcome.missing))],
  };
}
