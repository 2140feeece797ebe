import type { Statement } from "./state.ts";

/** The one command that makes a chain of names (`import [ A B ]`) another: a name that goes, or names that come at the end.
 *  @returns nothing where one command is not enough, or a name wants quotes */
export function chainEdit(old: Statement, next: Statement): string | undefined {
  const [before, after] = [namesOf(old), namesOf(next)];
  const kept = before.filter((name) => after.includes(name));
  const added = after.slice(kept.length);
  const gone = before.filter((name) => !after.includes(name));
  const isPlain = [...added, ...gone].every((name) => /^[\w.-]+$/.test(name));
  if (!isPlain || kept.some((name, i) => name !== after[i])) return undefined;
  if (gone.length === 0)
    return `set ${next.slot} ${added.length === 1 ? added[0] : `[ ${added.join(" ")} ]`}`;
  return gone.length === 1 && added.length === 0 ? `delete ${next.slot} ${gone[0]}` : undefined;
}

function namesOf({ match }: Statement): string[] {
  const type = match?.rule.captureTypes.at(-1);
  return (match?.captures ?? []).filter((capture) => capture.type === type).map(({ text }) => text);
}
