import { afterEach, describe, expect, test } from "vitest";
import { judgeReviews, type ReviewFacts } from "../../../src/deploy/approval/review-rule.ts";
import { openForge } from "../../../src/forge/open-forge.ts";
import type { ForgeKind } from "../../../src/forge/types.ts";
import { ForgeServer, OWN_LOGIN } from "../../forge/forge-server.ts";

const HEAD = "b".repeat(40);
const OLD = "a".repeat(40);
const AT = "2026-03-02T10:00:00Z";
const LATER = "2026-03-02T11:00:00Z";

const commit = (change: Partial<ReviewFacts["commits"][number]> = {}) => ({
  oid: HEAD,
  authorLogin: "ann",
  committerLogin: "ann",
  coAuthors: [],
  ...change,
});
const review = (login: string | undefined, change: Partial<ReviewFacts["reviews"][number]> = {}) => ({
  login,
  state: "approved",
  commit: HEAD,
  at: AT,
  mayWrite: true,
  ...change,
});
const facts = (change: Partial<ReviewFacts> = {}): ReviewFacts => ({
  author: "ann",
  head: HEAD,
  account: OWN_LOGIN,
  reviews: [review("eve")],
  commits: [commit()],
  ...change,
});
const logins = (change: Partial<ReviewFacts>) =>
  judgeReviews(facts(change)).counted.map(({ login }) => login);

describe("a review is an approval", () => {
  test("where somebody who made no commit approved the head", () => {
    expect(logins({})).toEqual(["eve"]);
  });

  test("also after a remark, and after an earlier no", () => {
    const earlier = review("eve", { state: "changes-requested", commit: OLD });
    const remark = review("eve", { state: "commented", at: LATER });
    expect(logins({ reviews: [earlier, review("eve", { at: LATER }), remark] })).toEqual(["eve"]);
  });

  test("and counts once a login", () => {
    expect(logins({ reviews: [review("eve"), review("Eve", { at: LATER })] })).toEqual(["Eve"]);
  });

  test.each<[string, Partial<ReviewFacts>, string]>([
    [
      "who opened the request",
      { reviews: [review("ann")], commits: [commit({ authorLogin: "bob", committerLogin: "bob" })] },
      "opened the request",
    ],
    [
      "an author of a commit",
      { reviews: [review("bob")], commits: [commit(), commit({ oid: OLD, authorLogin: "bob" })] },
      "made commit aaaa",
    ],
    [
      "an author in other letters",
      { reviews: [review("BOB")], commits: [commit({ authorLogin: "bob" })] },
      "made commit",
    ],
    [
      "who committed",
      { reviews: [review("bob")], commits: [commit({ committerLogin: "bob" })] },
      "made commit",
    ],
    [
      "who may only read",
      { reviews: [review("eve", { mayWrite: false })] },
      "may not write to the repository",
    ],
    [
      "who may do nobody knows what",
      { reviews: [review("eve", { mayWrite: undefined })] },
      "does not tell whether this login may write",
    ],
    ["our own account", { reviews: [review(OWN_LOGIN)] }, "our own account"],
    ["a review of an older commit", { reviews: [review("eve", { commit: OLD })] }, "the head is bbbb"],
    [
      "a review of nobody knows which commit",
      { reviews: [review("eve", { commit: undefined })] },
      "which commit",
    ],
    ["a reviewer that the forge does not tell", { reviews: [review(undefined)] }, "who reviewed"],
    ["changes requested", { reviews: [review("eve", { state: "changes-requested" })] }, "changes-requested"],
    [
      "a yes that was taken back",
      { reviews: [review("eve"), review("eve", { state: "changes-requested", at: LATER })] },
      "changes-requested",
    ],
    ["a dismissed review", { reviews: [review("eve", { state: "dismissed" })] }, "dismissed"],
    [
      "a commit whose author the forge does not know",
      { commits: [commit({ authorLogin: undefined })] },
      "no login for the author",
    ],
    [
      "a commit whose committer it does not know",
      { commits: [commit({ committerLogin: undefined })] },
      "who committed",
    ],
    [
      "a co-author, who has no login",
      { commits: [commit({ coAuthors: ["Eve <eve@example.net>"] })] },
      "co-author",
    ],
    ["a request without a head", { head: undefined }, "head of the request"],
    ["a request without commits", { commits: [] }, "no commit"],
  ])("and never by %s", (_title, change, why) => {
    const verdict = judgeReviews(facts(change));
    expect(verdict.counted).toEqual([]);
    expect(verdict.refused.join("; ")).toContain(why);
  });
});

describe("what each forge tells", () => {
  let server: ForgeServer;
  afterEach(() => server.stop());

  async function judge(kind: ForgeKind): Promise<ReturnType<typeof judgeReviews>> {
    server.pulls.push({ number: 7, head: HEAD, branch: "portal" });
    const forge = openForge(server.target, { longestWaitMs: 2_000, firstWaitMs: 1 });
    const request = await forge.request(7);
    expect(forge.kind).toBe(kind);
    return judgeReviews({
      author: request.author,
      head: request.head.commit,
      account: await forge.account(),
      reviews: await forge.reviews(7),
      commits: await forge.commits(7),
    });
  }

  test.each(["github", "gitea"] as const)("is enough on %s", async (kind) => {
    server = new ForgeServer(kind);
    await server.start();
    server.answers.set("GET /pulls/7/commits", [
      { sha: HEAD, author: { login: "ann" }, committer: { login: "ann" }, commit: { message: "portal" } },
    ]);
    server.answers.set("GET /pulls/7/reviews", [
      { user: { login: "eve" }, state: "APPROVED", commit_id: HEAD, submitted_at: AT, official: true },
      { user: { login: "ann" }, state: "APPROVED", commit_id: HEAD, submitted_at: AT, official: true },
      { user: { login: "gus" }, state: "APPROVED", commit_id: OLD, submitted_at: AT, official: true },
    ]);
    const verdict = await judge(kind);
    expect(verdict.counted).toEqual([{ login: "eve", commit: HEAD, at: AT }]);
    expect(verdict.refused).toHaveLength(2);
  });

  test.each([
    [
      "is enough on GitLab too",
      { [HEAD]: "ann" },
      30,
      { counted: [{ login: "eve", commit: HEAD, at: LATER }], refused: [] },
    ],
    [
      "is not enough of who wrote a commit",
      { [HEAD]: "eve" },
      30,
      { counted: [], refused: ["eve: made commit bbbbbbbbbb"] },
    ],
    [
      "is not enough of who may only read",
      { [HEAD]: "ann" },
      20,
      { counted: [], refused: ["eve: may not write to the repository"] },
    ],
    [
      "is not enough where GitLab knows nobody by the address of a commit",
      { [HEAD]: null },
      30,
      { counted: [], refused: ["the forge knows no login for the author of commit bbbbbbbbbb"] },
    ],
  ])("%s", async (_, authors, level, expected) => {
    server = new ForgeServer("gitlab");
    await server.start();
    const eve = { id: 5, username: "eve" };
    server.members.set(eve.id, level);
    for (const [sha, login] of Object.entries(authors)) server.authors.set(sha, login);
    server.answers.set("GET /merge_requests/7/approvals", { approved_by: [{ user: eve }] });
    server.answers.set("GET /merge_requests/7/versions", [{ head_commit_sha: HEAD, created_at: AT }]);
    server.answers.set("GET /merge_requests/7/notes", [
      { id: 2, system: true, body: "approved this merge request", author: eve, created_at: LATER },
    ]);
    const address = "somebody@example.net";
    server.answers.set("GET /merge_requests/7/commits", [
      { id: HEAD, message: "portal", author_email: address, committer_email: address },
    ]);
    expect(await judge("gitlab")).toEqual(expected);
  });
});
