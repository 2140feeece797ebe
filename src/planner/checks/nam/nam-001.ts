import type { FileWhere } from "../../../model/finding.ts";
import { defineCheck } from "../define.ts";

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
const RULE = /^[A-Z]{1,4}-?\d{1,6}$/;

/** Names can be read, typed and sorted. */
export const nam001 = defineCheck({
  id: "NAM-001",
  severity: "info",
  title: {
    en: "Names: lower-case letters, digits, dashes; rules R0012",
    zh: "命名规范：小写字母、数字、连字符；规则形如 R0012",
  },
  rationale: {
    en: "A name that needs quoting in one vendor's language is typed wrongly in another's.",
    zh: "在某些平台需要引号的名称，换个平台就会输错。",
  },
  mend: {
    en: "Rename it: `office-1f`, `sw-core-1`, `R0012`.",
    zh: "改名，例如 `office-1f`、`sw-core-1`、`R0012`。",
  },
  find: (site) => {
    const bad = (kind: string, items: readonly { name: string; origin: FileWhere }[], pattern: RegExp) =>
      items
        .filter((item) => !pattern.test(item.name))
        .map((item) => ({
          where: item.origin,
          message: `the ${kind} "${item.name}" is not named as the others`,
          hint:
            pattern === RULE
              ? "write letters and a number, such as R0012"
              : "use lower-case letters, digits and dashes, at most 32",
        }));
    const rules = site.rules.filter((rule) => rule.source !== "implied");
    return [
      ...bad("device", site.devices, NAME),
      ...bad("network", site.networks, NAME),
      ...bad(
        "host",
        site.hosts.filter((host) => host.kind === "host"),
        NAME,
      ),
      ...bad("line", site.wan, NAME),
      ...bad(
        "rule",
        rules.map((rule) => ({ name: rule.id, origin: rule.origin })),
        RULE,
      ),
    ];
  },
});
