import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../../src/model/finding.ts";
import type { Preview, PreviewSite } from "../../src/planner/preview/types.ts";
import { makeRepository, type Ran, type Repository } from "./preview-repository.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SCHEMAS = fileURLToPath(new URL("../../docs/schemas", import.meta.url));
const OFFICE = "inventory/northgate/office";

let repository: Repository;
beforeEach(() => {
  repository = makeRepository();
});
afterEach(() => repository.remove());

interface Answer {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  readonly result: Preview & { readonly comment: string };
}

function preview(...args: readonly string[]): Promise<Ran> {
  return repository.run(["preview", "--base", "main", ...args]);
}

async function answer(...args: readonly string[]): Promise<Answer> {
  const ran = await preview("--json", ...args);
  return JSON.parse(ran.stdout) as Answer;
}

function edit(path: string, from: string, to: string): void {
  const text = repository.read(path);
  expect(text).toContain(from);
  repository.write(path, text.replace(from, to));
}

function siteOf({ result }: Answer, id: string): PreviewSite {
  const site = result.sites.find((each) => each.site === id);
  if (site === undefined) throw new Error(`${id} is not in the preview`);
  return site;
}

const GUEST_RULE = `R0666:
  from: guest
  to: srv-files
  service: files
  log: true
  reason: Visitors want files
  owner: priya.nair
  ticket: NG-0666
  created: 2026-02-03
  review: 2027-02-03
`;

describe("a preview shows what a change means, site by site", () => {
  it("a comment and moved lines touch no site", async () => {
    repository.branch("comment", () => {
      for (const path of ["inventory/provider.yaml", `${OFFICE}/site.yaml`, `${OFFICE}/devices/core-1.yaml`])
        repository.write(path, `# a remark\n\n${repository.read(path)}`);
    });
    const given = await answer("--exit-code");
    expect(given.result.sites).toEqual([]);
    expect(given.result.untouched).toBeGreaterThan(2);
    expect(given.exitCode).toBe(0);
  });

  it("affected names the sites that a branch changes, and says what to type without a base", async () => {
    repository.branch("affected", () =>
      repository.write(`${OFFICE}/rules.yaml`, repository.read(`${OFFICE}/rules.yaml`) + GUEST_RULE),
    );
    const ran = await repository.run(["affected", "--base", "main"]);
    expect([ran.code, ran.stdout]).toEqual([0, "northgate/office\n"]);
    expect((await repository.run(["affected"])).stderr).toContain("affected --base origin/main");
    const wrong = await repository.run(["affected", "--base", "nowhere"]);
    expect([wrong.code, wrong.stdout.includes("nowhere")]).toEqual([4, true]);
  });

  it("a default of the provider touches exactly the sites whose model it changes", async () => {
    repository.branch("default", () =>
      repository.write(
        "inventory/provider.yaml",
        `${repository.read("inventory/provider.yaml")}\nbanner: Call the desk first\n`,
      ),
    );
    const given = await answer();
    const touched = given.result.sites.map((site) => site.site);
    expect(touched.length + given.result.untouched).toBe(4);
    expect(touched.length).toBeGreaterThan(0);
    for (const site of given.result.sites)
      for (const device of site.devices.filter(({ commands }) => commands.length > 0))
        expect(device.commands.join("\n")).toContain("Call the desk first");
  });

  it("a rule from guest to server names the flow, a packet, the YAML line, and ends with 1", async () => {
    repository.branch("open", () =>
      repository.write(`${OFFICE}/rules.yaml`, repository.read(`${OFFICE}/rules.yaml`) + GUEST_RULE),
    );
    const given = await answer();
    const site = siteOf(given, "northgate/office");
    const line = repository.read(`${OFFICE}/rules.yaml`).split("\n").indexOf("R0666:") + 1;
    expect(site.flows.opened.map((flow) => [flow.from, flow.to, flow.line])).toContainEqual([
      "guest",
      "server",
      { file: `${OFFICE}/rules.yaml`, line, column: 1 },
    ]);
    expect(site.flows.opened.map((flow) => flow.witness).join()).toMatch(
      /tcp 10\.70\.90\.\d+:\d+ -> 10\.70\.20\.10:445/,
    );
    expect(site.findings.map((finding) => finding.code)).toContain("ZON-005");
    expect(site.devices.filter((device) => device.state !== "same").map((device) => device.device)).toEqual([
      "northgate/office/fw-1",
    ]);
    expect(given.result.comment).toContain(`rules.yaml:${line}`);
    expect(given.exitCode).toBe(1);
  });

  it("taking a rule out closes its flow and opens none", async () => {
    repository.branch("close", () => edit(`${OFFICE}/rules.yaml`, "service: printing", "service: [mail]"));
    const { flows } = siteOf(await answer(), "northgate/office");
    expect(flows.closed.map((flow) => flow.flow).join()).toContain("9100");
    expect(flows.opened.map((flow) => flow.flow).join()).not.toContain("9100");
  });

  it("a second run from the cache says the same", async () => {
    repository.branch("open", () =>
      repository.write(`${OFFICE}/rules.yaml`, repository.read(`${OFFICE}/rules.yaml`) + GUEST_RULE),
    );
    const cold = await preview("--json", "--no-cache");
    const warming = await preview("--json");
    const warm = await preview("--json");
    expect(JSON.parse(warming.stdout)).toEqual(JSON.parse(cold.stdout));
    expect(JSON.parse(warm.stdout)).toEqual(JSON.parse(cold.stdout));
  });

  it("a branch that lags behind is shown as what merging it gives", async () => {
    repository.branch("late", () =>
      repository.write(`${OFFICE}/rules.yaml`, repository.read(`${OFFICE}/rules.yaml`) + GUEST_RULE),
    );
    repository.git("checkout", "-q", "main");
    repository.write(
      "inventory/lanhai/client.yaml",
      `${repository.read("inventory/lanhai/client.yaml")}# newer\n`,
    );
    edit("inventory/harbour-dental/main/site.yaml", "name: ", "name: New ");
    repository.git("commit", "-qam", "newer");
    repository.git("checkout", "-q", "late");
    expect((await answer()).result.sites.map((site) => site.site)).toEqual(["northgate/office"]);
  });

  it("two branches that take the same VLAN are found when the second meets the merged base", async () => {
    const network = (name: string): string =>
      `\nnetworks:\n  ${name}:\n    vlan: 77\n    zone: office\n    ipv4: 10.70.77.0/24\n`;
    repository.branch("second", () => edit(`${OFFICE}/site.yaml`, "\nnetworks:\n", network("lab-b")));
    repository.git("checkout", "-q", "main");
    edit(
      `${OFFICE}/site.yaml`,
      "\n  servers:\n",
      "\n  lab-a:\n    vlan: 77\n    zone: office\n    ipv4: 10.70.78.0/24\n  servers:\n",
    );
    repository.git("commit", "-qam", "first");
    repository.git("checkout", "-q", "second");
    const given = await answer();
    expect(
      given.findings
        .filter((finding) => finding.severity === "error")
        .map((finding) => finding.message)
        .join(),
    ).toContain("77");
    expect(given.exitCode).toBe(1);
  });
});

describe("the answer has the shape that was published", () => {
  it("as JSON, also where nothing can be compared", async () => {
    repository.branch("open", () =>
      repository.write(`${OFFICE}/rules.yaml`, repository.read(`${OFFICE}/rules.yaml`) + GUEST_RULE),
    );
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    const schema = (name: string): object =>
      JSON.parse(readFileSync(join(SCHEMAS, `${name}.json`), "utf8")) as object;
    const [envelope, result] = [ajv.compile(schema("envelope")), ajv.compile(schema("preview"))];
    for (const base of ["main", "nowhere"]) {
      const ran = await repository.run(["preview", "--base", base, "--json"]);
      const document = JSON.parse(ran.stdout) as Answer;
      expect([envelope(document), envelope.errors]).toEqual([true, null]);
      expect([result(document.result), result.errors]).toEqual([true, null]);
    }
  });

  it("--out writes the comment, the JSON and the SARIF of one run", async () => {
    repository.branch("open", () =>
      repository.write(`${OFFICE}/rules.yaml`, repository.read(`${OFFICE}/rules.yaml`) + GUEST_RULE),
    );
    await preview("--out", "shown");
    const comment = repository.read("shown/comment.md");
    expect(comment.startsWith("<!-- sitewright preview -->\n## Sitewright: ❌ 1 new error")).toBe(true);
    expect((await preview("--format", "md")).stdout).toBe(comment);
    expect((await preview("--format", "sarif")).stdout).toBe(repository.read("shown/findings.sarif"));
  });

  it("ends with 2 for changes only where it was asked to", async () => {
    repository.branch("vlan", () =>
      edit(`${OFFICE}/site.yaml`, "description: Desk telephones", "description: Telephones"),
    );
    expect((await preview()).code).toBe(0);
    expect((await preview("--exit-code")).code).toBe(2);
  });
});

describe("CI previews a branch from a checkout of the base", () => {
  it("as the workflow file does: the branch is fetched, not checked out", async () => {
    repository.branch("open", () =>
      repository.write(`${OFFICE}/rules.yaml`, repository.read(`${OFFICE}/rules.yaml`) + GUEST_RULE),
    );
    const there = await preview("--json");
    repository.git("checkout", "-q", "main");
    repository.git("fetch", "-q", ".", "open");
    const ran = await repository.run(["preview", "--base", "HEAD", "--head", "FETCH_HEAD", "--json"]);
    expect(JSON.parse(ran.stdout)).toEqual(JSON.parse(there.stdout));
    expect(repository.read(`${OFFICE}/rules.yaml`)).not.toContain("R0666");
  });

  it("init --ci adds the workflow to a workspace, once", async () => {
    const path = ".github/workflows/sitewright.yml";
    expect((await repository.run(["init", "--ci", "github"])).code).toBe(0);
    expect(repository.read(path)).toContain("sitewright preview --base HEAD --head FETCH_HEAD");
    repository.write(path, "mine\n");
    expect((await repository.run(["init", "--ci", "github"])).code).toBe(4);
    expect(repository.read(path)).toBe("mine\n");
    expect((await repository.run(["init", "--ci", "jenkins"])).code).toBe(4);
    expect((await repository.run(["init", "fresh", "--ci", "gitlab"])).code).toBe(0);
    expect(repository.read("fresh/.gitlab-ci.yml")).toContain("merge_request_event");
  });
});

describe("what cannot be compared says what to fetch, and ends with 4", () => {
  it("a revision that git does not know", async () => {
    const ran = await repository.run(["preview", "--base", "origin/nowhere"]);
    expect([ran.code, ran.stdout]).toEqual([4, expect.stringContaining("git fetch origin nowhere")]);
  });

  it("a revision that is an option", async () => {
    const ran = await repository.run(["preview", "--base=--output=/tmp/x"]);
    expect([ran.code, ran.stdout]).toEqual([4, expect.stringContaining("no git revision")]);
  });

  it("a shallow clone without the base", async () => {
    repository.branch("open", () => repository.write(`${OFFICE}/rules.yaml`, GUEST_RULE));
    const clone = join(repository.folder, "shallow");
    repository.git(
      "clone",
      "-q",
      "--depth",
      "1",
      "--single-branch",
      "--branch",
      "open",
      `file://${repository.folder}`,
      clone,
    );
    const ran = await repository.run(["-C", clone, "preview", "--base", "origin/main"]);
    repository.git("-C", clone, "fetch", "-q", "--depth", "1", "origin", "main:refs/remotes/origin/main");
    const apart = await repository.run(["-C", clone, "preview", "--base", "origin/main"]);
    expect([ran.code, ran.stdout]).toEqual([4, expect.stringContaining("git fetch --unshallow")]);
    expect([apart.code, apart.stdout]).toEqual([4, expect.stringContaining("PRV-SHALLOW")]);
  });
});

describe("a hostile branch gets nothing", () => {
  it("a redirected address is shown for review, and no device is asked", async () => {
    repository.branch("redirect", () => edit(`${OFFICE}/devices/acc-1.yaml`, "address:", "address: 66 #"));
    const site = siteOf(await answer(), "northgate/office");
    const [review] = site.review.filter((change) => change.kind === "address");
    expect([review?.subject, review?.text]).toEqual([
      "northgate/office/acc-1",
      expect.stringMatching(/^10\.70\.99\.\d+ port 22 → 10\.70\.99\.66 port 22$/),
    ]);
    expect((await answer()).result.comment).toContain("To be reviewed by a person");
  });

  it("other credentials, accounts and a lifted gate are shown for review", async () => {
    repository.branch("keys", () => {
      edit("inventory/provider.yaml", "credentials:", "credentials:\n  agent: true #");
      edit(`${OFFICE}/site.yaml`, "binding: lab", "binding: direct");
      edit(`${OFFICE}/site.yaml`, "gate: none", "gate: required");
    });
    const given = await answer();
    const kinds = new Set(siteOf(given, "northgate/office").review.map((change) => change.kind));
    expect([...kinds].sort()).toEqual(["binding", "gate", "login"]);
  });

  it("code, workflows, packages and host keys are named, and none of them runs", async () => {
    const trap = join(repository.folder, "trapped");
    const code = `require("node:fs").writeFileSync(${JSON.stringify(trap)}, JSON.stringify(process.env))`;
    repository.branch("code", () => {
      repository.write("src/checks/evil.ts", code);
      repository.write("package.json", JSON.stringify({ scripts: { prepare: `node -e '${code}'` } }));
      repository.write(".github/workflows/evil.yml", "on: push\n");
      repository.write("templates/iosxe/config.hbs", "{{> ../../../etc/passwd}}\n");
      repository.write("known_hosts", "10.70.99.1 ssh-ed25519 AAAA\n");
      repository.write(".gitattributes", "*.yaml filter=evil diff=evil merge=evil\n");
    });
    const given = await answer();
    expect(given.result.review.map((change) => change.subject).sort()).toEqual([
      ".gitattributes",
      ".github/workflows/evil.yml",
      "known_hosts",
      "package.json",
      "src/checks/evil.ts",
      "templates/iosxe/config.hbs",
    ]);
    expect(() => readFileSync(trap)).toThrow();
  });

  it.each([
    ["outwards", "/etc/passwd"],
    ["to another file of the workspace", "../../../../inventory/lanhai/client.yaml"],
  ])(
    "a device file that is a symbolic link %s is refused, and its site is not judged without it",
    async (_where, target) => {
      repository.branch("link", () => {
        const path = join(repository.folder, OFFICE, "devices/acc-1.yaml");
        renameSync(path, `${repository.folder}/gone.yaml`);
        symlinkSync(target, path);
      });
      const given = await answer();
      const site = siteOf(given, "northgate/office");
      expect([
        site.state,
        site.devices.map((device) => device.state).filter((state) => state !== "same"),
      ]).toEqual(["broken", []]);
      expect(given.findings.map((finding) => [finding.code, finding.where])).toContainEqual([
        "INV-SYMLINK",
        { file: `${OFFICE}/devices/acc-1.yaml`, line: 1, column: 1 },
      ]);
      expect(given.result.comment).not.toContain("root:x:0");
      expect(given.exitCode).toBe(1);
    },
  );

  it("a folder that becomes a link does not read as a site without devices", async () => {
    repository.branch("folder", () => {
      renameSync(join(repository.folder, OFFICE, "devices"), join(repository.folder, "elsewhere"));
      symlinkSync("../../../elsewhere", join(repository.folder, OFFICE, "devices"));
    });
    const given = await answer();
    expect(siteOf(given, "northgate/office").state).toBe("broken");
    expect(given.findings.map((finding) => finding.code)).toContain("INV-SYMLINK");
  });

  it("a billion laughs and a file that is no YAML end in findings, at once", async () => {
    const laughs = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"];
    for (let level = 1; level < 30; level += 1)
      laughs.push(
        `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(", ")}]`,
      );
    repository.branch("bomb", () => {
      repository.write(`${OFFICE}/site.yaml`, `${laughs.join("\n")}\n`);
      repository.write(`${OFFICE}/devices/acc-2.yaml`, "}{\n");
    });
    const started = performance.now();
    const given = await answer();
    expect(given.exitCode).toBe(1);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(siteOf(given, "northgate/office").devices.map((device) => device.state)).not.toContain("gone");
  });

  it("a name with HTML, Markdown, a mention and a shell command stays text in the comment", async () => {
    const name = "<img src=x onerror=alert(1)> [x](http://evil.example) @octocat #1 $(reboot) `id` ```";
    repository.branch("name", () => {
      edit(`${OFFICE}/site.yaml`, "name: Northgate House", `name: ${JSON.stringify(name)}`);
      edit(
        `${OFFICE}/site.yaml`,
        "description: Desk telephones",
        `description: ${JSON.stringify("</details><script>x</script> ``` @octocat")}`,
      );
    });
    const { comment } = (await answer()).result;
    const prose = comment.replace(/(`{3,})[\s\S]*?\n\1\n/g, "").replace(/(`+)[^`\n]+\1/g, "");
    expect(prose).not.toMatch(/<(img|script)/i);
    expect(prose).not.toMatch(/@\w/);
    expect(prose).not.toContain("http://");
  });

  it("a check that the branch adds or changes does not run; the base's does", async () => {
    const api = JSON.stringify(join(ROOT, "src/own-checks.ts"));
    const check = (id: string, code: string): string =>
      `import { writeFileSync } from "node:fs";\nimport { ownCheck } from ${api};\n${code}\n` +
      `export const check = ownCheck({ id: "${id}", title: "t", severity: "warning", rationale: "r", mend: "m", ` +
      `find: (site) => [{ where: site.origin, message: "${id} ran over " + site.rules.length + " rules", hint: "h" }] });\n`;
    const trap = join(repository.folder, "environment.txt");
    const steal = `writeFileSync(${JSON.stringify(trap)}, JSON.stringify(process.env));`;
    repository.write("checks/base.ts", check("TIDE-001", ""));
    repository.git("add", "-A");
    repository.git("commit", "-q", "-m", "a check of the base");
    repository.branch("evil-check", () => {
      repository.write("checks/base.ts", check("TIDE-001", steal));
      repository.write("checks/evil.ts", check("EVIL-001", steal));
      repository.write(`${OFFICE}/rules.yaml`, repository.read(`${OFFICE}/rules.yaml`) + GUEST_RULE);
    });
    const onBranch = await repository.run(["preview", "--base", "main", "--json"]);
    expect(onBranch.stdout).toContain("checks/ of the work tree is not that of main");
    expect(onBranch.stdout).not.toMatch(/TIDE-001 ran|EVIL-001 ran/);
    repository.git("checkout", "-q", "main");
    const onBase = await repository.run(["preview", "--base", "HEAD", "--head", "evil-check", "--json"]);
    expect(onBase.stdout).toContain("TIDE-001 ran over");
    expect(onBase.stdout).not.toContain("EVIL-001 ran");
    expect(onBase.stdout).not.toContain("is not that of");
    expect(existsSync(trap)).toBe(false);
  });

  it("a branch that lowers a weight, waives, drops an own rule and opens a flow is judged by the base", async () => {
    repository.write(
      "policies/northgate/zoning.yaml",
      "forbidden:\n  - name: guests-out\n    from: { zone: guest }\n    to: { zone: server }\n",
    );
    repository.git("add", "-A");
    repository.git("commit", "-q", "-m", "a promise");
    repository.branch("own-judge", () => {
      repository.write(`${OFFICE}/rules.yaml`, repository.read(`${OFFICE}/rules.yaml`) + GUEST_RULE);
      repository.write("policies/checks.yaml", "severities:\n  ZON-005: info\n");
      repository.write(
        "policies/northgate/checks.yaml",
        "severities:\n  OWN-GUESTS-OUT: info\n  ZON-O05: info\n",
      );
      repository.write(
        "policies/northgate/waivers.yaml",
        "W1:\n  code: ZON-005\n  owner: me\n  reason: mine\n  expires: 2099-01-01\n",
      );
      repository.git("rm", "-q", "policies/northgate/zoning.yaml");
    });
    const given = await answer();
    const { findings } = siteOf(given, "northgate/office");
    const told = (code: string) => findings.filter((finding) => finding.code === code);
    for (const code of ["ZON-005", "OWN-GUESTS-OUT"])
      expect([code, told(code).map(({ severity, waiver }) => [severity, waiver])]).toEqual([
        code,
        [["error", undefined]],
      ]);
    expect(given.exitCode).toBe(1);
    expect(given.result.review.map(({ kind, subject }) => [kind, subject])).toEqual([
      ["settings", "policies/checks.yaml"],
      ["settings", "policies/northgate/checks.yaml"],
      ["settings", "policies/northgate/waivers.yaml"],
      ["settings", "policies/northgate/zoning.yaml"],
    ]);
    expect(given.result.comment).toContain("judged by those of the base");
    expect(given.findings.map(({ code, where }) => [code, where])).toContainEqual([
      "CHK-UNKNOWN-CODE",
      { file: "policies/northgate/checks.yaml", line: 3, column: 3 },
    ]);
  });

  it("weights that nobody uses touch no site, and are shown for review", async () => {
    repository.branch("weights", () =>
      repository.write("policies/checks.yaml", "severities:\n  L2-011: info\n"),
    );
    const given = await answer("--exit-code");
    expect([given.result.sites, given.result.review.length, given.exitCode]).toEqual([[], 1, 2]);
    expect(given.findings).toEqual([]);
  });

  it("a cache that the branch brings along is not believed", async () => {
    repository.branch("open", () =>
      repository.write(`${OFFICE}/rules.yaml`, repository.read(`${OFFICE}/rules.yaml`) + GUEST_RULE),
    );
    const honest = await answer();
    poison(join(repository.folder, ".sitewright/cache"));
    repository.git("add", "-A", "-f", ".sitewright");
    repository.git("commit", "-q", "-m", "cache");
    const given = await answer();
    expect(siteOf(given, "northgate/office").flows).toEqual(siteOf(honest, "northgate/office").flows);
    expect(given.findings.map((finding) => finding.code)).toContain("PRV-STATE-IN-GIT");
  });
});

/** Turns every kept result into one that hides changes. */
function poison(folder: string): void {
  for (const entry of readdirAll(folder)) {
    const kept = JSON.parse(readFileSync(entry, "utf8")) as { key: string; value: unknown };
    writeFileSync(
      entry,
      JSON.stringify({
        key: kept.key,
        value: { model: "same", findings: [], config: "", scope: { kind: "full" } },
      }),
    );
  }
}

function readdirAll(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
