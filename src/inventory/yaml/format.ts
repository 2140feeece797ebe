import { type Document, parseDocument, visit } from "yaml";

/** What formatting gave: the text, or why the file was left as it is. */
export type Formatted =
  | { readonly text: string; readonly refused?: never }
  | { readonly text?: never; readonly refused: string };

const MODELINE = /^# yaml-language-server: \$schema=.*$/m;

/** Spells a YAML file as we write it: two blanks a level, lists below their key, long lines whole; comments, anchors and
 *  the order of keys stay. Gives the text back only where it means the same as before.
 *  @param modeline - the first line that tells editors the schema; an existing one is replaced */
export function formatYaml(source: string, modeline: string): Formatted {
  const before = parseDocument(source, { uniqueKeys: false, logLevel: "error" });
  const [error] = before.errors;
  if (error !== undefined) return { refused: `it is no YAML: ${error.message.split("\n")[0]}` };
  const body = before.toString({ lineWidth: 0, flowCollectionPadding: false });
  const text = MODELINE.test(body) ? body.replace(MODELINE, () => modeline) : `${modeline}\n${body}`;
  const after = parseDocument(text, { uniqueKeys: false, logLevel: "error" });
  const same = meaningOf(before) === meaningOf(after) && sameComments(before, after, modeline);
  return same ? { text } : { refused: "it would not mean the same afterwards" };
}

function meaningOf(document: Document): string {
  return JSON.stringify(document.toJS({ maxAliasCount: 1000 }));
}

/** Comments may move by a blank line, but none may be lost. */
function sameComments(before: Document, after: Document, modeline: string): boolean {
  const kept = commentsOf(after).filter((line) => line !== modeline.slice(1).trim());
  const had = commentsOf(before).filter((line) => !MODELINE.test(`# ${line}`));
  return had.sort().join("\n") === kept.sort().join("\n");
}

function commentsOf(document: Document): string[] {
  const texts: (string | null | undefined)[] = [document.commentBefore, document.comment];
  visit(document, {
    Node: (_key, node) => {
      texts.push(node.commentBefore, node.comment);
    },
  });
  return texts
    .flatMap((text) => (text ?? "").split("\n").map((line) => line.trim()))
    .filter((line) => line !== "");
}
