import type { Fetch } from "./polite-fetch.ts";
import { at, textAt } from "./shape.ts";

/** What a merge request's commits are asked for: the REST API tells an address of each author, and no login. GitLab finds
 *  its user by the addresses that users have confirmed.
 *  @see https://docs.gitlab.com/api/graphql/reference/#commit */
const QUERY = `query ($project: ID!, $request: String!, $after: String) {
  project(fullPath: $project) {
    mergeRequest(iid: $request) {
      commits(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { sha author { username } }
      }
    }
  }
}`;

/** A merge request of which we ask. */
interface Asked {
  /** Root of GitLab, without a slash at the end. */
  readonly host: string;
  readonly token: string;
  /** Full path of the project; its number is not taken here. */
  readonly project: string;
  readonly request: number;
}

/** Why GitLab does not tell. */
export class NoAuthors extends Error {
  readonly status: number;
  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

/** Reads the logins of those who wrote the commits of a merge request, by commit. A commit of an address that is nobody's
 *  is not among them.
 *  @throws NoAuthors where GitLab says why it does not tell; what `send` throws */
export async function authorsOf(send: Fetch, asked: Asked): Promise<ReadonlyMap<string, string>> {
  const logins = new Map<string, string>();
  let after: string | undefined;
  for (;;) {
    const page = await askPage(send, asked, after);
    for (const node of page.nodes) {
      const [sha, login] = [textAt(node, "sha"), textAt(node, "author", "username")];
      if (sha !== undefined && login !== undefined) logins.set(sha, login);
    }
    if (page.next === undefined || page.next === after) return logins;
    after = page.next;
  }
}

async function askPage(
  send: Fetch,
  { host, token, project, request }: Asked,
  after: string | undefined,
): Promise<{ readonly nodes: readonly unknown[]; readonly next: string | undefined }> {
  const response = await send(`${host}/api/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", "private-token": token },
    body: JSON.stringify({ query: QUERY, variables: { project, request: String(request), after } }),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  const commits = at(answer, "data", "project", "mergeRequest", "commits");
  const nodes = at(commits, "nodes");
  if (!response.ok || !Array.isArray(nodes)) throw new NoAuthors(response.status, wordsOf(answer));
  const more = at(commits, "pageInfo", "hasNextPage") === true;
  return { nodes, next: more ? textAt(commits, "pageInfo", "endCursor") : undefined };
}

function wordsOf(answer: unknown): string {
  const errors = at(answer, "errors");
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return textAt(first, "message") ?? textAt(answer, "message") ?? "its answer holds no commits";
}
