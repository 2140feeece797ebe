/** What follows a word in the first statement that begins with it. */
export function settingOf(statements: readonly string[], word: string): string | undefined {
  return statements.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
}

/** The text of a file's block, without what marks its lines. */
export function contentLines(statements: readonly string[]): readonly string[] {
  return statements.flatMap((line) => (line.startsWith("|") ? [line.slice(1).replace(/^ /, "")] : []));
}

/** A public key with one blank between its words. */
export function plainKey(key: string): string {
  return key.trim().replace(/\s+/g, " ");
}
