import type { ForgeKind } from "./types.ts";

export type ForgeProblem =
  | "no-rights"
  | "not-found"
  | "rate-limited"
  | "moved"
  | "refused"
  | "failing"
  | "unreachable";

/** Why a forge did not do what it was asked. Message and hint hold no token. */
export class ForgeError extends Error {
  readonly problem: ForgeProblem;
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  readonly hint: string;
  constructor(problem: ForgeProblem, status: number | undefined, message: string, hint: string) {
    super(message);
    this.name = "ForgeError";
    this.problem = problem;
    this.status = status;
    this.hint = hint;
  }
}

const NAMES: Readonly<Record<ForgeKind, string>> = { github: "GitHub", gitlab: "GitLab", gitea: "Gitea" };

const RIGHTS: Readonly<Record<ForgeKind, string>> = {
  github:
    "give the job `permissions: pull-requests: write, checks: write`; jobs of a fork get a token that only reads",
  gitlab: "GITLAB_TOKEN wants the scope `api` and the role Reporter; CI_JOB_TOKEN may not write notes",
  gitea: "GITEA_TOKEN wants the scopes `write:issue`, `write:repository` and `read:user`",
};

/** Says in one sentence why a request of ours was not answered as hoped.
 *  @param what - what we wanted, `list the comments of request 12`
 *  @param words - what the forge said, if anything */
export function refusal(kind: ForgeKind, what: string, status: number, words: string): ForgeError {
  const said = words === "" ? "" : `: ${plain(words)}`;
  const message = `${NAMES[kind]} does not let us ${what} (${status}${said})`;
  if (status === 401)
    return new ForgeError("no-rights", status, message, "the token is wrong or has expired");
  if (status === 403) return new ForgeError("no-rights", status, message, RIGHTS[kind]);
  if (status === 404)
    return new ForgeError(
      "not-found",
      status,
      message,
      `there is no such request or repository, or the token may not see it; ${RIGHTS[kind]}`,
    );
  if (status === 429)
    return new ForgeError(
      "rate-limited",
      status,
      message,
      "run the job again later; the preview itself is kept",
    );
  if (status >= 300 && status < 400)
    return new ForgeError("moved", status, message, "the API moved: name its new address with --api");
  if (status >= 500)
    return new ForgeError("failing", status, message, "the forge fails; run the job again later");
  return new ForgeError(
    "refused",
    status,
    message,
    "name the request with --request, the repository with --repository",
  );
}

/** Says that no answer came. */
export function silence(kind: ForgeKind, what: string, cause: unknown): ForgeError {
  return new ForgeError(
    "unreachable",
    undefined,
    `${NAMES[kind]} did not answer when we wanted to ${what} (${reasonOf(cause)})`,
    "is the address right (--api), and can this machine reach it?",
  );
}

/** Whoever waits for an answer learns why none came; the address and the headers stay out of it. */
function reasonOf(cause: unknown): string {
  for (let error = cause, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth += 1) {
    if (error.name === "TimeoutError" || error.name === "AbortError") return "it took too long";
    const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
    if (code !== undefined && /^[A-Z0-9_]+$/.test(code)) return code;
  }
  return "the connection broke";
}

/** A stranger's words in one short printable line. */
function plain(words: string): string {
  return words
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, 160);
}
