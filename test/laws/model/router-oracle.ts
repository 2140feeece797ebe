import type { Shelf } from "./device.ts";
import { decideRoutes, strayRoutes } from "./route-oracle.ts";

/** What prefix lists decide, and the names that nothing stands for. */
export interface RouterVerdicts {
  readonly lists: ReadonlyMap<string, { readonly routes: readonly boolean[]; readonly isNamed: boolean }>;
  readonly dangling: readonly string[];
}

/** Judges a modelled router. */
export function judgeRouter(root: Shelf): RouterVerdicts {
  const named = new Set<string>();
  const dangling: string[] = [];
  for (const line of linesOf(root)) {
    const list = /^(?:match ip address|neighbor \S+) prefix-list (\S+)/.exec(line)?.[1];
    const map = /^neighbor \S+ route-map (\S+)/.exec(line)?.[1];
    if (list !== undefined) named.add(list);
    if (list !== undefined && !root.has(`ip prefix-list ${list}`)) dangling.push(`list ${list}`);
    if (map !== undefined && ![...root.keys()].some((name) => name.startsWith(`route-map ${map} `)))
      dangling.push(`map ${map}`);
  }
  const lists = [...root].flatMap(([key, { entries }]) => {
    const name = key.replace("ip prefix-list ", "");
    return entries ? [[name, { routes: decideRoutes(entries), isNamed: named.has(name) }] as const] : [];
  });
  return { lists: new Map(lists), dangling };
}

function linesOf(shelf: Shelf): string[] {
  return [...shelf.values()].flatMap(({ line, below }) => [line, ...(below ? linesOf(below) : [])]);
}

/** What is wrong with a state on the way; empty where it is safe. A list that is named on the way decides each route as one
 *  of the ends where it is named does.
 *  @param judged - "all": also a list that nothing names, where both ends have it */
export function routerFaults(
  before: RouterVerdicts,
  after: RouterVerdicts,
  now: RouterVerdicts,
  judged: "named" | "all",
): readonly string[] {
  const missing = now.dangling.filter(
    (name) => !before.dangling.includes(name) && !after.dangling.includes(name),
  );
  const strays = [...now.lists].flatMap(([list, { routes, isNamed }]) => {
    if (!isNamed && judged === "named") return [];
    const ends = [before, after].flatMap(({ lists }) => {
      const end = lists.get(list);
      return end && (end.isNamed || !isNamed) ? [end.routes] : [];
    });
    const [old, next] = isNamed ? [ends[0], ends.at(-1)] : ends;
    if (!old || !next) return [];
    return strayRoutes(old, next, routes).map((route) => `list ${list}: ${route}`);
  });
  return [...missing, ...strays];
}
