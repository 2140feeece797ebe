import { defineCheck } from "../define.ts";

/** Decided by the zone proofs. */
export const rul001 = defineCheck({
  id: "RUL-001",
  severity: "error",
  decidedBy: ["proof"],
  title: { en: "No rule is shadowed by others that decide otherwise", zh: "无被遮蔽且结论相反的规则" },
  rationale: {
    en: "A deny that an earlier permit swallows is a lock that somebody believes in.",
    zh: "被前面放行遮蔽的拒绝，是一把自以为锁上的锁。",
  },
  mend: {
    en: "Say which comes first (`before:`), or take the dead rule away.",
    zh: "用 `before:` 指明先后，或删除无效规则。",
  },
});
