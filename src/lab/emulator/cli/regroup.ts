/** Puts lines of one thing together: within each run of lines that a pattern fits, lines of the same name stay in
 *  their order and names in the order of their first line. Devices print accounts and groups that way.
 *  @param patterns - each captures the name that lines are gathered by */
export function regroup(lines: readonly string[], patterns: readonly RegExp[]): string[] {
  const result: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const pattern = patterns.find((one) => one.test(lines[at] ?? ""));
    if (pattern === undefined) {
      result.push(lines[at] ?? "");
      at += 1;
      continue;
    }
    const groups = new Map<string, string[]>();
    for (; at < lines.length; at += 1) {
      const name = pattern.exec(lines[at] ?? "")?.[1];
      if (name === undefined) break;
      groups.set(name, [...(groups.get(name) ?? []), lines[at] ?? ""]);
    }
    for (const group of groups.values()) result.push(...group);
  }
  return result;
}
