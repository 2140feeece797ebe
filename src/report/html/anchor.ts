/** An id within a page, made of any texts: each text gives its own. */
export function anchor(...parts: readonly string[]): string {
  return parts
    .map((part) =>
      part.replace(/[^A-Za-z0-9-]/gu, (character) => `_${character.codePointAt(0)?.toString(36)}_`),
    )
    .join(".");
}
