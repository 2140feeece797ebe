import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { CommandModule, CommandOutcome, Options } from "../../src/cli/command.ts";
import * as apply from "../../src/cli/commands/apply.ts";
import * as approve from "../../src/cli/commands/approve.ts";
import * as audit from "../../src/cli/commands/audit.ts";
import * as plan from "../../src/cli/commands/plan.ts";
import * as revert from "../../src/cli/commands/revert.ts";
import * as validate from "../../src/cli/commands/validate.ts";
import { exitCodeOf, UsageError } from "../../src/cli/exit.ts";
import { createPrinter } from "../../src/cli/print.ts";
import { startEmulator } from "../../src/lab/emulator/emulator.ts";
import type { Emulator } from "../../src/lab/emulator/types.ts";
import { newKeyPair } from "../../src/lab/key-pair.ts";
import { type Key, newKey } from "../deploy/approval/people.ts";
import { bindLab } from "../deploy/workspace-fixture.ts";
import { ForgeServer, TOKEN } from "../forge/forge-server.ts";
import { makeRepository, type Repository } from "./preview-repository.ts";

const SITE = "northgate/office";
const DEVICE = `${SITE}/acc-1`;
const SITE_FILE = `inventory/${SITE}/site.yaml`;
const PORTS = `inventory/${SITE}/devices/acc-1.yaml`;
const SIGNERS = "policies/allowed_signers";
const LOGIN = newKeyPair();
const SECRETS = {
  SITEWRIGHT_SSH_KEY: LOGIN.private,
  SITEWRIGHT_NETOPS_PASSWORD: "canary-netops-1",
  NORTHGATE_SNMP_AUTH: "canary-snmp-auth-1",
  NORTHGATE_SNMP_PRIVACY: "canary-snmp-priv-1",
  NORTHGATE_RESTIC: "canary-restic-1",
  NORTHGATE_VAULT: "canary:vault",
};

const NAMES = new Map<CommandModule, string>([
  [apply, "apply"],
  [approve, "approve"],
  [audit, "audit"],
  [plan, "plan"],
  [revert, "revert"],
  [validate, "validate"],
]);

/** Every answer is what its published schema says. */
function expectPublished(command: CommandModule, result: unknown): void {
  const schema = new URL(`../../docs/schemas/${NAMES.get(command)}.json`, import.meta.url);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.validate(JSON.parse(readFileSync(schema, "utf8")) as object, JSON.parse(JSON.stringify(result)));
  expect(ajv.errors ?? []).toEqual([]);
}

interface Answer extends CommandOutcome {
  readonly exitCode: number;
  readonly codes: readonly string[];
  readonly result: {
    readonly approvals?: readonly unknown[];
    readonly duties?: readonly { readonly plan: string }[];
    readonly entries?: readonly { readonly what: string; readonly who: string }[];
    readonly head?: object;
  };
}

type Name = "sam" | "jane" | "ann" | "eve";

// One story, told in order: each step stands on the one before it.
describe("a gate that wants proof, from the plan to the audit log", { timeout: 180_000 }, () => {
  let repository: Repository;
  let emulator: Emulator;
  let forge: ForgeServer;
  let keys: Readonly<Record<Name, Key>>;

  beforeAll(async () => {
    for (const [name, value] of Object.entries({ ...SECRETS, GITHUB_TOKEN: TOKEN })) vi.stubEnv(name, value);
    keys = { sam: newKey("sam"), jane: newKey("jane"), ann: newKey("ann"), eve: newKey("eve") };
    repository = makeRepository();
    const { read, write, git, folder } = repository;
    const site = read(SITE_FILE)
      .replace("gate: none", "gate: required")
      // Whenever this runs, it is no freeze.
      .replace("2026-12-18", "2020-12-18")
      .replace("2027-01-04", "2021-01-04");
    write(SITE_FILE, site);
    write(
      SIGNERS,
      (["sam", "jane", "ann"] as const).map((name) => `${name} ${keys[name].public}\n`).join(""),
    );
    git("add", "-A");
    git("commit", "-q", "-m", "A gate, and who may open it");
    // Every process that judges hears which revision is trusted, the driver host too.
    git("branch", "-m", "main", "trunk");
    vi.stubEnv("SITEWRIGHT_BASE", "trunk");
    git("checkout", "-q", "-b", "work");
    // Who adds himself on a branch is on no list.
    appendFileSync(join(folder, SIGNERS), `eve ${keys.eve.public}\n`);
    git("commit", "-q", "-a", "-m", "Let Eve approve");
    emulator = await startEmulator({
      platform: "iosxe",
      hostname: "acc-1",
      users: [{ name: "netops", publicKeys: [LOGIN.public], privilege: 15 }],
      clientAddress: "10.70.99.50",
      config: "hostname acc-1\n",
    });
    const { port, hostKey } = emulator;
    const endpoint = { kind: "tcp", host: "127.0.0.1", port } as const;
    await bindLab(folder, SITE, {
      "10.70.99.11": { endpoint, hostKeys: [`${hostKey.type} ${hostKey.publicKey}`] },
    });
    forge = new ForgeServer("github");
    await forge.start();
  });
  afterAll(async () => {
    await forge?.stop();
    await emulator?.stop();
    repository?.remove();
    vi.unstubAllEnvs();
  });

  /** Runs a command as somebody, in this process. */
  const as = async (
    operator: string,
    command: CommandModule,
    args: readonly string[],
    options: Options = {},
  ): Promise<Answer> => {
    vi.stubEnv("SITEWRIGHT_OPERATOR", operator);
    const context = {
      root: repository.folder,
      printer: createPrinter({ quiet: true, color: false, json: true }),
      json: true,
      verbose: false,
      lang: "en",
      interactive: false,
      yes: false,
      signal: new AbortController().signal,
    } as const;
    const outcome = await command.run(context, args, options);
    expectPublished(command, outcome.result);
    const codes = outcome.findings.map(({ code }) => code);
    return { ...outcome, exitCode: exitCodeOf(outcome.reasons), codes } as Answer;
  };
  const file = (name: string) => join(repository.folder, name);
  const planTo = async (name: string, options: Options = {}) => {
    expect(await as("sam", plan, [DEVICE], { out: file(name), ...options })).toMatchObject({ exitCode: 0 });
  };
  const yes = (who: Name, name: string, options: Options = {}) =>
    as(who, approve, [], {
      plan: name.startsWith("sha256:") ? name : file(name),
      key: keys[who].file,
      ...options,
    });
  const push = (name: string, options: Options = {}, operator = "sam") =>
    as(operator, apply, [], { plan: file(name), ...options });
  const asAuthor = () => ({ key: keys.sam.file });
  const OUTSIDE = { outsideWindow: "the office is closed" };
  const pushed = { exitCode: 0, result: { sites: [{ devices: [{ device: DEVICE, result: "done" }] }] } };
  const wrong = (say: string | RegExp) => ({ name: UsageError.name, message: expect.stringMatching(say) });
  const describePort = (text: string) =>
    repository.write(PORTS, repository.read(PORTS).replace(/description: .*/, `description: ${text}`));
  const duties = async () => (await as("sam", audit, ["list"])).result.duties ?? [];

  test("a name is no proof: without a key, or with one that only the branch lists, nothing is recorded", async () => {
    await planTo("first.json");
    expect((await push("first.json")).codes).toContain("GATE-NO-APPROVAL");
    repository.git("config", "user.name", "jane");
    const named = as("jane", approve, [], { plan: file("first.json") });
    await expect(named).rejects.toMatchObject(wrong("by keys of policies/allowed_signers of trunk"));
    await expect(yes("eve", "first.json")).rejects.toMatchObject(wrong("not among the allowed signers"));
    const posing = await yes("eve", "first.json", { as: "jane" });
    expect(posing).toMatchObject({ exitCode: 1, codes: ["APPROVAL-REFUSED"], result: { approvals: [] } });
    expect((await push("first.json")).codes).toContain("GATE-NO-APPROVAL");
  });

  test("a special change wants two persons beside its author", async () => {
    expect((await yes("jane", "first.json", OUTSIDE)).result.approvals).toMatchObject([
      { by: "jane", proved: true, changeClass: "special" },
    ]);
    await yes("sam", "first.json", OUTSIDE);
    // Sam under another name is still not proved to be somebody else than the author.
    expect((await push("first.json", {}, "eve")).codes).toContain("GATE-AUTHOR-UNPROVED");
    expect((await push("first.json", asAuthor())).codes).toContain("GATE-SECOND-PERSON");
  });

  test("an approval of an offline plan opens the gate while the device runs what that plan assumed", async () => {
    await planTo("offline.json", { offline: true });
    for (const who of ["jane", "ann"] as const) await yes(who, "offline.json", OUTSIDE);
    const done = await push("offline.json", asAuthor());
    expect(done, JSON.stringify(done)).toMatchObject(pushed);
    expect(emulator.running()).toContain("vlan 99");
  });

  test("an emergency goes in with one signature, a ticket and a reason, and is owed a review by somebody else", async () => {
    describePort("Line down");
    await planTo("hotfix.json");
    await expect(yes("sam", "hotfix.json", { emergency: true })).rejects.toMatchObject({
      hint: expect.stringContaining("--ticket INC-1 --reason TEXT"),
    });
    await yes("sam", "hotfix.json", { emergency: true, ticket: "INC-77", reason: "line down" });
    const done = await push("hotfix.json");
    expect(done, JSON.stringify(done)).toMatchObject(pushed);
    const owed = await as("sam", validate, [SITE]);
    expect(owed.findings.filter(({ code }) => code === "CHG-008")).toMatchObject([
      { severity: "warning", hint: expect.stringContaining("--review") },
    ]);
    const [duty] = await duties();
    await yes("sam", duty?.plan ?? "", { review: true });
    expect(await duties()).toHaveLength(1);
    await yes("jane", duty?.plan ?? "", { review: true });
    expect(await duties()).toEqual([]);
    expect((await as("sam", validate, [SITE])).codes).not.toContain("CHG-008");
  });

  test("two reviews of the request's head open the gate, for what was reviewed, on devices as they were left", async () => {
    const { git, write, read } = repository;
    describePort("Reviewed");
    // Whenever this runs, the window is open: a review cannot speak of it.
    const days = "days: [mon, tue, wed, thu, fri, sat, sun]";
    const always = `${days}\n    from: "00:00"\n    to: "23:59"\n  late:\n    ${days}\n    from: "23:00"\n    to: "01:00"\n`;
    write(SITE_FILE, read(SITE_FILE).replace(/days: \[tue\]\n.*\n.*\n/, always));
    git("commit", "-q", "-a", "-m", "A new description");
    const head = git("rev-parse", "HEAD").trim();
    forge.pulls.push({ number: 12, head, branch: "work" });
    const made = { author: { login: "sam" }, committer: { login: "sam" }, commit: { message: "new" } };
    forge.answers.set("GET /pulls/12/commits", [{ sha: head, ...made }]);
    const review = (login: string, commit = head) => ({
      user: { login },
      state: "APPROVED",
      commit_id: commit,
      submitted_at: "2026-03-02T10:00:00Z",
    });
    const request = { forge: "github", api: forge.api, repository: "acme/net", request: "12" };
    const both = [review("jane"), review("gil")];
    forge.answers.set("GET /pulls/12/reviews", [
      review("jane"),
      review("sam"),
      review("gus", "0".repeat(40)),
    ]);
    await planTo("reviewed.json");
    const alone = await push("reviewed.json", request, "deploy");
    expect(alone.codes).toEqual(["APPROVAL-REVIEW", "APPROVAL-REVIEW", "GATE-SECOND-PERSON"]);
    forge.answers.set("GET /pulls/12/reviews", both);
    write(SITE_FILE, `${read(SITE_FILE)}# not reviewed\n`);
    await expect(push("reviewed.json", request, "deploy")).rejects.toMatchObject(
      wrong("not what was reviewed"),
    );
    git("checkout", "-q", SITE_FILE);
    const done = await push("reviewed.json", request, "deploy");
    expect(done, JSON.stringify(done)).toMatchObject(pushed);
  });

  test("and neither an offline plan nor a review holds where somebody changed the device since", async () => {
    describePort("Too late");
    repository.git("commit", "-q", "-a", "-m", "Another");
    await planTo("late.json", { offline: true });
    for (const who of ["jane", "ann"] as const) await yes(who, "late.json", OUTSIDE);
    emulator.handEdit(["vlan 666", " name by-hand"]);
    const moved = await push("late.json", asAuthor());
    expect(moved).toMatchObject({
      exitCode: 1,
      findings: [
        { code: "GATE-BASE-MOVED", message: expect.stringContaining(`${DEVICE} runs something else`) },
      ],
    });
    const head = repository.git("rev-parse", "HEAD").trim();
    forge.pulls.splice(0, 1, { number: 12, head, branch: "work" });
    for (const who of ["commits", "reviews"] as const) {
      const told = forge.answers.get(`GET /pulls/12/${who}`) as object[];
      const now = who === "commits" ? { sha: head } : { commit_id: head };
      forge.answers.set(
        `GET /pulls/12/${who}`,
        told.map((one) => ({ ...one, ...now })),
      );
    }
    await planTo("late.json");
    const request = { forge: "github", api: forge.api, repository: "acme/net", request: "12" };
    expect((await push("late.json", request, "deploy")).codes).toEqual([
      "GATE-BASE-MOVED",
      "GATE-NO-APPROVAL",
    ]);
  });

  test("putting back what somebody typed is a push as any other: a plan, signatures, a key of its author", async () => {
    describePort("Reviewed");
    const back = (options: Options = {}) => as("sam", revert, [DEVICE], options);
    const typed = "description typed at night";
    const [, port = ""] =
      /(interface \S+)\n(?: .*\n)*? description Reviewed\n/.exec(emulator.running()) ?? [];
    emulator.handEdit([port, ` ${typed}`]);
    const shut = await back();
    expect(shut).toMatchObject({
      exitCode: 1,
      findings: [{ code: "GATE-NO-APPROVAL", hint: expect.stringContaining("--out revert.json") }],
    });
    await planTo("revert.json");
    await yes("jane", "revert.json", OUTSIDE);
    await yes("ann", "revert.json", OUTSIDE);
    expect((await back()).codes).toEqual(["GATE-AUTHOR-UNPROVED"]);
    expect(emulator.running()).toContain(typed);
    const done = await back(asAuthor());
    expect(done, JSON.stringify(done)).toMatchObject(pushed);
    expect(emulator.running()).not.toContain(typed);
    expect(emulator.running()).not.toContain("vlan 666");
    expect(emulator.saved()).toBe(emulator.running());
    const again = await back(asAuthor());
    expect(again).toMatchObject({ exitCode: 0, result: { sites: [{ digest: null, devices: [] }] } });
  });

  test("the audit log tells all of it, and shows when somebody cuts it", async () => {
    const { entries = [] } = (await as("sam", audit, ["list"], { site: SITE })).result;
    const told = entries.map(({ what, who }) => `${what} ${who}`);
    for (const one of ["refused sam", "refused eve", "approved jane", "approved ann"])
      expect(told).toContain(one);
    for (const one of [
      "emergency sam",
      "reviewed jane",
      "pushing sam",
      "applied sam",
      "applied deploy",
      "reverted sam",
    ])
      expect(told).toContain(one);
    expect(await as("sam", audit, ["verify"])).toMatchObject({ exitCode: 0, result: { intact: true } });
    const { head } = (await as("sam", audit, ["head"])).result;
    writeFileSync(file("kept.head"), JSON.stringify(head));
    const log = file(".sitewright/audit/log.jsonl");
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    writeFileSync(log, `${lines.filter((line) => !line.includes('"emergency"')).join("\n")}\n`);
    const cut = await as("sam", audit, ["verify"], { head: file("kept.head") });
    expect(cut).toMatchObject({ exitCode: 1, result: { intact: false } });
    expect(cut.codes).toContain("AUDIT-GAP");
  });

  test("unknown words and impossible wishes say what to type", async () => {
    await expect(as("sam", audit, ["burn"])).rejects.toMatchObject({
      hint: expect.stringContaining("list, verify or head"),
    });
    await expect(as("sam", audit, ["verify"], { head: "gone" })).rejects.toMatchObject(
      wrong("cannot be read"),
    );
    const two = yes("sam", "first.json", { author: true, emergency: true });
    await expect(two).rejects.toMatchObject({ hint: "say one of them" });
    const altered = JSON.parse(readFileSync(file("first.json"), "utf8"));
    altered.sites[0].changeClass = "normal";
    writeFileSync(file("altered.json"), JSON.stringify(altered));
    await expect(yes("jane", "altered.json")).rejects.toMatchObject(wrong("altered"));
    expect((await push("altered.json", asAuthor())).codes).toContain("GATE-ALTERED-PLAN");
  });
});
