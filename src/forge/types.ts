import type { Secret } from "../model/secret.ts";

export const FORGE_KINDS = ["github", "gitlab", "gitea"] as const;
export type ForgeKind = (typeof FORGE_KINDS)[number];

/** Where a forge is and who we are there. */
export interface ForgeTarget {
  readonly kind: ForgeKind;
  /** Root of its REST API, without a slash at the end: `https://api.github.com`, `https://gitlab.example/api/v4`. */
  readonly api: string;
  /** `owner/name`; on GitLab the project's path or number. */
  readonly repository: string;
  readonly token: Secret;
}

/** One side of a pull request. */
export interface RequestSide {
  readonly branch: string;
  /** Undefined where the forge does not tell it. */
  readonly commit: string | undefined;
  /** `owner/name`, or GitLab's project number; undefined where it was deleted. */
  readonly repository: string | undefined;
}

/** An open pull or merge request. */
export interface ForgeRequest {
  readonly number: number;
  /** Login of who opened it. */
  readonly author: string | undefined;
  readonly base: RequestSide;
  readonly head: RequestSide;
}

export interface ForgeComment {
  readonly id: number;
  /** Login. */
  readonly author: string | undefined;
  readonly body: string;
}

export type ReviewState = "approved" | "changes-requested" | "commented" | "dismissed" | "pending";

/** What somebody said of a request. */
export interface Review {
  readonly login: string | undefined;
  readonly state: ReviewState;
  /** The head that was looked at; undefined where it is not known, and then the review binds to nothing. */
  readonly commit: string | undefined;
  /** ISO time; undefined where it is not known. */
  readonly at: string | undefined;
  /** Whether this login may write to the repository: who may only read it may say yes too. Undefined where the forge does
   *  not tell. */
  readonly mayWrite: boolean | undefined;
}

/** A commit of a request. Logins are undefined where the forge knows nobody by the commit's address: who wrote it is
 *  then unknown, and must not be taken for nobody. */
export interface Commit {
  readonly oid: string;
  readonly authorLogin: string | undefined;
  readonly committerLogin: string | undefined;
  /** `Name <address>` of each `Co-authored-by` line. */
  readonly coAuthors: readonly string[];
}

/** A remark on lines of a file. */
export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly level: "notice" | "warning" | "failure";
  readonly title: string;
  readonly message: string;
}

/** How a commit stands. */
export interface Verdict {
  readonly commit: string;
  readonly state: "success" | "neutral" | "failure";
  /** One line. */
  readonly title: string;
  readonly annotations: readonly Annotation[];
  /** Where more is told. */
  readonly url?: string;
}

/** What we ask of a forge. Each method throws {@link ForgeError} and nothing else. */
export interface Forge {
  readonly kind: ForgeKind;
  /** The login that our token belongs to. */
  account(): Promise<string>;
  /** All comments of a request, oldest first. */
  comments(request: number): Promise<readonly ForgeComment[]>;
  createComment(request: number, body: string): Promise<void>;
  updateComment(request: number, id: number, body: string): Promise<void>;
  deleteComment(request: number, id: number): Promise<void>;
  /** Marks a commit: a check run with annotations where the forge has them and our token may write them, else a status. */
  postVerdict(verdict: Verdict): Promise<"check" | "status">;
  request(request: number): Promise<ForgeRequest>;
  openRequests(): Promise<readonly ForgeRequest[]>;
  reviews(request: number): Promise<readonly Review[]>;
  commits(request: number): Promise<readonly Commit[]>;
}
