import {
  Commits,
  MergeRequestApprovals,
  MergeRequestNotes,
  MergeRequests,
  ProjectMembers,
  Projects,
  Users,
} from "@gitbeaker/rest";
import { coAuthorsOf } from "./co-authors.ts";
import { ForgeError, refusal, silence } from "./forge-error.ts";
import { authorsOf, NoAuthors } from "./gitlab-authors.ts";
import { type Fetch, type Patience, politeFetch } from "./polite-fetch.ts";
import { at, numberAt, textAt } from "./shape.ts";
import type { Commit, Forge, ForgeRequest, ForgeTarget, Review } from "./types.ts";

const NAME = "sitewright";
const PAGE = 100;
/** The least role that may push. @see https://docs.gitlab.com/api/members/#roles */
const DEVELOPER = 30;

type Service = ConstructorParameters<typeof Users>[0];
type RequesterFn = NonNullable<Service["requesterFn"]>;
type Requester = ReturnType<RequesterFn>;
type Answer = Awaited<ReturnType<Requester["get"]>>;
type Sent = Parameters<Requester["get"]>[1];

/** GitLab by its REST API v4.
 *  @see https://docs.gitlab.com/api/rest/ */
export function createGitlab(target: ForgeTarget, patience: Patience = {}): Forge {
  const send = politeFetch({ ...patience, api: target.api, repeats: 3 });
  const service = {
    host: target.api.replace(/\/api\/v4$/, ""),
    token: target.token.reveal(),
    queryTimeout: null,
    requesterFn: requesterOf(send),
  };
  const notes = new MergeRequestNotes(service);
  const requests = new MergeRequests(service);
  const project = target.repository;

  /** Who of these may write, by number: an approval rule may name somebody who may only read. Whom GitLab does not tell of
   *  is left out. */
  async function rightsOf(users: readonly { readonly id: number }[]): Promise<ReadonlyMap<number, boolean>> {
    const rights = new Map<number, boolean>();
    for (const { id } of users)
      try {
        const member = await new ProjectMembers(service).show(project, id, { includeInherited: true });
        rights.set(id, member.state === "active" && member.access_level >= DEVELOPER);
      } catch (error) {
        if (!(error instanceof Refused) || (error.status !== 403 && error.status !== 404)) throw error;
      }
    return rights;
  }

  /** GraphQL knows projects by their path only. */
  async function fullPath(): Promise<string> {
    if (!/^\d+$/.test(project)) return project;
    return (await new Projects(service).show(project)).path_with_namespace;
  }

  return {
    kind: "gitlab",
    account: () =>
      ask("ask whose token this is", async () => (await new Users(service).showCurrentUser()).username),
    comments: (request) =>
      ask(`list the notes of request ${request}`, async () => {
        const all = await notes.all(project, request, { perPage: PAGE, orderBy: "created_at", sort: "asc" });
        return all
          .filter((note) => note.system !== true)
          .map(({ id, author, body }) => ({ id, author: author.username, body }));
      }),
    createComment: (request, body) =>
      ask(`write a note on request ${request}`, async () => {
        await notes.create(project, request, body);
      }),
    updateComment: (request, id, body) =>
      ask(`change our note on request ${request}`, async () => {
        await notes.edit(project, request, id, { body });
      }),
    deleteComment: (request, id) =>
      ask(`delete a doubled note on request ${request}`, async () => {
        await notes.remove(project, request, id);
      }),
    postVerdict: ({ commit, state, title, url }) =>
      ask<"status">("mark the commit", async () => {
        try {
          await new Commits(service).editStatus(project, commit, state === "failure" ? "failed" : "success", {
            name: NAME,
            description: title.slice(0, 140),
            ...(url === undefined ? {} : { targetUrl: url }),
          });
        } catch (error) {
          // The status stands already as we want it.
          if (!(error instanceof Refused) || !/cannot transition status/i.test(error.words)) throw error;
        }
        return "status";
      }),
    request: (request) =>
      ask(`read request ${request}`, async () => requestOf(await requests.show(project, request))),
    openRequests: () =>
      ask("list the open requests", async () => {
        const all = await requests.all({ projectId: project, state: "opened", perPage: PAGE });
        return all.map(requestOf);
      }),
    reviews: (request) =>
      ask(`list the approvals of request ${request}`, async () => {
        const approvals = await new MergeRequestApprovals(service).showConfiguration(project, {
          mergerequestIId: request,
        });
        const versions = await requests.allDiffVersions(project, request);
        const said = await notes.all(project, request, { perPage: PAGE, orderBy: "created_at", sort: "asc" });
        const approvers = approvedBy(approvals);
        const rights = await rightsOf(approvers);
        return approvers.map(({ login, id }): Review => {
          const note = said.findLast(
            ({ system, author, body }) =>
              system === true && author.username === login && /^approved this merge request/i.test(body),
          );
          return {
            login,
            state: "approved",
            commit: headAt(versions, note?.created_at),
            at: note?.created_at,
            mayWrite: rights.get(id),
          };
        });
      }),
    commits: (request) =>
      ask(`list the commits of request ${request}`, async () => {
        const all = await requests.allCommits(project, request, { perPage: PAGE });
        const logins = await authorsOf(send, {
          host: service.host,
          token: service.token,
          project: await fullPath(),
          request,
        });
        const byAddress = new Map(all.map((one) => [addressOf(one.author_email), logins.get(one.id)]));
        return all.map(
          ({ id, message, committer_email }): Commit => ({
            oid: id,
            authorLogin: logins.get(id),
            // Told by no API: known where it is the address of somebody who wrote a commit of this request.
            committerLogin: byAddress.get(addressOf(committer_email) ?? ""),
            coAuthors: coAuthorsOf(message ?? ""),
          }),
        );
      }),
  };
}

function approvedBy(approvals: unknown): { readonly login: string; readonly id: number }[] {
  const list = at(approvals, "approved_by");
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry) => {
    const [login, id] = [textAt(entry, "user", "username"), numberAt(entry, "user", "id")];
    return login === undefined || id === undefined ? [] : [{ login, id }];
  });
}

/** An address as users are found by it; undefined where a commit has none. */
function addressOf(address: string | undefined): string | undefined {
  return address?.trim().toLowerCase() || undefined;
}

/** The head of a request at a time: an approval names no commit, so it holds for what was pushed last before it. */
function headAt(versions: readonly unknown[], time: string | undefined): string | undefined {
  if (time === undefined) return undefined;
  const known = versions
    .map((version) => ({
      commit: textAt(version, "head_commit_sha"),
      atMs: Date.parse(textAt(version, "created_at") ?? ""),
    }))
    .filter(({ atMs }) => atMs <= Date.parse(time))
    .sort((a, b) => b.atMs - a.atMs);
  return known[0]?.commit;
}

function requestOf(item: unknown): ForgeRequest {
  const side = (name: "source" | "target"): string | undefined =>
    numberAt(item, `${name}_project_id`)?.toString();
  return {
    number: numberAt(item, "iid") ?? 0,
    author: textAt(item, "author", "username"),
    base: {
      branch: textAt(item, "target_branch") ?? "",
      commit: textAt(item, "diff_refs", "base_sha"),
      repository: side("target"),
    },
    head: {
      branch: textAt(item, "source_branch") ?? "",
      commit: textAt(item, "sha"),
      repository: side("source"),
    },
  };
}

/** Why GitLab refused. */
class Refused extends Error {
  readonly status: number;
  readonly words: string;
  constructor(status: number, words: string) {
    super(words);
    this.status = status;
    this.words = words;
  }
}

/** How gitbeaker sends: its own way repeats at once where GitLab asks to wait, and waits for five minutes where nothing
 *  comes. */
function requesterOf(send: Fetch): RequesterFn {
  return (options) => {
    const request = async (method: string, endpoint: string, sent: Sent = {}): Promise<Answer> => {
      const url = new URL(`${options.url.replace(/\/+$/, "")}/${endpoint}`);
      for (const [name, value] of Object.entries(sent.searchParams ?? {}))
        if (value !== undefined) url.searchParams.set(snakeCase(name), String(value));
      const body = sent.body === undefined ? undefined : JSON.stringify(snakeKeys(sent.body));
      const headers: Record<string, string> = { accept: "application/json", ...options.headers };
      for (const [name, value] of Object.entries(options.authHeaders)) headers[name] = await value();
      if (body !== undefined) headers["content-type"] = "application/json";
      const response = await send(url, { method, headers, ...(body === undefined ? {} : { body }) });
      const answer: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
      if (!response.ok) throw new Refused(response.status, wordsOf(answer));
      if (answer === undefined) throw new Refused(response.status, "the answer is no JSON");
      return {
        body: answer as Answer["body"],
        headers: Object.fromEntries(response.headers),
        status: response.status,
      };
    };
    const by = (method: string): Requester["get"] => {
      const send = (endpoint: string, sent?: Sent): Promise<Answer> => request(method, endpoint, sent);
      return send as Requester["get"];
    };
    return { get: by("GET"), post: by("POST"), put: by("PUT"), patch: by("PATCH"), delete: by("DELETE") };
  };
}

function wordsOf(answer: unknown): string {
  const words = textAt(answer, "message") ?? textAt(answer, "error") ?? textAt(answer, "error_description");
  if (words !== undefined) return words;
  return answer === undefined || answer === null ? "" : JSON.stringify(answer);
}

function snakeKeys(body: object): object {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [snakeCase(name), value]));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

async function ask<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    if (error instanceof Refused) throw refusal("gitlab", what, error.status, error.words);
    if (error instanceof NoAuthors) throw refusal("gitlab", what, error.status, error.message);
    throw silence("gitlab", what, error);
  }
}
