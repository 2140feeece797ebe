import type { Site } from "../../model/site.ts";
import type { Packet } from "../flows/types.ts";
import type { RenderedFilters } from "../policy/rendered.ts";
import { endOf } from "./ends.ts";
import type { Trace, TraceRequest } from "./types.ts";
import { type Walked, walk } from "./walk.ts";

/** Follows a packet through a site as it is rendered, and the first answer to it back.
 *  @param rendered - filters of the rendered configurations by device id */
export function traceSite(
  site: Site,
  rendered: ReadonlyMap<string, RenderedFilters>,
  { packet, wan }: TraceRequest,
): Trace {
  const there = walk({ site, rendered, packet, wan });
  const reply = there.verdict === "deny" || packet.state !== "new" ? undefined : answerTo(there.arrived);
  const back = reply && walk({ site, rendered, packet: reply, wan, answers: there.connection });
  return {
    site: site.id,
    from: endOf(site, { family: packet.family, value: packet.src }),
    to: endOf(site, { family: packet.family, value: packet.dst }),
    ...wayOf(there),
    ...(back === undefined ? {} : { back: wayOf(back) }),
  };
}

function wayOf({ packet, verdict, hops }: Walked) {
  return { packet, verdict, hops };
}

const ACK = 16;
const ECHO_REPLY = new Map([
  [8, 0],
  [128, 129],
]);

/** The first answer to a packet; undefined where it asks for none. */
function answerTo(packet: Packet): Packet | undefined {
  const turned = { ...packet, src: packet.dst, dst: packet.src, state: "established" as const };
  if (packet.protocol === 1 || packet.protocol === 58) {
    const type = ECHO_REPLY.get(packet.srcPort);
    return type === undefined ? undefined : { ...turned, srcPort: type, dstPort: 0 };
  }
  const ports = { srcPort: packet.dstPort, dstPort: packet.srcPort };
  return { ...turned, ...ports, tcpFlags: packet.protocol === 6 ? ACK : 0 };
}
