import type { ConfigItem } from "../planner/config/types.ts";
import { chainLines } from "./chain-lines.ts";

/** A chain of an nftables ruleset; its lines are its rules, in order. */
const CHAIN = /^chain\b/;
const TABLE = /^table\b/;

/** Joins a rule that is gone and one that came in the very same place, between the same neighbours, into one that was
 *  changed: an edit in place is one thing that somebody did. Where as many did not come as went, or what stayed changed
 *  its order, nothing tells which was which, and both stay as they are.
 *  @param before - the text whose rules went
 *  @param after - the text whose rules came */
export function joinEdits(items: readonly ConfigItem[], before: string, after: string): ConfigItem[] {
  const chains = Map.groupBy(items.filter(isRule), (item) => item.path.slice(0, 2).join("\u0000"));
  const joined = new Map<ConfigItem, ConfigItem>();
  const dropped = new Set<ConfigItem>();
  for (const ours of chains.values()) {
    const path = ours[0]?.path ?? [];
    for (const [gone, come] of pairsOf(ours, chainLines(before, path), chainLines(after, path))) {
      joined.set(gone, {
        ...gone,
        kind: "changed",
        after: come.after,
        managed: gone.managed && come.managed,
      });
      dropped.add(come);
    }
  }
  return items.filter((item) => !dropped.has(item)).map((item) => joined.get(item) ?? item);
}

/** The opposite, for who wants the two lines: what went, and what came. */
export function splitEdit<T extends Edited>(item: T): readonly T[] {
  if (item.kind !== "changed" || item.running === undefined || !inChain(item.path)) return [item];
  const came = [...item.path.slice(0, 2), item.running];
  return [
    { ...item, kind: "removed", running: undefined, intended: item.applied },
    { ...item, kind: "added", path: came, applied: undefined, intended: undefined },
  ];
}

interface Edited {
  readonly path: readonly string[];
  readonly kind: ConfigItem["kind"] | "unsaved";
  readonly intended: string | undefined;
  readonly applied: string | undefined;
  readonly running: string | undefined;
}

function isRule({ path, kind }: ConfigItem): boolean {
  return kind !== "changed" && inChain(path);
}

function inChain(path: readonly string[]): boolean {
  return path.length === 3 && TABLE.test(path[0] ?? "") && CHAIN.test(path[1] ?? "");
}

type Pair = readonly [gone: ConfigItem, come: ConfigItem];

function pairsOf(items: readonly ConfigItem[], before: readonly string[], after: readonly string[]): Pair[] {
  const left = gapsOf(before, items, "removed");
  const right = gapsOf(after, items, "added");
  if (left.kept.join("\n") !== right.kept.join("\n")) return [];
  return left.gaps.flatMap((gone, place) => {
    const come = right.gaps[place] ?? [];
    return gone.length === come.length
      ? gone.flatMap((one, at): Pair[] => (come[at] === undefined ? [] : [[one, come[at]]]))
      : [];
  });
}

/** Rules that stayed, and between each two of them those that went or came. */
function gapsOf(
  rules: readonly string[],
  items: readonly ConfigItem[],
  kind: "removed" | "added",
): { readonly kept: readonly string[]; readonly gaps: readonly (readonly ConfigItem[])[] } {
  const waiting = items.filter((item) => item.kind === kind);
  const kept: string[] = [];
  const gaps: ConfigItem[][] = [[]];
  for (const rule of rules) {
    const at = waiting.findIndex((item) => item.path[2] === rule);
    const [item] = at < 0 ? [] : waiting.splice(at, 1);
    if (item !== undefined) {
      gaps.at(-1)?.push(item);
      continue;
    }
    kept.push(rule);
    gaps.push([]);
  }
  return { kept, gaps };
}
