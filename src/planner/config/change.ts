import type { Finding } from "../../model/finding.ts";
import { applyOperation, LiveState } from "./apply.ts";
import { compareStates } from "./compare.ts";
import { type CompiledDialect, compileDialect } from "./compile.ts";
import type { Dialect } from "./dialect.ts";
import { diffStates } from "./diff.ts";
import { emitCommands, standaloneCommands } from "./emit.ts";
import { LazyChange } from "./lazy-change.ts";
import { type Emitted, type Operation, operationPath } from "./operation.ts";
import { type Ordered, orderOperations } from "./order.ts";
import { type Fault, type Orphan, Prover } from "./prove.ts";
import { accessGap, holdsAddress } from "./prove-access.ts";
import { StateReadings } from "./prove-readings.ts";
import { alignRanges } from "./ranges.ts";
import { readStates, replacedLines } from "./read-state.ts";
import { claimTest } from "./scope.ts";
import { findSafeOrder, leavingLast } from "./search.ts";
import { spellState } from "./spell-state.ts";
import type { Block } from "./state.ts";
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
  /** Steps that are not safe, in an order for which no safe one was found. */
  readonly faults: readonly Fault[];
  /** What of the way in for management the change itself takes away. */
  readonly lost: readonly string[];
  /** Names that lines outside the claims use or make, and that the change leaves used and unmade. */
  readonly orphaned: readonly Orphan[];
  /** Moments between steps whose filters were not looked at. */
  readonly unjudged: number;
  /** True where the last step, and no other, takes the address away that the device is managed at. */
  readonly departs: boolean;
}

type Proof = Pick<PlannedChange, "ordered" | "faults" | "lost" | "orphaned" | "unjudged" | "departs">;

/** Finds the commands that lead from one configuration to another, ordered and proved, with their rollback.
 *  @param running - as the device shows it
 *  @param intended - may hold `${secret:REF}` where the device shows a hash */
export function diffConfigs(
  dialect: Dialect,
  running: string,
  intended: string,
  options: ChangeOptions,
): Change {
  const compiled = compileDialect(dialect);
  const [before, after] = readStates(dialect, running, intended);
  const readings = new StateReadings(dialect, options.management);
  const plan = planStates(compiled, before, after, options, readings);
  const known = {
    equal: plan.ordered.operations.length === 0,
    commands: plan.emitted.commands,
    findings: [
      ...findingsOf(dialect, plan, options, readings),
      ...replacedFindings("running", before),
      ...replacedFindings("intended", after),
    ],
    unmanaged: plan.unmanaged,
    ...(plan.departs ? { departure: plan.emitted.done.indexOf(plan.ordered.operations.length) } : {}),
  };
  return new LazyChange(known, {
    rollback: () =>
      planStates(compiled, plan.predicted, before, provedBack(options), readings).emitted.commands,
    steps: () => stepsOf(dialect, plan.ordered),
    items: () => compareStates(dialect, before, plan.predicted, options.scope),
    predicted: () => spellState(compiled, plan.predicted),
  });
}

/** The way back is proved like the way there, over the whole configuration. */
function provedBack({ management, move, prove }: ChangeOptions): ChangeOptions {
  return {
    ...FULL_CHANGE,
    ...(management === undefined ? {} : { management }),
    ...(move === undefined ? {} : { move: { from: move.to, to: move.from } }),
    ...(prove === undefined ? {} : { prove }),
  };
}

/** How a device goes back at once, its way there being known: only a move wants an order, the address that goes last. */
export function backOptions(way: Pick<ChangeOptions, "management" | "move"> = {}): ChangeOptions {
  return provedBack({ ...FULL_CHANGE, ...way, prove: way.move !== undefined });
}

/** Finds and orders the operations between two states.
 *  @param readings - what was read of these states already, for the same way in */
export function planStates(
  compiled: CompiledDialect,
  running: Block,
  intended: Block,
  options: ChangeOptions,
  readings = new StateReadings(compiled.dialect, options.management),
): PlannedChange {
  const rotated = new Set(options.rotatedSecrets ?? []);
  const aligned = alignRanges(compiled, running, intended);
  const { before, after } = aligned;
  const difference = diffStates(compiled, before, after, claimTest(options.scope), rotated);
  const ordered = orderOperations(difference.operations, compiled.dialect);
  const live = new LiveState(before);
  for (const operation of ordered.operations) applyOperation(live, operation);
  const predicted = live.settled();
  const { dialect } = compiled;
  const { management, move } = options;
  const { operations } = ordered;
  const { unproved } = difference;
  const proof =
    options.prove === false || operations.length === 0
      ? { ordered, faults: [], lost: [], orphaned: [], unjudged: 0, departs: false }
      : proveOrder(
          ordered,
          new Prover({
            dialect,
            before,
            after: predicted,
            intended: options.scope.kind === "full" ? predicted : after,
            operations,
            unproved,
            management,
            readings,
            move,
          }),
        );
  return {
    before,
    predicted,
    ...proof,
    emitted: emitCommands(compiled.dialect, proof.ordered.operations, before),
    unmanaged: difference.unmanaged,
    unproved: difference.unproved,
  };
}

/** Proves the order; where a prefix is unsafe, looks for a better one. */
function proveOrder(ordered: Ordered, prover: Prover): Proof {
  const { operations } = ordered;
  const start = leavingLast(prover, operations);
  const safe = findSafeOrder(prover, start);
  const last = safe.operations.at(-1);
  const verdict = {
    faults: safe.faults,
    lost: prover.lost,
    orphaned: prover.orphaned,
    unjudged: prover.unjudged,
    departs: safe.faults.length === 0 && last !== undefined && prover.leaving(safe.operations) === last,
  };
  if (safe.operations === operations) return { ordered, ...verdict };
  const waits = safe.operations.map((operation) => ordered.waits[operations.indexOf(operation)] ?? []);
  return { ordered: { ...ordered, operations: safe.operations, waits }, ...verdict };
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
  const [before, after] = readStates(dialect, running, intended);
  const plan = planStates(compiled, before, after, options);
  const reached = stateAfter(plan, count);
  return planStates(compiled, reached, before, FULL_CHANGE).emitted.commands;
}

/** The state after the first `count` commands. */
export function stateAfter(plan: PlannedChange, count: number): Block {
  const state = new LiveState(plan.before);
  const done = count <= 0 ? 0 : (plan.emitted.done[Math.min(count, plan.emitted.done.length) - 1] ?? 0);
  for (const operation of plan.ordered.operations.slice(0, done)) applyOperation(state, operation);
  return state.root;
}

function stepsOf(dialect: Dialect, ordered: Ordered): ChangeStep[] {
  const alone = standaloneCommands(dialect, ordered.operations);
  return ordered.operations.map((operation, i) => ({
    path: operationPath(operation),
    commands: alone[i] ?? [],
    reason: reasonOf(operation, ordered.waits[i] ?? []),
  }));
}

function reasonOf(operation: Operation, waits: readonly string[]): string {
  return [operation.reason, ...waits].join("; ");
}

/** A line that another of the same text overwrites is not compared: a slip of the pen, or a table that is wrong. */
function replacedFindings(text: "running" | "intended", state: Block): Finding[] {
  return replacedLines(state).map(({ line, by, text: said }) =>
    finding(
      "CFG-LINE-REPLACED",
      "warning",
      `${text} line ${by} takes the place of line ${line}, which is not compared: ${said}`,
      "Keep one of the two lines; where a device holds both, report it: the table of its platform is wrong.",
      `${text}:${line}`,
    ),
  );
}

function findingsOf(
  dialect: Dialect,
  plan: PlannedChange,
  options: ChangeOptions,
  readings: StateReadings,
): Finding[] {
  const findings: Finding[] = plan.faults.map((fault) => {
    const step = plan.ordered.operations[fault.step];
    const command = step?.command.split("\n")[0] ?? "";
    return finding(
      "CFG-UNSAFE-STEP",
      "error",
      `no safe order: after "${command}" ${fault.detail}`,
      UNSAFE_HINT,
      command,
    );
  });
  for (const { operation, because } of plan.ordered.broken) {
    const command = operation.command.split("\n")[0] ?? "";
    findings.push(
      finding(
        "CFG-CYCLE",
        "error",
        `typed against its references: ${command}`,
        `${because}. ${UNSAFE_HINT}`,
        command,
      ),
    );
  }
  for (const leg of plan.lost) {
    findings.push(
      finding(
        "CFG-ACCESS-LOST",
        "error",
        `the change cuts management: no longer true that ${leg}`,
        ACCESS_HINT,
        leg,
      ),
    );
  }
  for (const { name, usedBy } of plan.orphaned) {
    findings.push(
      finding(
        "CFG-ORPHANED",
        "error",
        `nothing defines ${name} after the change, and a line uses it: ${usedBy.join(" / ")}`,
        ORPHAN_HINT,
        usedBy.at(-1) ?? name,
      ),
    );
  }
  if (isUnprovedMove(dialect, plan, options)) {
    const { from = "", to = "" } = options.move ?? {};
    findings.push(
      finding(
        "CFG-MOVE-UNPROVED",
        "error",
        `the change takes ${from} away, and it is not proved that the device answers at ${to} then`,
        MOVE_HINT,
        from,
      ),
    );
  }
  const gap = accessGap(dialect, options.management, () => readings.legs(plan.before));
  if (gap !== undefined && plan.ordered.operations.length > 0) {
    findings.push(
      finding(
        "CFG-ACCESS-UNPROVED",
        "info",
        `the way in for management was not proved: ${gap}`,
        "Give the IPv4 address that the device is managed from; keep a console at hand where that is no help.",
        "",
      ),
    );
  }
  if (plan.unjudged > 0) {
    findings.push(
      finding(
        "CFG-STEPS-UNPROVED",
        "warning",
        `what ${plan.unjudged} steps in between do to packets was not proved: the change is too long`,
        "Split the change into several pushes.",
        "",
      ),
    );
  }
  return findings;
}

/** An address that goes without a proved last step would leave the device where nobody is known to reach it. */
function isUnprovedMove(dialect: Dialect, plan: PlannedChange, { move, prove }: ChangeOptions): boolean {
  if (move === undefined || prove === false || plan.departs) return false;
  if (plan.lost.length > 0 || plan.faults.length > 0) return false;
  return holdsAddress(dialect, plan.before, move.from) && !holdsAddress(dialect, plan.predicted, move.from);
}

const UNSAFE_HINT = "Split the change into two pushes, or make it in a maintenance window.";
const ORPHAN_HINT =
  "One of both is outside the claims: take the line away on the device first, or let what it uses stand.";
const MOVE_HINT =
  "Write down who manages it (management.allowedFrom), or move in two steps: first a second address, then the inventory.";
const ACCESS_HINT = "Keep the way that management comes by, or manage the device by another one first.";

function finding(
  code: string,
  severity: Finding["severity"],
  message: string,
  hint: string,
  text: string,
): Finding {
  return { code, severity, message: message.slice(0, 160), hint, where: { device: "", text } };
}
