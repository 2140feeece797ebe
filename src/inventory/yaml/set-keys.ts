import { type Document, isAlias, isMap, isSeq, parseDocument } from "yaml";

/** One key of a YAML file set to a value; `undefined` takes the key away. */
export interface YamlEdit {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** What editing gave: the text, or why the file was left as it is. */
export type Edited =
  | { readonly text: string; readonly refused?: never }
  | { readonly text?: never; readonly refused: string };

const SPELLING = { lineWidth: 0, flowCollectionPadding: false } as const;

/** Sets keys of a YAML file. Every other line keeps its bytes: a file that would be spelled anew is refused. */
export function editYaml(source: string, edits: readonly YamlEdit[]): Edited {
  const document = parseDocument(source, { uniqueKeys: false, logLevel: "error" });
  if (document.errors.length > 0) return { refused: "it is no YAML" };
  if (document.toString(SPELLING) !== source)
    return { refused: "lines that nobody means would change; type sitewright fmt and commit that first" };
  for (const { path, value } of edits) {
    if (sharesAnchor(document, path)) return { refused: `${path.join(".")} is written by an anchor` };
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value, { flow: false }));
    if (Array.isArray(value)) spellShort(document, path);
  }
  return { text: document.toString(SPELLING) };
}

/** A value behind an alias stands elsewhere too: setting it there would change more than was asked for. */
function sharesAnchor(document: Document, path: readonly string[]): boolean {
  return path.some((_step, index) => {
    const node = document.getIn(path.slice(0, index + 1), true);
    return isAlias(node) || (isMap(node) && node.has("<<"));
  });
}

/** Lists of names stand in one line, as people write them. */
function spellShort(document: Document, path: readonly string[]): void {
  const node = document.getIn(path, true);
  if (isSeq(node)) node.flow = true;
}
