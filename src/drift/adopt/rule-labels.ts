/** Takes out of named chains what decides no packet: comments, the words that a log line begins with, and the order of
 *  lines that all accept. A rule typed by hand bears none of ours; the next apply writes them. */
export function withoutLabels(text: string, chains: ReadonlySet<string>): string {
  if (chains.size === 0) return text;
  const lines = text.split("\n");
  const kept: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    kept.push(line);
    if (!chains.has(line.trim().replace(/ \{$/, ""))) continue;
    const end = lines.findIndex((one, at) => at > index && one.trim() === "}");
    if (end < 0) continue;
    const inner = lines.slice(index + 1, end).map(withoutLabel);
    const orderFree = inner.every((one) => / accept$/.test(one));
    kept.push(...(orderFree ? inner.sort() : inner));
    index = end - 1;
  }
  return kept.join("\n");
}

function withoutLabel(line: string): string {
  return line.replace(/ comment "[^"]*"$/, "").replace(/ log prefix "[^"]*"/, " log");
}
