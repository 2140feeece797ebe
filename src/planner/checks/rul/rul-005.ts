import { defineCheck } from "../define.ts";
import { permitsOf } from "../lib/rule-cells.ts";

/** A permit names its service. */
export const rul005 = defineCheck({
  id: "RUL-005",
  severity: "error",
  title: { en: "No permit of every service", zh: "放行规则须指定服务" },
  rationale: {
    en: "Who asked for a web page was given file shares and remote desktops with it.",
    zh: "本来只要开网页，却连文件共享与远程桌面一起放开了。",
  },
  mend: { en: "Write `service:` with what is needed.", zh: "在 `service:` 写明所需服务。" },
  find: (site) =>
    permitsOf(site)
      .filter((rule) => rule.matches.some((match) => match.protocol === "any"))
      .map((rule) => ({
        where: rule.origin,
        message: `${rule.id} permits every service`,
        hint: "write service: with the services that are needed",
      })),
});
