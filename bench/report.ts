/** CPU milliseconds of this process that `work` takes, and what it returns. CPU time is quiet where wall time is not. */
export function cpu<T>(work: () => T): { readonly cpuMs: number; readonly result: T } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, result };
}

/** Prints the heading of a group of figures. */
export function title(text: string): void {
  console.log(`\n${text}`);
}

/** Prints one figure. */
export function row(work: string, milliseconds: number, note: string): void {
  const figure = `${milliseconds.toFixed(milliseconds < 10 ? 2 : 0)} ms`;
  console.log(`  ${work.padEnd(58)} ${figure.padStart(11)}  ${note.trim()}`);
}
