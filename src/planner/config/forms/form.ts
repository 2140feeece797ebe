import type { CompiledDialect } from "../compile.ts";
import type { Dialect } from "../dialect.ts";
import type { Emitted, Operation } from "../operation.ts";
import type { Block, Statement } from "../state.ts";
import type { ConfigTree } from "../types.ts";

/** How a platform that does not indent its blocks writes configurations and commands. */
export interface Form {
  /** Text to tree; no line is lost. */
  parse(compiled: CompiledDialect, text: string): ConfigTree;
  /** The meaning of a tree, defaults still in it. */
  state(compiled: CompiledDialect, tree: ConfigTree): Block;
  /** The command that takes a statement away, as `emit` wants it. */
  removal(statement: Statement): string;
  /** The command that makes `next` of `old`, as `emit` wants it. */
  put(old: Statement | undefined, next: Statement): string;
  /** The command that puts a block before another one, or at the end behind `last`. */
  move(slot: string, before: string | undefined, last: string | undefined): string;
  /** Operations as the lines that are typed.
   *  @param before - the state that they start from, where it is known */
  emit(operations: readonly Operation[], before?: Block): Emitted;
  /** A state as configuration text in a settled order. */
  text(state: Block, dialect: Dialect): string;
}
