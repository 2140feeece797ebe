import { defineCheck } from "../define.ts";

/** Decided by the zone proofs. */
export const zon006 = defineCheck({
  id: "ZON-006",
  severity: "error",
  decidedBy: ["proof"],
  title: { en: "Each intended flow is really open", zh: "所需业务流确实打通（证明）" },
  rationale: {
    en: "A rule that an earlier one swallows is a business that does not work, and nobody sees why.",
    zh: "被前面规则遮蔽的放行，就是打不通又查不出的业务。",
  },
  mend: {
    en: "Put the rule before the deny that takes it (`before:`), or take the deny away.",
    zh: "用 `before:` 移到拒绝规则之前，或删除该拒绝。",
  },
});
