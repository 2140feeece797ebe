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
  described: true,
  source:
    "Huawei command reference, ip ip-prefix: indexes in steps of 10; undo without an index takes the list away",
} as const;

const FORMS: readonly PrefixListForm[] = [
  { ...COMMON, head: "ip ip-prefix", namespace: "ipprefix", context: "ip-prefix" },
  { ...COMMON, head: "ip ipv6-prefix", namespace: "ipprefix6", context: "ipv6-prefix" },
];

/** Prefix lists of both families. */
export const PREFIX_RULES: readonly Rule[] = FORMS.flatMap(prefixListRules);

/** How their entries are typed. */
export const PREFIX_SEQUENCES: Readonly<Record<string, SequenceSyntax>> = Object.fromEntries(
  FORMS.map((form) => [form.context, prefixListSequence(form)]),
);
