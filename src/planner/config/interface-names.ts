import type { Dialect } from "./dialect.ts";
import type { RuleMatch } from "./pattern.ts";

/** Joins `GigabitEthernet 1/0/1` and writes the name out in full. */
export function interfaceHeader(dialect: Dialect, words: readonly string[]): readonly string[] {
  const [, name = "", number, ...rest] = words;
  const joined = number !== undefined && /^\d/.test(number) && !/\d$/.test(name);
  const full = expandInterface(dialect, joined ? name + number : name);
  return ["interface", full, ...(joined ? rest : words.slice(2))];
}

/** Writes an abbreviated interface name out: `Gi1/0/1` to `GigabitEthernet1/0/1`. */
export function expandInterface(dialect: Dialect, name: string): string {
  const match = /^([A-Za-z][A-Za-z-]*)(\d.*)$/.exec(name);
  if (!match) return name;
  const [, letters = "", number = ""] = match;
  const typed = letters.toLowerCase();
  for (const [short, full] of dialect.interfaceNames.short) {
    if (typed.startsWith(short) && full.toLowerCase().startsWith(typed)) return full + number;
  }
  return name;
}

/** Writes the interface names of a line out, where its rule says that there are any. */
export function expandInterfaces(
  dialect: Dialect,
  words: readonly string[],
  match: RuleMatch,
): string[] | undefined {
  const copy = [...words];
  let changed = false;
  for (const [i, token] of match.rule.tokens.entries()) {
    if (token.kind !== "capture" || token.type !== "if") continue;
    const full = expandInterface(dialect, copy[i] ?? "");
    if (full === copy[i]) continue;
    copy[i] = full;
    changed = true;
  }
  return changed ? copy : undefined;
}
