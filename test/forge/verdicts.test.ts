import { afterEach, describe, expect, it } from "vitest";
import { openForge } from "../../src/forge/open-forge.ts";
import type { Annotation, Forge, ForgeKind, Verdict } from "../../src/forge/types.ts";
import { ForgeServer } from "./forge-server.ts";

const HEAD = "b".repeat(40);
const PATIENCE = { longestWaitMs: 2_000, firstWaitMs: 1 };

let server: ForgeServer;
afterEach(() => server.stop());

async function serve(kind: ForgeKind): Promise<Forge> {
  server = new ForgeServer(kind);
  await server.start();
  return openForge(server.target, PATIENCE);
}

function verdict(count: number): Verdict {
  const annotations = Array.from(
    { length: count },
    (_, at): Annotation => ({
      path: "inventory/acme/hq/rules.yaml",
      line: at + 1,
      level: "failure",
      title: "ZON-005",
      message: `finding ${at}`,
    }),
  );
  return {
    commit: HEAD,
    state: "failure",
    title: "1 new error",
    annotations,
    url: "https://ci.example/run/1",
  };
}

const created = (): unknown[] => server.arrived.map(({ body }) => body);
const sizes = (): number[] =>
  server.arrived.map(({ body }) => (body.output as { annotations: unknown[] }).annotations.length);

describe("a commit is marked on GitHub", () => {
  it("by one check run, fifty annotations a request", async () => {
    const forge = await serve("github");
    server.answers.set("POST /check-runs", { id: 5 });
    server.answers.set("PATCH /check-runs/5", { id: 5 });
    expect(await forge.postVerdict(verdict(120))).toBe("check");
    expect(server.calls()).toEqual(["POST /check-runs", "PATCH /check-runs/5", "PATCH /check-runs/5"]);
    expect(sizes()).toEqual([50, 50, 20]);
    expect(created()[0]).toMatchObject({
      name: "sitewright",
      head_sha: HEAD,
      status: "completed",
      conclusion: "failure",
      details_url: "https://ci.example/run/1",
      output: {
        annotations: expect.arrayContaining([
          {
            path: "inventory/acme/hq/rules.yaml",
            start_line: 1,
            end_line: 1,
            annotation_level: "failure",
            title: "ZON-005",
            message: "finding 0",
          },
        ]),
      },
    });
  });

  it("by a status where the token is no app's", async () => {
    const forge = await serve("github");
    server.faults.push({
      method: "POST",
      path: /check-runs/,
      kind: "status",
      status: 403,
      body: { message: "You must authenticate via a GitHub App." },
    });
    server.answers.set(`POST /statuses/${HEAD}`, {});
    expect(await forge.postVerdict(verdict(1))).toBe("status");
    expect(created()[1]).toMatchObject({
      state: "failure",
      context: "sitewright",
      description: "1 new error",
    });
  });

  it.each([
    ["its primary limit", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" }, {}],
    ["its secondary limit", { "retry-after": "0" }, { message: "You have exceeded a secondary rate limit" }],
  ])("after a 403 that means %s", async (_, headers, body) => {
    const forge = await serve("github");
    server.faults.push({ kind: "status", status: 403, headers, body });
    server.answers.set("POST /check-runs", { id: 5 });
    expect(await forge.postVerdict(verdict(0))).toBe("check");
  });
});

describe("a commit is marked elsewhere by a status", () => {
  it("on GitLab, also where it stands so already", async () => {
    const forge = await serve("gitlab");
    server.answers.set(`POST /statuses/${HEAD}`, {});
    expect(await forge.postVerdict(verdict(2))).toBe("status");
    expect(created()[0]).toEqual({
      state: "failed",
      name: "sitewright",
      description: "1 new error",
      target_url: "https://ci.example/run/1",
    });
    server.faults.push({
      kind: "status",
      status: 400,
      body: { message: "Cannot transition status via :drop from :failed" },
    });
    expect(await forge.postVerdict(verdict(2))).toBe("status");
  });

  it("on Gitea", async () => {
    const forge = await serve("gitea");
    server.answers.set(`POST /statuses/${HEAD}`, {});
    expect(await forge.postVerdict({ ...verdict(0), state: "neutral" })).toBe("status");
    expect(created()[0]).toMatchObject({ state: "warning", context: "sitewright" });
  });
});

describe("who reviewed and who wrote", () => {
  const commits = [
    {
      sha: "1".repeat(40),
      author: { login: "ann" },
      committer: { login: "web-flow" },
      commit: {
        message: "one\n\nCo-authored-by: Ben <ben@example.net>\nco-authored-by: Cy <cy@example.net>",
      },
    },
    { sha: "2".repeat(40), author: null, committer: null, commit: { message: "two" } },
    {
      sha: "3".repeat(40),
      author: { login: "dee" },
      committer: { login: "dee" },
      commit: { message: "three" },
    },
  ];
  const told = [
    {
      oid: "1".repeat(40),
      authorLogin: "ann",
      committerLogin: "web-flow",
      coAuthors: ["Ben <ben@example.net>", "Cy <cy@example.net>"],
    },
    { oid: "2".repeat(40), authorLogin: undefined, committerLogin: undefined, coAuthors: [] },
    { oid: "3".repeat(40), authorLogin: "dee", committerLogin: "dee", coAuthors: [] },
  ];

  it("on GitHub", async () => {
    const forge = await serve("github");
    const at = "2026-03-02T10:00:00Z";
    server.readers.add("eli");
    server.answers.set("GET /pulls/7/commits", commits);
    server.answers.set("GET /pulls/7/reviews", [
      { user: { login: "eve" }, state: "APPROVED", commit_id: HEAD, submitted_at: at },
      { user: { login: "eli" }, state: "APPROVED", commit_id: HEAD, submitted_at: at },
      { user: null, state: "CHANGES_REQUESTED", commit_id: HEAD, submitted_at: at },
      { user: { login: "fay" }, state: "DISMISSED", commit_id: null, submitted_at: at },
    ]);
    expect(await forge.commits(7)).toEqual(told);
    expect(await forge.reviews(7)).toEqual([
      { login: "eve", state: "approved", commit: HEAD, at, mayWrite: true },
      { login: "eli", state: "approved", commit: HEAD, at, mayWrite: false },
      { login: undefined, state: "changes-requested", commit: HEAD, at, mayWrite: undefined },
      { login: "fay", state: "dismissed", commit: undefined, at, mayWrite: undefined },
    ]);
    server.faults.push({ path: /permission/, kind: "status", status: 403 });
    expect((await forge.reviews(7)).map(({ mayWrite }) => mayWrite)).toEqual([
      undefined,
      false,
      undefined,
      undefined,
    ]);
  });

  it("on GitHub a request beyond what GitHub lists is refused, for its authors are not all known", async () => {
    const forge = await serve("github");
    server.pageSize = 100;
    server.answers.set(
      "GET /pulls/7/commits",
      Array.from({ length: 250 }, () => commits[0]),
    );
    await expect(forge.commits(7)).rejects.toMatchObject({
      problem: "refused",
      hint: expect.stringContaining("split"),
    });
  });

  it("on Gitea", async () => {
    const forge = await serve("gitea");
    const official = (login: string, told: boolean): object => ({ user: { login }, official: told });
    const at = "2026-03-02T10:00:00Z";
    server.answers.set("GET /pulls/7/commits", commits);
    server.answers.set("GET /pulls/7/reviews", [
      { ...official("eve", true), state: "APPROVED", commit_id: HEAD, submitted_at: at, dismissed: false },
      { ...official("fay", false), state: "APPROVED", commit_id: HEAD, submitted_at: at, dismissed: true },
      { user: { login: "gus" }, state: "REQUEST_REVIEW", commit_id: "", submitted_at: at },
    ]);
    expect(await forge.commits(7)).toEqual(told);
    expect((await forge.reviews(7)).map((one) => [one.login, one.state, one.commit, one.mayWrite])).toEqual([
      ["eve", "approved", HEAD, true],
      ["fay", "dismissed", HEAD, false],
      ["gus", "pending", undefined, undefined],
    ]);
  });

  it("on Gitea, whose reviews come in pages without a link to the next, and whose links name its public address", async () => {
    const forge = await serve("gitea");
    server.publicOrigin = "http://git.example";
    const many = <T>(one: T): T[] => Array.from({ length: 7 }, () => one);
    server.answers.set("GET /pulls/7/reviews", many({ user: { login: "eve" }, state: "APPROVED" }));
    server.answers.set("GET /pulls/7/commits", many(commits[0]));
    expect(await forge.reviews(7)).toHaveLength(7);
    expect(await forge.commits(7)).toHaveLength(7);
  });

  it("on GitLab an approval holds for what was pushed last before it", async () => {
    const forge = await serve("gitlab");
    const [old, young] = ["1".repeat(40), "2".repeat(40)];
    server.answers.set("GET /merge_requests/7/approvals", {
      approved_by: [
        { user: { id: 1, username: "eve" } },
        { user: { id: 2, username: "fay" } },
        { user: { id: 3, username: "gus" } },
      ],
    });
    server.members.set(1, 30);
    server.members.set(2, 20);
    server.answers.set("GET /merge_requests/7/versions", [
      { head_commit_sha: young, created_at: "2026-03-02T12:00:00Z" },
      { head_commit_sha: old, created_at: "2026-03-02T09:00:00Z" },
    ]);
    server.answers.set("GET /merge_requests/7/notes", [
      {
        id: 1,
        system: false,
        body: "approved this merge request",
        author: { username: "fay" },
        created_at: "2026-03-02T13:00:00Z",
      },
      {
        id: 2,
        system: true,
        body: "approved this merge request",
        author: { username: "eve" },
        created_at: "2026-03-02T10:00:00Z",
      },
    ]);
    expect(await forge.reviews(7)).toEqual([
      { login: "eve", state: "approved", commit: old, at: "2026-03-02T10:00:00Z", mayWrite: true },
      { login: "fay", state: "approved", commit: undefined, at: undefined, mayWrite: false },
      { login: "gus", state: "approved", commit: undefined, at: undefined, mayWrite: undefined },
    ]);
  });

  describe("on GitLab, whose REST API tells no login of a commit", () => {
    const [one, two, three] = ["1".repeat(40), "2".repeat(40), "3".repeat(40)];
    const ann = "Ann@example.net";
    const listed = [
      {
        id: one,
        message: "one\n\nCo-authored-by: Ben <ben@example.net>",
        author_email: ann,
        committer_email: ann,
      },
      { id: two, message: "two", author_email: "dee@example.net", committer_email: "ann@example.net" },
      { id: three, message: "three", author_email: "nobody@example.net", committer_email: "rob@example.net" },
    ];
    const told = [
      { oid: one, authorLogin: "ann", committerLogin: "ann", coAuthors: ["Ben <ben@example.net>"] },
      { oid: two, authorLogin: "dee", committerLogin: "ann", coAuthors: [] },
      { oid: three, authorLogin: undefined, committerLogin: undefined, coAuthors: [] },
    ];

    async function withCommits(): Promise<Forge> {
      const forge = await serve("gitlab");
      server.pulls.push({ number: 7, head: three, branch: "portal" });
      server.answers.set("GET /merge_requests/7/commits", listed);
      for (const [sha, login] of [
        [one, "ann"],
        [two, "dee"],
        [three, null],
      ] as const)
        server.authors.set(sha, login);
      return forge;
    }

    it("GraphQL finds the author by address, a page after the other", async () => {
      const forge = await withCommits();
      expect(await forge.commits(7)).toEqual(told);
      expect(server.calls().filter((call) => call.startsWith("POST"))).toHaveLength(2);
    });

    it("also where the project is named by its number, which GraphQL does not take", async () => {
      await withCommits();
      server.project = "11";
      server.answers.set("GET ", { id: 11, path_with_namespace: "acme/net" });
      const forge = openForge({ ...server.target, repository: "11" }, PATIENCE);
      expect(await forge.commits(7)).toEqual(told);
    });

    it.each([
      [
        {
          status: 200,
          body: { errors: [{ message: "Field 'commits' doesn't exist on type 'MergeRequest'" }] },
        },
        "refused",
        "doesn't exist",
      ],
      [{ status: 200, body: { data: { project: null } } }, "refused", "holds no commits"],
      [{ status: 401, body: { errors: [{ message: "Invalid token" }] } }, "no-rights", "Invalid token"],
      [{ status: 403, body: {} }, "no-rights", "403"],
      [{ status: 502, body: {} }, "failing", "502"],
    ])("what GraphQL does not tell is not taken for nobody: %j", async (fault, problem, words) => {
      const forge = await withCommits();
      server.faults.push({ method: "POST", kind: "status", ...fault });
      await expect(forge.commits(7)).rejects.toMatchObject({
        problem,
        message: expect.stringContaining(words),
      });
    });
  });
});
