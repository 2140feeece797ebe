import type { RuleLine } from "./types.ts";

/** One `add` of an export. */
export interface RouterosEntry {
  readonly at: RuleLine;
  readonly menu: string;
  readonly properties: ReadonlyMap<string, string>;
}

/** Reads the entries of an export, of any menu, lines that go on with `\` joined. */
export function routerosEntries(text: string): RouterosEntry[] {
  const entries: RouterosEntry[] = [];
  let menu = "";
  let pending = "";
  for (const [index, raw] of text.split("\n").entries()) {
    const line = `${pending}${pending === "" ? raw.trim() : raw.trimStart()}`;
    pending = "";
    if (line.endsWith("\\")) {
      pending = line.slice(0, -1);
      continue;
    }
    if (line === "" || line.startsWith("#")) continue;
    let body = line;
    if (line.startsWith("/")) {
      const path =
        /^(\/[a-z0-9-]+(?: (?!(?:add|set|remove|move)\b)[a-z0-9-]+)*)(?: |$)/.exec(line)?.[1] ?? line;
      menu = path;
      body = line.slice(path.length).trim();
    }
    if (!body.startsWith("add ")) continue;
    entries.push({ at: { line: index + 1, text: line }, menu, properties: propertiesOf(body.slice(4)) });
  }
  return entries;
}

function propertiesOf(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const [, name = "", quoted, plain] of text.matchAll(/([\w.-]+)=(?:"((?:\\.|[^"\\])*)"|(\S*))/g))
    properties.set(name, quoted === undefined ? (plain ?? "") : quoted.replace(/\\(.)/g, "$1"));
  return properties;
}
