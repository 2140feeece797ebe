import { parsePrefix } from "../../model/address.ts";
import type { Packet, Range } from "../flows/types.ts";
import type { ExtractedFilter } from "./types.ts";

/** Sources that a packet on the loopback interface has. */
const OWN = ["127.0.0.0/8", "::1/128"].map((text) => parsePrefix(text)?.prefix);

/** Gives the packet every interface that the rules tell apart and that it does not name itself. The loopback interface
 *  is tried only for loopback addresses: nothing that comes from elsewhere arrives by it. */
export function chooseInterfaces(
  filter: ExtractedFilter,
  packet: Packet,
  known: { readonly ingress: boolean; readonly egress: boolean },
): Packet[] {
  const inbound = known.ingress ? undefined : choices(filter, "ingress", packet.src, packet);
  const outbound = known.egress ? undefined : choices(filter, "egress", packet.dst, packet);
  return (inbound ?? [packet.ingress ?? 0]).flatMap((ingress) =>
    (outbound ?? [packet.egress ?? 0]).map((egress) => ({ ...packet, ingress, egress })),
  );
}

/** One number for each way in which the rules treat interfaces; undefined where they do not ask. */
function choices(
  filter: ExtractedFilter,
  side: "ingress" | "egress",
  address: bigint,
  packet: Packet,
): number[] | undefined {
  const asked = new Map<string, readonly Range[]>();
  for (const rule of filter.list.rules) {
    for (const match of rule.matches) {
      const ranges = match[side];
      if (ranges !== undefined) asked.set(JSON.stringify(ranges), ranges);
    }
  }
  if (asked.size === 0) return undefined;
  const loopback = filter.interfaces.indexOf("lo") + 1;
  const own = isLoopback(packet, address);
  const kinds = new Map<string, number>();
  for (let number = 0; number <= filter.interfaces.length; number += 1) {
    if (loopback > 0 && number === loopback && !own) continue;
    const kind = [...asked.values()]
      .map((ranges) => ranges.some(({ lo, hi }) => lo <= number && number <= hi))
      .join();
    if (!kinds.has(kind)) kinds.set(kind, number);
  }
  return [...kinds.values()];
}

function isLoopback(packet: Packet, address: bigint): boolean {
  return OWN.some((prefix) => {
    if (prefix?.version !== packet.family) return false;
    const bits = BigInt((prefix.version === 4 ? 32 : 128) - prefix.length);
    return address >> bits === prefix.base >> bits;
  });
}
