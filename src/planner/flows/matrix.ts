import { startMatrix } from "./matrix-cells.ts";
import { replaceInMatrix } from "./matrix-replace.ts";
import type { MatrixState } from "./matrix-state.ts";
import type { FilterRule, FlowOptions, MatrixInput, MatrixReport } from "./types.ts";

/** Proves a filter against a zone matrix, and proves it again after a rule changed. */
export interface MatrixChecker {
  /** The state of all cells. */
  readonly report: () => MatrixReport;
  /** Puts a rule in the place of the one with the same id, and looks again at the cells that either touches.
   *  @throws Error when the filter has no rule of that id */
  readonly replaceRule: (rule: FilterRule) => MatrixReport;
}

/** Prepares the proof that a filter permits between zones no more than the matrix allows. Traffic inside one subnet
 *  meets no filter and is not judged. */
export function createMatrixChecker(input: MatrixInput, options: FlowOptions = {}): MatrixChecker {
  let state = startMatrix(input, options);
  return {
    report: () => reportOf(state),
    replaceRule: (rule) => {
      state = replaceInMatrix(state, rule);
      return reportOf(state);
    },
  };
}

function reportOf(state: MatrixState): MatrixReport {
  const cells = [...state.violations.keys()].sort((a, b) => a - b);
  const violations = cells.flatMap((cell) => [...(state.violations.get(cell) ?? [])]);
  const proved = violations.length === 0 ? "proved" : "unknown";
  const verdict = violations.some((violation) => violation.verdict === "violated") ? "violated" : proved;
  return { verdict, cells: state.input.zones.length ** 2, pairs: state.total, violations };
}
