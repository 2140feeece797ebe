/** What a forge tells of a request; a login that it does not tell is undefined, and proves nothing. */
export interface ReviewFacts {
  /** Login of who opened the request. */
  readonly author: string | undefined;
  /** The head of the request now. */
  readonly head: string | undefined;
  /** The login that our token belongs to. */
  readonly account: string;
  readonly reviews: readonly {
    readonly login: string | undefined;
    readonly state: string;
    readonly commit: string | undefined;
    readonly at: string | undefined;
    readonly mayWrite: boolean | undefined;
  }[];
  readonly commits: readonly {
    readonly oid: string;
    readonly authorLogin: string | undefined;
    readonly committerLogin: string | undefined;
    readonly coAuthors: readonly string[];
  }[];
}

/** Reviews that count, and why the others do not. */
export interface ReviewVerdict {
  readonly counted: readonly { readonly login: string; readonly at: string; readonly commit: string }[];
  readonly refused: readonly string[];
}

/** Decides which reviews of a request are an approval of its head by somebody who wrote none of it. One commit whose maker
 *  the forge does not know refuses all: it may be the reviewer's. */
export function judgeReviews(facts: ReviewFacts): ReviewVerdict {
  const none = (why: string): ReviewVerdict => ({ counted: [], refused: [why] });
  if (facts.head === undefined) return none("the forge does not tell the head of the request");
  if (facts.commits.length === 0) return none("the forge tells no commit of the request");
  const unknown = facts.commits.map(unknownMaker).find((why) => why !== undefined);
  if (unknown !== undefined) return none(unknown);
  const makers = new Map<string, string>();
  if (facts.author !== undefined) makers.set(fold(facts.author), "opened the request");
  for (const { oid, authorLogin, committerLogin } of facts.commits)
    for (const login of [authorLogin, committerLogin])
      if (login !== undefined) makers.set(fold(login), `made commit ${oid.slice(0, 10)}`);
  makers.set(fold(facts.account), "is our own account");
  const counted: ReviewVerdict["counted"][number][] = [];
  const refused: string[] = [];
  for (const review of lastWords(facts.reviews)) {
    const { login, state, commit, at } = review;
    const why = whyNot(review, facts.head, makers);
    if (why !== undefined) refused.push(`${login ?? "somebody"}: ${why}`);
    else if (login !== undefined && commit !== undefined && at !== undefined && state === "approved")
      counted.push({ login, commit, at });
  }
  return { counted, refused };
}

type ReviewFact = ReviewFacts["reviews"][number];

function whyNot(
  { login, state, commit, at, mayWrite }: ReviewFact,
  head: string,
  makers: ReadonlyMap<string, string>,
): string | undefined {
  if (login === undefined) return "the forge does not tell who reviewed";
  if (state !== "approved") return `the last word is "${state}"`;
  const made = makers.get(fold(login));
  if (made !== undefined) return made;
  if (mayWrite === false) return "may not write to the repository";
  if (mayWrite === undefined) return "the forge does not tell whether this login may write to the repository";
  if (commit === undefined) return "the forge does not tell which commit was reviewed";
  if (commit !== head) return `reviewed ${commit.slice(0, 10)}, and the head is ${head.slice(0, 10)}`;
  if (at === undefined) return "the forge does not tell when";
  return undefined;
}

/** The newest word of each login that says yes, no or takes it back; a remark changes nothing. Reviews without a login
 *  stay, so that they are named. */
function lastWords(reviews: readonly ReviewFact[]): ReviewFact[] {
  const words = new Map<string, ReviewFact>();
  const nameless = reviews.filter((review) => review.login === undefined && review.state === "approved");
  for (const review of [...reviews].sort(byTime)) {
    if (review.login === undefined || review.state === "commented" || review.state === "pending") continue;
    words.set(fold(review.login), review);
  }
  return [...words.values(), ...nameless];
}

function byTime(a: ReviewFact, b: ReviewFact): number {
  return Date.parse(a.at ?? "") - Date.parse(b.at ?? "") || 0;
}

function unknownMaker(commit: ReviewFacts["commits"][number]): string | undefined {
  const { oid, authorLogin, committerLogin, coAuthors } = commit;
  const short = oid.slice(0, 10);
  if (authorLogin === undefined) return `the forge knows no login for the author of commit ${short}`;
  if (committerLogin === undefined) return `the forge knows no login for who committed ${short}`;
  if (coAuthors.length > 0) return `commit ${short} has a co-author without a login: ${coAuthors[0]}`;
  return undefined;
}

/** Logins differ by more than case on every forge. */
function fold(login: string): string {
  return login.toLowerCase();
}
