import { defineCheck } from "../define.ts";
import { endsNowhere, exceptionsAstray } from "../lib/ends-in-networks.ts";

/** The zone proofs find conditions that exclude each other; here are addresses that no packet has. */
export const rul017 = defineCheck({
  id: "RUL-017",
  severity: "warning",
  decidedBy: ["check", "proof"],
  title: { en: "No rule that can match no packet", zh: "无永不匹配的规则" },
  rationale: {
    en: "A rule whose conditions exclude each other was meant to do something, and does not.",
    zh: "条件自相矛盾的规则本想做些什么，却什么也没做。",
  },
  mend: { en: "Correct its ends or its service, or remove it.", zh: "更正两端或服务，或删除。" },
  find: (site, { sites }) => [...endsNowhere(site), ...exceptionsAstray(site, sites)],
});
