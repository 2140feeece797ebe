import { alignLists } from "../align.ts";
import type { OrderedSyntax } from "../dialect.ts";
import type { Place, Work } from "../diff-work.ts";
import { COMPLETE, NO_EFFECTS, type Operation } from "../operation.ts";
import type { Block } from "../state.ts";
import type { Form } from "./form.ts";
import { formOf } from "./form-of.ts";
import { orderedGroups } from "./ordered.ts";

/** One block on both sides, and the operations found in it so far. */
interface Level {
  readonly work: Work;
  readonly form: Form;
  readonly first: number;
  readonly before: Block | undefined;
  readonly after: Block | undefined;
  readonly place: Place;
}

/** Adds what only platforms with a form of their own have: the order of blocks, marks that go with their statement,
 *  protection that is lifted first. */
export function finishBlock(
  work: Work,
  first: number,
  before: Block | undefined,
  after: Block | undefined,
  place: Place,
): void {
  const form = formOf(work.compiled.dialect);
  if (!form) return;
  const level: Level = { work, form, first, before, after, place };
  dropMarks(level);
  liftProtection(level);
  markLast(level);
  if (work.compiled.dialect.layout === "sections") keepLineOrder(level);
  const syntax = work.compiled.dialect.ordered?.[(after ?? before)?.context ?? ""];
  if (syntax && place.claimed && after) orderBlocks(level, syntax);
}

/** A mark goes with the statement that it marks. */
function dropMarks({ work, first, place }: Level): void {
  const gone = new Set<string>();
  for (const operation of work.operations.slice(first))
    if (isHere(operation, place) && operation.effect.kind === "drop") gone.add(operation.slot);
  const also = new Map<string, string[]>();
  for (const slot of gone) {
    const marked = /^(?:deactivate|protect) (.+)$/s.exec(slot)?.[1];
    if (marked !== undefined && gone.has(marked)) also.set(marked, [...(also.get(marked) ?? []), slot]);
  }
  if (also.size === 0) return;
  const silent = new Set([...also.values()].flat().filter((slot) => !slot.startsWith("protect ")));
  const kept = work.operations.splice(first).flatMap((operation): Operation[] => {
    if (!isHere(operation, place)) return [operation];
    if (silent.has(operation.slot)) return [];
    const marks = also.get(operation.slot);
    if (!marks || operation.effect.kind !== "drop") return [operation];
    return [{ ...operation, effect: { kind: "drop", also: [...operation.effect.also, ...marks] } }];
  });
  work.operations.push(...kept);
}

/** A mark is set once its statement stands as it shall. */
function markLast({ work, first, place }: Level): void {
  for (let i = first; i < work.operations.length; i++) {
    const operation = work.operations[i] as Operation;
    if (!isHere(operation, place) || operation.effect.kind !== "put") continue;
    const slot = /^(?:deactivate|protect) (.+)$/s.exec(operation.slot)?.[1];
    if (slot === undefined || operation.effect.statement.match) continue;
    const done = `filled:${operation.slot} ${place.slots}`;
    for (let j = first; j < work.operations.length; j++) {
      const other = work.operations[j] as Operation;
      if (touchesSlot(other, place, slot))
        work.operations[j] = { ...other, releases: [...other.releases, done] };
    }
    work.operations[i] = { ...operation, takes: [...operation.takes, done] };
  }
}

/** What is protected is unprotected before it changes, and protected again afterwards. */
function liftProtection({ work, form, first, before, after, place }: Level): void {
  for (const [name, mark] of before?.items ?? []) {
    if (!name.startsWith("protect ") || mark.match) continue;
    const slot = name.slice("protect ".length);
    const inside = work.operations.flatMap((operation, i) =>
      i >= first && touchesSlot(operation, place, slot) ? [i] : [],
    );
    if (inside.length === 0) continue;
    const lifted = `unprotected:${place.slots}/${slot}`;
    for (const i of inside) {
      const operation = work.operations[i] as Operation;
      work.operations[i] = {
        ...operation,
        takes: [...operation.takes, lifted],
      };
    }
    const at = work.operations.findIndex((op, i) => i >= first && isHere(op, place) && op.slot === name);
    const lift: Operation = {
      ...base(place, name),
      command: form.removal(mark),
      effect: { kind: "drop", also: [] },
      releases: [lifted],
      removes: false,
      reason: "what is protected cannot change",
    };
    if (at >= 0) work.operations[at] = lift;
    else work.operations.push(lift);
    const again = after?.items.get(name);
    if (!again) continue;
    work.operations.push({
      ...base(place, name),
      command: form.put(undefined, again),
      effect: { kind: "put", statement: again, clears: [], wipes: undefined },
      reason: "protected again after the change",
    });
  }
}

function base(place: Place, slot: string) {
  return {
    ...NO_EFFECTS,
    path: place.path,
    slot,
    text: slot,
    touches: place.touches,
    headers: place.headers,
    leans: place.leans,
  };
}

function isHere(operation: Operation, place: Place): boolean {
  return operation.path.length === place.path.length;
}

function touchesSlot(operation: Operation, place: Place, slot: string): boolean {
  if (isHere(operation, place)) return operation.slot === slot;
  return operation.path[place.path.length]?.slot === slot;
}

/** The lines of an object come in the order of intended, before the tables within it: a device may take a line only
 *  once another one stands (`set type`, `set secondary-IP enable`). Lines that go, go after what changes in the tables. */
function keepLineOrder({ work, first, place, after }: Level): void {
  const places = new Map([...(after?.items.keys() ?? [])].map((slot, i) => [slot, i]));
  const set = `filled:lines of ${place.slots}`;
  const tables = `filled:tables of ${place.slots}`;
  const lines: Operation[] = [];
  const rest: Operation[] = [];
  for (const operation of work.operations.splice(first)) {
    const { takes, releases } = operation;
    if (!isHere(operation, place))
      rest.push({ ...operation, takes: [...takes, set], releases: [...releases, tables] });
    else if (operation.effect.kind === "put") lines.push(operation);
    else if (operation.slot.startsWith("set ")) rest.push({ ...operation, takes: [...takes, tables] });
    else rest.push(operation);
  }
  lines.sort((a, b) => (places.get(a.slot) ?? 0) - (places.get(b.slot) ?? 0));
  const chained = lines.map((operation, rank) => ({
    ...operation,
    releases: [...operation.releases, set],
    chain: { list: `${place.slots}/lines`, rank },
  }));
  work.operations.push(...rest, ...chained);
}

/** Puts the blocks of a list into the order of intended: new ones come in from the top down, each before the next
 *  block that stays; what moves, moves last. */
function orderBlocks(level: Level, syntax: OrderedSyntax): void {
  const { before, after, place } = level;
  const ends = { old: orderedGroups(before, syntax), next: orderedGroups(after, syntax) };
  for (const [group, target] of ends.next) {
    const wanted = new Set(target);
    const stood = (before ? [...before.items.keys()] : []).filter((slot) => wanted.has(slot));
    const known = new Set(stood);
    const live = [...stood, ...target.filter((slot) => !known.has(slot))];
    const stays = alignLists(live, target);
    const moves = new Map<string, Operation>();
    for (let i = target.length - 1, anchor: string | undefined; i >= 0; i--) {
      const slot = target[i] as string;
      if (stays[i] !== -1) anchor = slot;
      else moves.set(slot, moveOperation(level, slot, anchor, target[i - 1]));
    }
    chain(level, `${place.slots}/order ${group}`, target, moves, known);
  }
}

function moveOperation(
  { form, place }: Level,
  slot: string,
  anchor: string | undefined,
  last: string | undefined,
): Operation {
  return {
    ...base(place, slot),
    command: form.move(slot, anchor, last),
    effect: { kind: "move", before: anchor },
    reason: anchor === undefined ? "its place is at the end" : `its place is before ${anchor}`,
  };
}

/** Opens and moves of one list are typed in the order of intended, and a new block is complete before the next one is
 *  begun: the device puts what is new at the end. Where another order is safer, only those that are bound for one place
 *  have to keep it. */
function chain(
  { work, first, place }: Level,
  list: string,
  target: readonly string[],
  moves: ReadonlyMap<string, Operation>,
  known: ReadonlySet<string>,
): void {
  const opens = new Map<string, Operation>();
  const fresh = new Set(target.filter((slot) => !known.has(slot)));
  const filled = (slot: string) => `${COMPLETE}${place.slots}/${slot}`;
  const rest: Operation[] = [];
  for (const operation of work.operations.splice(first)) {
    const slot = isHere(operation, place) ? operation.slot : (operation.path[place.path.length]?.slot ?? "");
    if (!fresh.has(slot)) rest.push(operation);
    else if (isHere(operation, place) && operation.effect.kind === "open") opens.set(slot, operation);
    else rest.push({ ...operation, releases: [...operation.releases, filled(slot)] });
  }
  let rank = 0;
  let waits: string[] = [];
  const linked: Operation[] = [];
  const link = (operation: Operation | undefined) => {
    if (!operation) return;
    const { effect, slot } = operation;
    const anchor = effect.kind === "move" ? effect.before : undefined;
    const goal = effect.kind === "open" && moves.has(slot) ? undefined : (anchor ?? "");
    const takes = [...operation.takes, ...waits];
    linked.push({ ...operation, takes, chain: { list, rank: rank++, goal } });
  };
  // What is new and stays at the end stands first, so that every block that others move before is there.
  const begin = (slot: string) => {
    link(opens.get(slot));
    waits = [filled(slot)];
  };
  for (const slot of target) if (fresh.has(slot) && !moves.has(slot)) begin(slot);
  for (const slot of target) {
    if (fresh.has(slot) && moves.has(slot)) begin(slot);
    link(moves.get(slot));
  }
  work.operations.push(...rest, ...linked);
}
