import type { WrittenRule } from "../../inventory/resolve/zoning.ts";
import { formatWhere } from "./findings.ts";

type End = WrittenRule["from"];

const WORDS = {
  forbidden: { en: "No device may let this through.", zh: "任何设备都不得放行以下流量。" },
  required: {
    en: "Every device on the way must let this through.",
    zh: "途经的每台设备都必须放行以下流量。",
  },
  severity: { en: "Severity", zh: "级别" },
  from: { en: "From", zh: "源" },
  to: { en: "To", zh: "目的" },
  service: { en: "Service", zh: "服务" },
  any: { en: "any", zh: "任意" },
  via: { en: "By", zh: "经由" },
  written: { en: "Written in", zh: "定义于" },
  colon: { en: ": ", zh: "：" },
  proved: {
    en: "It is proved over the rendered filters of each site; a finding shows the packet, the device and the rule.",
    zh: "依据各站点生成的过滤规则逐一证明；问题会给出报文、设备和规则。",
  },
  mend: { en: "How to mend it", zh: "如何修复" },
  forbiddenMend: {
    en: "Narrow the rule that the finding names. What is meant for a while wants a waiver.",
    zh: "收窄问题所指的规则；临时需要的请写豁免。",
  },
  requiredMend: {
    en: "Permit it in the site's `rules.yaml`, before the rule that the finding names.",
    zh: "在站点的 `rules.yaml` 中，于问题所指规则之前放行。",
  },
} as const;

/** Spells the page of an own rule, as Markdown. */
export function ownRulePage({ rule, from, to }: WrittenRule, lang: "en" | "zh"): string {
  const say = (word: keyof typeof WORDS): string => WORDS[word][lang];
  const line = (word: keyof typeof WORDS, text: string): string => `- ${say(word)}${say("colon")}${text}`;
  return [
    `# ${rule.code}`,
    "",
    ...(rule.comment === undefined ? [] : [rule.comment, ""]),
    say(rule.kind),
    "",
    line("from", endWords(from)),
    line("to", endWords(to)),
    line("service", rule.services.join(", ") || say("any")),
    ...(rule.via.length === 0 ? [] : [line("via", rule.via.join(", "))]),
    line("severity", rule.severity),
    line("written", formatWhere(rule.origin)),
    "",
    say("proved"),
    "",
    `## ${say("mend")}`,
    "",
    say(`${rule.kind}Mend`),
    "",
  ].join("\n");
}

/** An end as it is written: `zone: guest; not: site: hq`. */
function endWords({ not, ...end }: End): string {
  const words = Object.entries(end).map(([key, value]) => `${key}: ${[value].flat().join(", ")}`);
  return [...words, ...(not === undefined ? [] : [`not (${endWords(not)})`])].join("; ");
}
