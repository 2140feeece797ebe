/** The lines of a chain of an nftables ruleset, without their indentation; none where it is not there. */
export function chainLines(text: string, [table = "", chain = ""]: readonly string[]): readonly string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const start = lines.indexOf(`${table} {`);
  const head = start < 0 ? -1 : lines.indexOf(`${chain} {`, start);
  if (head < 0) return [];
  const end = lines.indexOf("}", head);
  return lines.slice(head + 1, end < 0 ? undefined : end).filter((line) => line !== "");
}
