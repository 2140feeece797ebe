import type { FileWhere, Finding } from "../../model/finding.ts";
import type { FileKind } from "../read/file-kind.ts";
import type { ShapeError } from "../schema/validate.gen.js";
import type { MapNode } from "../yaml/node.ts";
import { nodeAt, showNode } from "../yaml/node.ts";
import type { SchemaPart } from "./schema-at.ts";
import { schemaAt } from "./schema-at.ts";
import { listNames, suggest } from "./suggest.ts";

/** Says in the engineer's words what a shape error means; undefined where another error of the same value says it. */
export function shapeFinding(
  kind: FileKind,
  root: MapNode,
  error: ShapeError,
  path: readonly string[],
): Finding | undefined {
  if (error.keyword === "propertyNames") return badName(root, String(error.params.propertyName), path);
  // What is wrong with a name is said by the error above, once.
  if (error.propertyName !== undefined) return undefined;
  if (error.keyword === "pattern" && nodeAt(root, path)?.kind === "map") return undefined;
  if (error.keyword === "additionalProperties") return unknownKey(kind, root, error, path);
  const where = nodeAt(root, path)?.at ?? root.at;
  const found = schemaAt(kind, path);
  const name = keyName(path);
  if (found?.name === "secret") return bareSecret(name, where);
  const known = describe(error, found?.schema, name, root, path);
  return { code: known.code, severity: "error", message: clip(known.message), hint: known.hint, where };
}

function describe(
  error: ShapeError,
  schema: SchemaPart | undefined,
  name: string,
  root: MapNode,
  path: readonly string[],
): { code: string; message: string; hint: string } {
  const node = nodeAt(root, path);
  const shown = node ? showNode(node) : "nothing";
  const example = exampleOf(schema);
  if (error.keyword === "type") {
    return {
      code: "INV-TYPE",
      message: `${name} is ${shown}; it must be ${typeWords(error.params.type)}`,
      hint: typeHint(error, node, example, schema),
    };
  }
  if (error.keyword === "enum") {
    const allowed = (error.params.allowedValues as readonly string[] | undefined) ?? [];
    const text = node?.kind === "scalar" ? node.source : "";
    const near = suggest(text, allowed);
    return {
      code: "INV-VALUE",
      message: `${name} is ${shown}, which is none of its values`,
      hint: near
        ? `did you mean ${near}? Allowed: ${allowed.join(", ")}`
        : `write one of: ${allowed.join(", ")}`,
    };
  }
  if (error.keyword === "pattern") {
    return {
      code: "INV-FORMAT",
      message: `${name} is ${shown}, which is not written as it must be`,
      hint: `${lowerFirst(firstSentence(schema?.description))}${example}`.trim() || "see docs/inventory.md",
    };
  }
  if (error.keyword === "minimum" || error.keyword === "maximum") {
    const side = error.keyword === "minimum" ? "at least" : "at most";
    return {
      code: "INV-RANGE",
      message: `${name} is ${shown.replaceAll('"', "")}; it must be ${side} ${String(error.params.limit)}`,
      hint: `${lowerFirst(firstSentence(schema?.description))}: ${rangeOf(schema, error)}`,
    };
  }
  if (error.keyword === "multipleOf") {
    const step = Number(error.params.multipleOf);
    return {
      code: "INV-RANGE",
      message: `${name} is ${shown.replaceAll('"', "")}; it must be a multiple of ${step}`,
      hint: `write 0, ${step}, ${2 * step}, …`,
    };
  }
  if (error.keyword === "minProperties") {
    return {
      code: "INV-TYPE",
      message: `${name} is empty`,
      hint: `give it at least one key: ${listNames(Object.keys(schema?.properties ?? {}))}`,
    };
  }
  return {
    code: "INV-SHAPE",
    message: `${name} is ${shown}, which breaks the rule "${error.keyword}"`,
    hint: "see docs/inventory.md",
  };
}

function rangeOf(schema: SchemaPart | undefined, error: ShapeError): string {
  const bounds = schema as { minimum?: number; maximum?: number } | undefined;
  if (bounds?.minimum !== undefined && bounds.maximum !== undefined)
    return `${bounds.minimum} to ${bounds.maximum}`;
  return `${String(error.params.comparison)} ${String(error.params.limit)}`;
}

function unknownKey(kind: FileKind, root: MapNode, error: ShapeError, path: readonly string[]): Finding {
  const key = String(error.params.additionalProperty);
  const parent = nodeAt(root, path);
  const where = parent?.kind === "map" ? (parent.entries.get(key)?.keyAt ?? parent.at) : root.at;
  const known = Object.keys(schemaAt(kind, path)?.schema.properties ?? {});
  const near = suggest(key, known);
  const place = path.length === 0 ? "this file" : keyName(path);
  const allowed = known.length === 0 ? "it takes no keys" : `known keys: ${listNames(known, 12)}`;
  return {
    code: "INV-UNKNOWN-KEY",
    severity: "error",
    message: clip(`"${key}" is no key of ${place}`),
    hint: near ? `did you mean ${near}?` : allowed,
    where,
  };
}

function badName(root: MapNode, name: string, path: readonly string[]): Finding {
  const parent = nodeAt(root, path);
  const where = parent?.kind === "map" ? (parent.entries.get(name)?.keyAt ?? parent.at) : root.at;
  return {
    code: "INV-NAME",
    severity: "error",
    message: clip(`"${name}" is no name for an entry of ${path.length === 0 ? "this file" : keyName(path)}`),
    hint: nameHint(path, name),
    where,
  };
}

function nameHint(path: readonly string[], name: string): string {
  if (path.at(-1) === "files") return "write an absolute path, e.g. /etc/motd";
  const fixed = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  const example = fixed && fixed !== name ? `, e.g. ${fixed}` : "";
  return `use letters, digits and inner hyphens${example}`;
}

/** The value is not shown: it may be the secret itself. */
function bareSecret(name: string, where: FileWhere): Finding {
  return {
    code: "CRD-004",
    severity: "error",
    message: `${name} is no reference to a secret`,
    hint: "write env:NAME@1, file:PATH@1, sops:FILE#KEY@1 or pulumi:KEY@1, and change the secret if it was written here",
    where,
  };
}

/** Says that a key is missing, at the map that lacks it. */
export function missingKeyFinding(
  kind: FileKind,
  root: MapNode,
  error: ShapeError,
  path: readonly string[],
): Finding | undefined {
  const parent = nodeAt(root, path);
  if (!parent) return undefined;
  const key = String(error.params.missingProperty);
  const holder = path.length > 0 ? nodeAt(root, path.slice(0, -1)) : undefined;
  const where =
    holder?.kind === "map" ? (holder.entries.get(String(path.at(-1)))?.keyAt ?? parent.at) : parent.at;
  const schema = schemaAt(kind, [...path, key])?.schema;
  return {
    code: "INV-MISSING-KEY",
    severity: "error",
    message: clip(`${path.length === 0 ? `the ${kind}` : keyName(path)} lacks the key "${key}"`),
    hint: `add ${key}: ${lowerFirst(firstSentence(schema?.description))}${exampleOf(schema)}`.trim(),
    where,
  };
}

function typeWords(type: unknown): string {
  const words: Record<string, string> = {
    string: "text",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "a map of keys",
  };
  const types = Array.isArray(type) ? type : [type];
  return types.map((one) => words[String(one)] ?? String(one)).join(" or ");
}

function typeHint(
  error: ShapeError,
  node: ReturnType<typeof nodeAt>,
  example: string,
  schema: SchemaPart | undefined,
): string {
  const { type } = error.params;
  if (node?.kind === "scalar" && node.value !== null) {
    if (type === "boolean")
      return /^(yes|on|y|enabled?)$/i.test(node.source)
        ? "write true"
        : /^(no|off|n|disabled?)$/i.test(node.source)
          ? "write false"
          : "write true or false";
    if (type === "integer" && /^\d+$/.test(node.source)) return "write the number without quotes";
    if (type === "array") return `write [${node.source}]`;
  }
  if (type === "object") {
    const keys = Object.keys(schema?.properties ?? {});
    return keys.length > 0 ? `write keys below it: ${listNames(keys)}` : "write `name: {…}` below it";
  }
  return `${lowerFirst(firstSentence(schema?.description))}${example}`.trim() || "see docs/inventory.md";
}

/** The key that a path ends with; for an entry of a list, the list's key. */
function keyName(path: readonly string[]): string {
  const last = path.at(-1) ?? "the file";
  if (!/^\d+$/.test(last) || path.length < 2) return last;
  return `entry ${Number(last) + 1} of ${path.at(-2)}`;
}

function exampleOf(schema: SchemaPart | undefined): string {
  const example = schema?.examples?.[0];
  return example === undefined ? "" : `, e.g. ${String(example)}`;
}

function firstSentence(text: string | undefined): string {
  return (text ?? "").split(/(?<=[^.])\.(?:\s|$)/)[0] ?? "";
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

function clip(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`;
}
