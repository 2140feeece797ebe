import type { Finding } from "../../model/finding.ts";
import { applyOperation, copyState } from "./apply.ts";
import { compareStates } from "./compare.ts";
import { type CompiledDialect, compileDialect } from "./compile.ts";
import type { Dialect } from "./dialect.ts";
import { diffStates } from "./diff.ts";
import { type Emitted, emitCommands, standaloneCommands } from "./emit.ts";
import { type Operation, operationPath } from "./operation.ts";
import { type Ordered, orderOperations } from "./order.ts";
import { parseConfig } from "./parse.ts";
import { alignRanges } from "./ranges.ts";
import { claimTest } from "./scope.ts";
import { spellState } from "./spell-state.ts";
import { type Block, stateOf } from "./state.ts";
import type { Change, ChangeOptions, ChangeStep } from "./types.ts";

/** Whole configurations, nothing asked of access. */
export const FULL_CHANGE: ChangeOptions = { scope: { kind: "full" } };

/** A change with its operations; what proofs and rollbacks work on. */
export interface PlannedChange {
  readonly before: Block;
  readonly predicted: Block;
  readonly ordered: Ordered;
  readonly emitted: Emitted;
  readonly unmanaged: number;
  readonly unproved: readonly string[];
}

/** Finds the commands that lead from one configuration to another, ordered and proved, with their rollback.
 *  @param running - as the device shows it
 *  @param intended - may hold `${secret:REF}` where the device shows a hash */
export function diffConfigs(dialect: Dialect, running: string, intended: string, options: ChangeOptions): Change {
  const compiled = compileDialect(dialect);
  const before = stateOf(dialect, parseConfig(dialect, running));
  const after = stateOf(dialect, parseConfig(dialect, intended));
  const plan = planStates(compiled, before, after, options);
  const back = planStates(compiled, plan.predicted, before, FULL_CHANGE);
  return {
    equal: plan.ordered.operations.length === 0,
    commands: plan.emitted.commands,
    rollback: back.emitted.commands,
    steps: stepsOf(dialect, plan.ordered),
    items: compareStates(dialect, before, plan.predicted, options.scope),
    findings: findingsOf(plan),
    predicted: spellState(compiled, plan.predicted),
    unmanaged: plan.unmanaged,
  };
}

/** Finds and orders the operations between two states. */
export function planStates(compiled: CompiledDialect, running: Block, intended: Block, options: ChangeOptions): PlannedChange {
  const rotated = new Set(options.rotatedSecrets ?? []);
  const aligned = alignRanges(compiled, running, intended);
  const { before, after } = aligned;
  const difference = diffStates(compiled, before, after, claimTest(options.scope), rotated);
  const ordered = orderOperations(difference.operations);
  const predicted = copyState(before);
  for (const operation of ordered.operations) applyOperation(predicted, operation);
  return {
    before,
    predicted,
    ordered,
    emitted: emitCommands(compiled.dialect, ordered.operations),
    unmanaged: difference.unmanaged,
    unproved: difference.unproved,
  };
}

/** Finds the commands that lead back to running after the first `count` commands of a change were taken.
 *  @param count - commands of `Change.commands`, 0 to all */
export function rollbackFrom(
  dialect: Dialect,
  running: string,
  intended: string,
  options: ChangeOptions,
  count: number,
): readonly string[] {
  const compiled = compileDialect(dialect);
  const before = stateOf(dialect, parseConfig(dialect, running));
  const after = stateOf(dialect, parseConfig(dialect, intended));
  const plan = planStates(compiled, before, after, options);
  const reached = stateAfter(plan, count);
  return planStates(compiled, reached, before, FULL_CHANGE).emitted.commands;
}

/** The state after the first `count` commands. */
export function stateAfter(plan: PlannedChange, count: number): Block {
  const state = copyState(plan.before);
  const done = count <= 0 ? 0 : (plan.emitted.done[Math.min(count, plan.emitted.done.length) - 1] ?? 0);
  for (const operation of plan.ordered.operations.slice(0, done)) applyOperation(state, operation);
  return state;
}

function stepsOf(dialect: Dialect, ordered: Ordered): ChangeStep[] {
  return ordered.operations.map((operation, i) => ({
    path: operationPath(operation),
    commands: standaloneCommands(dialect, operation),
    reason: reasonOf(operation, ordered.waits[i] ?? []),
  }));
}

function reasonOf(operation: Operation, waits: readonly string[]): string {
  return [operation.reason, ...waits].join("; ");
}

function findingsOf(plan: PlannedChange): Finding[] {
  return plan.ordered.broken.map(({ operation, because }) => ({
    code: "CFG-ORDER-CYCLE",
    severity: "error",
    message: `no safe order exists for this step: ${operation.command.split("\n")[0] ?? ""}`.slice(0, 100),
    hint: `It had to be typed against: ${because || "a reference in a circle"}. Make the change in two pushes.`,
    where: { device: "", text: operation.command },
  }));
}
