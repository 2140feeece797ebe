import { captureValues, fillTemplate } from "./pattern.ts";
import type { Statement } from "./state.ts";

/** Lines that go and take others along, with how those begin. Of two that own each other the first takes the other along. */
export function goneOwners(
  old: ReadonlyMap<string, Statement>,
  next: ReadonlyMap<string, Statement>,
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const known = new Set<string>();
  for (const [slot, statement] of old) {
    const template = statement.match?.rule.owns;
    if (template === undefined || next.has(slot)) continue;
    const head = fillTemplate(template, captureValues(statement.match?.captures ?? [])).trimEnd();
    if (known.has(head)) continue;
    known.add(head);
    owners.set(slot, head);
  }
  return owners;
}

/** Slots that go with the lines that own them. */
export function ownedSlots(
  old: ReadonlyMap<string, Statement>,
  next: ReadonlyMap<string, Statement>,
  owners: ReadonlyMap<string, string>,
  heads: ReadonlySet<string>,
): ReadonlySet<string> {
  const isOwned = (slot: string) =>
    !next.has(slot) && !owners.has(slot) && headAmong(heads, slot) !== undefined;
  return new Set([...old.keys()].filter(isOwned));
}

/** Beginnings of lines that intended wants though their owner goes. */
export function revokedHeads(
  next: ReadonlyMap<string, Statement>,
  heads: ReadonlySet<string>,
): ReadonlySet<string> {
  if (heads.size === 0) return heads;
  const found = new Set<string>();
  for (const slot of next.keys()) {
    const head = headAmong(heads, slot);
    if (head !== undefined) found.add(head);
  }
  return found;
}

/** Lines that stand on both sides and go with an owner that goes do not stand any more: they are typed again. */
export function withoutRevoked(
  old: ReadonlyMap<string, Statement>,
  next: ReadonlyMap<string, Statement>,
  heads: ReadonlySet<string>,
): ReadonlyMap<string, Statement> {
  return new Map([...old].filter(([slot]) => !next.has(slot) || headAmong(heads, slot) === undefined));
}

/** The beginning, some words long, that a line shares with one of these. */
function headAmong(heads: ReadonlySet<string>, slot: string): string | undefined {
  for (let at = slot.indexOf(" "); at > 0; at = slot.indexOf(" ", at + 1)) {
    const head = slot.slice(0, at);
    if (heads.has(head)) return head;
  }
  return undefined;
}
