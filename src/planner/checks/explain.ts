import { checkById } from "./catalogue.ts";
import { OTHER_PAGES } from "./other-pages.ts";
import type { Check, Decider, LocalText, Needs } from "./types.ts";

/** Languages of the pages. */
export type Language = "en" | "zh";

const NEEDS: Readonly<Record<Needs, Readonly<Record<Language, string>>>> = {
  inventory: { en: "the inventory", zh: "清单" },
  rendered: { en: "the inventory and the rendered configurations", zh: "清单与生成的配置" },
  live: { en: "the running devices", zh: "运行中的设备" },
  history: { en: "what happened before", zh: "历史记录" },
};

const DECIDERS: Readonly<Record<Decider, Readonly<Record<Language, string>>>> = {
  check: { en: "this catalogue's check", zh: "本目录的检查" },
  resolve: { en: "the resolving of the inventory", zh: "清单解析" },
  proof: { en: "the zone proofs", zh: "安全域证明" },
  data: {
    en: "nobody before live data or history are read: not evaluated",
    zh: "尚待实时数据或历史：未评估",
  },
};

const SEVERITIES = {
  error: { en: "error", zh: "错误" },
  warning: { en: "warning", zh: "警告" },
  info: { en: "info", zh: "提示" },
} as const;

const WORDS = {
  severity: { en: "Severity", zh: "级别" },
  why: { en: "Why", zh: "原因" },
  mend: { en: "How to mend it", zh: "如何修复" },
  reads: { en: "Reads", zh: "读取" },
  decided: { en: "Decided by", zh: "判定者" },
  awaits: { en: "Will read", zh: "将读取" },
  controls: { en: "Controls served", zh: "对应条款" },
  none: { en: "none", zh: "无" },
  colon: { en: ": ", zh: "：" },
} as const;

/** Tells in both languages what a code of the planner finds and how that is mended; undefined for codes that only engineers
 *  meet (the inventory's own). */
export function textsOf(code: string): { readonly title: LocalText; readonly mend: LocalText } | undefined {
  const other = OTHER_PAGES.get(code);
  return checkById(code) ?? (other && { title: other.meaning, mend: other.mend });
}

/** Gives the page of a check, or of a code of planning, filters, gate and waivers, as Markdown; undefined where none has
 *  that id. */
export function explainCheck(id: string, lang: Language): string | undefined {
  const code = id.toUpperCase();
  const check = checkById(code);
  if (check) return checkPage(check, lang);
  const other = OTHER_PAGES.get(code);
  if (other === undefined) return undefined;
  return `# ${code}\n\n${other.meaning[lang]}\n\n## ${WORDS.mend[lang]}\n\n${other.mend[lang]}\n`;
}

/** Spells a check's page. */
export function checkPage(check: Check, lang: Language): string {
  const say = (word: keyof typeof WORDS): string => WORDS[word][lang];
  const line = (word: keyof typeof WORDS, text: string): string => `- ${say(word)}${say("colon")}${text}`;
  const controls = check.controls.map((control) => `\`${control}\``).join(", ") || say("none");
  return [
    `# ${check.id} ${check.title[lang]}`,
    "",
    line("severity", SEVERITIES[check.severity][lang]),
    line("reads", NEEDS[check.needs][lang]),
    line(
      "decided",
      check.decidedBy.map((decider) => DECIDERS[decider][lang]).join(lang === "zh" ? "、" : "; "),
    ),
    ...(check.reads ? [line("awaits", check.reads[lang])] : []),
    "",
    `## ${say("why")}`,
    "",
    check.rationale[lang],
    "",
    `## ${say("mend")}`,
    "",
    check.mend[lang],
    "",
    `## ${say("controls")}`,
    "",
    controls,
    "",
  ].join("\n");
}
