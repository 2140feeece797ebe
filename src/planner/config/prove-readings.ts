import { factsOf } from "./block-facts.ts";
import { compileDialect } from "./compile.ts";
import type { Dialect, FilterBinding } from "./dialect.ts";
import { FilterReader, type FilterView } from "./filter-reader.ts";
import { accessLegs, type Legs } from "./prove-access.ts";
import type { Block, Statement } from "./state.ts";

/** The filters at one place, in the order that they stand. */
export interface Point {
  readonly where: string;
  readonly binding: FilterBinding;
  readonly names: readonly string[];
}

/** What proofs read of the two ends of a change. The way back begins where the way there ends, so that each end is
 *  read once for both; the states between are read anew at each step. */
export class StateReadings {
  readonly reader: FilterReader;
  readonly #dialect: Dialect;
  readonly #management: string | undefined;
  readonly #legs = new Map<Block, Legs>();
  readonly #points = new Map<Block, ReadonlyMap<string, Point>>();
  readonly #views = new Map<Block, FilterView>();

  constructor(dialect: Dialect, management: string | undefined) {
    this.#dialect = dialect;
    this.#management = management;
    this.reader = new FilterReader(dialect);
  }

  /** What a management session needs of an end. */
  legs(end: Block): Legs {
    return remembered(this.#legs, end, () => accessLegs(this.#dialect, this.reader, end, this.#management));
  }

  /** Where filters are bound at an end. */
  points(end: Block): ReadonlyMap<string, Point> {
    return remembered(this.#points, end, () => pointsOf(this.#dialect, end));
  }

  /** The filters of an end. */
  view(end: Block): FilterView {
    return remembered(this.#views, end, () => this.reader.view(end));
  }
}

function remembered<T>(known: Map<Block, T>, end: Block, read: () => T): T {
  const found = known.get(end);
  if (found !== undefined) return found;
  const made = read();
  known.set(end, made);
  return made;
}

/** Binding points of a state with the filters that stand there. */
export function pointsOf(dialect: Dialect, state: Block): ReadonlyMap<string, Point> {
  const points = new Map<string, Point>();
  const compiled = compileDialect(dialect);
  const lines: { readonly slot: string; readonly line: Statement }[] = [];
  for (const { slot, block } of state.items.values()) {
    if (!block) continue;
    for (const line of factsOf(compiled, block).binding) lines.push({ slot, line });
  }
  for (const binding of dialect.filterBindings ?? []) {
    for (const { slot, line } of lines) if (binding.block.test(slot)) addPoint(points, binding, slot, line);
  }
  return points;
}

function addPoint(points: Map<string, Point>, binding: FilterBinding, slot: string, line: Statement): void {
  const match = binding.line.exec(line.text);
  const name = match?.groups?.name;
  if (!match || name === undefined || line.negated) return;
  // A place has a filter of each family; packets of one never meet the other's.
  const where = [slot, match.groups?.direction ?? "", binding.family === 6 ? "IPv6" : ""]
    .filter(Boolean)
    .join(" ");
  const known = points.get(where);
  const names = [...(known?.names ?? []), `${binding.namespace}:${name}`].sort();
  points.set(where, { where, binding, names });
}
