import { ownedBy, usesOfOwned } from "./diff-line.ts";
import { claimOf, type Place, releasesOf, type Siblings, unsureHead, type Work } from "./diff-work.ts";
import { NO_EFFECTS } from "./operation.ts";
import { captureValues, fillTemplate } from "./pattern.ts";
import { deepReferences } from "./references.ts";
import { removalCommand } from "./spell.ts";
import { livesByItself, type Statement } from "./state.ts";

/** Families of which all goes, and all is claimed. */
export function goneFamilies(
  work: Work,
  old: ReadonlyMap<string, Statement>,
  next: ReadonlyMap<string, Statement>,
  place: Place,
): Siblings["families"] {
  const stays = new Set([...next.values()].map(familyOf));
  const families = new Map<string, Statement[]>();
  for (const statement of old.values()) {
    const family = familyOf(statement);
    if (family === undefined) continue;
    if (!place.claimed && claimOf(work, place, statement, undefined) !== "all") stays.add(family);
    const known = families.get(family);
    if (known) known.push(statement);
    else families.set(family, [statement]);
  }
  const gone = [...families].filter(([family, { length }]) => length > 1 && !stays.has(family));
  return new Map(gone.flatMap(([, all]) => all.map((statement) => [statement.slot, all] as const)));
}

/** The command that takes away all of a block's family. */
function familyOf({ match }: Statement): string | undefined {
  return match?.rule.family && fillTemplate(match.rule.family, captureValues(match.captures));
}

/** The command that puts a block back to default, where the platform has one for its kind. */
export function resetOf({ compiled }: Work, { match }: Statement): string | undefined {
  return match?.rule.life === "interface" ? compiled.dialect.resetCommand : undefined;
}

/** Tells whether a list without a header of its own goes by one command: nothing that goes with it is to stay. */
export function isWholeList({ match }: Statement, { next }: Siblings): boolean {
  if (match?.rule.life !== "entries" || match.rule.remove === undefined) return false;
  const head = fillTemplate(match.rule.owns ?? "", captureValues(match.captures));
  return head === "" || ![...next.keys()].some((slot) => slot.startsWith(head));
}

/** Takes a block away by one command, and with it all others of its family.
 *  @param family - blocks that go together, the first of them the block */
export function dropBlock(
  work: Work,
  a: Statement,
  family: readonly Statement[],
  place: Place,
  siblings: Siblings,
): void {
  const { dialect } = work.compiled;
  const physical = livesByItself(dialect, a);
  const listed = isWholeList(a, siblings);
  const references = family.map((statement) => deepReferences(dialect, statement, place.slots));
  const uses = references.flatMap((each) => each.uses);
  const whole = family.length > 1 ? a.match?.rule.family : physical ? resetOf(work, a) : undefined;
  const others = family.slice(1).map((statement) => statement.slot);
  work.operations.push({
    ...NO_EFFECTS,
    path: place.path,
    slot: a.slot,
    text: a.text,
    command:
      whole === undefined
        ? removalCommand(dialect, a)
        : fillTemplate(whole, captureValues(a.match?.captures ?? [])),
    effect: { kind: "drop", also: listed ? ownedBy(a, siblings) : others },
    undefines: physical && !listed ? [] : references.flatMap((each) => each.defines),
    drops: listed ? [...uses, ...usesOfOwned(dialect, a, siblings, place)] : uses,
    releases: family.flatMap((statement) => deepExclusives(statement, place.slots)),
    unsure: unsureHead(dialect, a, place.slots),
    touches: place.touches,
    headers: place.headers,
    leans: place.leans,
    removes: true,
    reason: `running line ${a.line}: the block is not in intended${physical && !listed ? ", the port goes back to default" : ""}`,
  });
}

function deepExclusives(statement: Statement, scope: string): string[] {
  const result = releasesOf(statement, scope);
  const inner = `${scope}/${statement.slot}`;
  for (const child of statement.block?.items.values() ?? []) result.push(...deepExclusives(child, inner));
  return result;
}
