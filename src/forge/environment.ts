import { Secret } from "../model/secret.ts";
import { numberAt, textAt } from "./shape.ts";
import { FORGE_KINDS, type ForgeKind } from "./types.ts";

/** Where a job runs and for what, as far as flags and the CI's own variables tell. */
export interface ForgeEnvironment {
  readonly kind: ForgeKind | undefined;
  readonly api: string | undefined;
  readonly repository: string | undefined;
  readonly token: Secret | undefined;
  /** Name of the variable that a token is expected in. */
  readonly tokenVariable: string;
  readonly request: number | undefined;
  /** The head of the run that this one follows (GitHub's workflow_run): the event knows it, an artifact may lie. */
  readonly head: { readonly commit: string; readonly repository: string | undefined } | undefined;
  /** The page of this run, where its artifacts are. */
  readonly runUrl: string | undefined;
}

/** What somebody said on the command line. */
export interface ForgeFlags {
  readonly forge?: string;
  readonly api?: string;
  readonly repository?: string;
  readonly request?: number;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads a job's surroundings. Flags win over variables. Gitea's runners also say that they are GitHub's.
 *  @param event - the parsed file of GITHUB_EVENT_PATH, if there is one */
export function readForgeEnvironment(
  flags: ForgeFlags,
  variables: Variables,
  event: unknown,
): ForgeEnvironment {
  const kind = FORGE_KINDS.find((known) => known === flags.forge) ?? kindOf(variables);
  const found = kind === "gitlab" ? ofGitlab(variables) : ofActions(variables, event);
  const names = {
    github: ["GITHUB_TOKEN"],
    gitlab: ["GITLAB_TOKEN"],
    gitea: ["GITEA_TOKEN", "GITHUB_TOKEN"],
  };
  const tokens = kind === undefined ? [] : names[kind];
  const token = tokens.map((name) => set(variables[name])).find((value) => value !== undefined);
  return {
    kind,
    api: (flags.api ?? found.api ?? (kind === "github" ? "https://api.github.com" : undefined))?.replace(
      /\/+$/,
      "",
    ),
    repository: flags.repository ?? found.repository,
    token: token === undefined ? undefined : new Secret(token),
    tokenVariable: tokens[0] ?? "GITHUB_TOKEN",
    request: flags.request ?? found.request,
    head: found.head,
    runUrl: found.runUrl,
  };
}

type Found = Pick<ForgeEnvironment, "api" | "repository" | "request" | "head" | "runUrl">;

function kindOf(variables: Variables): ForgeKind | undefined {
  if (set(variables.GITEA_ACTIONS) || set(variables.FORGEJO_ACTIONS)) return "gitea";
  if (set(variables.GITHUB_ACTIONS)) return "github";
  return set(variables.GITLAB_CI) ? "gitlab" : undefined;
}

function ofActions(variables: Variables, event: unknown): Found {
  const server = set(variables.GITHUB_SERVER_URL);
  const repository = set(variables.GITHUB_REPOSITORY);
  const run = set(variables.GITHUB_RUN_ID);
  const commit = textAt(event, "workflow_run", "head_sha");
  return {
    api: set(variables.GITHUB_API_URL),
    repository,
    request: numberAt(event, "pull_request", "number"),
    head:
      commit === undefined
        ? undefined
        : {
            commit,
            repository: textAt(event, "workflow_run", "head_repository", "full_name"),
          },
    runUrl: server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined,
  };
}

function ofGitlab(variables: Variables): Found {
  const request = set(variables.CI_MERGE_REQUEST_IID);
  return {
    api: set(variables.CI_API_V4_URL),
    // The pipeline of a fork runs in the fork: the request is where it wants to go.
    repository: set(variables.CI_MERGE_REQUEST_PROJECT_ID) ?? set(variables.CI_PROJECT_ID),
    request: request !== undefined && /^\d{1,15}$/.test(request) ? Number(request) : undefined,
    head: undefined,
    runUrl: set(variables.CI_JOB_URL),
  };
}

/** Variables that a CI leaves empty are not set. */
function set(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : value;
}
