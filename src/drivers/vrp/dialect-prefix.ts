import { type PrefixLists, prefixLists } from "../../planner/config/prefix-lists.ts";

const COMMON = {
  number: "index",
  undo: "undo",
  step: 10,
  routes: "words",
  described: true,
  source:
    "Huawei command reference, ip ip-prefix: indexes in steps of 10; undo without an index takes the list away",
} as const;

/** Prefix lists of both families. */
export const PREFIX_LISTS: PrefixLists = prefixLists([
  { ...COMMON, head: "ip ip-prefix", namespace: "ipprefix", context: "ip-prefix" },
  { ...COMMON, head: "ip ipv6-prefix", namespace: "ipprefix6", context: "ipv6-prefix" },
]);
