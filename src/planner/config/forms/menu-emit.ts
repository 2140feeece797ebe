import type { Emitted, Operation } from "../operation.ts";
import type { Block, Statement } from "../state.ts";

/** The entries of a menu in their order, as they stand while commands are typed. */
class Entries {
  readonly #words = new Map<string, readonly string[]>();
  /** Which entries have a word, so that what is alike is found without looking at all. */
  readonly #having = new Map<string, Set<string>>();

  add(slot: string, words: readonly string[]): void {
    this.#words.set(slot, words);
    for (const word of words) {
      const slots = this.#having.get(word);
      if (slots) slots.add(slot);
      else this.#having.set(word, new Set([slot]));
    }
  }

  /** Follows a property of an entry, so that what is alike is known at every step. */
  change(slot: string, operation: Operation): void {
    const words = this.#words.get(slot);
    if (!words) return;
    const kept = words.filter((word) => !word.startsWith(operation.slot));
    const gone = words.filter((word) => word.startsWith(operation.slot));
    for (const word of gone) this.#having.get(word)?.delete(slot);
    this.#words.set(slot, kept);
    if (operation.effect.kind === "put") this.add(slot, [...kept, operation.effect.statement.text]);
  }

  remove(slot: string): void {
    for (const word of this.#words.get(slot) ?? []) this.#having.get(word)?.delete(slot);
    this.#words.delete(slot);
  }

  /** Puts an entry before another one, or at the end. */
  move(slot: string, before: string | undefined): void {
    const words = this.#words.get(slot);
    if (!words) return;
    this.#words.delete(slot);
    const rest = before === undefined ? [] : [...this.#words];
    const at = rest.findIndex(([name]) => name === before);
    const tail = at < 0 ? [] : rest.slice(at);
    for (const [name] of tail) this.#words.delete(name);
    this.#words.set(slot, words);
    for (const [name, held] of tail) this.#words.set(name, held);
  }

  /** An expression that finds one entry: by the words of its name, by its place among those that have them too. */
  find(slot: string): string {
    const words = wordsOfSlot(slot);
    const expression = `[ find where ${words.join(" and ")} ]`;
    const sets = words.map((word) => this.#having.get(word) ?? new Set<string>());
    const [fewest = new Set<string>()] = [...sets].sort((a, b) => a.size - b.size);
    const alike = new Set([...fewest].filter((name) => sets.every((set) => set.has(name))));
    if (alike.size < 2) return expression;
    const order = [...this.#words.keys()].filter((name) => alike.has(name));
    return `[ :pick ${expression} ${order.indexOf(slot)} ]`;
  }
}

/** Writes operations as RouterOS lines: one `add` or `set` for all properties of an entry that change together.
 *  @param before - where given, entries that share properties are told apart by their place */
export function emitMenus(operations: readonly Operation[], before?: Block): Emitted {
  const emitter = new MenuEmitter(before);
  for (let i = 0; i < operations.length; ) {
    let end = i + 1;
    while (end < operations.length && goesAlong(operations[i] as Operation, operations[end] as Operation))
      end++;
    emitter.type(operations.slice(i, end), end);
    i = end;
  }
  return { commands: emitter.commands, done: emitter.done };
}

/** What of a menu an operation works on: an entry, or the menu itself. */
function targetOf(operation: Operation): string {
  const entry = operation.path[1]?.slot ?? (isEntry(operation) ? operation.slot : "");
  return `${operation.path[0]?.slot ?? ""}\n${entry}`;
}

function isEntry(operation: Operation): boolean {
  const { effect, command } = operation;
  return effect.kind === "open" || effect.kind === "move" || (effect.kind === "drop" && command === "remove");
}

function goesAlong(first: Operation, next: Operation): boolean {
  if (targetOf(first) !== targetOf(next) || first.path.length === 0) return false;
  if (first.effect.kind === "move" || (isEntry(first) && first.effect.kind === "drop")) return false;
  if (next.effect.kind === "move") return first.effect.kind === "open";
  return !isEntry(next);
}

class MenuEmitter {
  readonly commands: string[] = [];
  readonly done: number[] = [];
  readonly #before: Block | undefined;
  readonly #menus = new Map<string, Entries>();

  constructor(before: Block | undefined) {
    this.#before = before;
  }

  type(group: readonly Operation[], count: number): void {
    const line = this.#line(group);
    if (line === undefined) return;
    this.commands.push(line);
    this.done.push(count);
  }

  #line(group: readonly Operation[]): string | undefined {
    const [first, ...rest] = group as [Operation, ...Operation[]];
    const menu = first.path[0];
    if (!menu) return first.effect.kind === "drop" ? undefined : first.command;
    const entries = this.#entries(menu.slot);
    const { effect } = first;
    if (effect.kind === "open") return this.#add(menu.source, entries, first, rest);
    if (effect.kind === "move") {
      const line = `${menu.source} move ${entries.find(first.slot)}`;
      const to = effect.before === undefined ? "" : ` destination=${entries.find(effect.before)}`;
      entries.move(first.slot, effect.before);
      return line + to;
    }
    if (isEntry(first)) {
      const line = `${menu.source} remove ${entries.find(first.slot)}`;
      entries.remove(first.slot);
      return line;
    }
    const properties = group.map((operation) => operation.command).join(" ");
    const entry = first.path[1];
    if (!entry) return `${menu.source} set ${properties}`;
    const head = entry.slot.startsWith("set ") ? entry.source : `set ${entries.find(entry.slot)}`;
    for (const operation of group) entries.change(entry.slot, operation);
    return `${menu.source} ${head} ${properties}`;
  }

  #add(menu: string, entries: Entries, open: Operation, rest: readonly Operation[]): string {
    const words = [open.command];
    entries.add(open.slot, wordsOfSlot(open.slot));
    for (const operation of rest) {
      if (operation.effect.kind !== "move") {
        words.push(operation.command);
        entries.change(open.slot, operation);
        continue;
      }
      const { before } = operation.effect;
      if (before === undefined) continue;
      words.push(`place-before=${entries.find(before)}`);
      entries.move(open.slot, before);
    }
    return `${menu} add ${words.join(" ")}`;
  }

  #entries(menu: string): Entries {
    const known = this.#menus.get(menu);
    if (known) return known;
    const entries = new Entries();
    for (const [slot, statement] of this.#before?.items.get(menu)?.block?.items ?? [])
      if (statement.block && !slot.startsWith("set ")) entries.add(slot, wordsOfEntry(slot, statement));
    this.#menus.set(menu, entries);
    return entries;
  }
}

/** Words of a slot, quoted values kept together; the counter of equal entries left out. */
function wordsOfSlot(slot: string): string[] {
  return (slot.match(/(?:"(?:[^"\\]|\\.)*"|[^\s"])+/g) ?? []).filter((word) => !/^#\d+$/.test(word));
}

function wordsOfEntry(slot: string, statement: Statement): string[] {
  return [...wordsOfSlot(slot), ...[...(statement.block?.items.values() ?? [])].map((item) => item.text)];
}
