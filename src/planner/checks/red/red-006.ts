import { defineCheck } from "../define.ts";
import { perPlace } from "../lib/group-ports.ts";
import { indexOf } from "../lib/site-index.ts";

/** Aggregations notice when a member is dead. Resolving reports single members and ends that differ. */
export const red006 = defineCheck({
  id: "RED-006",
  severity: "warning",
  decidedBy: ["check", "resolve"],
  title: {
    en: "Aggregations: two members or more, LACP, alike at both ends",
    zh: "链路聚合：至少两成员、LACP、两端一致",
  },
  rationale: {
    en: "A static aggregation sends every second packet into a dead cable for as long as its light is on.",
    zh: "静态聚合在光口仍亮的坏链路上会持续丢一半的包。",
  },
  mend: { en: "Write `lag: {id: 1, lacp: active}`.", zh: "写 `lag: {id: 1, lacp: active}`。" },
  find: (site) =>
    indexOf(site).networkDevices.flatMap((device) =>
      perPlace(
        device,
        device.lags.filter((lag) => lag.lacp === "static"),
        "is an aggregation without LACP",
        "write lacp: active",
      ),
    ),
});
