import type { Dialect } from "./dialect.ts";
import { formOf } from "./forms/form.ts";
import type { Header, Operation } from "./operation.ts";
import type { Block } from "./state.ts";

/** Commands as typed, with the number of operations that have taken effect after each. */
export interface Emitted {
  readonly commands: readonly string[];
  /** For each command: how many operations are done once the device took it. */
  readonly done: readonly number[];
}

/** Writes operations as commands: headers entered once, left by the platform's word.
 *  @param before - the state that they start from, where it is known */
export function emitCommands(dialect: Dialect, operations: readonly Operation[], before?: Block): Emitted {
  const form = formOf(dialect);
  if (form) return form.emit(operations, before);
  const commands: string[] = [];
  const done: number[] = [];
  let inside: readonly Header[] = [];
  let count = 0;
  const type = (line: string) => {
    commands.push(line);
    done.push(count);
  };
  const go = (path: readonly Header[]) => {
    const common = commonLength(inside, path);
    for (let i = inside.length; i > common; i--) type(dialect.leave);
    for (const header of path.slice(common)) type(header.source);
    inside = path;
  };
  for (const operation of operations) {
    go(operation.place === "root" ? [] : operation.path);
    const lines = operation.command.split("\n");
    for (const line of lines.slice(0, -1)) type(line);
    count++;
    type(lines.at(-1) ?? "");
    if (operation.enters) inside = [...operation.path, operation.enters];
  }
  go([]);
  return { commands, done };
}

function commonLength(a: readonly Header[], b: readonly Header[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length]?.slot === b[length]?.slot) length++;
  return length;
}

/** The lines of one operation alone, entered from root and left again. */
export function standaloneCommands(dialect: Dialect, operation: Operation): string[] {
  return [...emitCommands(dialect, [operation]).commands];
}
