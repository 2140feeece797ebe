import type { FileWhere } from "../../../model/finding.ts";
import { defineCheck } from "../define.ts";
import type { Problem } from "../types.ts";

/** What nobody allowed is forbidden. */
export const zon004 = defineCheck({
  id: "ZON-004",
  severity: "error",
  title: { en: "The matrix denies by default, inside a zone as well", zh: "矩阵默认拒绝，区内亦须显式" },
  rationale: {
    en: "A zone that is added next year must not be open to everybody because its row was forgotten.",
    zh: "明年新增的区不应因漏写一行就对所有人开放。",
  },
  mend: {
    en: "Write `matrix: {default: {access: block-all, log: true}}`; name free zones in `intrazone: {except: […]}`.",
    zh: "写 `matrix: {default: {access: block-all, log: true}}`；区内互通的写入 `intrazone: {except: […]}`。",
  },
  find: (site) => {
    const { matrix, zones } = site.policy;
    const fallback: FileWhere = zones.find((zone) => !zone.reserved)?.origin ?? site.origin;
    const problems: Problem[] = [];
    if (matrix.default.access !== "block-all")
      problems.push({
        where: matrix.default.origin ?? fallback,
        message: `the matrix's default is ${matrix.default.access}`,
        hint: "write default: {access: block-all}",
      });
    if (matrix.intrazone.access === "allow-all")
      problems.push({
        where: matrix.intrazone.origin ?? fallback,
        severity: "warning",
        message: "networks of one zone talk freely, whichever zone it is",
        hint: "write intrazone: {access: block-all, except: [the zones where it is meant]}",
      });
    const any = matrix.cells.filter(
      (cell) => cell.from === "*" && cell.to === "*" && cell.access !== "block-all",
    );
    for (const cell of any)
      problems.push({
        where: cell.origin ?? fallback,
        message: `the cell from any to any zone is ${cell.access}`,
        hint: "take it away: the default holds",
      });
    return problems;
  },
});
