import type { GeneratedFile, JsonSchema } from "./generated-file.ts";

/** Files whose values may come from a more general layer: nothing is required of one file alone, a list may be
 *  changed by `{add, remove}`, and null takes an inherited value away. */
const LAYERED: ReadonlySet<string> = new Set(["provider", "client", "site", "device", "server"]);

/** Makes the schemas that editors read, one file each with all that it refers to: what a person may type, where the
 *  schemas beside them say what a file means once its layers are merged. */
export function editorSchemas(
  folder: string,
  common: JsonSchema,
  schemas: ReadonlyMap<string, JsonSchema>,
): GeneratedFile[] {
  return [...schemas].map(([name, schema]) => ({
    path: `${folder}/editor/${name}.json`,
    content: `${JSON.stringify(editorSchema(schema, common, LAYERED.has(name)), undefined, 2)}\n`,
  }));
}

function editorSchema(schema: JsonSchema, common: JsonSchema, layered: boolean): JsonSchema {
  const all = common.$defs as Readonly<Record<string, JsonSchema>>;
  const defs: Record<string, unknown> = {};
  const adapt = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(adapt);
    if (!isSchema(value)) return value;
    const adapted: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(value)) {
      if (key === "required" && layered) continue;
      if (key === "$ref") adapted.$ref = local(String(part));
      else if (key === "properties") adapted.properties = eachValue(part as JsonSchema, inheritable);
      else if (key === "additionalProperties" && isSchema(part)) adapted[key] = inheritable(part);
      else adapted[key] = adapt(part);
    }
    return layered && adapted.type === "array" ? changeable(adapted) : adapted;
  };
  const inheritable = (part: unknown): unknown => {
    const adapted = adapt(part) as JsonSchema;
    return layered ? nullable(adapted) : adapted;
  };
  const local = (ref: string): string => {
    const name = ref.split("/").at(-1) ?? "";
    if (!(name in defs)) {
      defs[name] = {};
      defs[name] = adapt(all[name]);
    }
    return `#/$defs/${name}`;
  };
  const adapted = adapt(schema) as JsonSchema;
  return { ...adapted, $defs: defs };
}

/** A list, or what is to be added to and removed from the inherited one. */
function changeable(list: JsonSchema): JsonSchema {
  const { description, title, ...plain } = list;
  const change = { type: "object", additionalProperties: false, properties: { add: plain, remove: plain } };
  return { ...(description ? { description } : {}), ...(title ? { title } : {}), anyOf: [plain, change] };
}

/** Null takes away what a more general layer gave. */
function nullable(part: JsonSchema): JsonSchema {
  if (typeof part.type === "string" && !("enum" in part) && !("const" in part)) {
    return { ...part, type: [part.type, "null"] };
  }
  const { description, ...plain } = part;
  if (Array.isArray(plain.anyOf) && Object.keys(plain).length === 1) {
    return {
      ...(description ? { description } : {}),
      anyOf: [...(plain.anyOf as unknown[]), { type: "null" }],
    };
  }
  return { ...(description ? { description } : {}), anyOf: [plain, { type: "null" }] };
}

function eachValue(map: JsonSchema, change: (value: unknown) => unknown): JsonSchema {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
