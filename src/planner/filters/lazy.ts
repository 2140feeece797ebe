import type { ExtractedFilter } from "./types.ts";

/** A filter that is only put together when somebody looks at its rules: a firewall with fifty interfaces has 2,500
 *  pairs of them, and hardly any is ever asked for. */
export function lazyFilter(
  head: Pick<ExtractedFilter, "name"> & { readonly aliases?: readonly string[]; readonly derived: boolean },
  make: () => ExtractedFilter,
): ExtractedFilter {
  let made: ExtractedFilter | undefined;
  const filter = (): ExtractedFilter => {
    made ??= make();
    return made;
  };
  return {
    name: head.name,
    aliases: head.aliases ?? [],
    derived: head.derived,
    bindings: [],
    interfaces: [],
    get list() {
      return filter().list;
    },
    get lines() {
      return filter().lines;
    },
    get notes() {
      return filter().notes;
    },
    get defaultLine() {
      return filter().defaultLine;
    },
  };
}
