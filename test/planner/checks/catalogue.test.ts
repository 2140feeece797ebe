import { describe, expect, test } from "vitest";
import { isFileWhere } from "../../../src/model/finding.ts";
import { CATALOGUE, checkById } from "../../../src/planner/checks/catalogue.ts";
import { runChecks } from "../../../src/planner/checks/run-checks.ts";
import { AST_SYS_CRD_ROWS } from "./rows/ast-sys-crd.ts";
import { IPP_ROWS } from "./rows/ipp.ts";
import { L2_ROWS } from "./rows/l2.ts";
import { MGT_ROWS } from "./rows/mgt.ts";
import { RED_BKP_ROWS } from "./rows/red-bkp.ts";
import { RUL_ROWS } from "./rows/rul.ts";
import { ZON_ROWS } from "./rows/zon.ts";
import { cleanWorld, inputOf } from "./world.ts";

const ROWS = [
  ...MGT_ROWS,
  ...L2_ROWS,
  ...IPP_ROWS,
  ...RED_BKP_ROWS,
  ...AST_SYS_CRD_ROWS,
  ...ZON_ROWS,
  ...RUL_ROWS,
];

/** The catalogue as it was agreed: areas and how many checks each has. */
const AREAS: readonly (readonly [string, number])[] = [
  ["ZON", 12],
  ["RUL", 19],
  ["MGT", 18],
  ["CRD", 8],
  ["L2", 22],
  ["IPP", 19],
  ["RED", 9],
  ["BKP", 12],
  ["CHG", 9],
  ["AST", 7],
  ["DRF", 5],
  ["SYS", 5],
  ["NAM", 1],
];

/** The only checks that may wait for live data or history. */
const WAITING = [
  "AST-003",
  "AST-004",
  "BKP-007",
  "BKP-008",
  "BKP-010",
  "CHG-002",
  "CHG-003",
  "CHG-005",
  "CHG-006",
  "CHG-008",
  "CHG-009",
  "DRF-001",
  "DRF-002",
  "DRF-003",
  "DRF-004",
  "DRF-005",
  "L2-020",
  "RED-009",
  "RUL-014",
  "SYS-004",
];

test("the catalogue holds the 146 agreed ids, each once", () => {
  const agreed = AREAS.flatMap(([area, count]) =>
    Array.from({ length: count }, (_, at) => `${area}-${String(at + 1).padStart(3, "0")}`),
  );
  expect(agreed).toHaveLength(146);
  expect(CATALOGUE.map((check) => check.id)).toEqual(agreed);
});

test("only the agreed checks wait for data, and each says what it will read", () => {
  const waiting = CATALOGUE.filter((check) => check.decidedBy.includes("data"));
  expect(waiting.map((check) => check.id).sort()).toEqual(WAITING);
  expect(waiting.filter((check) => !check.reads?.en || !check.reads.zh)).toEqual([]);
  expect(waiting.filter((check) => check.needs !== "live" && check.needs !== "history")).toEqual([]);
});

test("every other check is decided from the inventory and what is rendered, and looks at a whole site", () => {
  const undecided = CATALOGUE.filter(
    ({ id, decidedBy }) => !WAITING.includes(id) && !decidedBy.some((decider) => decider !== "data"),
  );
  expect(undecided).toEqual([]);
  const { sites, input } = inputOf(cleanWorld());
  const { evaluated, notEvaluated } = runChecks(sites, input);
  expect(notEvaluated.map(({ id }) => id).sort()).toEqual(WAITING);
  expect(evaluated).toHaveLength(126);
});

test.each(CATALOGUE.map((check) => [check.id, check] as const))(
  "%s has a page in both languages",
  (_, check) => {
    for (const text of [check.title, check.rationale, check.mend]) {
      expect(text.en.length).toBeGreaterThan(8);
      expect(text.zh).toMatch(/[一-鿿]/);
    }
    expect(check.controls.length).toBeGreaterThan(0);
  },
);

test("every check that the catalogue decides has a site that fails it", () => {
  const tried = new Set(ROWS.map((row) => row.id));
  const decided = CATALOGUE.filter((check) => check.decidedBy.includes("check"));
  expect(decided.map((check) => check.id).filter((id) => !tried.has(id))).toEqual([]);
});

describe("each check lets the clean site pass and fails the spoiled one", () => {
  test.each(ROWS.map((row) => [`${row.id} ${row.title}`, row] as const))("%s", (_, row) => {
    const check = checkById(row.id);
    const clean = inputOf(cleanWorld());
    expect(runChecks(clean.sites, clean.input).findings.filter((finding) => finding.code === row.id)).toEqual(
      [],
    );
    const world = cleanWorld();
    row.spoil(world);
    const { sites, input } = inputOf(world);
    const said = runChecks(sites, input).findings.filter((finding) => finding.code === row.id);
    const told = said.find((finding) => finding.message.includes(row.says));
    expect(said.map((finding) => finding.message).join("\n")).toContain(row.says);
    expect(told?.severity).toBe(row.severity ?? check?.severity);
    const place = told && (isFileWhere(told.where) ? told.where.file : told.where.device);
    expect(place).toMatch(row.at ?? /acme|policies/);
    expect(told?.hint).not.toBe("");
  });
});
