/** The words of the packet-filter algebra. Pure data; addresses are numbers, never text. */

/** What a rule does with a packet that it matches. */
export type Action = "permit" | "deny";

/** IP version. */
export type Family = 4 | 6;

/** Where a packet stands towards the connection table of a stateful filter. Stateless filters ignore it. */
export type ConnectionState = "new" | "established" | "related" | "invalid" | "untracked";

/** Whole numbers from `lo` to `hi`, both included. */
export interface Range {
  readonly lo: number;
  readonly hi: number;
}

/** Addresses of one family from `lo` to `hi`, both included. */
export interface AddressRange {
  readonly family: Family;
  readonly lo: bigint;
  readonly hi: bigint;
}

/** Addresses that equal `value` in every bit that is 0 in `wildcard` (Cisco wildcard mask; may be non-contiguous). */
export interface AddressWildcard {
  readonly family: Family;
  readonly value: bigint;
  readonly wildcard: bigint;
}

/** One entry of a source or destination list. */
export type AddressTerm = AddressRange | AddressWildcard;

/** TCP flags of a packet, by the bits of RFC 9293 (FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128):
 *  a packet matches when `flags & mask` equals `value`. */
export interface TcpFlagMatch {
  readonly mask: number;
  readonly value: number;
}

/**
 * A conjunction of conditions. An absent field matches everything; a list matches when one entry does;
 * an empty list matches nothing.
 *
 * Conditions imply their protocol: ports hold only for TCP, UDP, DCCP, SCTP and UDP-Lite, flags only for TCP,
 * ICMP type and code only for ICMP (IPv4) and ICMPv6 (IPv6); a packet of another protocol does not match.
 */
export interface Match {
  readonly family?: Family;
  readonly src?: readonly AddressTerm[];
  readonly dst?: readonly AddressTerm[];
  /** IP protocol numbers, 0 to 255. */
  readonly protocols?: readonly Range[];
  readonly srcPorts?: readonly Range[];
  readonly dstPorts?: readonly Range[];
  readonly icmpTypes?: readonly Range[];
  readonly icmpCodes?: readonly Range[];
  readonly states?: readonly ConnectionState[];
  readonly tcpFlags?: readonly TcpFlagMatch[];
  /** Numbers that the caller gave to interfaces or zones, 0 to 65535. */
  readonly ingress?: readonly Range[];
  readonly egress?: readonly Range[];
}

/** One rule: it matches a packet when one of `matches` does. */
export interface FilterRule {
  /** Unique within its list. */
  readonly id: string;
  readonly action: Action;
  readonly matches: readonly Match[];
  /** False when the device asks for more than `matches` says (an application, a domain name, a schedule):
   *  the rule then may match for a permit and never counts for a deny. */
  readonly exact: boolean;
  /** What else an inexact rule asks, in canonical words. Two rules with the same words are true of the same packets;
   *  without it nothing is assumed. */
  readonly condition?: string;
}

/** Rules in order, the first that matches decides; `defaultAction` decides the rest. */
export interface FilterList {
  readonly rules: readonly FilterRule[];
  readonly defaultAction: Action;
}

/** One concrete packet. For ICMP `srcPort` is the type and `dstPort` the code; 0 for protocols without ports. */
export interface Packet {
  readonly family: Family;
  readonly src: bigint;
  readonly dst: bigint;
  readonly protocol: number;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly state: ConnectionState;
  /** RFC 9293 bits; 0 unless TCP. */
  readonly tcpFlags: number;
  /** Default 0. */
  readonly ingress?: number;
  /** Default 0. */
  readonly egress?: number;
}

/** A product of ranges: every packet in it behaves alike. Ports mean type and code where the protocol is ICMP. */
export interface FlowBox {
  readonly family: Family;
  readonly src: AddressRange;
  readonly dst: AddressRange;
  readonly protocols: Range;
  readonly srcPorts: Range;
  readonly dstPorts: Range;
  readonly states: readonly ConnectionState[];
  /** Absent when every combination is in the box. */
  readonly tcpFlags?: readonly TcpFlagMatch[];
  readonly ingress: Range;
  readonly egress: Range;
  /** Inexact conditions that must hold, or must not, for the packets of this box. Empty when the box is certain. */
  readonly conditions: readonly { readonly condition: string; readonly holds: boolean }[];
}

/** A box with one packet out of it that a person would recognise. */
export interface Flow {
  readonly box: FlowBox;
  readonly witness: Packet;
  /** False when it depends on a condition that is not modelled. */
  readonly certain: boolean;
}

/** `proved`: holds for every packet. `violated`: a packet says no. `unknown`: undecided, treat as violated. */
export type Verdict = "proved" | "violated" | "unknown";

/** Answer to a yes-or-no question about packets. */
export interface Proof {
  readonly verdict: Verdict;
  /** The packet that breaks it; with `unknown` one that may. */
  readonly witness?: Packet;
  readonly box?: FlowBox;
  /** Why it stayed undecided. */
  readonly reason?: UnknownReason;
}

/** `condition`: rests on a condition that is not modelled; `budget`: both engines ran out; `size`: a rule too wide to expand. */
export type UnknownReason = "condition" | "budget" | "size";

/** Known hosts and usual ports, to choose witnesses that mean something to the reader. */
export interface WitnessHints {
  /** Addresses of hosts in the inventory. */
  readonly hosts?: readonly { readonly family: Family; readonly address: bigint }[];
  /** Destination ports to prefer, best first (default 443, 22, 3389, 445, 80, 53, …). */
  readonly ports?: readonly number[];
}

/** How hard to try. Defaults suit every query of a plan. */
export interface FlowOptions {
  /** Cube splits for one query before the diagram takes over (default 200_000). */
  readonly stepBudget?: number;
  /** Diagram nodes for one query before the answer is `unknown` (default 200_000). */
  readonly nodeBudget?: number;
  /** Which engine; `auto` is cubes, then the diagram (default). The others are for cross-checks. */
  readonly engine?: "auto" | "cubes" | "diagram";
  /** Inexact conditions that are reasoned about one by one (default 32); rules with further ones "may match". */
  readonly conditionAxes?: number;
  readonly hints?: WitnessHints;
}

/** A rule that does nothing. */
export interface DeadRule {
  /** RUL-001 shadowed, RUL-002 redundant, RUL-016 duplicate, RUL-017 matches no packet at all. */
  readonly code: "RUL-001" | "RUL-002" | "RUL-016" | "RUL-017";
  readonly rule: string;
  /** `earlier` rules take all its packets; `later` ones would decide the same without it; `never` matches nothing. */
  readonly because: "earlier" | "later" | "never";
  /** A small set of rules that together cover it, in list order. */
  readonly covering: readonly string[];
  /** RUL-001: a packet of the rule that an earlier rule decides otherwise, and that rule. */
  readonly witness?: { readonly packet: Packet; readonly decidedBy: string };
}

/** What became of every rule. `dead` may be removed all at once without changing a verdict, save RUL-001's intent. */
export interface DeadRulesReport {
  readonly dead: readonly DeadRule[];
  /** Rules for which neither engine could decide, never counted as fine. */
  readonly unknown: readonly { readonly rule: string; readonly reason: UnknownReason }[];
  readonly checked: number;
}

/** RUL-003: two rules of different action that overlap, neither inside the other. */
export interface PartialConflict {
  readonly code: "RUL-003";
  readonly earlier: string;
  readonly later: string;
  /** A packet that both match. */
  readonly witness: Packet;
}

/** What a new version of a filter lets through that the old did not, and the other way round. */
export interface FilterComparison {
  readonly opened: readonly Flow[];
  readonly closed: readonly Flow[];
  /** `proved` when both lists are complete and certain; `unknown` when something could not be decided. */
  readonly verdict: "proved" | "unknown";
  readonly reason?: UnknownReason;
}

/** What a filter does with one packet. */
export interface PacketAnswer {
  readonly verdict: Action;
  /** The rule that decides; absent when the default does. */
  readonly rule?: string;
  /** True when no rule matched and the default decided. */
  readonly implicit: boolean;
  /** False when an inexact rule may have matched before, or the deciding rule is inexact. */
  readonly certain: boolean;
  /** The inexact rules that the answer rests on, in list order. */
  readonly dependsOn: readonly string[];
}

/** A zone as addresses: one range for each subnet, so that traffic inside a subnet can be told apart. */
export interface FlowZone {
  readonly id: string;
  readonly ranges: readonly AddressRange[];
}

/** What may flow from one zone to another. */
export interface FlowCell {
  readonly from: string;
  readonly to: string;
  /** `all`, or the conditions of which one must hold; an empty list allows nothing. */
  readonly allowed: "all" | readonly Match[];
}

/** A question to the zone matrix: does the filter permit more than the cells and exceptions allow? */
export interface MatrixInput {
  readonly zones: readonly FlowZone[];
  /** Pairs without a cell fall to `defaultAllowed`. */
  readonly cells: readonly FlowCell[];
  /** What a pair without a cell allows (default nothing). */
  readonly defaultAllowed?: "all" | readonly Match[];
  /** Allowed between any zones. */
  readonly exceptions?: readonly Match[];
  readonly filter: FilterList;
}

/** A rule that lets through what its cell does not allow. */
export interface MatrixViolation {
  readonly from: string;
  readonly to: string;
  /** The rule that permits; absent when the filter's default does. */
  readonly rule?: string;
  readonly witness: Packet;
  readonly box: FlowBox;
  readonly verdict: "violated" | "unknown";
  readonly reason?: UnknownReason;
}

/** Compliance of a filter with a zone matrix. */
export interface MatrixReport {
  readonly verdict: Verdict;
  /** Ordered pairs of zones looked at. */
  readonly cells: number;
  /** Rule and cell pairs proved one by one. */
  readonly pairs: number;
  /** Sorted by from, to and the rule's place in the list. */
  readonly violations: readonly MatrixViolation[];
}

/** A set of packets, written as an expression; nothing is computed before a question is asked. */
export type Region =
  | { readonly kind: "everything" }
  | { readonly kind: "nothing" }
  | { readonly kind: "permitted"; readonly filter: FilterList }
  | { readonly kind: "not"; readonly part: Region }
  | { readonly kind: "union" | "intersection"; readonly parts: readonly Region[] };
