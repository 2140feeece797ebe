/** A row of an OVSDB table: columns by name, values as text, lists of text or maps. */
export interface OvsRow {
  text(column: string): string | undefined;
  list(column: string): readonly string[];
  map(column: string): ReadonlyMap<string, string>;
}

/** Reads what `ovs-vsctl --format=json list TABLE` prints. A set of one comes bare, an empty one as an empty set.
 *  @throws SyntaxError where the text is no JSON */
export function readTable(json: string): OvsRow[] {
  if (json.trim() === "") return [];
  const document = JSON.parse(json) as {
    readonly headings?: readonly string[];
    readonly data?: readonly unknown[][];
  };
  const headings = document.headings ?? [];
  return (document.data ?? []).map((values) =>
    rowOf(new Map(headings.map((name, at) => [name, values[at]]))),
  );
}

function rowOf(columns: ReadonlyMap<string, unknown>): OvsRow {
  return {
    text: (column) => listOf(columns.get(column))[0],
    list: (column) => listOf(columns.get(column)),
    map: (column) => mapOf(columns.get(column)),
  };
}

function listOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value[0] === "set") return (value[1] as unknown[]).flatMap(listOf);
  if (Array.isArray(value) && value[0] === "uuid") return [String(value[1])];
  if (Array.isArray(value) && value[0] === "map") return [];
  return value === "" ? [] : [String(value)];
}

function mapOf(value: unknown): ReadonlyMap<string, string> {
  if (!Array.isArray(value) || value[0] !== "map") return new Map();
  return new Map((value[1] as [unknown, unknown][]).map(([key, inner]) => [String(key), String(inner)]));
}
