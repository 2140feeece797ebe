import type { Dialect } from "./dialect.ts";
import { formOf } from "./forms/form-of.ts";
import type { Emitted, Header, Operation } from "./operation.ts";
import type { Block } from "./state.ts";

/** Writes operations as commands: headers entered once, left by the platform's word.
 *  @param before - the state that they start from, where it is known */
export function emitCommands(dialect: Dialect, operations: readonly Operation[], before?: Block): Emitted {
  const form = formOf(dialect);
  if (form) return form.emit(operations, before);
  const commands: string[] = [];
  const done: number[] = [];
  const headers = new StandingHeaders();
  let inside: readonly Header[] = [];
  let count = 0;
  const type = (line: string) => {
    commands.push(line);
    done.push(count);
  };
  const go = (path: readonly Header[]) => {
    const common = commonLength(inside, path);
    for (let i = inside.length; i > common; i--) type(dialect.leave);
    for (let i = common; i < path.length; i++) type(headers.sourceOf(path, i));
    inside = path;
  };
  for (const operation of operations) {
    go(operation.place === "root" ? [] : operation.path);
    const lines = operation.command.split("\n");
    for (const line of lines.slice(0, -1)) type(line);
    count++;
    type(lines.at(-1) ?? "");
    headers.take(operation);
    if (operation.enters) inside = [...operation.path, operation.enters];
  }
  go([]);
  return { commands, done };
}

/** The words of headers as they stand between steps: one that a step wrote anew is entered by its new words from then on,
 *  or the way in would write back the old ones. */
class StandingHeaders {
  readonly #anew = new Map<string, string>();

  /** @param i - which header of the path */
  sourceOf(path: readonly Header[], i: number): string {
    const header = path[i] as Header;
    return this.#anew.size === 0
      ? header.source
      : (this.#anew.get(keyOf(path.slice(0, i + 1))) ?? header.source);
  }

  take({ effect, enters, path }: Operation): void {
    if (enters && effect.kind === "put") this.#anew.set(keyOf([...path, enters]), enters.source);
  }
}

function keyOf(path: readonly Header[]): string {
  return path.map((header) => header.slot).join("\n");
}

function commonLength(a: readonly Header[], b: readonly Header[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length]?.slot === b[length]?.slot) length++;
  return length;
}

/** The lines of each operation alone, entered from root and left again. */
export function standaloneCommands(
  dialect: Dialect,
  operations: readonly Operation[],
): readonly (readonly string[])[] {
  const headers = new StandingHeaders();
  return operations.map((operation) => {
    const path = operation.path.map((header, i) => ({
      ...header,
      source: headers.sourceOf(operation.path, i),
    }));
    headers.take(operation);
    return emitCommands(dialect, [{ ...operation, path }]).commands;
  });
}
