import type { Rule, SequenceSyntax } from "../../planner/config/dialect.ts";
import {
  type PrefixListForm,
  prefixListRules,
  prefixListSequence,
} from "../../planner/config/prefix-lists.ts";

const COMMON = {
  number: "seq",
  undo: "no",
  step: 5,
  routes: "slash",
  described: true,
  source:
    "Cisco IOS IP Routing: BGP Command Reference, ip prefix-list: numbers in steps of 5; a number or an entry in use is refused",
} as const;

const FORMS: readonly PrefixListForm[] = [
  { ...COMMON, head: "ip prefix-list", namespace: "prefixlist", context: "prefix-list" },
  { ...COMMON, head: "ipv6 prefix-list", namespace: "prefixlist6", context: "prefix-list6" },
];

/** Prefix lists of both families. */
export const PREFIX_RULES: readonly Rule[] = [
  ...FORMS.flatMap(prefixListRules),
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

/** How their entries are typed. */
export const PREFIX_SEQUENCES: Readonly<Record<string, SequenceSyntax>> = Object.fromEntries(
  FORMS.map((form) => [form.context, prefixListSequence(form)]),
);
