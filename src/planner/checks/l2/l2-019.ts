import { defineCheck } from "../define.ts";

/** Decided while resolving, which compares both ends of every link. */
export const l2019 = defineCheck({
  id: "L2-019",
  severity: "error",
  decidedBy: ["resolve"],
  title: { en: "Speed, duplex and MTU the same at both ends", zh: "链路两端速率、双工、MTU 一致" },
  rationale: {
    en: "Ends that differ drop large packets or every tenth one, and no log says so.",
    zh: "两端不一致会丢弃大包或随机丢包，且日志无记录。",
  },
  mend: {
    en: "Write `speed:` and `mtu:` the same at both ends, or at neither.",
    zh: "两端写相同的 `speed:` 与 `mtu:`，或都不写。",
  },
});
