import { readFileSync } from "node:fs";
import { besideCode } from "../../package-files.ts";
import type { FileKind } from "../read/file-kind.ts";

/** A part of a JSON Schema, as far as messages need it. */
export interface SchemaPart {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaPart>>;
  readonly additionalProperties?: boolean | SchemaPart;
  readonly items?: SchemaPart;
  readonly propertyNames?: SchemaPart;
}

const load = (name: string): unknown =>
  JSON.parse(readFileSync(besideCode(`inventory/schema/${name}.json`), "utf8"));

/** Gives the schema of the value at a path, with the reference that it came by (`secret`, `duration`, …).
 *  Loaded only when a message is made: most runs find nothing wrong. */
export function schemaAt(
  kind: FileKind,
  path: readonly string[],
): { readonly schema: SchemaPart; readonly name: string | undefined } | undefined {
  const common = load("common") as { $defs: Record<string, SchemaPart> };
  let name: string | undefined;
  const follow = (part: SchemaPart | undefined): SchemaPart | undefined => {
    name = undefined;
    let current = part;
    for (let hops = 0; current?.$ref && hops < 8; hops++) {
      name = current.$ref.split("/").at(-1);
      const { $ref: _ref, ...own } = current;
      const target: SchemaPart | undefined = common.$defs[name ?? ""];
      current = target && { ...target, ...own };
    }
    return current;
  };
  let schema = follow(load(kind) as SchemaPart);
  for (const step of path) {
    if (!schema) return undefined;
    const property: SchemaPart | undefined = schema.properties?.[step];
    const other = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
    const item = /^\d+$/.test(step) ? schema.items : undefined;
    schema = follow(property ?? other ?? item);
  }
  return schema && { schema, name };
}
