import { chainEdit } from "./chain-edit.ts";
import type { Dialect } from "./dialect.ts";
import {
  guardLinks,
  type Place,
  releasesOf,
  type Siblings,
  sameStatement,
  startsSlot,
  takesOf,
  unsureHead,
  type Work,
  without,
} from "./diff-work.ts";
import { headerOf, NO_EFFECTS, type Operation } from "./operation.ts";
import { captureValues, fillTemplate } from "./pattern.ts";
import { referencesOf, referencesOfAbsence } from "./references.ts";
import { putCommand, removalCommand } from "./spell.ts";
import type { Statement } from "./state.ts";

export function diffLine(
  work: Work,
  a: Statement | undefined,
  b: Statement | undefined,
  place: Place,
  siblings?: Siblings,
): void {
  const { dialect } = work.compiled;
  if (a && b && sameStatement(a, b, work.rotated)) return;
  const base = {
    ...NO_EFFECTS,
    path: place.path,
    slot: (b ?? a)?.slot ?? "",
    touches: place.touches,
    headers: place.headers,
    leans: place.leans,
  };
  const old = a ? referencesOf(dialect, a, place.slots) : undefined;
  const next = b ? referencesOf(dialect, b, place.slots) : undefined;
  const link = `refill:${place.slots}`;
  const clears =
    (b ?? a)?.match?.rule.clears !== undefined || (!b && siblings?.owners.has(base.slot) === true);
  const gone = clears ? (siblings?.wiped ?? []) : [];
  const goneUses = gone.flatMap((statement) => referencesOf(dialect, statement, place.slots).uses);
  const goneHolds = gone.flatMap((statement) => releasesOf(statement, place.slots));
  const wiped = !clears && (siblings?.cleared.some((head) => startsSlot(base.slot, head)) ?? false);
  const removalOf = (a: Statement): Operation => ({
    ...base,
    text: a.text,
    command: removalCommand(dialect, a),
    effect: { kind: "drop", also: [...ownedBy(a, siblings), ...gone.map((statement) => statement.slot)] },
    defines: referencesOfAbsence(a, place.slots),
    undefines: old?.defines ?? [],
    drops: [...(old?.uses ?? []), ...goneUses, ...usesOfOwned(dialect, a, siblings, place)],
    takes: guardLinks(a, place, false).takes,
    releases: [
      ...releasesOf(a, place.slots),
      ...goneHolds,
      ...(clears ? [link] : []),
      ...guardLinks(a, place, false).releases,
    ],
    ahead: a.match?.rule.frames,
    unsure: b ? undefined : unsureHead(dialect, a, place.slots),
    removes: !a.negated,
    reason: `running line ${a.line} is not in intended`,
  });
  if (!b) {
    if (a) work.operations.push(removalOf(a));
    return;
  }
  const command = putCommand(dialect, a, b);
  const put: Operation = {
    ...base,
    text: b.text,
    command,
    enters: b.block && command === b.source ? headerOf(b) : undefined,
    effect: {
      kind: "put",
      statement: b,
      clears: b.match?.rule.clears ?? [],
      wipes: a ? undefined : b.match?.rule.wipes,
    },
    defines: without(next?.defines, old?.defines),
    gains: without(next?.uses, old?.uses),
    takes: [
      ...without(takesOf(b, place.slots), a ? takesOf(a, place.slots) : []),
      ...(wiped ? [link] : []),
      ...guardLinks(b, place, true).takes,
    ],
    releases: guardLinks(b, place, true).releases,
    unsure: a ? undefined : unsureHead(dialect, b, place.slots),
    behind: b.match?.rule.frames,
    reason: a
      ? `intended line ${b.line + place.shift} replaces running line ${a.line}`
      : `intended line ${b.line + place.shift} is missing in running`,
  };
  if (a && goesFirst(a, b)) {
    const own = `${link}/${b.slot}`;
    const removal = removalOf(a);
    work.operations.push(
      {
        ...removal,
        releases: [...removal.releases, own],
        reason:
          b.match?.rule.overwrite === "more"
            ? "words of the old line would stay: it goes first"
            : "the device refuses to overwrite: the old line goes first",
      },
      {
        ...put,
        defines: next?.defines ?? [],
        gains: next?.uses ?? [],
        takes: [...takesOf(b, place.slots), own, ...guardLinks(b, place, true).takes],
      },
    );
    return;
  }
  work.operations.push({
    ...put,
    split: a && takesOf(b, place.slots).length + (wiped ? 1 : 0) > 0 ? removalOf(a) : undefined,
    defines: [
      ...put.defines,
      ...without(a && referencesOfAbsence(a, place.slots), referencesOfAbsence(b, place.slots)),
    ],
    undefines: [
      ...without(old?.defines, next?.defines),
      ...without(referencesOfAbsence(b, place.slots), a && referencesOfAbsence(a, place.slots)),
    ],
    drops: [...without(old?.uses, next?.uses), ...goneUses],
    releases: [
      ...put.releases,
      ...(a ? without(releasesOf(a, place.slots), releasesOf(b, place.slots)) : []),
      ...goneHolds,
      ...(clears ? [link] : []),
    ],
  });
}

/** Tells whether the device keeps something of a line that another is to replace. */
function goesFirst(a: Statement, b: Statement): boolean {
  const overwrite = b.match?.rule.overwrite;
  if (overwrite === undefined || a.negated || b.negated) return false;
  if (overwrite === "chain") return chainEdit(a, b) === undefined;
  return overwrite === false || !b.text.startsWith(`${a.text} `);
}

/** Slots that go when a line goes. */
export function ownedBy(statement: Statement, siblings: Siblings | undefined): string[] {
  const template = statement.match?.rule.owns;
  if (template === undefined || !siblings) return [];
  const head = fillTemplate(template, captureValues(statement.match?.captures ?? []));
  return [...siblings.old.keys()].filter((name) => name !== statement.slot && name.startsWith(head));
}

/** Names that go unused with those slots. */
export function usesOfOwned(
  dialect: Dialect,
  statement: Statement,
  siblings: Siblings | undefined,
  place: Place,
): string[] {
  return ownedBy(statement, siblings).flatMap((slot) => {
    const owned = siblings?.old.get(slot);
    return owned ? referencesOf(dialect, owned, place.slots).uses : [];
  });
}
