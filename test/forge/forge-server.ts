import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ForgeKind, ForgeTarget } from "../../src/forge/types.ts";
import { Secret } from "../../src/model/secret.ts";

export const TOKEN = "tok-5ecr3t-value";
export const OWN_LOGIN = "sitewright-bot";

export interface StoredComment {
  readonly id: number;
  /** Number of its pull request. */
  readonly request: number;
  readonly login: string;
  body: string;
}

/** One request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What goes wrong with the next request that fits. `reset` cuts the connection, `silent` never answers. `after: true`
 *  does what was asked first. */
export interface Fault {
  readonly method?: string;
  readonly path?: RegExp;
  readonly kind: "status" | "reset" | "silent";
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly after?: boolean;
}

export interface PullData {
  readonly number: number;
  readonly head: string;
  readonly branch: string;
  readonly repository?: string;
}

/** A forge on this machine that answers as the API's documents say: its paths, its names of fields, its pages. */
export class ForgeServer {
  readonly kind: ForgeKind;
  readonly comments: StoredComment[] = [];
  readonly arrived: Arrived[] = [];
  readonly faults: Fault[] = [];
  readonly pulls: PullData[] = [];
  /** Answers to other paths below the repository, by method and path. */
  readonly answers = new Map<string, unknown>();
  /** Logins that may read and not write. */
  readonly readers = new Set<string>();
  /** How GitLab's paths name the project: its path, or its number. */
  project = "acme%2Fnet";
  /** GitLab's members by number, with their role's level. */
  readonly members = new Map<number, number>();
  /** Whose a commit is for GitLab; null where its address is nobody's. */
  readonly authors = new Map<string, string | null>();
  pageSize = 2;
  /** What it believes to be its own address; Gitea names its pages by it. */
  publicOrigin: string | undefined;
  #nextId = 1;
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy());
  });

  constructor(kind: ForgeKind) {
    this.kind = kind;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get api(): string {
    return `${this.origin}${{ github: "", gitlab: "/api/v4", gitea: "/api/v1" }[this.kind]}`;
  }

  get target(): ForgeTarget {
    return { kind: this.kind, api: this.api, repository: "acme/net", token: new Secret(TOKEN) };
  }

  /** Where the repository's paths start. */
  get repository(): string {
    return this.kind === "gitlab" ? `/projects/${this.project}` : "/repos/acme/net";
  }

  add(login: string, body: string, request = 7): StoredComment {
    const comment = { id: this.#nextId, request, login, body };
    this.#nextId += 1;
    this.comments.push(comment);
    return comment;
  }

  /** Requests of a kind, as `POST /issues/7/comments`. */
  calls(): string[] {
    return this.arrived.map(({ method, path }) => `${method} ${path.replace(this.repository, "")}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", this.origin);
    const root = new URL(this.api).pathname.replace(/\/$/, "");
    const path = url.pathname.startsWith(root) ? url.pathname.slice(root.length) : url.pathname;
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    const method = request.method ?? "GET";
    this.arrived.push({ method, path, query: url.searchParams, body });
    const at = this.faults.findIndex(
      (fault) => (fault.method ?? method) === method && (fault.path ?? /^/).test(path),
    );
    const [fault] = at < 0 ? [] : this.faults.splice(at, 1);
    if (fault === undefined || fault.after === true) {
      const good = this.#serve(method, path, body, url, request);
      if (fault === undefined) return send(response, good);
    }
    if (fault.kind === "silent") return;
    if (fault.kind === "reset") return void request.socket.resetAndDestroy();
    send(response, { status: fault.status ?? 500, headers: fault.headers ?? {}, json: fault.body ?? {} });
  }

  #serve(
    method: string,
    path: string,
    body: Record<string, unknown>,
    url: URL,
    request: IncomingMessage,
  ): Sent {
    const given = request.headers[this.kind === "gitlab" ? "private-token" : "authorization"];
    const words = { github: `token ${TOKEN}`, gitlab: TOKEN, gitea: `token ${TOKEN}` }[this.kind];
    if (given !== words) return { status: 401, json: { message: "Bad credentials" } };
    if (path === "/api/graphql" && method === "POST") return this.#authors(body);
    if (path === "/graphql" && method === "POST")
      return { status: 200, json: { data: { viewer: { login: OWN_LOGIN } } } };
    if (path === "/user") return { status: 200, json: { id: 7, login: OWN_LOGIN, username: OWN_LOGIN } };
    if (!path.startsWith(this.repository)) return { status: 404, json: { message: "Not Found" } };
    const rest = path.slice(this.repository.length);
    const known = this.answers.get(`${method} ${rest}`);
    if (known !== undefined)
      return Array.isArray(known) ? this.#page(known, url) : { status: 200, json: known };
    const member = this.kind === "gitlab" ? /^\/members\/all\/(\d+)$/.exec(rest)?.[1] : undefined;
    if (member !== undefined) return this.#member(Number(member));
    const of = this.kind === "github" ? /^\/collaborators\/([^/]+)\/permission$/.exec(rest)?.[1] : undefined;
    if (of !== undefined)
      return {
        status: 200,
        json: { permission: this.readers.has(of) ? "read" : "write", user: { login: of } },
      };
    return this.#comments(method, rest, body, url) ?? this.#pulls(method, rest, url) ?? NOT_FOUND;
  }

  #member(id: number): Sent {
    const level = this.members.get(id);
    if (level === undefined) return { status: 404, json: { message: "404 Not found" } };
    return { status: 200, json: { id, username: `user-${id}`, state: "active", access_level: level } };
  }

  /** The commits of a merge request and whose they are, in pages; null where GitLab knows nobody by the address. */
  #authors(body: Record<string, unknown>): Sent {
    const { project, request, after } = body.variables as Record<string, string | undefined>;
    if (project !== "acme/net" || !this.pulls.some(({ number }) => String(number) === request))
      return { status: 200, json: { data: { project: null } } };
    const from = Number(after ?? "0");
    const nodes = [...this.authors].map(([sha, login]) => ({ sha, author: login && { username: login } }));
    const end = from + this.pageSize;
    const pageInfo = { hasNextPage: end < nodes.length, endCursor: String(end) };
    const commits = { pageInfo, nodes: nodes.slice(from, end) };
    return { status: 200, json: { data: { project: { mergeRequest: { commits } } } } };
  }

  #comments(method: string, rest: string, body: Record<string, unknown>, url: URL): Sent | undefined {
    const ofRequest = {
      github: /^\/issues\/(\d+)\/comments$/,
      gitlab: /^\/merge_requests\/(\d+)\/notes$/,
      gitea: /^\/issues\/(\d+)\/comments$/,
    };
    const ofOne = {
      github: /^\/issues\/comments\/(\d+)$/,
      gitlab: /^\/merge_requests\/\d+\/notes\/(\d+)$/,
      gitea: /^\/issues\/comments\/(\d+)$/,
    };
    const request = Number(ofRequest[this.kind].exec(rest)?.[1] ?? "0");
    if (request === 7 || this.pulls.some(({ number }) => number === request)) {
      const own = this.comments.filter((comment) => comment.request === request);
      if (method === "GET")
        return this.#page(
          own.map((comment) => this.#commentShape(comment)),
          url,
        );
      if (method === "POST")
        return { status: 201, json: this.#commentShape(this.add(OWN_LOGIN, String(body.body), request)) };
    }
    const id = Number(ofOne[this.kind].exec(rest)?.[1] ?? "0");
    const index = this.comments.findIndex((comment) => comment.id === id);
    const comment = this.comments[index];
    if (comment === undefined) return undefined;
    if (method === "DELETE") {
      this.comments.splice(index, 1);
      return { status: 204 };
    }
    if (method !== (this.kind === "gitlab" ? "PUT" : "PATCH")) return undefined;
    comment.body = String(body.body);
    return { status: 200, json: this.#commentShape(comment) };
  }

  #commentShape({ id, login, body }: StoredComment): object {
    return this.kind === "gitlab"
      ? { id, body, author: { id: 1, username: login }, system: false, created_at: "2026-03-02T10:00:00Z" }
      : { id, body, user: { id: 1, login } };
  }

  #pulls(method: string, rest: string, url: URL): Sent | undefined {
    if (method !== "GET") return undefined;
    const list = this.kind === "gitlab" ? "/merge_requests" : "/pulls";
    const state = this.kind === "gitlab" ? "opened" : "open";
    if (rest === list && url.searchParams.get("state") === state)
      return this.#page(
        this.pulls.map((pull) => this.#pullShape(pull)),
        url,
      );
    const one = this.pulls.find(({ number }) => rest === `${list}/${number}`);
    return one && { status: 200, json: this.#pullShape(one) };
  }

  #pullShape({ number, head, branch, repository = "acme/net" }: PullData): object {
    if (this.kind === "gitlab")
      return {
        iid: number,
        author: { username: "ann" },
        source_branch: branch,
        target_branch: "main",
        sha: head,
        source_project_id: 11,
        target_project_id: 11,
      };
    return {
      number,
      user: { login: "ann" },
      head: { ref: branch, sha: head, repo: { full_name: repository } },
      base: { ref: "main", sha: "0".repeat(40), repo: { full_name: "acme/net" } },
    };
  }

  /** Pages as each forge gives them: GitHub and Gitea by the Link header, GitLab by X-Next-Page beside it. Gitea gives all
   *  comments at once, and reviews in pages of which only X-Total-Count tells. */
  #page(items: readonly unknown[], url: URL): Sent {
    const page = Number(url.searchParams.get("page") ?? "1");
    const whole = this.kind === "gitea" && url.pathname.endsWith("/comments");
    const pageSize = whole ? Math.max(1, items.length) : this.pageSize;
    const last = Math.max(1, Math.ceil(items.length / pageSize));
    const linked = this.kind !== "gitea" || !url.pathname.endsWith("/reviews");
    const next = page < last ? String(page + 1) : "";
    const link = new URL(`${url.pathname}${url.search}`, this.publicOrigin ?? this.origin);
    link.searchParams.set("page", next);
    return {
      status: 200,
      headers: {
        "x-total-count": String(items.length),
        ...(this.kind === "gitlab" ? { "x-page": String(page), "x-next-page": next } : {}),
        ...(next === "" || !linked ? {} : { link: `<${link.href}>; rel="next", <${link.href}>; rel="last"` }),
      },
      json: items.slice((page - 1) * pageSize, page * pageSize),
    };
  }
}

interface Sent {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

const NOT_FOUND: Sent = { status: 404, json: { message: "Not Found" } };

function send(response: ServerResponse, { status, headers = {}, json }: Sent): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(json === undefined ? "" : JSON.stringify(json));
}
