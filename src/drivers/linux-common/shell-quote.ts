/** Quotes a word for a POSIX shell; plain words stay as they are. */
export function quote(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Line that ends an inline document in the commands that drivers make. */
export const DOCUMENT_END = "SITEWRIGHT";

/** Feeds lines to a command, word for word.
 *  @throws Error where a line is the end mark itself */
export function inlineDocument(command: string, lines: readonly string[]): string[] {
  if (lines.includes(DOCUMENT_END))
    throw new Error(`a line is "${DOCUMENT_END}", which ends an inline document`);
  return [`${command} <<'${DOCUMENT_END}'`, ...lines, DOCUMENT_END];
}
