import type { FileWhere } from "../../model/finding.ts";
import type { Packet } from "../flows/types.ts";

/** What becomes of a packet; `unknown` where a condition is not modelled or the device's filters cannot be read. */
export type TraceVerdict = "permit" | "deny" | "unknown";

/** What a device, or the network between two, does with the packet. */
export type HopKind = "start" | "layer2" | "filter" | "route" | "translate" | "deliver";

/** Why a packet goes no further. */
export type DropReason = "port" | "vlan" | "no-gateway" | "no-route" | "loop" | "filter" | "no-connection";

/** One step of a packet's way. */
export interface Hop {
  /** Name of the device, host or `internet`. */
  readonly device: string;
  readonly kind: HopKind;
  readonly verdict: TraceVerdict;
  /** In a reader's words. */
  readonly text: string;
  /** The packet as it is after this step. */
  readonly packet: string;
  /** The YAML line that decides it. */
  readonly where?: FileWhere;
  /** The line of the rendered configuration that decides it, from 1. */
  readonly rendered?: { readonly line: number; readonly text: string };
  readonly drop?: DropReason;
}

/** One direction of a packet's way. */
export interface Way {
  readonly packet: string;
  readonly verdict: TraceVerdict;
  readonly hops: readonly Hop[];
}

/** One end of a packet, as the site knows it. */
export interface TraceEnd {
  readonly address: string;
  readonly zone: string;
  readonly network?: string;
  readonly host?: string;
}

/** A packet's way through a site, and that of the first answer to it. */
export interface Trace extends Way {
  readonly site: string;
  readonly from: TraceEnd;
  readonly to: TraceEnd;
  /** Absent where the packet does not arrive, is itself an answer, or asks for none. */
  readonly back?: Way;
}

/** A packet to be traced. */
export interface TraceRequest {
  readonly packet: Packet;
  /** The WAN link to come in or leave by; that of the best priority where absent. */
  readonly wan?: string;
}

/** What a reader typed wrong, and what to type. */
export interface TraceProblem {
  readonly problem: string;
  readonly hint: string;
}
