import { type CiscoStyle, ciscoLists } from "../../planner/filters/cisco-lists.ts";
import type { ExtractedFilter } from "../../planner/filters/types.ts";
import { PORT_NAMES } from "./dialect-acl.ts";

/** An IPv6 list permits neighbour solicitations and advertisements before its implicit deny.
 *  @see Cisco IOS IPv6 Command Reference, ipv6 access-list */
const STYLE: CiscoStyle = { bare: "extended", ports: PORT_NAMES, neighbours: true };

/** Reads the access lists of an IOS-XE configuration: numbered and named, standard and extended, IPv6, object groups. */
export function readFilters(text: string): readonly ExtractedFilter[] {
  return ciscoLists(text, STYLE);
}
