import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ciFiles } from "../../../src/inventory/ci-files.ts";
import { waitFor } from "../../../src/lab/real/wait.ts";
import { makeRepository, type Repository } from "../../cli/preview-repository.ts";
import { addActions } from "./action-stand-ins.ts";
import { RealRunner } from "./gitea-runner.ts";
import { RealGitea } from "./gitea-server.ts";
import { forgePrograms } from "./programs.ts";

const BIN = fileURLToPath(new URL("../../../bin/sitewright.js", import.meta.url));
const SITE = "inventory/northgate/office/site.yaml";
const COMMENT = "sitewright-comment.yml";
const NET = "/repos/sam/net";
const ENDED = new Set(["success", "failure", "cancelled", "skipped"]);

interface Job {
  readonly id: number;
  readonly run_id: number;
  readonly name: string;
  readonly conclusion: string | null;
  readonly status: string;
}

// One repository, one story: sam's two branches, the check of each, then the schedule of the default branch.
describe("the workflows that `init --ci gitea` writes, on Gitea's own runner", () => {
  let gitea: RealGitea;
  let runner: RealRunner;
  let repository: Repository;
  const store = mkdtempSync(join(tmpdir(), "sitewright-artifacts-"));

  beforeAll(async () => {
    const programs = forgePrograms();
    gitea = await RealGitea.start(programs);
    await gitea.user("sam");
    await addActions(gitea, store);
    await gitea.as("sam", "POST", "/user/repos", { name: "net" });
    repository = makeRepository();
    for (const { path, content } of ciFiles("gitea")) repository.write(path, content);
    packaged(repository);
    repository.git("config", "user.email", "sam@example.net");
    repository.git("add", "-A");
    repository.git("commit", "-q", "-m", "CI");
    repository.git("remote", "add", "origin", gitea.remote("sam", "sam/net"));
    repository.git("push", "-q", "origin", "main");
    runner = await RealRunner.start(programs.runner, gitea, process.env.PATH ?? "");
  });
  afterAll(async () => {
    await runner?.stop();
    await gitea?.stop();
    repository?.remove();
    rmSync(store, { recursive: true, force: true });
  });

  /** Waits until so many jobs have ended. */
  const ended = (count: number): Promise<Job[]> =>
    waitFor(
      `${count} jobs`,
      async () => {
        const { json } = await gitea.as("sam", "GET", `${NET}/actions/jobs`);
        const jobs = (json as { jobs?: Job[] } | undefined)?.jobs ?? [];
        return jobs.length >= count && jobs.every(({ conclusion }) => ENDED.has(conclusion ?? ""))
          ? jobs
          : undefined;
      },
      { timeoutMs: 240_000, everyMs: 500 },
    );
  const logOf = async ({ id }: Job): Promise<string> =>
    String((await gitea.as("sam", "GET", `${NET}/actions/jobs/${id}/logs`)).json);
  const comments = async (request: number): Promise<{ body: string; user: { login: string } }[]> =>
    (await gitea.as("sam", "GET", `${NET}/issues/${request}/comments`)).json as never;

  it("previews each pull request without a token, and keeps the preview", async () => {
    for (const [at, name] of ["lab-a", "lab-b"].entries()) {
      repository.branch(name, () => {
        const network = `\nnetworks:\n  ${name}:\n    vlan: 77\n    zone: office\n    ipv4: 10.70.${77 + at}.0/24\n`;
        repository.write(SITE, repository.read(SITE).replace("\nnetworks:\n", network));
      });
      repository.git("push", "-q", "origin", name);
      expect(await gitea.openRequest("sam", "sam/net", name)).toBe(at + 1);
    }
    const jobs = await ended(2);
    for (const job of jobs)
      expect([job.name, job.conclusion, await logOf(job)]).toMatchObject([
        "preview",
        "success",
        expect.stringContaining("1 site, 1 device touched"),
      ]);
    expect(readFileSync(join(store, "sitewright-preview/comment.md"), "utf8")).toContain("northgate/office");
    expect(existsSync(join(store, "sitewright-preview/northgate.office.html"))).toBe(true);
    expect(await comments(1)).toEqual([]);
  });

  it("comments on each with the job's own token, and marks its commit", async () => {
    expect(
      await gitea.as("sam", "POST", `${NET}/actions/workflows/${COMMENT}/dispatches`, { ref: "main" }),
    ).toMatchObject({ status: expect.toSatisfy((status: number) => status < 300) });
    const jobs = await ended(5);
    const logs = await Promise.all(jobs.map(logOf));
    expect(
      jobs.map(({ conclusion }) => conclusion),
      logs.join("\n"),
    ).toEqual(jobs.map(() => "success"));
    expect(logs.join("\n")).not.toContain("not marked");
    for (const [request, other] of [
      [1, "lab-b"],
      [2, "lab-a"],
    ] as const) {
      const [comment, ...more] = await comments(request);
      expect([comment?.user.login, more]).toEqual(["gitea-actions", []]);
      expect(comment?.body).toContain(`in request ${3 - request} for ${other}`);
    }
    const head = repository.git("rev-parse", "lab-a").trim();
    const { json } = await gitea.as("sam", "GET", `${NET}/commits/${head}/statuses`);
    expect((json as { context: string }[]).map(({ context }) => context)).toContain("sitewright");
  });

  it("and finds its comment again the next time", async () => {
    await gitea.as("sam", "POST", `${NET}/actions/workflows/${COMMENT}/dispatches`, { ref: "main" });
    const jobs = await ended(8);
    const tells = jobs.filter(({ name }) => name === "tell").sort((a, b) => b.id - a.id);
    const [newest] = tells;
    expect(newest === undefined ? "" : await logOf(newest)).toContain("left the comment of request 2");
    expect(await comments(2)).toHaveLength(1);
  });
});

/** Gives a repository packages that `npm ci` installs without a network, and by them our own command. */
function packaged(repository: Repository): void {
  const tool = { name: "sitewright", version: "1.0.0", bin: { sitewright: "run.sh" } };
  repository.write("tools/sitewright/package.json", JSON.stringify(tool));
  repository.write("tools/sitewright/run.sh", `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  chmodSync(join(repository.folder, "tools/sitewright/run.sh"), 0o755);
  const own = {
    name: "net",
    version: "1.0.0",
    private: true,
    dependencies: { sitewright: "file:tools/sitewright" },
  };
  repository.write("package.json", JSON.stringify(own));
  execFileSync("npm", ["install", "--package-lock-only", "--offline", "--ignore-scripts"], {
    cwd: repository.folder,
    stdio: "ignore",
  });
}
