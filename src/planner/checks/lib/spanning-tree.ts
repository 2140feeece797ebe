import { compareText } from "../../../model/finding.ts";
import type { DeviceIntent } from "../../../model/intent.ts";
import type { Site } from "../../../model/site.ts";
import { indexOf } from "./site-index.ts";

/** What a switch has that nobody gave a priority (IEEE 802.1D §17.14). */
const DEFAULT_PRIORITY = 32_768;

/** Switches in the order in which they want to be the root of the tree. */
export function rootsOf(site: Site): DeviceIntent[] {
  const priority = (device: DeviceIntent): number => device.layer2.spanningTree.priority ?? DEFAULT_PRIORITY;
  return [...indexOf(site).switches].sort((a, b) => priority(a) - priority(b) || compareText(a.name, b.name));
}
