import { type PrefixLists, prefixLists } from "../../planner/config/prefix-lists.ts";

const COMMON = {
  number: "index",
  undo: "undo",
  step: 10,
  routes: "words",
  described: false,
  source:
    "H3C Layer 3 IP routing command reference, prefix lists: an item is told by its index; undo without an index takes the list away",
} as const;

/** Prefix lists of both families; Comware 5 spells them in other words. */
export const PREFIX_LISTS: PrefixLists = prefixLists([
  { ...COMMON, head: "ip prefix-list", namespace: "prefixlist", context: "prefix-list" },
  { ...COMMON, head: "ipv6 prefix-list", namespace: "prefixlist6", context: "prefix-list6" },
  { ...COMMON, head: "ip ip-prefix", namespace: "prefixlist", context: "ip-prefix" },
  { ...COMMON, head: "ip ipv6-prefix", namespace: "prefixlist6", context: "ipv6-prefix" },
]);
