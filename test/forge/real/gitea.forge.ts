import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { readReviews } from "../../../src/cli/forge-approvals.ts";
import { openForge } from "../../../src/forge/open-forge.ts";
import type { Forge } from "../../../src/forge/types.ts";
import { waitFor } from "../../../src/lab/real/wait.ts";
import { Secret } from "../../../src/model/secret.ts";
import { makeRepository, type Ran, type Repository } from "../../cli/preview-repository.ts";
import { RealGitea } from "./gitea-server.ts";
import { forgePrograms } from "./programs.ts";

const SITE = "inventory/northgate/office/site.yaml";
const MARK = "<!-- sitewright preview -->";
const BOT_SCOPES = ["write:issue", "write:repository", "read:user"] as const;
/** What the CI that runs these tests says of itself. */
const NO_CI = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(GITHUB|GITEA|GITLAB|FORGEJO|CI)_/.test(name))
    .map((name) => [name, ""]),
);

// One forge, one story: sam writes, jane reviews, eve may only read, the bot posts.
describe("a real Gitea", () => {
  let gitea: RealGitea;
  let repository: Repository;
  let token: string;
  const heads = new Map<number, string>();

  beforeAll(async () => {
    gitea = await RealGitea.start(forgePrograms());
    for (const name of ["sam", "jane", "eve", "bot"]) await gitea.user(name);
    expect(await gitea.as("sam", "POST", "/user/repos", { name: "net" })).toMatchObject({ status: 201 });
    for (const [name, permission] of [
      ["jane", "write"],
      ["eve", "read"],
      ["bot", "write"],
    ] as const) {
      const path = `/repos/sam/net/collaborators/${name}`;
      expect(await gitea.as("sam", "PUT", path, { permission })).toMatchObject({ status: 204 });
    }
    token = await gitea.token("bot", ...BOT_SCOPES);
    repository = makeRepository();
    repository.git("remote", "add", "origin", gitea.remote("sam", "sam/net"));
    repository.git("config", "user.email", "sam@example.net");
    repository.git("push", "-q", "origin", "main");
    for (const [at, name] of ["lab-a", "lab-b"].entries()) {
      repository.branch(name, () => {
        const network = `\nnetworks:\n  ${name}:\n    vlan: 77\n    zone: office\n    ipv4: 10.70.${77 + at}.0/24\n`;
        repository.write(SITE, repository.read(SITE).replace("\nnetworks:\n", network));
      });
      heads.set(at + 1, repository.git("rev-parse", "HEAD").trim());
      repository.git("push", "-q", "origin", name);
      expect(await gitea.openRequest("sam", "sam/net", name)).toBe(at + 1);
    }
    repository.git("fetch", "-q", "origin", "refs/pull/1/head", "refs/pull/2/head");
    repository.git("checkout", "-q", "lab-a");
  }, 300_000);
  afterAll(async () => {
    await gitea?.stop();
    repository?.remove();
  });
  afterEach(() => vi.unstubAllEnvs());

  const forgeOf = (held: string): Forge =>
    openForge({ kind: "gitea", api: gitea.api, repository: "sam/net", token: new Secret(held) });
  const desk = (request: number): string[] => [
    ...["--forge", "gitea", "--api", gitea.api, "--repository", "sam/net", "--request", `${request}`],
  ];
  const preview = (request: number, held: string, ...args: readonly string[]): Promise<Ran> =>
    repository.run(["preview", "--base", "main", "--post", ...desk(request), ...args], {
      ...NO_CI,
      GITEA_TOKEN: held,
    });
  const commentsOf = async (request: number): Promise<{ id: number; login: string; body: string }[]> =>
    (await forgeOf(token).comments(request)).map(({ id, author = "", body }) => ({
      id,
      login: author,
      body,
    }));
  const ours = async (request: number) =>
    (await commentsOf(request)).filter(({ login, body }) => login === "bot" && body.startsWith(MARK));

  describe("preview --post", () => {
    it("writes one comment, marks the commit, and a second run leaves both", async () => {
      const first = await preview(1, token);
      expect([first.code, first.stdout, first.stderr]).toEqual([
        0,
        expect.stringContaining("created the comment of request 1"),
        "",
      ]);
      expect(first.stdout).not.toContain("not marked");
      expect(await ours(1)).toHaveLength(1);
      const status = await gitea.as("jane", "GET", `/repos/sam/net/commits/${heads.get(1)}/status`);
      expect(status.json).toMatchObject({
        statuses: [{ context: "sitewright", creator: { login: "bot" }, status: expect.any(String) }],
      });
      const second = await preview(1, token);
      expect(second.stdout).toContain("left the comment of request 1");
      expect(`${first.stdout}${second.stdout}${second.stderr}`).not.toContain(token);
    });

    it("finds its comment behind a page of talk, writes it anew in place, and leaves a stranger's copy alone", async () => {
      const [before] = await ours(1);
      const path = "/repos/sam/net/issues/1/comments";
      for (let at = 0; at < 60; at += 1) await gitea.as("eve", "POST", path, { body: `talk ${at}` });
      await gitea.as("eve", "POST", path, { body: `${MARK}\nall is well` });
      await gitea.as("bot", "POST", path, { body: `${MARK}\na double of ours` });
      expect((await commentsOf(1)).length).toBe(63);
      await gitea.as("bot", "PATCH", `/repos/sam/net/issues/comments/${before?.id}`, {
        body: `${MARK}\nan older preview`,
      });
      const ran = await preview(1, token);
      expect(ran.stdout).toContain("updated the comment of request 1");
      expect(await ours(1)).toEqual([before]);
      expect((await commentsOf(1)).filter(({ body }) => body.startsWith(MARK))).toHaveLength(2);
    });

    it("carries the largest comment that we write, over and back unchanged", async () => {
      const body = `${MARK}\n${"端口 ".repeat(20_000)}\r\nend`.slice(0, 64_000);
      await forgeOf(token).createComment(2, body);
      const [kept] = await ours(2);
      expect(kept?.body.replaceAll("\r\n", "\n")).toBe(body.replaceAll("\r\n", "\n"));
      if (kept !== undefined) await forgeOf(token).deleteComment(2, kept.id);
      await expect(forgeOf(token).deleteComment(2, kept?.id ?? 0)).rejects.toMatchObject({
        problem: "not-found",
      });
    });

    it("posts what another job made, by `comment --from`", async () => {
      repository.git("checkout", "-q", "lab-b");
      const env = { ...NO_CI, GITEA_TOKEN: token };
      await repository.run(["preview", "--base", "main", "--out", ".sitewright/shown"], NO_CI);
      const ran = await repository.run(["comment", "--from", ".sitewright/shown", ...desk(2)], env);
      expect([ran.code, ran.stdout]).toEqual([
        0,
        expect.stringContaining("created the comment of request 2"),
      ]);
      repository.git("checkout", "-q", "lab-a");
    });
  });

  describe("two open requests that take the same VLAN", () => {
    it("are listed with their heads, and each preview names the other", async () => {
      const env = { ...NO_CI, GITEA_TOKEN: token };
      const listed = await repository.run(["requests", ...desk(1).slice(0, 6)], env);
      expect(listed.stdout.trim().split("\n").sort()).toEqual(
        [1, 2].map((number) => `${number} ${heads.get(number)} refs/pull/${number}/head`),
      );
      const ran = await preview(1, token, "--with-open");
      expect(ran.stdout).toContain("VLAN 77 is for lab-a here, in request 2 for lab-b");
      expect((await ours(1))[0]?.body).toContain("in request 2 for lab-b");
    });
  });

  describe("a token that does not do", () => {
    it("with too little scope is told which scopes it wants, and the preview is kept", async () => {
      const poor = await gitea.token("bot", "write:issue", "write:repository");
      const ran = await preview(1, poor, "--out", ".sitewright/poor");
      expect([ran.code, ran.stdout]).toEqual([3, expect.stringContaining("(403: token does not have")]);
      expect(ran.stdout).toContain("`write:issue`, `write:repository` and `read:user`");
      expect(`${ran.stdout}${ran.stderr}`).not.toContain(poor);
      expect(repository.read(".sitewright/poor/comment.md")).toContain("northgate/office");
    });

    it.each([["read:issue", "read:repository", "read:user"], ["read:user"]])(
      "that only reads is refused: %s",
      async (...scopes) => {
        const reader = await gitea.token("bot", ...scopes);
        await expect(forgeOf(reader).createComment(1, "x")).rejects.toMatchObject({
          problem: "no-rights",
          status: 403,
        });
      },
    );

    it("that may comment and not mark commits still writes the comment", async () => {
      const talker = await gitea.token("bot", "write:issue", "read:repository", "read:user");
      const ran = await preview(1, talker);
      expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining("the commit is not marked")]);
    });

    it("that is wrong, or sees no such request, says so", async () => {
      const wrong = await preview(1, "f".repeat(40));
      expect([wrong.code, wrong.stdout]).toEqual([
        3,
        expect.stringMatching(/\(401.*\n.*wrong or has expired/),
      ]);
      const missing = await preview(99, token);
      expect([missing.code, missing.stdout]).toEqual([3, expect.stringContaining("read request 99 (404")]);
    });

    it("of somebody who may not see a private repository is told that", async () => {
      await gitea.as("jane", "POST", "/user/repos", { name: "hidden", private: true });
      const stranger = openForge({
        kind: "gitea",
        api: gitea.api,
        repository: "jane/hidden",
        token: new Secret(token),
      });
      await expect(stranger.openRequests()).rejects.toMatchObject({ problem: "not-found", status: 404 });
    });
  });

  it("gives its lists in pages, also where it is reached by another name than its own", async () => {
    for (let at = 0; at < 60; at += 1)
      await gitea.as("eve", "POST", "/repos/sam/net/pulls/2/reviews", { event: "COMMENT", body: `${at}` });
    const other = { api: gitea.api.replace("127.0.0.1", "localhost"), repository: "sam/net" };
    const forge = openForge({ kind: "gitea", ...other, token: new Secret(token) });
    expect(await forge.reviews(2)).toHaveLength(60);
  });

  describe("an approval by review", () => {
    const review = (name: string, event: string, body = "") =>
      gitea.as(name, "POST", "/repos/sam/net/pulls/1/reviews", { event, body });
    /** Gitea moves a request's head a moment after the push. */
    const pushed = async (): Promise<void> => {
      repository.git("push", "-q", "origin", "lab-a");
      const head = repository.git("rev-parse", "HEAD").trim();
      await waitFor("the request's new head", async () =>
        (await forgeOf(token).request(1)).head.commit === head ? head : undefined,
      );
    };
    const judged = async () => {
      vi.stubEnv("GITEA_TOKEN", token);
      for (const [name, value] of Object.entries(NO_CI)) vi.stubEnv(name, value);
      const options = { forge: "gitea", api: gitea.api, repository: "sam/net", request: "1" };
      const reviews = await readReviews(repository.folder, options);
      return { counted: reviews?.counted.map(({ login }) => login), refused: reviews?.refused };
    };

    it("by the author is refused by the forge itself", async () => {
      const own = await review("sam", "APPROVED");
      expect(own.status).toBe(422);
      expect(await judged()).toEqual({ counted: [], refused: [] });
    });

    it("by somebody who may only read does not count", async () => {
      expect(await review("eve", "APPROVED")).toMatchObject({ status: 200, json: { official: false } });
      expect(await judged()).toEqual({
        counted: [],
        refused: [expect.stringMatching(/^eve: .*may not write/)],
      });
    });

    it("by a reviewer counts, until the reviewer takes it back", async () => {
      expect(await review("jane", "APPROVED")).toMatchObject({ status: 200 });
      expect((await judged()).counted).toEqual(["jane"]);
      await pause(1_100);
      expect(await review("jane", "COMMENT", "by the way")).toMatchObject({ status: 200 });
      expect((await judged()).counted).toEqual(["jane"]);
      expect(await review("jane", "REQUEST_CHANGES", "no")).toMatchObject({ status: 200 });
      expect((await judged()).counted).toEqual([]);
      await pause(1_100);
      expect(await review("jane", "APPROVED")).toMatchObject({ status: 200 });
      expect((await judged()).counted).toEqual(["jane"]);
    });

    it("that was dismissed does not count", async () => {
      const { json } = await gitea.as("sam", "GET", "/repos/sam/net/pulls/1/reviews?limit=50");
      const last = (json as { id: number; state: string; user: { login: string } }[]).findLast(
        ({ state, user }) => state === "APPROVED" && user.login === "jane",
      );
      const path = `/repos/sam/net/pulls/1/reviews/${last?.id}`;
      expect(await gitea.as("sam", "POST", `${path}/dismissals`, { message: "too soon" })).toMatchObject({
        status: 200,
      });
      expect((await judged()).counted).toEqual([]);
      expect(await gitea.as("sam", "POST", `${path}/undismissals`)).toMatchObject({ status: 200 });
      expect((await judged()).counted).toEqual(["jane"]);
    });

    it("is stale after a push, and counts again for the new head", async () => {
      expect((await judged()).counted).toEqual(["jane"]);
      repository.write(SITE, `${repository.read(SITE)}# another line\n`);
      repository.git("commit", "-q", "-a", "-m", "more");
      await pushed();
      expect(await judged()).toMatchObject({
        counted: [],
        refused: expect.arrayContaining([expect.stringMatching(/^jane: reviewed .* and the head is/)]),
      });
      expect(await review("jane", "APPROVED")).toMatchObject({ status: 200 });
      expect((await judged()).counted).toEqual(["jane"]);
    });

    it("does not count where what lies here is something else", async () => {
      repository.write(SITE, `${repository.read(SITE)}# not reviewed\n`);
      await expect(judged()).rejects.toThrow("not what was reviewed");
      repository.git("checkout", "-q", SITE);
    });

    it("does not count from who made a commit, and not at all where a commit's maker is unknown", async () => {
      const commit = async (email: string, message: string): Promise<void> => {
        repository.git("config", "user.email", email);
        repository.git("commit", "-q", "--allow-empty", "-m", message);
        repository.git("config", "user.email", "sam@example.net");
        await pushed();
      };
      await commit("jane@example.net", "by jane");
      expect(await review("jane", "APPROVED")).toMatchObject({ status: 200 });
      expect(await judged()).toMatchObject({
        counted: [],
        refused: expect.arrayContaining([expect.stringMatching(/^jane: made commit/)]),
      });
      await commit("sam@example.net", "with help\n\nCo-authored-by: Jane <jane@example.net>");
      expect((await judged()).refused).toEqual([expect.stringContaining("has a co-author without a login")]);
      await commit("nobody@example.org", "by a stranger");
      expect((await judged()).refused?.join()).toMatch(/knows no login|co-author/);
      expect((await forgeOf(token).commits(1)).some(({ authorLogin }) => authorLogin === undefined)).toBe(
        true,
      );
    });
  });
});
