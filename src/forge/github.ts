import { retry } from "@octokit/plugin-retry";
import { Octokit } from "@octokit/rest";
import { coAuthorsOf } from "./co-authors.ts";
import { ForgeError, refusal, silence } from "./forge-error.ts";
import { type Patience, politeFetch } from "./polite-fetch.ts";
import type {
  Annotation,
  Commit,
  Forge,
  ForgeRequest,
  ForgeTarget,
  Review,
  ReviewState,
  Verdict,
} from "./types.ts";

const PatientOctokit = Octokit.plugin(retry);
/** GitHub takes so many in one request. */
const ANNOTATIONS_A_REQUEST = 50;
/** GitHub lists no more of a request. */
const MOST_COMMITS = 250;
const PAGE = 100;
const NAME = "sitewright";
const STATES: Readonly<Record<string, ReviewState>> = {
  APPROVED: "approved",
  CHANGES_REQUESTED: "changes-requested",
  COMMENTED: "commented",
  DISMISSED: "dismissed",
};

/** GitHub, and GitHub Enterprise by its own API address.
 *  @see https://docs.github.com/rest */
export function createGithub(target: ForgeTarget, patience: Patience = {}): Forge {
  const [owner = "", repo = ""] = target.repository.split("/");
  const here = { owner, repo };
  const quiet = (): void => undefined;
  const octokit = new PatientOctokit({
    baseUrl: target.api,
    auth: target.token.reveal(),
    userAgent: NAME,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    request: { fetch: politeFetch({ ...patience, api: target.api, repeats: 0 }) },
    retry: {
      doNotRetry: [300, 301, 302, 307, 308, 400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 451],
      retryAfterBaseValue: patience.firstWaitMs ?? 1_000,
    },
  });
  // No redirect is followed, and Octokit would take one for an answer.
  octokit.hook.after("request", (response) => {
    if (Number(response.status) >= 300)
      throw Object.assign(new Error("moved"), { status: response.status, response });
  });
  /** A POST that is repeated may be done twice. */
  const once = { request: { retries: 0 } };

  async function check(verdict: Verdict): Promise<void> {
    const { commit, state, title, annotations, url } = verdict;
    const parts = inParts(annotations.map(annotationOf), ANNOTATIONS_A_REQUEST);
    const output = { title: title.slice(0, 255), summary: title };
    const made = await octokit.rest.checks.create({
      ...here,
      ...once,
      name: NAME,
      head_sha: commit,
      status: "completed",
      conclusion: state,
      output: { ...output, annotations: parts[0] ?? [] },
      ...(url === undefined ? {} : { details_url: url }),
    });
    for (const part of parts.slice(1))
      await octokit.rest.checks.update({
        ...here,
        ...once,
        check_run_id: made.data.id,
        output: { ...output, annotations: part },
      });
  }

  /** Who of these may write. A login that the forge does not tell of is left out. */
  async function rightsOf(logins: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
    const rights = new Map<string, boolean>();
    for (const username of new Set(logins))
      try {
        const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...here, username });
        rights.set(username, ["admin", "write"].includes(data.permission));
      } catch (error) {
        const status = statusOf(error);
        if (status !== 403 && status !== 404) throw error;
      }
    return rights;
  }

  return {
    kind: "github",
    account: () =>
      ask("ask whose token this is", async () => {
        // The REST call for this is closed to the token of a workflow; GraphQL answers every kind of token.
        const answer = await octokit.graphql<{ readonly viewer: { readonly login: string } }>(
          "query { viewer { login } }",
        );
        return answer.viewer.login;
      }),
    comments: (request) =>
      ask(`list the comments of request ${request}`, async () => {
        const all = await octokit.paginate(octokit.rest.issues.listComments, {
          ...here,
          issue_number: request,
          per_page: PAGE,
        });
        return all.map(({ id, user, body }) => ({ id, author: user?.login, body: body ?? "" }));
      }),
    createComment: (request, body) =>
      ask(`comment on request ${request}`, async () => {
        await octokit.rest.issues.createComment({ ...here, ...once, issue_number: request, body });
      }),
    updateComment: (request, id, body) =>
      ask(`change our comment on request ${request}`, async () => {
        await octokit.rest.issues.updateComment({ ...here, comment_id: id, body });
      }),
    deleteComment: (request, id) =>
      ask(`delete a doubled comment on request ${request}`, async () => {
        await octokit.rest.issues.deleteComment({ ...here, comment_id: id });
      }),
    postVerdict: (verdict) =>
      ask("mark the commit", async () => {
        try {
          await check(verdict);
          return "check";
        } catch (error) {
          // Check runs are for apps; a person's token may set a status.
          if (statusOf(error) !== 403) throw error;
        }
        await octokit.rest.repos.createCommitStatus({
          ...here,
          ...once,
          sha: verdict.commit,
          state: verdict.state === "failure" ? "failure" : "success",
          context: NAME,
          description: verdict.title.slice(0, 140),
          ...(verdict.url === undefined ? {} : { target_url: verdict.url }),
        });
        return "status";
      }),
    request: (request) =>
      ask(`read request ${request}`, async () =>
        requestOf((await octokit.rest.pulls.get({ ...here, pull_number: request })).data),
      ),
    openRequests: () =>
      ask("list the open requests", async () => {
        const all = await octokit.paginate(octokit.rest.pulls.list, {
          ...here,
          state: "open",
          per_page: PAGE,
        });
        return all.map(requestOf);
      }),
    reviews: (request) =>
      ask(`list the reviews of request ${request}`, async () => {
        const all = await octokit.paginate(octokit.rest.pulls.listReviews, {
          ...here,
          pull_number: request,
          per_page: PAGE,
        });
        const rights = await rightsOf(
          all.flatMap(({ state, user }) => (state === "APPROVED" && user ? [user.login] : [])),
        );
        return all.map(
          (review): Review => ({
            login: review.user?.login,
            state: STATES[review.state] ?? "pending",
            commit: review.commit_id ?? undefined,
            at: review.submitted_at,
            mayWrite: rights.get(review.user?.login ?? ""),
          }),
        );
      }),
    commits: (request) =>
      ask(`list the commits of request ${request}`, async () => {
        const all = await octokit.paginate(octokit.rest.pulls.listCommits, {
          ...here,
          pull_number: request,
          per_page: PAGE,
        });
        if (all.length >= MOST_COMMITS)
          throw new ForgeError(
            "refused",
            undefined,
            `request ${request} has ${MOST_COMMITS} commits or more, and GitHub lists no more`,
            "split the request, or squash its commits",
          );
        return all.map(
          ({ sha, author, committer, commit }): Commit => ({
            oid: sha,
            authorLogin: author?.login,
            committerLogin: committer?.login,
            coAuthors: coAuthorsOf(commit.message),
          }),
        );
      }),
  };
}

interface PullShape {
  readonly number: number;
  readonly user: { readonly login: string } | null;
  readonly base: SideShape;
  readonly head: SideShape;
}

interface SideShape {
  readonly ref: string;
  readonly sha: string;
  readonly repo: { readonly full_name: string } | null;
}

function requestOf({ number, user, base, head }: PullShape): ForgeRequest {
  return { number, author: user?.login, base: sideOf(base), head: sideOf(head) };
}

function sideOf({ ref, sha, repo }: SideShape): ForgeRequest["base"] {
  return { branch: ref, commit: sha, repository: repo?.full_name };
}

function annotationOf({ path, line, level, title, message }: Annotation) {
  return {
    path,
    start_line: line,
    end_line: line,
    annotation_level: level,
    title: title.slice(0, 255),
    message: message.slice(0, 4_000),
  };
}

function inParts<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size));
}

async function ask<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    const status = statusOf(error);
    if (status === undefined) throw silence("github", what, error);
    throw refusal("github", what, status, wordsOf(error));
  }
}

/** The status of an answer; a request that got none also comes as 500, without a response. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("response" in error) || error.response === undefined) return undefined;
  return "status" in error && typeof error.status === "number" ? error.status : 200;
}

/** GitHub's own words, without the request. */
function wordsOf(error: unknown): string {
  const data: unknown =
    error instanceof Error && "response" in error
      ? (error.response as { readonly data?: unknown } | undefined)?.data
      : undefined;
  if (typeof data !== "object" || data === null || !("message" in data)) return "";
  return typeof data.message === "string" ? data.message : "";
}
