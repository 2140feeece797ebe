import { formatAddress } from "../../model/address.ts";
import { formatPacket } from "./packet-text.ts";
import type { Packet } from "./types.ts";

/** Spells a packet with the model's addresses, as findings and plans show it. */
export function packetWords(packet: Packet): string {
  return formatPacket(packet, (family, value) => formatAddress({ version: family, value }));
}
