import { defineCheck } from "../define.ts";

/** Decided while resolving, over all sites of a client. */
export const ipp001 = defineCheck({
  id: "IPP-001",
  severity: "error",
  decidedBy: ["resolve"],
  title: { en: "No two networks overlap", zh: "网段不重叠" },
  rationale: {
    en: "Of two networks with the same addresses one cannot be reached, and which one changes with each route.",
    zh: "地址重叠的两个网段必有一个不可达，且随路由变化而变。",
  },
  mend: {
    en: "Take another prefix, or one from a pool; `reuse: true` says that it is meant.",
    zh: "改用其他网段或从地址池取；确属有意时写 `reuse: true`。",
  },
});
