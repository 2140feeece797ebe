import type { Equality } from "../../planner/config/dialect.ts";
import { type PrefixLists, prefixLists } from "../../planner/config/prefix-lists.ts";

const COMMON = {
  number: "seq",
  undo: "no",
  step: 5,
  routes: "slash",
  overwrites: true,
  described: true,
  source:
    "FRRouting user guide, IP prefix lists; vtysh 8.4 takes another entry under a number in use, and leaves out an entry that stands",
} as const;

const ANY = "FRRouting user guide, IP prefix lists: any matches every route";

/** Prefix lists of both families. */
export const PREFIX_LISTS: PrefixLists = prefixLists([
  { ...COMMON, head: "ip prefix-list", namespace: "prefixlist", context: "prefix-list" },
  { ...COMMON, head: "ipv6 prefix-list", namespace: "prefixlist6", context: "prefix-list6" },
]);

/** Every route, in two spellings. */
export const EVERY_ROUTE: readonly Equality[] = [
  {
    kind: "sequence",
    contexts: ["prefix-list"],
    from: ["0.0.0.0/0", "le", "32", "$"],
    to: ["any"],
    source: ANY,
  },
  {
    kind: "sequence",
    contexts: ["prefix-list6"],
    from: ["::/0", "le", "128", "$"],
    to: ["any"],
    source: ANY,
  },
];
