import type { FileWhere } from "../model/finding.ts";
import type { Site } from "../model/site.ts";
import { parseOrigin } from "../planner/filters/origin.ts";
import type { ReadFilters } from "../planner/filters/types.ts";
import { type FilterChange, flowsOfChange } from "../planner/plan/flows-of-change.ts";
import type { PlannedDevice } from "./plan-device.ts";
import type { FlowAnalysis } from "./plan-site.ts";

/** What of a planned device its flows are read from. */
export type FlowSource = Pick<PlannedDevice, "texts" | "driver" | "intent" | "intended">;

/** Finds the flows that a plan opens and closes, from what each device runs and what the change makes of it. */
export function analyseFlows(site: Site): (devices: readonly FlowSource[]) => FlowAnalysis {
  return (devices) =>
    flowsOfChange(
      site,
      devices.flatMap((device) => filterChange(device) ?? []),
    );
}

/** Reads the filters of a configuration before and after a change. */
export function readBoth(
  read: ReadFilters,
  before: string,
  after: string,
): Pick<FilterChange, "before" | "after"> {
  const first = [...read(before), ...read(after)];
  // Both are numbered alike, so that an interface of one is the same in the other.
  const interfaces = [...new Set(first.flatMap((filter) => filter.interfaces))].sort();
  return { before: read(before, interfaces), after: read(after, interfaces) };
}

function filterChange({ texts, driver, intent, intended }: FlowSource): FilterChange | undefined {
  const read = driver?.filters;
  if (texts === undefined || read === undefined || texts.running === texts.predicted) return undefined;
  const origins = new Map<string, FileWhere>();
  const lines = intended?.rendered.config.split("\n") ?? [];
  for (const [index, line] of lines.entries()) {
    const origin = parseOrigin(intended?.rendered.provenance[index]);
    if (origin) origins.set(line.trim(), origin);
  }
  return {
    device: intent,
    ...readBoth(read, texts.running, texts.predicted),
    originOf: (text) => origins.get(text),
  };
}
