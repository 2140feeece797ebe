import { coAuthorsOf } from "./co-authors.ts";
import { ForgeError, refusal, silence } from "./forge-error.ts";
import { type Patience, politeFetch } from "./polite-fetch.ts";
import { at, numberAt, textAt } from "./shape.ts";
import type { Commit, Forge, ForgeRequest, ForgeTarget, RequestSide, Review, ReviewState } from "./types.ts";

const NAME = "sitewright";
/** Gitea gives at most 50 unless its owner allows more. */
const PAGE = 50;
const MOST_PAGES = 400;
const STATES: Readonly<Record<string, ReviewState>> = {
  APPROVED: "approved",
  REQUEST_CHANGES: "changes-requested",
  COMMENT: "commented",
};

interface Call {
  readonly what: string;
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly body?: object;
}

/** Gitea, and Forgejo, by the REST API that both document at `/api/swagger`. */
export function createGitea(target: ForgeTarget, patience: Patience = {}): Forge {
  const send = politeFetch({ ...patience, api: target.api, repeats: 3 });
  const here = `${target.api}/repos/${target.repository.split("/").map(encodeURIComponent).join("/")}`;

  async function call(url: string, { what, method = "GET", body }: Call): Promise<Response> {
    let response: Response;
    try {
      response = await send(url, {
        method,
        headers: {
          accept: "application/json",
          authorization: `token ${target.token.reveal()}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw silence("gitea", what, error);
    }
    if (response.ok) return response;
    throw refusal("gitea", what, response.status, textAt(await jsonOf(response), "message") ?? "");
  }

  /** A list, page after page until all are there. The address that the forge names for the next page is not taken: it
   *  begins with the server's public name, and a job may reach the server by another. */
  async function list(path: string, what: string): Promise<unknown[]> {
    const all: unknown[] = [];
    const join = path.includes("?") ? "&" : "?";
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const response = await call(`${here}${path}${join}limit=${PAGE}&page=${page}`, { what });
      const items = await jsonOf(response);
      if (!Array.isArray(items)) throw strange(what, response.status);
      all.push(...items);
      if (!goesOn(response, items.length, all.length)) return all;
    }
    throw strange(what, 200);
  }

  return {
    kind: "gitea",
    async account() {
      const what = "ask whose token this is";
      const response = await call(`${target.api}/user`, { what });
      return textAt(await jsonOf(response), "login") ?? fail(what, response.status);
    },
    async comments(request) {
      const what = `list the comments of request ${request}`;
      const all = await list(`/issues/${request}/comments`, what);
      return all.map((item) => ({
        id: numberAt(item, "id") ?? fail(what, 200),
        author: textAt(item, "user", "login"),
        body: textAt(item, "body") ?? "",
      }));
    },
    async createComment(request, body) {
      const what = `comment on request ${request}`;
      await call(`${here}/issues/${request}/comments`, { what, method: "POST", body: { body } });
    },
    async updateComment(request, id, body) {
      const what = `change our comment on request ${request}`;
      await call(`${here}/issues/comments/${id}`, { what, method: "PATCH", body: { body } });
    },
    async deleteComment(request, id) {
      const what = `delete a doubled comment on request ${request}`;
      await call(`${here}/issues/comments/${id}`, { what, method: "DELETE" });
    },
    async postVerdict({ commit, state, title, url }) {
      const body = {
        state: { success: "success", neutral: "warning", failure: "failure" }[state],
        context: NAME,
        description: title.slice(0, 140),
        ...(url === undefined ? {} : { target_url: url }),
      };
      await call(`${here}/statuses/${commit}`, { what: "mark the commit", method: "POST", body });
      return "status";
    },
    async request(request) {
      const what = `read request ${request}`;
      return requestOf(await jsonOf(await call(`${here}/pulls/${request}`, { what })), what);
    },
    async openRequests() {
      const what = "list the open requests";
      return (await list("/pulls?state=open", what)).map((item) => requestOf(item, what));
    },
    async reviews(request) {
      const all = await list(`/pulls/${request}/reviews`, `list the reviews of request ${request}`);
      return all.map(reviewOf);
    },
    async commits(request) {
      const what = `list the commits of request ${request}`;
      const all = await list(`/pulls/${request}/commits`, what);
      return all.map(
        (item): Commit => ({
          oid: textAt(item, "sha") ?? fail(what, 200),
          authorLogin: textAt(item, "author", "login"),
          committerLogin: textAt(item, "committer", "login"),
          coAuthors: coAuthorsOf(textAt(item, "commit", "message") ?? ""),
        }),
      );
    },
  };
}

function reviewOf(item: unknown): Review {
  const state = STATES[textAt(item, "state") ?? ""] ?? "pending";
  const official = at(item, "official");
  return {
    login: textAt(item, "user", "login"),
    state: at(item, "dismissed") === true ? "dismissed" : state,
    commit: textAt(item, "commit_id") || undefined,
    at: textAt(item, "submitted_at"),
    // "Official" is who may write, or, where the base branch is protected, whom its rule names.
    mayWrite: typeof official === "boolean" ? official : undefined,
  };
}

function requestOf(item: unknown, what: string): ForgeRequest {
  return {
    number: numberAt(item, "number") ?? fail(what, 200),
    author: textAt(item, "user", "login"),
    base: sideOf(at(item, "base")),
    head: sideOf(at(item, "head")),
  };
}

function sideOf(item: unknown): RequestSide {
  return {
    branch: textAt(item, "ref") ?? "",
    commit: textAt(item, "sha"),
    repository: textAt(item, "repo", "full_name"),
  };
}

/** Whether there is more: some lists say so by a `Link` (RFC 8288), all by their total; where neither is told, a full page
 *  may have a next one. */
function goesOn(response: Response, here: number, soFar: number): boolean {
  if (/;\s*rel="next"/.test(response.headers.get("link") ?? "")) return true;
  const total = response.headers.get("x-total-count");
  return here > 0 && (total === null ? here >= PAGE : soFar < Number(total));
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return (await response.json()) as unknown;
  } catch {
    return undefined;
  }
}

function strange(what: string, status: number): ForgeError {
  return new ForgeError(
    "refused",
    status,
    `Gitea's answer has another shape than its API documents, when we wanted to ${what}`,
    "does --api end in /api/v1?",
  );
}

function fail(what: string, status: number): never {
  throw strange(what, status);
}
