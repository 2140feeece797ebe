import type { ConfigItem, ConfigNode, Scope } from "../../planner/config/types.ts";
import { type Grammar, parseCanonical, ruleOf, type StatementRule } from "./canonical.ts";
import { ownershipOf } from "./scope.ts";

/** Compares two canonical texts item by item: what was added, removed, changed or moved, and whether it is ours. */
export function compareTexts(before: string, after: string, scope: Scope, grammar: Grammar): ConfigItem[] {
  const left = keyed(parseCanonical(before, grammar).nodes);
  const right = keyed(parseCanonical(after, grammar).nodes);
  const headers = [...new Set([...left.keys(), ...right.keys()])].sort();
  const items = headers.flatMap((header) =>
    compareBlocks(header, left.get(header), right.get(header), { scope, grammar }),
  );
  return joinSlots(items, grammar);
}

/** A setting whose header carries its value goes and comes as two headers; it is one thing that changed. */
function joinSlots(items: readonly ConfigItem[], grammar: Grammar): ConfigItem[] {
  const slotOf = (item: ConfigItem): string | undefined => {
    const header = item.path.length === 1 ? (item.path[0] ?? "") : "";
    return ruleOf(grammar, header)?.slot?.(header);
  };
  const come = new Map(
    items.flatMap((item) => (item.kind === "added" ? [[slotOf(item), item] as const] : [])),
  );
  const joined = new Set<ConfigItem>();
  const merged = items.map((item) => {
    const slot = slotOf(item);
    const twin = item.kind === "removed" && slot !== undefined ? come.get(slot) : undefined;
    if (twin === undefined || slot === undefined) return item;
    joined.add(twin);
    return { ...item, path: [slot], kind: "changed" as const, after: twin.after };
  });
  return merged.filter((item) => !joined.has(item));
}

/** Blocks by header; a header that comes twice counts as one block with both bodies. */
export function keyed(nodes: readonly ConfigNode[]): Map<string, ConfigNode> {
  const found = new Map<string, ConfigNode>();
  for (const node of nodes) {
    const known = found.get(node.key);
    found.set(
      node.key,
      known === undefined ? node : { ...known, children: [...known.children, ...node.children] },
    );
  }
  return found;
}

interface Ground {
  readonly scope: Scope;
  readonly grammar: Grammar;
}

function compareBlocks(
  header: string,
  before: ConfigNode | undefined,
  after: ConfigNode | undefined,
  { scope, grammar }: Ground,
): ConfigItem[] {
  const ownership = ownershipOf(scope, header);
  const isOurs = (child: string) =>
    ownership.kind === "whole" || (ownership.kind === "part" && ownership.owns(child));
  const own = ownership.kind !== "none";
  if (before === undefined && after !== undefined)
    return [{ path: [header], kind: "added", before: undefined, after: textOf(after), managed: own }];
  if (before !== undefined && after === undefined)
    return [{ path: [header], kind: "removed", before: textOf(before), after: undefined, managed: own }];
  if (before === undefined || after === undefined) return [];
  return compareChildren([header], before, after, ruleOf(grammar, header)).map((item) => ({
    ...item,
    managed: isOurs(item.after?.split("\n")[0] ?? item.before?.split("\n")[0] ?? ""),
  }));
}

type Bare = Omit<ConfigItem, "managed">;

function compareChildren(
  path: readonly string[],
  before: ConfigNode,
  after: ConfigNode,
  rule: StatementRule | undefined,
): Bare[] {
  const ordered = rule?.ordered === true || /^chain\b/.test(before.key);
  const gone = subtract(before.children, after.children);
  const come = subtract(after.children, before.children);
  if (gone.length === 0 && come.length === 0) {
    const deep = pairs(before.children, after.children).flatMap(([left, right]) =>
      compareChildren([...path, left.key], left, right, rule),
    );
    if (deep.length > 0 || !ordered || keysOf(before) === keysOf(after)) return deep;
    return [{ path, kind: "changed", before: keysOf(before), after: keysOf(after) }];
  }
  return listChanges(path, { before, after, gone, come, rule });
}

interface Difference {
  readonly before: ConfigNode;
  readonly after: ConfigNode;
  readonly gone: readonly ConfigNode[];
  readonly come: readonly ConfigNode[];
  readonly rule: StatementRule | undefined;
}

function listChanges(path: readonly string[], { before, after, gone, come, rule }: Difference): Bare[] {
  const identity = rule?.identity ?? ((child: string) => child);
  const items: Bare[] = [];
  const rest = [...come];
  for (const node of gone) {
    const at = rest.findIndex((other) => identity(other.key) === identity(node.key));
    const twin = at < 0 ? undefined : rest.splice(at, 1)[0];
    const place = [...path, twin === undefined ? node.key : identity(node.key)];
    if (twin === undefined)
      items.push({ path: place, kind: "removed", before: textOf(node), after: undefined });
    else items.push({ path: place, kind: "changed", before: textOf(node), after: textOf(twin) });
  }
  for (const node of rest)
    items.push({ path: [...path, node.key], kind: "added", before: undefined, after: textOf(node) });
  const shared = pairs(subtract(before.children, gone), subtract(after.children, come)).flatMap(
    ([left, right]) => compareChildren([...path, left.key], left, right, rule),
  );
  return [...items, ...shared];
}

function subtract(from: readonly ConfigNode[], other: readonly ConfigNode[]): ConfigNode[] {
  const counts = new Map<string, number>();
  for (const node of other) counts.set(node.key, (counts.get(node.key) ?? 0) + 1);
  return from.filter((node) => {
    const left = counts.get(node.key) ?? 0;
    if (left > 0) counts.set(node.key, left - 1);
    return left === 0;
  });
}

/** Nodes of one key, in the order of the first list; used where both hold the same keys. */
function pairs(left: readonly ConfigNode[], right: readonly ConfigNode[]): [ConfigNode, ConfigNode][] {
  const waiting = [...right];
  return left.flatMap((node) => {
    const at = waiting.findIndex((other) => other.key === node.key);
    const twin = at < 0 ? undefined : waiting.splice(at, 1)[0];
    return twin === undefined ? [] : [[node, twin] as [ConfigNode, ConfigNode]];
  });
}

function keysOf(node: ConfigNode): string {
  return node.children.map((child) => child.key).join("\n");
}

/** A node and all below it, one key a line, indented. */
export function textOf(node: ConfigNode): string {
  const below = node.children.flatMap((child) =>
    textOf(child)
      .split("\n")
      .map((line) => `    ${line}`),
  );
  return [node.key, ...below].join("\n");
}
