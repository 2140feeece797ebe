/** Writes sorted numbers as runs.
 *  @param to - what stands between the ends of a run: `-` or ` to `
 *  @param shortest - how many numbers in a row make a run (2, or 3 where two stand alone) */
export function writeRuns(numbers: Iterable<number>, to: string, shortest: number): string[] {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const runs: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    const first = sorted[at] ?? 0;
    let end = at;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    const last = sorted[end] ?? first;
    if (end - at + 1 >= shortest) runs.push(`${first}${to}${last}`);
    else for (let value = first; value <= last; value += 1) runs.push(String(value));
    at = end + 1;
  }
  return runs;
}

/** Reads `10,20-30`; undefined where the text is no such list or a number is out of bounds. */
export function readCommaRanges(text: string, low: number, high: number): number[] | undefined {
  const numbers: number[] = [];
  for (const part of text.split(",")) {
    const found = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (found === null) return undefined;
    const first = Number(found[1]);
    const last = found[2] === undefined ? first : Number(found[2]);
    if (first < low || last > high || last < first) return undefined;
    for (let value = first; value <= last; value += 1) numbers.push(value);
  }
  return numbers;
}

/** Lists the numbers from one to another, both included. */
export function span(low: number, high: number): number[] {
  return Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => low + index);
}
