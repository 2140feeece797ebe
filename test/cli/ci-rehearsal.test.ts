import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ForgeKind } from "../../src/forge/types.ts";
import { ciFiles } from "../../src/inventory/ci-files.ts";
import { ForgeServer, OWN_LOGIN, TOKEN } from "../forge/forge-server.ts";
import { makeRepository, type Repository } from "./preview-repository.ts";

const BIN = fileURLToPath(new URL("../../bin/sitewright.js", import.meta.url));
const SITE = "inventory/northgate/office/site.yaml";

let repository: Repository;
let server: ForgeServer;
let room: string;
const heads = new Map<number, string>();

beforeEach(() => {
  repository = makeRepository();
  room = mkdtempSync(join(tmpdir(), "sitewright-rehearsal-"));
  heads.clear();
  for (const [number, name] of [
    [7, "lab-a"],
    [8, "lab-b"],
  ] as const) {
    repository.branch(name, () => {
      const network = `\nnetworks:\n  ${name}:\n    vlan: 77\n    zone: office\n    ipv4: 10.70.${70 + number}.0/24\n`;
      repository.write(SITE, repository.read(SITE).replace("\nnetworks:\n", network));
    });
    heads.set(number, repository.git("rev-parse", "HEAD").trim());
  }
  repository.git("checkout", "-q", "main");
});
afterEach(async () => {
  await server.stop();
  repository.remove();
  rmSync(room, { recursive: true, force: true });
});

/** A forge that keeps the heads of both requests, and a runner's clone of the default branch. */
async function start(kind: ForgeKind): Promise<void> {
  server = new ForgeServer(kind);
  await server.start();
  const folder = kind === "gitlab" ? "merge-requests" : "pull";
  for (const [number, head] of heads) {
    server.pulls.push({ number, head, branch: `b${number}` });
    server.answers.set(`POST /statuses/${head}`, {});
    repository.git("update-ref", `refs/${folder}/${number}/head`, head);
  }
  server.answers.set("POST /check-runs", { id: 1 });
  repository.git(
    "clone",
    "-q",
    "--branch",
    "main",
    "--single-branch",
    repository.folder,
    join(room, "clone"),
  );
  mkdirSync(join(room, "bin"));
  const npx = `#!/bin/sh\n[ "$1 $2" = "--no-install sitewright" ] || exit 99\nshift 2\nexec "${process.execPath}" "${BIN}" "$@"\n`;
  writeFileSync(join(room, "bin/npx"), npx);
  chmodSync(join(room, "bin/npx"), 0o755);
}

/** Runs a shell text as a runner does, in the clone, with nothing of the real CI's variables. */
function shell(script: string, env: Readonly<Record<string, string>>): Promise<string> {
  const own = { PATH: `${join(room, "bin")}:${process.env.PATH ?? ""}`, HOME: room, NO_COLOR: "1", ...env };
  return new Promise((resolve, reject) => {
    execFile(
      "bash",
      ["-e", "-c", script],
      { cwd: join(room, "clone"), env: own },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${script}\n${stdout}${stderr}`));
        else resolve(`${stdout}${stderr}`);
      },
    );
  });
}

interface Step {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What the jobs of a workflow run, but for installing packages. */
function jobsOf(forge: "github" | "gitea"): Readonly<Record<string, readonly Step[]>> {
  const file = ciFiles(forge).find(({ path }) => path.endsWith("sitewright-comment.yml"));
  const { jobs } = parse(file?.content ?? "") as { jobs: Record<string, { steps: Step[] }> };
  return Object.fromEntries(
    Object.entries(jobs).map(([name, { steps }]) => [
      name,
      steps.filter(({ run }) => run !== undefined && !run.startsWith("npm ci")),
    ]),
  );
}

/** Variables of a step, as the runner fills them in. */
function filled(step: Step, given: Readonly<Record<string, string>>): Record<string, string> {
  const known: Readonly<Record<string, string>> = {
    "${{ github.token }}": TOKEN,
    "${{ github.event.workflow_run.head_sha }}": heads.get(7) ?? "",
  };
  const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, known[value] ?? value]);
  return { ...given, ...Object.fromEntries(own) };
}

function ours(): string[] {
  return server.comments.filter(({ login }) => login === OWN_LOGIN).map(({ body }) => body);
}

function bothAreTold(): void {
  expect(server.comments.map(({ request }) => request).sort()).toEqual([7, 8]);
  expect(ours().find((body) => CONFLICT.test(body))).toContain("lab-a");
  expect(ours().find((body) => !CONFLICT.test(body))).toContain(
    "VLAN 77 is for lab-b here, in request 7 for lab-a",
  );
}

const CONFLICT = /VLAN 77 is for lab-a here, in request 8 for lab-b/;

describe("the jobs that `init --ci` writes, run line by line on a clone of the default branch", () => {
  it("GitHub: the comment of the followed run's head, and the other request that takes the same VLAN", async () => {
    await start("github");
    const event = join(room, "event.json");
    const followed = {
      head_sha: heads.get(7),
      head_repository: { full_name: "acme/net" },
      pull_requests: [],
    };
    writeFileSync(event, JSON.stringify({ workflow_run: followed }));
    const given = {
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: server.api,
      GITHUB_REPOSITORY: "acme/net",
      GITHUB_EVENT_PATH: event,
    };
    const jobs = jobsOf("github");
    for (const step of jobs.requests ?? []) await shell(step.run ?? "", filled(step, given));
    mkdirSync(join(room, "clone/open"));
    for (const name of ["open.json", "refs.txt"])
      renameSync(join(room, "clone", name), join(room, "clone/open", name));
    for (const step of jobs.preview ?? []) await shell(step.run ?? "", filled(step, given));
    expect(ours()).toEqual([]);
    for (const step of jobs.tell ?? []) await shell(step.run ?? "", filled(step, given));
    expect(ours()).toHaveLength(1);
    expect(ours()[0]).toMatch(CONFLICT);
    expect(server.calls()).toContain("POST /check-runs");
    expect(
      repository.git("-C", join(room, "clone"), "log", "--oneline", "HEAD").trim().split("\n"),
    ).toHaveLength(1);
  });

  it("Gitea: every open request on a schedule", async () => {
    await start("gitea");
    const given = {
      GITHUB_ACTIONS: "true",
      GITEA_ACTIONS: "true",
      GITHUB_API_URL: server.api,
      GITHUB_REPOSITORY: "acme/net",
    };
    for (const steps of Object.values(jobsOf("gitea")))
      for (const step of steps) await shell(step.run ?? "", filled(step, given));
    bothAreTold();
  });

  it("GitLab: every open merge request, from a schedule of the default branch", async () => {
    await start("gitlab");
    const jobs = parse(ciFiles("gitlab")[0]?.content ?? "") as Record<
      string,
      { script?: string[]; environment?: object }
    >;
    const given = { GITLAB_CI: "true", CI_API_V4_URL: server.api, CI_PROJECT_ID: "acme/net" };
    for (const name of ["sitewright-open", "sitewright-previews", "sitewright-notes"]) {
      const { script = [], environment } = jobs[name] ?? {};
      const lines = script.filter((line) => !line.startsWith("npm ci"));
      const env = environment === undefined ? given : { ...given, GITLAB_TOKEN: TOKEN };
      await shell(lines.join("\n"), env);
    }
    bothAreTold();
  });
});
