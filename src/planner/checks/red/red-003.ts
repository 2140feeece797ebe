import { defineCheck } from "../define.ts";
import { isCritical } from "../lib/criticality.ts";

/** A critical site has two lines. */
export const red003 = defineCheck({
  id: "RED-003",
  severity: "warning",
  title: {
    en: "Two lines to the outside, of two providers, at critical sites",
    zh: "关键站点双线路、双运营商",
  },
  rationale: {
    en: "A digger finds the cable in the street, and it is the same street for both lines of one provider.",
    zh: "施工挖断光缆时，同一运营商的两条线路往往同时中断。",
  },
  mend: {
    en: "Add a second line under `wan:`, with another `provider:`.",
    zh: "在 `wan:` 下增加第二条线路，`provider:` 不同。",
  },
  find: (site) => {
    if (!isCritical(site) || site.wan.length === 0) return [];
    const [first] = site.wan;
    if (site.wan.length === 1)
      return [
        {
          where: first?.origin ?? site.origin,
          message: `${site.id} is ${site.criticality} and has one line, ${first?.name}`,
          hint: "add a second line under wan:",
        },
      ];
    const providers = new Set(site.wan.map((link) => link.provider));
    if (providers.size > 1 || first?.provider === undefined) return [];
    return [
      {
        where: first.origin,
        message: `all ${site.wan.length} lines of ${site.id} are ${first.provider}'s`,
        hint: "take the second line from another provider, and write provider:",
      },
    ];
  },
});
