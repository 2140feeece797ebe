import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { COMMANDS } from "../../src/cli/catalogue.ts";
import { GLOBAL_FLAGS } from "../../src/cli/global-flags.ts";
import { ciFiles, FORGES } from "../../src/inventory/ci-files.ts";

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly needs?: string;
  readonly if?: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface GitlabJob {
  readonly environment?: { readonly name: string };
  readonly rules?: readonly { readonly if: string }[];
  readonly script?: readonly string[];
  readonly artifacts?: { readonly reports?: Readonly<Record<string, string>> };
}

function workflowOf(forge: "github" | "gitea", name: string): Workflow {
  const file = ciFiles(forge).find(({ path }) => path.endsWith(`/${name}.yml`));
  return parse(file?.content ?? "") as Workflow;
}

const text = (job: Job | undefined): string => JSON.stringify(job);
const stepsOf = (workflow: Workflow): Step[] => Object.values(workflow.jobs).flatMap((job) => job.steps);
const actions = (["github", "gitea"] as const).flatMap((forge) =>
  ["sitewright", "sitewright-comment"].map((name) => [forge, name] as const),
);
const check = workflowOf("github", "sitewright");
const comment = workflowOf("github", "sitewright-comment");
const gitlab = parse(ciFiles("gitlab")[0]?.content ?? "") as Readonly<Record<string, GitlabJob>>;

/** Lines of a shell that jobs run. */
function shellLines(): string[] {
  return [
    ...actions.flatMap(([forge, name]) => stepsOf(workflowOf(forge, name)).map((step) => step.run ?? "")),
    ...Object.values(gitlab).flatMap((job) => job.script ?? []),
  ].filter((line) => line !== "");
}

describe("CI files give a branch nothing", () => {
  it.each(FORGES)("%s: no secret is named", (forge) => {
    for (const file of ciFiles(forge)) {
      if (/\.ya?ml$/.test(file.path)) expect(parse(file.content)).toBeTypeOf("object");
      expect(file.content).not.toMatch(/secrets\.|SITEWRIGHT_|PASSWORD/);
    }
  });

  it("github checks on pull_request, never with the rights of the base, and without a token in any step", () => {
    expect(Object.keys(check.on)).toEqual(["pull_request"]);
    expect(check.permissions).toEqual({});
    expect(check.jobs.preview?.permissions).toEqual({ contents: "read" });
    expect(JSON.stringify(check.jobs)).not.toContain("github.token");
  });

  it.each(actions)("%s %s checks the base out, and no shell line holds text of the event", (forge, name) => {
    const steps = stepsOf(workflowOf(forge, name));
    for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/checkout")))
      expect([
        undefined,
        "${{ github.event.pull_request.base.sha }}",
        "${{ github.event.repository.default_branch }}",
      ]).toContain(step.with?.ref);
    for (const step of steps) expect(step.run ?? "").not.toContain("${{");
  });

  it("github's comment follows the check from the default branch and takes no artifact of it", () => {
    expect(comment.on).toEqual({ workflow_run: { workflows: ["sitewright"], types: ["completed"] } });
    expect(comment.permissions).toEqual({});
    const downloads = stepsOf(comment).filter(({ uses }) => uses?.startsWith("actions/download-artifact"));
    expect(downloads.map((step) => step.with)).toEqual([
      { name: "sitewright-open", path: "open" },
      { name: "sitewright-told", path: "preview" },
    ]);
    expect(JSON.stringify(comment)).not.toContain("run-id");
  });

  it.each([
    ["github", comment],
    ["gitea", workflowOf("gitea", "sitewright-comment")],
  ] as const)(
    "%s: the job that reads the branch has no token, the job that has one reads no branch",
    (_, workflow) => {
      for (const [name, job] of Object.entries(workflow.jobs)) {
        const reads = text(job).includes("git fetch") || text(job).includes("sitewright preview");
        const holds = text(job).includes("github.token");
        expect([name, reads, holds]).toEqual([name, name === "preview", name !== "preview"]);
      }
    },
  );

  it("github: only the job that posts may write", () => {
    const writing = Object.entries({ ...check.jobs, ...comment.jobs }).filter(([, job]) =>
      Object.values(job.permissions ?? {}).includes("write"),
    );
    expect(writing.map(([name]) => name)).toEqual(["findings", "tell"]);
    expect(check.jobs.findings?.if).toContain("head.repo.full_name == github.repository");
    expect(text(check.jobs.findings)).not.toMatch(/checkout|npm|npx|node /);
    expect(comment.jobs.tell?.permissions).toEqual({
      contents: "read",
      "pull-requests": "write",
      checks: "write",
    });
  });

  it("gitlab: notes come from a schedule of the default branch, and the jobs that read branches lack their environment", () => {
    expect(gitlab[".sitewright-notes"]?.rules).toEqual([
      { if: '$CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' },
    ]);
    const inEnvironment = Object.entries(gitlab).filter(([, job]) => job.environment !== undefined);
    expect(inEnvironment.map(([name]) => name)).toEqual(["sitewright-open", "sitewright-notes"]);
    for (const [, job] of inEnvironment)
      expect(job.script?.join()).not.toMatch(/git fetch|sitewright preview/);
    expect(gitlab.sitewright?.artifacts?.reports?.codequality).toBe("preview/code-quality.json");
  });

  it.each(FORGES)("%s installs packages without running their scripts", (forge) => {
    for (const file of ciFiles(forge).filter(({ path }) => path.endsWith(".yml"))) {
      expect(file.content).toContain("npm ci --ignore-scripts");
      expect(file.content).not.toMatch(/npm (install|i)\b/);
    }
  });
});

describe("what the jobs run is right", () => {
  it("every shell line parses", () => {
    for (const line of shellLines()) execFileSync("bash", ["-n"], { input: line });
  });

  it("every command and flag of Sitewright exists", () => {
    const calls = shellLines().flatMap((line) => [
      ...line.replaceAll("\\\n", " ").matchAll(/sitewright ([a-z]+)([^\n|>]*)/g),
    ]);
    expect(calls.length).toBeGreaterThan(8);
    for (const [call, name, rest = ""] of calls) {
      const command = COMMANDS.find((each) => each.name === name);
      const known = [...GLOBAL_FLAGS, ...(command?.options ?? [])].flatMap(([flags]) => flags.split(/[ ,]+/));
      const flags = rest.split(/\s+/).filter((word) => word.startsWith("--"));
      expect(known, call).toEqual(expect.arrayContaining(flags));
    }
  });
});
