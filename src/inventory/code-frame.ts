import type { FileWhere } from "../model/finding.ts";
import type { Workspace } from "./read/workspace.ts";

/** Shows the line of a place with one line around it and a mark below the column; "" where the file is not at hand.
 *  @param contextLines - lines shown before and after (default 1) */
export function codeFrame(workspace: Workspace, where: FileWhere, contextLines = 1): string {
  const text = workspace.files.get(where.file);
  if (text === undefined) return "";
  const lines = text.split(/\r?\n/);
  const first = Math.max(1, where.line - contextLines);
  const last = Math.min(lines.length, where.line + contextLines);
  const width = String(last).length;
  const out: string[] = [];
  for (let number = first; number <= last; number++) {
    const line = (lines[number - 1] ?? "").slice(0, 160);
    const mark = number === where.line ? ">" : " ";
    out.push(`${mark} ${String(number).padStart(width)} | ${line}`.trimEnd());
    if (number === where.line) out.push(`  ${" ".repeat(width)} | ${padding(line, where.column)}^`);
  }
  return out.join("\n");
}

/** Blanks as wide as the text before the column: wide characters (CJK) take two cells, tabs stay tabs. */
function padding(line: string, column: number): string {
  let out = "";
  for (const character of line.slice(0, column - 1)) {
    if (character === "\t") out += "\t";
    else
      out +=
        /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
          character,
        )
          ? "  "
          : " ";
  }
  return out;
}
