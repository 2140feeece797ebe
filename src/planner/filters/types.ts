import type { Severity } from "../../model/finding.ts";
import type { Family, FilterList } from "../flows/types.ts";

/** Where a rule stands in the text of a configuration. */
export interface RuleLine {
  /** From 1. */
  readonly line: number;
  /** As the text has it, without indentation. */
  readonly text: string;
}

/** What could not be modelled, and where: the reader puts a file or a device before it. */
export interface FilterNote extends RuleLine {
  readonly code: "FLT-CONDITION" | "FLT-REFUSED" | "FLT-UNREAD";
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
}

/** Where a filter takes effect: an interface, a terminal line, a hook of the kernel. */
export interface FilterBinding {
  readonly place: string;
  readonly direction: "in" | "out" | "forward" | "local";
}

/** One packet filter of a device, as the algebra understands it. */
export interface ExtractedFilter {
  /** What a person calls it: `101`, `FROM->TO`, `forward`. */
  readonly name: string;
  /** Other names of the same filter: number beside name, `inet fw forward`. */
  readonly aliases: readonly string[];
  /** The only family that it judges; packets of the other never meet it. */
  readonly family?: Family;
  readonly list: FilterList;
  /** Rules that stand in the text; one without a line is implied by the platform. */
  readonly lines: ReadonlyMap<string, RuleLine>;
  /** Where the default is written down, if it is: `policy drop`. */
  readonly defaultLine?: RuleLine | undefined;
  readonly notes: readonly FilterNote[];
  readonly bindings: readonly FilterBinding[];
  /** Names behind the numbers of `ingress` and `egress`: the first is number 1, 0 stands for every other interface.
   *  A name that ends in `*` stands for the other interfaces that begin so. */
  readonly interfaces: readonly string[];
  /** True where no rule names this pair of zones or interfaces: only what holds for any pair decides. */
  readonly derived?: boolean;
  /** Hook and place in the order of the filters at that hook (nftables, iptables). */
  readonly hook?: { readonly name: string; readonly priority: number };
}

/** Reads the packet filters of a configuration.
 *  @param interfaces - names to number first, so that two texts can be compared; sorted, without doubles */
export type ReadFilters = (text: string, interfaces?: readonly string[]) => readonly ExtractedFilter[];
