import type { Rule, SequenceSyntax } from "../../planner/config/dialect.ts";
import {
  type PrefixListForm,
  prefixListRules,
  prefixListSequence,
} from "../../planner/config/prefix-lists.ts";

const COMMON = {
  number: "index",
  undo: "undo",
  step: 10,
  routes: "words",
  described: false,
  source:
    "H3C Layer 3 IP routing command reference, prefix lists: an item is told by its index; undo without an index takes the list away",
} as const;

/** Comware 7 and, with other words, Comware 5. */
const FORMS: readonly PrefixListForm[] = [
  { ...COMMON, head: "ip prefix-list", namespace: "prefixlist", context: "prefix-list" },
  { ...COMMON, head: "ipv6 prefix-list", namespace: "prefixlist6", context: "prefix-list6" },
  { ...COMMON, head: "ip ip-prefix", namespace: "prefixlist", context: "ip-prefix" },
  { ...COMMON, head: "ip ipv6-prefix", namespace: "prefixlist6", context: "ipv6-prefix" },
];

/** Prefix lists of both families. */
export const PREFIX_RULES: readonly Rule[] = FORMS.flatMap(prefixListRules);

/** How their entries are typed. */
export const PREFIX_SEQUENCES: Readonly<Record<string, SequenceSyntax>> = Object.fromEntries(
  FORMS.map((form) => [form.context, prefixListSequence(form)]),
);
