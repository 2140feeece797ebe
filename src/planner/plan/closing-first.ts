import { compareText } from "../../model/finding.ts";
import type { FlowBox, Range } from "../flows/types.ts";

/** What a change of one device opens and closes. */
export interface DeviceFlows {
  /** Name within the site. */
  readonly device: string;
  readonly opened: readonly FlowBox[];
  readonly closed: readonly FlowBox[];
  /** False where not all of it could be found: it may then open and close anything. */
  readonly known: boolean;
}

/** Two devices of which the first must be done before the second. */
export interface Precedence {
  readonly first: string;
  readonly second: string;
}

/** Pairs of boxes looked at for one pair of devices; beyond it they count as touching. */
const MOST_PAIRS = 1_000_000;

/** Says who closes what another opens. A packet that passes both is stopped by the one before the change and by the
 *  other after it: were the opening pushed first, it would get through in between, as neither state lets it (D10).
 *  @returns sorted by the first, then the second */
export function closingFirst(changes: readonly DeviceFlows[]): Precedence[] {
  const pairs = changes.flatMap((closing) =>
    changes
      .filter((opening) => opening !== closing && closesWhat(closing, opening))
      .map((opening) => ({ first: closing.device, second: opening.device })),
  );
  return pairs.sort((a, b) => compareText(a.first, b.first) || compareText(a.second, b.second));
}

function closesWhat(closing: DeviceFlows, opening: DeviceFlows): boolean {
  const closes = closing.closed.length > 0 || !closing.known;
  const opens = opening.opened.length > 0 || !opening.known;
  if (!closes || !opens) return false;
  if (!closing.known || !opening.known) return true;
  if (closing.closed.length * opening.opened.length > MOST_PAIRS) return true;
  return closing.closed.some((closed) => opening.opened.some((opened) => touch(closed, opened)));
}

/** Interfaces are each device's own, and states differ from one filter to the next: only the packet itself counts. */
function touch(a: FlowBox, b: FlowBox): boolean {
  return (
    a.family === b.family &&
    meet(a.protocols, b.protocols) &&
    meet(a.dstPorts, b.dstPorts) &&
    meet(a.srcPorts, b.srcPorts) &&
    meet(a.src, b.src) &&
    meet(a.dst, b.dst)
  );
}

function meet(
  a: Range | { readonly lo: bigint; readonly hi: bigint },
  b: Range | { readonly lo: bigint; readonly hi: bigint },
): boolean {
  return a.lo <= b.hi && b.lo <= a.hi;
}
