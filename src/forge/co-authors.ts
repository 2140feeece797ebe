/** Reads who else wrote a commit from its message: `Name <address>` of each `Co-authored-by` line.
 *  @see https://git-scm.com/docs/git-interpret-trailers */
export function coAuthorsOf(message: string): string[] {
  return [...message.matchAll(/^co-authored-by:[ \t]*(\S[^\r\n]*)$/gim)].map((match) =>
    (match[1] ?? "").trim(),
  );
}
