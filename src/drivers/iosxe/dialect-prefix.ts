import type { Rule } from "../../planner/config/dialect.ts";
import { type PrefixLists, prefixLists } from "../../planner/config/prefix-lists.ts";

const COMMON = {
  number: "seq",
  undo: "no",
  step: 5,
  routes: "slash",
  described: true,
  source:
    "Cisco IOS IP Routing: BGP Command Reference, ip prefix-list: numbers in steps of 5; a number or an entry in use is refused",
} as const;

/** Prefix lists of both families. */
export const PREFIX_LISTS: PrefixLists = prefixLists([
  { ...COMMON, head: "ip prefix-list", namespace: "prefixlist", context: "prefix-list" },
  { ...COMMON, head: "ipv6 prefix-list", namespace: "prefixlist6", context: "prefix-list6" },
]);

/** Whether the numbers of their entries are shown. */
export const NUMBERS_SHOWN: readonly Rule[] = [
  {
    line: "ip prefix-list sequence-number",
    absent: ["ip prefix-list sequence-number"],
    source: "shown by default",
  },
  {
    line: "ipv6 prefix-list sequence-number",
    absent: ["ipv6 prefix-list sequence-number"],
    source: "shown by default",
  },
];
