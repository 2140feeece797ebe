import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { readForgeEnvironment } from "../../src/forge/environment.ts";

const ACTIONS = {
  GITHUB_ACTIONS: "true",
  GITHUB_API_URL: "https://api.github.com",
  GITHUB_REPOSITORY: "acme/net",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_RUN_ID: "5",
  GITHUB_TOKEN: "tok",
};

describe("a job's surroundings say which forge it belongs to", () => {
  it("GitHub, with the number of the event's request", () => {
    const event = { pull_request: { number: 7, head: { sha: "a".repeat(40) } } };
    expect(readForgeEnvironment({}, ACTIONS, event)).toMatchObject({
      kind: "github",
      api: "https://api.github.com",
      repository: "acme/net",
      request: 7,
      head: undefined,
      runUrl: "https://github.com/acme/net/actions/runs/5",
    });
  });

  it("a run that follows another one knows the head, and believes the event's list of requests no further", () => {
    const event = {
      workflow_run: {
        head_sha: "b".repeat(40),
        head_repository: { full_name: "fork/net" },
        pull_requests: [{ number: 3 }],
      },
    };
    const found = readForgeEnvironment({}, ACTIONS, event);
    expect([found.request, found.head]).toEqual([
      undefined,
      { commit: "b".repeat(40), repository: "fork/net" },
    ]);
  });

  it.each(["GITEA_ACTIONS", "FORGEJO_ACTIONS"])(
    "Gitea, whose runner also says that it is GitHub's: %s",
    (name) => {
      const found = readForgeEnvironment({}, { ...ACTIONS, [name]: "true", GITEA_TOKEN: "other" }, undefined);
      expect([found.kind, found.token?.reveal(), found.tokenVariable]).toEqual([
        "gitea",
        "other",
        "GITEA_TOKEN",
      ]);
      const own = readForgeEnvironment({}, { ...ACTIONS, [name]: "true" }, undefined);
      expect(own.token?.reveal()).toBe("tok");
    },
  );

  it("GitLab, where the pipeline of a fork means the project that it wants into; its job token is none", () => {
    const variables = {
      GITLAB_CI: "true",
      CI_API_V4_URL: "https://gitlab.example/api/v4/",
      CI_PROJECT_ID: "3",
      CI_MERGE_REQUEST_PROJECT_ID: "2",
      CI_MERGE_REQUEST_IID: "12",
      CI_JOB_TOKEN: "job",
      GITHUB_TOKEN: "of another forge",
    };
    expect(readForgeEnvironment({}, variables, undefined)).toMatchObject({
      kind: "gitlab",
      api: "https://gitlab.example/api/v4",
      repository: "2",
      request: 12,
      token: undefined,
    });
    expect(
      readForgeEnvironment({}, { ...variables, CI_MERGE_REQUEST_IID: "1;x" }, undefined).request,
    ).toBeUndefined();
  });

  it("flags win, what is empty is not set, and an event of any shape is borne", () => {
    const flags = { forge: "github", repository: "me/mine", request: 4 };
    for (const event of [undefined, null, [], "x", { pull_request: { number: "7" } }, { workflow_run: 1 }])
      expect(readForgeEnvironment(flags, { GITLAB_CI: "", GITHUB_TOKEN: "" }, event)).toMatchObject({
        kind: "github",
        api: "https://api.github.com",
        repository: "me/mine",
        request: 4,
        token: undefined,
      });
    expect(readForgeEnvironment({}, {}, undefined).kind).toBeUndefined();
  });

  it("a token has no printable form", () => {
    const found = readForgeEnvironment({}, { ...ACTIONS, GITHUB_TOKEN: "s3cr3t" }, undefined);
    expect(`${inspect(found, { depth: 9 })}${JSON.stringify(found)}`).not.toContain("s3cr3t");
  });
});
