import type { CompiledFilter } from "./compiled.ts";
import type { CubeIndex } from "./cube-index.ts";
import type { Engine } from "./engine.ts";
import type { CellPolicies, ServiceTable } from "./matrix-policy.ts";
import type { ZoneMap } from "./matrix-zones.ts";
import type { FlowOptions, MatrixInput, MatrixViolation } from "./types.ts";

/** A cube of a permitting rule between two subnets whose cell does not allow its service outright. */
export interface Suspect {
  readonly rule: number;
  /** Number of the cube within its rule. */
  readonly cube: number;
  readonly from: number;
  readonly to: number;
}

/** Everything that a checker keeps between two reports. */
export interface MatrixState {
  readonly input: MatrixInput;
  readonly options: FlowOptions;
  readonly engine: Engine;
  readonly policies: CellPolicies;
  filter: CompiledFilter;
  /** Index of the filter's cubes, once it was worth it. */
  index: CubeIndex | undefined;
  allowed: readonly CompiledFilter[];
  zones: ZoneMap;
  services: ServiceTable;
  /** Suspects of each cell, in rule order. */
  readonly suspects: Map<number, Suspect[]>;
  readonly violations: Map<number, readonly MatrixViolation[]>;
  /** Rule and cell pairs of each rule; the default counts as one more rule. */
  pairs: Int32Array;
  total: number;
}
