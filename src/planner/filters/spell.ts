import { formatAddress } from "../../model/address.ts";
import { formatFlow } from "../flows/flow-text.ts";
import { packetWords } from "../flows/packet-words.ts";
import type { FlowBox, Packet, Range } from "../flows/types.ts";
import type { ExtractedFilter } from "./types.ts";

/** Writes a packet as `filter test` takes it, with the interfaces that the filter tells apart:
 *  `tcp 10.0.0.1:49152 -> 10.0.0.2:22 iif eth0`. */
export function spellPacket(packet: Packet, filter: Pick<ExtractedFilter, "interfaces">): string {
  const text = packetWords(packet);
  const name = (number: number | undefined): string | undefined => filter.interfaces[(number ?? 0) - 1];
  const inbound = name(packet.ingress);
  const outbound = name(packet.egress);
  return [text, inbound && `iif ${inbound}`, outbound && `oif ${outbound}`]
    .filter((part) => part !== undefined)
    .join(" ");
}

/** Writes a box of packets for people. */
export function spellFlow(box: FlowBox, filter: Pick<ExtractedFilter, "interfaces">): string {
  const text = formatFlow(box, (family, value) => formatAddress({ version: family, value }));
  const inbound = spellInterfaces(box.ingress, filter.interfaces);
  const outbound = spellInterfaces(box.egress, filter.interfaces);
  return [text, inbound && `iif ${inbound}`, outbound && `oif ${outbound}`]
    .filter((part) => part !== undefined)
    .join(" ");
}

function spellInterfaces(range: Range, names: readonly string[]): string | undefined {
  if (range.lo === 0 && range.hi >= names.length) return undefined;
  const named = names.slice(Math.max(0, range.lo - 1), range.hi);
  const others = range.lo === 0 || range.hi > names.length;
  return [...named, ...(others ? ["any other"] : [])].join(",");
}
