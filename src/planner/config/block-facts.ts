import { LiveBlock } from "./apply.ts";
import type { CompiledDialect } from "./compile.ts";
import { entryReferences } from "./references.ts";
import type { Block, BlockFacts, Statement } from "./state.ts";

/** Reads what the proofs ask of a block, once for each block that does not change any more. */
export function factsOf(compiled: CompiledDialect, block: Block): BlockFacts {
  const known = block.facts;
  if (known !== undefined && known.of === block) return known;
  const facts = readFacts(compiled, block);
  if (!(block instanceof LiveBlock)) block.facts = facts;
  return facts;
}

const NONE: readonly never[] = [];

function readFacts({ dialect, filterHint }: CompiledDialect, block: Block): BlockFacts {
  const naming: Statement[] = [];
  const binding: Statement[] = [];
  for (const statement of block.items.values()) {
    const rule = statement.match?.rule;
    if (rule?.referential || statement.set || statement.block) naming.push(statement);
    if (filterHint.test(statement.text)) binding.push(statement);
  }
  const entryUses = block.entries === undefined ? NONE : entryReferences(dialect, block);
  return { of: block, naming, entryUses, binding };
}
