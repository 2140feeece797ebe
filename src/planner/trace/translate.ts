import { formatAddress, parseAddress } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Site, WanLink } from "../../model/site.ts";
import type { Packet } from "../flows/types.ts";
import { covers, isAddress } from "./ends.ts";

/** What a device wrote over a packet, so that its answer can be given back as it was asked. */
export interface Translation {
  readonly device: string;
  readonly kind: "source" | "destination";
  readonly before: Packet;
  readonly after: Packet;
  readonly text: string;
  readonly where: FileWhere;
}

const PROTOCOLS = { tcp: 6, udp: 17 } as const;

/** The port forward of a WAN link that a packet meets. */
export function destinationForward(
  site: Site,
  device: DeviceIntent,
  wan: WanLink,
  packet: Packet,
): Translation | undefined {
  if (!isAddress(wan.ipv4, { family: packet.family, value: packet.dst })) return undefined;
  const forward = site.nat.forwards.find(
    (each) =>
      each.device === device.name &&
      each.wan === wan.name &&
      PROTOCOLS[each.protocol] === packet.protocol &&
      each.port === packet.dstPort,
  );
  const to = parseAddress(forward?.toAddress ?? "");
  if (forward === undefined || to === undefined) return undefined;
  return {
    device: device.name,
    kind: "destination",
    before: packet,
    after: { ...packet, dst: to.value, dstPort: forward.toPort },
    text: `destination becomes ${forward.toAddress}:${forward.toPort} (port forward ${forward.name})`,
    where: forward.origin,
  };
}

/** How a packet is hidden behind the address of the WAN link that it leaves by. */
export function hidingSource(
  site: Site,
  device: DeviceIntent,
  wan: WanLink,
  packet: Packet,
): Translation | undefined {
  const source = { family: packet.family, value: packet.src };
  const outbound = site.nat.outbound.find(
    (each) => each.via.includes(wan.name) && each.source.some((prefix) => covers(prefix, source)),
  );
  const address = parseAddress(wan.ipv4?.split("/")[0] ?? "");
  if (outbound === undefined || address === undefined || address.version !== packet.family) return undefined;
  return {
    device: device.name,
    kind: "source",
    before: packet,
    after: { ...packet, src: address.value },
    text: `source becomes ${formatAddress(address)} (NAT ${outbound.name})`,
    where: outbound.origin,
  };
}
