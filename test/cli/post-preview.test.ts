import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ForgeKind } from "../../src/forge/types.ts";
import { ForgeServer, OWN_LOGIN, TOKEN } from "../forge/forge-server.ts";
import { makeRepository, type Ran, type Repository } from "./preview-repository.ts";

const MARK = "<!-- sitewright preview -->";
const SITE = "inventory/northgate/office/site.yaml";
/** What the CI that runs these tests says of itself. */
const NO_CI = Object.fromEntries(
  [
    "GITHUB_ACTIONS",
    "GITHUB_EVENT_PATH",
    "GITHUB_API_URL",
    "GITHUB_REPOSITORY",
    "GITHUB_RUN_ID",
    "GITHUB_SERVER_URL",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_OUTPUT",
    "GITHUB_TOKEN",
    "GITEA_ACTIONS",
    "FORGEJO_ACTIONS",
    "GITEA_TOKEN",
    "GITLAB_CI",
    "GITLAB_TOKEN",
  ].map((name) => [name, ""]),
);

let repository: Repository;
let server: ForgeServer;
let head: string;
beforeEach(async () => {
  repository = makeRepository();
  change("phones", "description: Desk telephones", "description: Telephones");
  head = repository.git("rev-parse", "HEAD").trim();
  await serve("github");
});
afterEach(async () => {
  await server.stop();
  repository.remove();
});

async function serve(kind: ForgeKind): Promise<void> {
  await server?.stop().catch(() => undefined);
  server = new ForgeServer(kind);
  await server.start();
  server.pulls.push({ number: 7, head, branch: "phones" });
  server.answers.set("POST /check-runs", { id: 5 });
  server.answers.set(`POST /statuses/${head}`, {});
}

function change(branch: string, from: string, to: string): void {
  repository.branch(branch, () => {
    expect(repository.read(SITE)).toContain(from);
    repository.write(SITE, repository.read(SITE).replace(from, to));
  });
}

/** A job of GitHub's runners, with its files. */
function githubJob(event: object, token = TOKEN): Record<string, string> {
  const file = (name: string): string => join(repository.folder, ".git", name);
  writeFileSync(file("event.json"), JSON.stringify(event));
  return {
    ...NO_CI,
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_PATH: file("event.json"),
    GITHUB_API_URL: server.api,
    GITHUB_REPOSITORY: "acme/net",
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_RUN_ID: "99",
    GITHUB_STEP_SUMMARY: file("summary.md"),
    GITHUB_OUTPUT: file("output.txt"),
    GITHUB_TOKEN: token,
  };
}

const OPENED = { pull_request: { number: 7 } };
const followed = (commit: string): object => ({
  workflow_run: { head_sha: commit, head_repository: { full_name: "acme/net" }, pull_requests: [] },
});

function preview(env: Record<string, string>, ...args: readonly string[]): Promise<Ran> {
  return repository.run(["preview", "--base", "main", ...args], env);
}

function ourComments(): string[] {
  return server.comments.filter(({ login }) => login === OWN_LOGIN).map(({ body }) => body);
}

describe("preview --post writes one comment", () => {
  it("on GitHub: the number comes from the event, the commit is marked, and a second run changes nothing", async () => {
    const first = await preview(githubJob(OPENED), "--post", "--out", "shown");
    expect([first.code, first.stdout]).toEqual([
      0,
      expect.stringContaining("created the comment of request 7"),
    ]);
    expect(ourComments()).toHaveLength(1);
    expect(ourComments()[0]).toContain("northgate/office");
    expect(server.calls()).toContain("POST /check-runs");
    const second = await preview(githubJob(OPENED), "--post");
    expect(second.stdout).toContain("left the comment of request 7");
    const all = [first.stdout, first.stderr, repository.read("shown/preview.json"), ourComments()[0]].join();
    expect(all).not.toContain(TOKEN);
  });

  it("that says the same as comment.md, but for the link to the run", async () => {
    await preview(githubJob(OPENED), "--post", "--out", "shown");
    const linked = (ourComments()[0] ?? "").replaceAll(
      "[the report](https://github.example/acme/net/actions/runs/99)",
      "the JSON of this run",
    );
    expect(linked.trim()).toBe(repository.read("shown/comment.md").trim());
  });

  it("on GitLab and Gitea, where the CI's variables say what they are", async () => {
    await serve("gitlab");
    const gitlab = {
      ...NO_CI,
      GITLAB_CI: "true",
      CI_API_V4_URL: server.api,
      CI_PROJECT_ID: "3",
      CI_MERGE_REQUEST_PROJECT_ID: "acme/net",
      CI_MERGE_REQUEST_IID: "7",
      GITLAB_TOKEN: TOKEN,
    };
    const ran = await preview(gitlab, "--post", "--json");
    const document = JSON.parse(ran.stdout) as { result: { posted: object } };
    expect(document.result.posted).toEqual({ did: "created", request: 7, mark: "status" });
    const schema = fileURLToPath(new URL("../../docs/schemas/preview.json", import.meta.url));
    const shape = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(schema, "utf8")) as object);
    expect([shape(document.result), shape.errors]).toEqual([true, null]);
    await serve("gitea");
    const gitea = { ...githubJob(OPENED, ""), GITEA_ACTIONS: "true", GITEA_TOKEN: TOKEN };
    expect((await preview(gitea, "--post")).stdout).toContain("created the comment of request 7");
  });

  it("from a desk, where flags say what a CI would", async () => {
    const env = { ...NO_CI, GITHUB_TOKEN: TOKEN };
    const flags = ["--post", "--forge", "github", "--api", server.api, "--repository", "acme/net"];
    expect((await preview(env, ...flags, "--request", "7")).stdout).toContain("created the comment");
    expect(await preview(env, ...flags, "--request", "x")).toMatchObject({ code: 4 });
    expect(await preview(env, "--post")).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("--forge github"),
    });
  });

  it("--pages keeps the page of each touched site beside it, as the head would have it", async () => {
    change(
      "lab",
      "\nnetworks:\n",
      "\nnetworks:\n  lab:\n    vlan: 77\n    zone: office\n    ipv4: 10.70.77.0/24\n",
    );
    repository.git("checkout", "-q", "main");
    await preview(NO_CI, "--head", "lab", "--out", "shown", "--pages");
    const page = repository.read("shown/northgate.office.html");
    expect([page.includes("Content-Security-Policy"), page.includes("10.70.77.0/24")]).toEqual([true, true]);
  });

  it("not over a newer head's", async () => {
    server.pulls.splice(0, 1, { number: 7, head: "f".repeat(40), branch: "phones" });
    const ran = await preview(githubJob(OPENED), "--post");
    expect([ran.code, ran.stdout]).toEqual([
      0,
      expect.stringContaining("not posted: request 7 stands at ffffffffffff"),
    ]);
    expect(server.comments).toEqual([]);
  });
});

describe("a job that may not post", () => {
  it("without a token shows the same preview as summary and variables, and ends as the preview does", async () => {
    const env = githubJob(OPENED, "");
    const ran = await preview(env, "--post", "--out", "shown");
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining("GITHUB_TOKEN is not set")]);
    expect(server.arrived).toEqual([]);
    expect(readFileSync(env.GITHUB_STEP_SUMMARY ?? "", "utf8")).toContain("northgate/office");
    const digest = (JSON.parse(repository.read("shown/preview.json")) as { digest: string }).digest;
    expect(readFileSync(env.GITHUB_OUTPUT ?? "", "utf8").split("\n")).toEqual([
      "verdict=fine",
      "sites=1",
      expect.stringMatching(/^devices=[1-9]\d*$/),
      "errors=0",
      `digest=${digest}`,
      "",
    ]);
  });

  it("that is refused says why in a sentence, ends with 3, and has kept the preview", async () => {
    server.faults.push({
      method: "POST",
      path: /comments/,
      kind: "status",
      status: 403,
      body: { message: "Resource not accessible by integration" },
    });
    const ran = await preview(githubJob(OPENED), "--post", "--out", "shown");
    expect([ran.code, ran.stdout]).toEqual([
      3,
      expect.stringContaining("does not let us comment on request 7 (403: Resource not accessible"),
    ]);
    expect(ran.stdout).toContain("pull-requests: write");
    expect(repository.read("shown/comment.md")).toContain("northgate/office");
    expect(`${ran.stdout}${ran.stderr}`).not.toContain(TOKEN);
  });
});

describe("comment --from posts what another job made", () => {
  const comment = (env: Record<string, string>, ...args: readonly string[]): Promise<Ran> =>
    repository.run(["comment", "--from", "shown", ...args], env);
  beforeEach(() => preview(NO_CI, "--out", "shown"));

  it("on the open request whose head the event names", async () => {
    server.pulls.push({ number: 8, head, branch: "phones", repository: "mallory/net" });
    const ran = await comment(githubJob(followed(head)));
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining("created the comment of request 7")]);
  });

  it("on none where the request has moved on, and asks where two have the head", async () => {
    server.pulls.splice(0);
    const gone = await comment(githubJob(followed(head)));
    expect([gone.code, gone.stdout]).toEqual([0, expect.stringContaining("no open request stands at")]);
    for (const number of [7, 8]) server.pulls.push({ number, head, branch: "phones" });
    const two = await comment(githubJob(followed(head)));
    expect([two.code, two.stderr]).toEqual([4, expect.stringContaining("more than one open request")]);
  });

  it("and believes neither its Markdown nor its word for whose preview it is", async () => {
    const forged = { ...(JSON.parse(repository.read("shown/preview.json")) as object), comment: "@everyone" };
    repository.write("shown/preview.json", JSON.stringify(forged));
    repository.write("shown/comment.md", "@everyone <b>all is well</b>");
    await comment(githubJob(OPENED));
    expect(ourComments()[0]).toContain("northgate/office");
    expect(ourComments().join()).not.toContain("everyone");
    const other = await comment(githubJob(followed("e".repeat(40))));
    expect([other.code, other.stderr]).toEqual([
      4,
      expect.stringContaining("the run that we follow is of eeeeeeeeeeee"),
    ]);
  });

  it("escapes what a stranger put into its texts", async () => {
    const given = JSON.parse(repository.read("shown/preview.json")) as {
      sites: { site: string; notEvaluated: string[]; devices: { device: string; commands: string[] }[] }[];
    };
    const [site] = given.sites;
    if (site === undefined) throw new Error("no site");
    site.site = "a | b <img src=x onerror=alert(1)> @team [click](https://evil.example)";
    site.notEvaluated.push("</details>\n\n# Approved");
    for (const device of site.devices) device.commands.push("```\n<script>alert(1)</script>\n```");
    repository.write("shown/preview.json", JSON.stringify(given));
    await comment(githubJob(OPENED));
    const [text = ""] = ourComments();
    expect(text.startsWith(MARK)).toBe(true);
    // A code block shows its text as it is.
    expect(text.replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, "")).not.toMatch(
      /<img|@team|\]\(https:\/\/evil|^# Approved|\n# Approved/,
    );
    expect(text).toContain("a &#124; b &#60;img");
  });

  it.each([
    ["another shape", '{"sites":"none"}', "preview.base is not a text"],
    ["a word of its own", undefined, "risk.level is not low, medium, high, critical"],
    ["no JSON", "<html>", "it is no JSON"],
  ])("refuses %s, saying where", async (_, text, said) => {
    const risky = repository.read("shown/preview.json").replace(/"level": "\w+"/, '"level": "**none**"');
    repository.write("shown/preview.json", text ?? risky);
    const ran = await comment(githubJob(OPENED));
    expect([ran.code, ran.stderr]).toEqual([4, expect.stringContaining(said)]);
    expect(server.comments).toEqual([]);
  });

  it("follows no link, and wants a token", async () => {
    expect(await comment(githubJob(OPENED, ""))).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("GITHUB_TOKEN is not set"),
    });
    const file = join(repository.folder, "shown/preview.json");
    rmSync(file);
    symlinkSync("/etc/passwd", file);
    expect(await comment(githubJob(OPENED))).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("ELOOP"),
    });
  });
});

describe("two open requests that take the same are told before one is merged", () => {
  const network = (name: string, vlan: number, prefix: string): string =>
    `\nnetworks:\n  ${name}:\n    vlan: ${vlan}\n    zone: office\n    ipv4: ${prefix}\n`;
  const add = (branch: string, name: string, vlan: number, prefix: string): string => {
    repository.git("checkout", "-q", "main");
    change(branch, "\nnetworks:\n", network(name, vlan, prefix));
    return repository.git("rev-parse", "HEAD").trim();
  };
  const messages = async (...args: readonly string[]): Promise<string[]> => {
    const ran = await preview(githubJob({ pull_request: { number: 9 } }), "--json", ...args);
    const { findings } = JSON.parse(ran.stdout) as {
      findings: { code: string; message: string; hint: string }[];
    };
    return findings
      .filter(({ code }) => code.startsWith("PRV-OPEN"))
      .map(({ message, hint }) => `${message}; ${hint}`);
  };

  it("VLAN ids and overlapping prefixes, by name of the other request; its own and unlike ones are none", async () => {
    const first = add("first", "lab-a", 77, "10.70.77.0/24");
    const other = add("other", "lab-c", 79, "10.70.79.0/24");
    const own = add("second", "lab-b", 77, "10.70.77.128/25");
    server.pulls.push(
      { number: 8, head: first, branch: "first" },
      { number: 9, head: own, branch: "second" },
    );
    server.pulls.push({ number: 10, head: other, branch: "other" });
    const found = await messages("--with-open");
    expect(found.map((message) => message.replace(/;.*/, "")).sort()).toEqual([
      "VLAN 77 is for lab-b here, in request 8 for lab-a",
      "prefix 10.70.77.128/25 is for lab-b here, in request 8 as 10.70.77.0/24 for lab-a",
    ]);
  });

  it("from a list that a job with a token made; heads that nobody fetched are named", async () => {
    const first = add("first", "lab-a", 77, "10.70.77.0/24");
    add("second", "lab-b", 77, "10.70.78.0/24");
    server.pulls.push({ number: 8, head: first, branch: "first" });
    server.pulls.push({ number: 11, head: "d".repeat(40), branch: "far" });
    const env = githubJob({});
    expect((await repository.run(["requests", "--refs"], env)).stdout).toBe(
      "refs/pull/7/head\nrefs/pull/8/head\nrefs/pull/11/head\n",
    );
    expect((await repository.run(["requests", "--out", "open.json"], env)).code).toBe(0);
    const found = await messages("--with-open", "open.json");
    expect(found).toEqual([
      expect.stringContaining("git fetch origin refs/pull/11/head"),
      expect.stringContaining("VLAN 77 is for lab-b here, in request 8 for lab-a"),
    ]);
    repository.write("open.json", '[{"request":1,"commit":"--output=x","ref":"refs/pull/1/head"}]');
    expect(await preview(env, "--with-open", "open.json")).toMatchObject({ code: 4 });
  });

  it("the same commit in two requests is no conflict", async () => {
    const first = add("first", "lab-a", 77, "10.70.77.0/24");
    repository.git("checkout", "-q", "-b", "stacked");
    repository.write(SITE, repository.read(SITE).replace("Desk telephones", "Telephones"));
    repository.git("commit", "-qam", "more");
    server.pulls.push({ number: 8, head: first, branch: "first" });
    expect(await messages("--with-open")).toEqual([]);
  });

  it("a forge that does not list them leaves the preview whole, and says so", async () => {
    for (let at = 0; at < 9; at += 1) server.faults.push({ kind: "status", status: 403 });
    const ran = await preview(githubJob({}), "--with-open");
    expect([ran.code, ran.stderr]).toEqual([
      0,
      expect.stringContaining("other open requests were not met: GitHub does not let us list"),
    ]);
  });
});
