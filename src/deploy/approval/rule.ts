import type { ChangeClass } from "../../planner/plan/types.ts";
import type { Approval, ApprovalRole } from "../stores/types.ts";
import type { JudgedApproval, Person } from "./prove.ts";

/** What the rule of persons decides by. */
export interface RuleRequest {
  readonly site: string;
  /** Digest of the plan, and of the same plan made offline. */
  readonly digests: readonly string[];
  readonly changeClass: ChangeClass;
  readonly approvals: readonly JudgedApproval[];
  /** Who pushes, as he says: a claim, so it only ever excludes. */
  readonly operator: string;
  /** A practice site where nobody can be proved: another name is enough, and that is said. */
  readonly practice: boolean;
  readonly now: Date;
}

export type RuleCode =
  | "GATE-NO-APPROVAL"
  | "GATE-OWN-APPROVAL"
  | "GATE-APPROVAL-EXPIRED"
  | "GATE-UNPROVED"
  | "GATE-AUTHOR-UNPROVED"
  | "GATE-SECOND-PERSON"
  | "GATE-EMERGENCY-INCOMPLETE";

export type RuleDecision =
  | {
      readonly enough: true;
      readonly because: string;
      /** The statements that it rests on. */
      readonly by: readonly Approval[];
      readonly emergency: boolean;
    }
  | { readonly enough: false; readonly code: RuleCode; readonly reason: string; readonly hint: string };

/** How many persons beside the author. */
const PERSONS: Readonly<Record<ChangeClass, number>> = { normal: 1, special: 2 };

/** Decides whether enough people agreed to exactly a plan. Two statements of one name or one key are one person. Where the
 *  author is not proved, one of the approvers may be the author: then one more is wanted. Signatures and forge reviews are
 *  counted apart, because nothing proves that a key and a login are two people. */
export function decidePersons(request: RuleRequest): RuleDecision {
  const mine = request.approvals.filter(
    ({ approval }) => request.digests.includes(approval.plan) && approval.site === request.site,
  );
  const says = (...roles: ApprovalRole[]) =>
    mine.filter(({ approval }) => roles.includes(approval.role ?? "approval"));
  const yes = says("approval", "emergency");
  const plan = shorten(request.digests[0]);
  if (yes.length === 0) {
    return refuse(
      "GATE-NO-APPROVAL",
      `nobody approved plan ${plan} of ${request.site}`,
      "ask a colleague for: sitewright approve --plan plan.json",
    );
  }
  const held = yes.filter(({ approval }) => Date.parse(approval.expires) > request.now.getTime());
  if (request.practice) return decidePractice(yes, held, request);
  const proved = held.flatMap(toProved);
  if (held.length === 0) return expired(yes, plan);
  if (proved.length === 0) return unproved(held, plan);
  const emergency = proved.filter(({ approval }) => approval.role === "emergency");
  const calls = emergency.map(({ approval }) => approval);
  if (calls.length > 0) return decideEmergency(calls, "");
  const authors = says("author").flatMap(toProved);
  return decideProved(proved, authors, request);
}

interface Proved {
  readonly approval: Approval;
  readonly person: Person;
}

function toProved({ approval, proof }: JudgedApproval): Proved[] {
  return proof.proved ? [{ approval, person: proof.person }] : [];
}

/** As long as a site is practice devices and nobody's key is known, names are taken at their word. */
function decidePractice(
  yes: readonly JudgedApproval[],
  held: readonly JudgedApproval[],
  { operator, digests }: RuleRequest,
): RuleDecision {
  const foreign = (all: readonly JudgedApproval[]) => all.filter(({ approval }) => approval.by !== operator);
  if (foreign(yes).length === 0) return own(operator);
  const words = foreign(held).map(({ approval }) => approval);
  const found = words.find(({ role }) => role === "emergency") ?? words[0];
  if (found === undefined) return expired(foreign(yes), shorten(digests[0]));
  const note = "(unproved; counts for practice devices only)";
  if (found.role === "emergency") return decideEmergency([found], note);
  return {
    enough: true,
    because: `approved by ${found.by} at ${found.at} ${note}`,
    by: [found],
    emergency: false,
  };
}

function decideEmergency(emergency: readonly Approval[], note: string): RuleDecision {
  const whole = emergency.find(({ ticket, reason }) => ticket !== undefined && reason !== undefined);
  if (whole === undefined) {
    return refuse(
      "GATE-EMERGENCY-INCOMPLETE",
      "the emergency names no ticket or no reason",
      "sitewright approve --plan plan.json --emergency --ticket INC-1 --reason TEXT",
    );
  }
  const { by, ticket, reason } = whole;
  const because = `emergency ${ticket} by ${by}: ${reason} ${note}`.trim();
  return { enough: true, because, by: [whole], emergency: true };
}

function decideProved(
  proved: readonly Proved[],
  authors: readonly Proved[],
  request: RuleRequest,
): RuleDecision {
  const { operator, changeClass, digests } = request;
  const foreign = proved.filter(
    ({ person }) =>
      !isNamed(person, operator) && !authors.some((author) => samePerson(author.person, person)),
  );
  const [first] = proved;
  if (foreign.length === 0) return own(first?.person.name ?? operator);
  const signed = persons(foreign.filter(({ person }) => person.kind === "ssh"));
  const reviewed = persons(foreign.filter(({ person }) => person.kind === "forge"));
  const wanted = PERSONS[changeClass];
  // A review counts only beside commits whose authors the forge knows.
  const extra = authors.length > 0 ? 0 : 1;
  const enough = [
    ...(signed.length >= wanted + extra ? [signed] : []),
    ...(reviewed.length >= wanted ? [reviewed] : []),
  ].at(0);
  if (enough !== undefined) {
    const because = `approved by ${enough.map(({ approval }) => `${approval.by} at ${approval.at}`).join(", ")}`;
    return { enough: true, because, by: enough.map(({ approval }) => approval), emergency: false };
  }
  const plan = shorten(digests[0]);
  const have = foreign.map(({ person }) => person.name);
  if (signed.length >= wanted) {
    return refuse(
      "GATE-AUTHOR-UNPROVED",
      `who wrote plan ${plan} is not proved: one of ${unique(have).join(", ")} may have`,
      "its author types: sitewright approve --plan plan.json --author; or one more person approves",
    );
  }
  return refuse(
    "GATE-SECOND-PERSON",
    `plan ${plan} is a special change: it wants two persons, and only ${unique(have).join(", ")} agreed`,
    "a second person types: sitewright approve --plan plan.json (one key or one name counts once)",
  );
}

/** One statement for each person: names and keys that meet in one statement are the same person. */
function persons(statements: readonly Proved[]): Proved[] {
  const groups: Proved[][] = [];
  for (const statement of statements) {
    const touching = groups.filter((group) =>
      group.some((other) => samePerson(other.person, statement.person)),
    );
    const merged = [...touching.flat(), statement];
    for (const group of touching) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups.flatMap((group) => group.slice(0, 1));
}

/** Whether two proofs are one person's: one name or one key. */
export function samePerson(a: Person, b: Person): boolean {
  if (a.key !== undefined && a.key === b.key) return true;
  return a.kind === b.kind && a.name.toLowerCase() === b.name.toLowerCase();
}

/** Whether a person may be who somebody says to be: `sam@nms-1` may be `sam@example.com`. */
function isNamed(person: Person, claimed: string): boolean {
  const short = (name: string) => name.toLowerCase().split("@")[0];
  return short(person.name) === short(claimed);
}

function unproved(held: readonly JudgedApproval[], plan: string): RuleDecision {
  const why = unique(held.flatMap(({ proof }) => (proof.proved ? [] : [proof.why])));
  return refuse(
    "GATE-UNPROVED",
    `no approval of plan ${plan} is proved: ${why.join("; ")}`,
    "sign it: sitewright approve --plan plan.json --key ~/.ssh/id_ed25519, by a key that policies/allowed_signers of the base branch lists",
  );
}

function expired(yes: readonly JudgedApproval[], plan: string): RuleDecision {
  const ends = yes.map(({ approval }) => approval.expires).sort();
  return refuse(
    "GATE-APPROVAL-EXPIRED",
    `the approval of plan ${plan} ended at ${ends.at(-1) ?? "?"}`,
    "plan again and have it approved again",
  );
}

function own(name: string): RuleDecision {
  return refuse(
    "GATE-OWN-APPROVAL",
    `${name} approved and pushes it, or wrote it`,
    "another person must approve the plan",
  );
}

function refuse(code: RuleCode, reason: string, hint: string): RuleDecision {
  return { enough: false, code, reason, hint };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function shorten(digest: string | undefined): string {
  return (digest ?? "").slice(0, 19);
}
