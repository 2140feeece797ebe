import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ciFiles, FORGES } from "../../src/inventory/ci-files.ts";

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<string, { readonly permissions: object; readonly if?: string; readonly steps: readonly Step[] }>
  >;
}

const [github] = ciFiles("github");
const workflow = parse(github?.content ?? "") as Workflow;
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

describe("CI files give a branch nothing", () => {
  it.each(FORGES)("%s: no secret is named", (forge) => {
    for (const file of ciFiles(forge)) {
      if (/\.ya?ml$/.test(file.path)) expect(parse(file.content)).toBeTypeOf("object");
      expect(file.content).not.toMatch(/secrets\.|SITEWRIGHT_|PASSWORD/);
    }
  });

  it("github runs on pull_request, never with the rights of the base", () => {
    expect(Object.keys(workflow.on)).toEqual(["pull_request"]);
    expect(workflow.permissions).toEqual({});
    expect(workflow.jobs.preview?.permissions).toEqual({ contents: "read" });
  });

  it("github checks the base out, and no shell line holds text of the event", () => {
    const checkouts = steps.filter((step) => step.uses?.startsWith("actions/checkout"));
    expect(checkouts.map((step) => step.with?.ref)).toEqual(["${{ github.event.pull_request.base.sha }}"]);
    for (const step of steps) expect(step.run ?? "").not.toContain("${{");
  });

  it("the job that may write runs no code of the repository, and not for forks", () => {
    const tell = workflow.jobs.tell;
    expect(tell?.if).toContain("head.repo.full_name == github.repository");
    for (const step of tell?.steps ?? [])
      expect(`${step.uses ?? ""}${step.run ?? ""}`).not.toMatch(/checkout|npm|npx|node /);
  });

  it.each(FORGES)("%s installs packages without running their scripts", (forge) => {
    const [file] = ciFiles(forge);
    expect(file?.content).toContain("npm ci --ignore-scripts");
    expect(file?.content).not.toMatch(/npm (install|i)\b/);
  });
});
