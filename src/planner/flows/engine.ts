import type { CoverQuery, CoverSolver } from "./cover.ts";
import { createCoverSolver, findUncovered } from "./cover.ts";
import { buildDiagram, visitDiagram } from "./diagram.ts";
import type { FlowOptions } from "./types.ts";

/** Splits for one query before the diagram takes over. */
export const defaultStepBudget = 200_000;

/** Diagram states for one query before the answer is unknown. */
export const defaultNodeBudget = 200_000;

/** Both engines behind one question, with their limits. */
export interface Engine {
  readonly solver: CoverSolver;
  readonly stepBudget: number;
  readonly nodeBudget: number;
  readonly use: "auto" | "cubes" | "diagram";
  /** After `found`: a box that no cube touches. */
  readonly free: Int32Array;
}

/** `none`: covered. `found`: a free part stands in `engine.free`. `unknown`: both engines ran out. */
export type Answer = "none" | "found" | "unknown";

/** Makes the engines for boxes of `dims` dimensions. */
export function createEngine(dims: number, options: FlowOptions): Engine {
  return {
    solver: createCoverSolver(dims),
    stepBudget: options.stepBudget ?? defaultStepBudget,
    nodeBudget: options.nodeBudget ?? defaultNodeBudget,
    use: options.engine ?? "auto",
    free: new Int32Array(dims * 2),
  };
}

/** Looks for a part of the box at offset `at` of `from` that none of the listed cubes holds. */
export function findFree(engine: Engine, query: Omit<CoverQuery, "budget">): Answer {
  if (engine.use !== "diagram") {
    const outcome = findUncovered(engine.solver, { ...query, budget: engine.stepBudget });
    if (outcome === "found") engine.free.set(engine.solver.free);
    if (outcome !== "budget") return outcome;
    if (engine.use === "cubes") return "unknown";
  }
  return findByDiagram(engine, query);
}

function findByDiagram(engine: Engine, query: Omit<CoverQuery, "budget">): Answer {
  const box = query.from.slice(query.at, query.at + engine.free.length);
  const leaf = {
    data: query.data,
    ids: query.ids.slice(0, query.idCount),
    permits: () => true,
    loose: () => false,
    otherwise: false,
  };
  const diagram = buildDiagram(
    box,
    [leaf],
    { kind: "not", part: { kind: "leaf", leaf: 0 } },
    engine.nodeBudget,
  );
  if (diagram === undefined) return "unknown";
  const found = visitDiagram(diagram, (free) => {
    engine.free.set(free);
    return true;
  });
  return found ? "found" : "none";
}
