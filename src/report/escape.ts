/** Texts of a branch are a stranger's: they may hold Markdown, HTML, mentions, links and characters that no eye sees. */

/** Control characters, and those that turn the direction of writing or have no width. */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|\p{Variation_Selector}|[\u{e0000}-\u{e0fff}]/gu;
const MARKUP = /[&<>"'`*_{}[\]()#+!|~$@\\=^%]/g;

/** Makes what cannot be seen visible, and one line of many. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, (character) =>
    character === "\n" || character === "\t" ? " " : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Text for a paragraph or a table cell: shown as written, it formats, links and calls nobody. */
export function escapeText(text: string, limit = 200): string {
  return shorten(oneLine(text), limit)
    .replace(MARKUP, (character) => {
      const entity = `&#${character.codePointAt(0) ?? 0};`;
      // Without width, but enough to break a mention or a reference to an issue.
      return character === "@" || character === "#" ? `${entity}&#8203;` : entity;
    })
    .replace(/:\/\//g, ":&#8203;//")
    .replace(/\bwww\./gi, (word) => `${word.slice(0, 3)}&#8203;.`)
    .replace(/\b(GH-)(?=\d)/gi, "$1&#8203;");
}

/** Text as a code span: fenced by more backticks than it holds. `|` is escaped, for tables. */
export function codeSpan(text: string, limit = 200): string {
  const line = shorten(oneLine(text), limit);
  if (line.trim() === "") return "";
  const fence = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line.replaceAll("|", "\\|")}${pad}${fence}`;
}

/** Lines as a code block: fenced by more backticks than any of them holds. */
export function codeBlock(lines: readonly string[], language = ""): string {
  const shown = lines.map((line) => oneLine(line));
  const fence = "`".repeat(Math.max(3, ...shown.map((line) => longestRun(line) + 1)));
  return [`${fence}${language}`, ...shown, fence].join("\n");
}

/** One word of a shell command: as it is where it is harmless, else in single quotes. */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9_./:@%+,-]+$/.test(text) && !text.startsWith("-")) return text;
  return `'${oneLine(text).replaceAll("'", "'\\''")}'`;
}

/** Cuts at a whole character. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = Array.from(text.slice(0, limit + 1));
  let kept = "";
  for (const character of characters) {
    if (kept.length + character.length > limit - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
