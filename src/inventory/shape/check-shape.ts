import type { Finding } from "../../model/finding.ts";
import type { FileKind } from "../read/file-kind.ts";
import type { ShapeError, Validate } from "../schema/validate.gen.js";
import * as validators from "../schema/validate.gen.js";
import type { Entry, MapNode, Node } from "../yaml/node.ts";
import { nodeAt } from "../yaml/node.ts";
import { toPlain } from "./plain.ts";
import { missingKeyFinding, shapeFinding } from "./shape-finding.ts";

/** The tree with text taken as typed where the schema wants text, without what was found wrong. */
export interface CheckedShape {
  readonly root: MapNode;
  readonly findings: readonly Finding[];
  /** Paths (`networks/office/vlan`) of what was left out because it is wrong: not to be reported as missing. */
  readonly dropped: readonly string[];
}

/** Files whose required keys may come from a more general layer: they are asked for after merging. */
const LAYERED: ReadonlySet<FileKind> = new Set(["provider", "client", "site", "device", "server"]);
const MAX_FINDINGS_PER_FILE = 50;

/** Checks a file against its schema. All mistakes are found at once; what is wrong is left out of the returned tree,
 *  so that later stages judge the rest. */
export function checkShape(kind: FileKind, root: MapNode): CheckedShape {
  const asTyped = keepText(kind, root);
  const findings: Finding[] = [];
  let kept = asTyped.root;
  const dropped: string[] = [];
  for (const error of asTyped.errors) {
    if (error.keyword === "required" && LAYERED.has(kind)) continue;
    const path = pathOf(error.instancePath);
    const finding =
      error.keyword === "required"
        ? missingKeyFinding(kind, asTyped.root, error, path)
        : shapeFinding(kind, asTyped.root, error, path);
    if (finding && !findings.some((known) => sameFinding(known, finding))) findings.push(finding);
    if (!finding) continue;
    const wrong = culprit(error, path);
    if (error.keyword === "required") continue;
    dropped.push(wrong.join("/"));
    kept = without(kept, wrong);
  }
  const whole = LAYERED.has(kind) || findings.length === 0 ? kept : withoutIncomplete(kind, kept).root;
  return { root: whole, findings: findings.slice(0, MAX_FINDINGS_PER_FILE), dropped };
}

/** Finds required keys that no layer gave, in a merged tree, and leaves out the entries that lack one. Keys missing
 *  from the file itself are only reported. `removed` names the entries left out.
 *  @param known - paths whose values were left out as wrong, and reported so */
export function checkRequired(
  kind: FileKind,
  merged: MapNode,
  known: readonly string[],
): { readonly root: MapNode; readonly findings: readonly Finding[]; readonly removed: readonly string[] } {
  const findings: Finding[] = [];
  let wanting = false;
  for (const error of validate(kind, merged)) {
    if (error.keyword !== "required") continue;
    const path = pathOf(error.instancePath);
    wanting = true;
    if (known.includes([...path, String(error.params.missingProperty)].join("/"))) continue;
    const finding = missingKeyFinding(kind, merged, error, path);
    if (finding) findings.push(finding);
  }
  return { ...(wanting ? withoutIncomplete(kind, merged) : { root: merged, removed: [] }), findings };
}

/** Takes out entries that lack a required key, so that what is left has the shape that the types promise. */
function withoutIncomplete(kind: FileKind, root: MapNode): { root: MapNode; removed: string[] } {
  let current = root;
  const removed: string[] = [];
  for (let round = 0; round < 4; round++) {
    const incomplete = validate(kind, current).filter(
      (error) => error.keyword === "required" && error.instancePath !== "",
    );
    if (incomplete.length === 0) break;
    for (const error of incomplete) {
      const path = pathOf(error.instancePath);
      removed.push(path.at(-1) ?? "");
      current = without(current, path);
    }
  }
  return { root: current, removed };
}

function culprit(error: ShapeError, path: readonly string[]): readonly string[] {
  const name = error.propertyName ?? error.params.propertyName ?? error.params.additionalProperty;
  return typeof name === "string" ? [...path, name] : path;
}

function sameFinding(a: Finding, b: Finding): boolean {
  return a.code === b.code && a.message === b.message && JSON.stringify(a.where) === JSON.stringify(b.where);
}

function validate(kind: FileKind, root: MapNode): readonly ShapeError[] {
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: one validator a kind of file, nothing is bundled
  const check: Validate = validators[kind];
  return check(toPlain(root)) ? [] : (check.errors ?? []);
}

/** `serial: 0012` is a number to YAML; where the schema wants text, the source counts. */
function keepText(kind: FileKind, root: MapNode): { root: MapNode; errors: readonly ShapeError[] } {
  let current = root;
  let errors = validate(kind, current);
  for (let round = 0; round < 3; round++) {
    let changed = false;
    for (const error of errors) {
      if (error.keyword !== "type" || !wantsText(error.params.type)) continue;
      const path = pathOf(error.instancePath);
      const node = nodeAt(current, path);
      if (node?.kind !== "scalar" || typeof node.value === "string" || node.value === null) continue;
      current = replaceAt(current, path, { ...node, value: node.source }) as MapNode;
      changed = true;
    }
    if (!changed) break;
    errors = validate(kind, current);
  }
  return { root: current, errors };
}

function wantsText(type: unknown): boolean {
  return type === "string" || (Array.isArray(type) && type.includes("string"));
}

/** Splits a JSON pointer. */
function pathOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function without(root: MapNode, path: readonly string[]): MapNode {
  const result = replaceAt(root, path, undefined);
  return result?.kind === "map" ? result : { ...root, entries: new Map() };
}

/** Copies the way to a path with another node at its end, or with nothing. */
function replaceAt(node: Node, path: readonly string[], replacement: Node | undefined): Node | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  if (node.kind === "map") return replaceInMap(node, step, rest, replacement);
  if (node.kind === "list")
    return { ...node, items: replaceInList(node.items, Number(step), rest, replacement) };
  if (node.kind === "patch") {
    const inAdd = Number(step) < node.add.length;
    if (inAdd) return { ...node, add: replaceInList(node.add, Number(step), rest, replacement) };
    return { ...node, remove: replaceInList(node.remove, Number(step) - node.add.length, rest, replacement) };
  }
  return node;
}

function replaceInMap(
  node: MapNode,
  step: string,
  rest: readonly string[],
  replacement: Node | undefined,
): MapNode {
  const entry = node.entries.get(step);
  if (!entry) return node;
  const entries = new Map<string, Entry>(node.entries);
  const value = replaceAt(entry.value, rest, replacement);
  if (value) entries.set(step, { keyAt: entry.keyAt, value });
  else entries.delete(step);
  return { ...node, entries };
}

/** A removed entry leaves a `null`, so that the indexes of later errors still fit. */
function replaceInList(
  items: readonly Node[],
  index: number,
  rest: readonly string[],
  replacement: Node | undefined,
): Node[] {
  return items.map((item, at) => {
    if (at !== index) return item;
    return (
      replaceAt(item, rest, replacement) ?? {
        kind: "scalar",
        at: item.at,
        value: null,
        source: "",
        plain: true,
      }
    );
  });
}
