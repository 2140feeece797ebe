import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { proveApprovals, sealOf } from "../../../src/deploy/approval/prove.ts";
import { principalOf, readSigners } from "../../../src/deploy/approval/signers.ts";
import { fingerprintWith } from "../../../src/deploy/fingerprint.ts";
import type { Approval } from "../../../src/deploy/stores/types.ts";
import { type Key, newFolder, newKey, newRepository, sign, signersOf } from "./people.ts";

const NOW = new Date("2026-03-07T15:00:00Z");
const FINGERPRINT = fingerprintWith("a key for tests, long enough");
const STATEMENT: Approval = {
  schemaVersion: 1,
  role: "approval",
  plan: `sha256:${"a".repeat(64)}`,
  site: "acme/hq",
  changeClass: "special",
  by: "jane@example.com",
  at: "2026-03-07T14:00:00Z",
  expires: "2026-03-09T00:00:00Z",
  ticket: "CHG-1",
};

let jane: Key;
let sam: Key;
beforeAll(() => {
  jane = newKey("jane");
  sam = newKey("sam");
});

const prove = async (approval: Approval, ...lines: readonly string[]) => {
  const context = { signers: signersOf(...lines), fingerprint: FINGERPRINT, now: NOW };
  const [judged] = await proveApprovals([approval], context);
  return judged?.proof;
};

describe("an approval is proved by a signature", () => {
  test("of a key that the base lists under that name", async () => {
    const proof = await prove(await sign(STATEMENT, jane), `jane@example.com ${jane.public}`);
    expect(proof).toMatchObject({ proved: true, person: { kind: "ssh", name: "jane@example.com" } });
  });

  test("of a key whose time runs", async () => {
    const line = `jane@example.com valid-after="20260101",valid-before="20270101" ${jane.public}`;
    expect(await prove(await sign(STATEMENT, jane), line)).toMatchObject({ proved: true });
  });

  const listed = () => [`jane@example.com ${jane.public}`, `sam@example.com ${sam.public}`];
  type Row = readonly [string, () => Promise<Approval>, () => readonly string[]];
  const rows: readonly Row[] = [
    ["no signature, only a name", async () => STATEMENT, listed],
    ["a key that nobody lists", () => sign(STATEMENT, newKey("eve")), listed],
    ["Sam's key under Jane's name", () => sign(STATEMENT, sam), listed],
    [
      "a signature over another digest",
      async () => ({ ...(await sign({ ...STATEMENT, plan: "sha256:bb" }, jane)), plan: STATEMENT.plan }),
      listed,
    ],
    [
      "a site put in afterwards",
      async () => ({ ...(await sign(STATEMENT, jane)), site: "acme/lab" }),
      listed,
    ],
    [
      "an end put off afterwards",
      async () => ({ ...(await sign(STATEMENT, jane)), expires: "2026-03-20T00:00:00Z" }),
      listed,
    ],
    [
      "a leave to push outside the window put in afterwards",
      async () => ({ ...(await sign(STATEMENT, jane)), outsideWindow: "now" }),
      listed,
    ],
    [
      "an emergency made of an approval",
      async () => ({ ...(await sign(STATEMENT, jane)), role: "emergency" }),
      listed,
    ],
    ["a signature for something else", () => sign(STATEMENT, jane, "file"), listed],
    [
      "a key that may sign audit heads only",
      () => sign(STATEMENT, jane),
      () => [`jane@example.com namespaces="sitewright-audit" ${jane.public}`],
    ],
    [
      "a key that expired since",
      () => sign(STATEMENT, jane),
      () => [`jane@example.com valid-before="20260307" ${jane.public}`],
    ],
    [
      "a key that is not valid yet",
      () => sign(STATEMENT, jane),
      () => [`jane@example.com valid-after="20260401" ${jane.public}`],
    ],
    ["a date still to come", () => sign({ ...STATEMENT, at: "2026-03-08T00:00:00Z" }, jane), listed],
    [
      "an approval for half a year",
      () => sign({ ...STATEMENT, expires: "2026-09-01T00:00:00Z" }, jane),
      listed,
    ],
    ["a name that is a pattern", () => sign({ ...STATEMENT, by: "*" }, jane), listed],
    [
      "a signature that is no signature",
      async () => ({
        ...STATEMENT,
        proof: { kind: "ssh", signature: "-----BEGIN SSH SIGNATURE-----\nAAAA\n" },
      }),
      listed,
    ],
  ];
  test.each(rows)("and not by %s", async (_title, make, lines) => {
    const proof = await prove(await make(), ...lines());
    expect(proof).toMatchObject({ proved: false, why: expect.stringMatching(/\w/) });
  });

  test("one fact cannot pose as another: what a reason holds stays a reason", async () => {
    const reason = 'fine"\nsite: "acme/other';
    const tricky = await sign({ ...STATEMENT, reason }, jane);
    expect(await prove(tricky, ...listed())).toMatchObject({ proved: true });
    const moved = { ...tricky, reason: "fine", site: "acme/other" };
    expect(await prove(moved, ...listed())).toMatchObject({ proved: false });
  });
});

describe("a forge's review on record", () => {
  const review: Approval = {
    ...STATEMENT,
    by: "jane",
    proof: { kind: "forge", request: "github acme/net#7", commit: "b".repeat(40), seal: "" },
  };
  const sealed = (): Approval => ({
    ...review,
    proof: {
      kind: "forge",
      request: "github acme/net#7",
      commit: "b".repeat(40),
      seal: sealOf(review, FINGERPRINT),
    },
  });

  test("counts where the command that asked the forge vouches for it", async () => {
    expect(await prove(sealed())).toMatchObject({ proved: true, person: { kind: "forge", name: "jane" } });
  });

  test.each([
    ["typed into the file", () => review],
    ["of another login", () => ({ ...sealed(), by: "eve" })],
    ["of another plan", () => ({ ...sealed(), plan: "sha256:bb" })],
  ])("does not count when it was %s", async (_title, make) => {
    expect(await prove(make())).toMatchObject({ proved: false });
  });
});

describe("the allowed signers", () => {
  test("are those of the base: a branch that adds itself is not believed", async () => {
    const { folder, git, write } = newRepository();
    write("policies/allowed_signers", `jane ${jane.public}\n`);
    git("add", "-A");
    git("commit", "-q", "-m", "Who may approve");
    git("checkout", "-q", "-b", "mine");
    write("policies/allowed_signers", `jane ${jane.public}\nsam ${sam.public}\n`);
    git("commit", "-q", "-a", "-m", "And I");
    const committed = await readSigners(folder, {}, {});
    write("policies/allowed_signers", `sam ${sam.public}\n`);
    for (const signers of [committed, await readSigners(folder, {}, {})]) {
      expect(signers).toMatchObject({ known: true, from: "policies/allowed_signers of main" });
      expect(signers.known && signers.text).toBe(`jane ${jane.public}\n`);
    }
    const own = await sign({ ...STATEMENT, by: "sam" }, sam);
    const [judged] = await proveApprovals([own], { signers: committed, fingerprint: FINGERPRINT, now: NOW });
    expect(judged?.proof).toMatchObject({ proved: false });
  });

  test("where there is a remote, are its own and not those of a local main", async () => {
    const { folder, git, write } = newRepository();
    git("update-ref", "refs/remotes/origin/main", "HEAD");
    git("remote", "add", "origin", folder);
    write("policies/allowed_signers", `sam ${sam.public}\n`);
    git("add", "-A");
    git("commit", "-q", "-m", "Not pushed");
    expect(await readSigners(folder, {}, {})).toMatchObject({
      known: false,
      why: "origin/main holds no policies/allowed_signers",
    });
    expect(await readSigners(folder, {}, { SITEWRIGHT_BASE: "main" })).toMatchObject({ known: true });
  });

  test("are not known where the base was never fetched, where there is no git, and behind a symbolic link", async () => {
    const fresh = newRepository();
    fresh.git("remote", "add", "origin", fresh.folder);
    expect(await readSigners(fresh.folder, {}, {})).toMatchObject({
      known: false,
      hint: expect.stringContaining("git fetch"),
    });
    expect(await readSigners(newFolder(), {}, {})).toMatchObject({ known: false });
    const linked = newRepository();
    linked.write("mine", `sam ${sam.public}\n`);
    linked.write("policies/x", "");
    symlinkSync("../mine", join(linked.folder, "policies/allowed_signers"));
    linked.git("add", "-A");
    linked.git("commit", "-q", "-m", "A link");
    expect(await readSigners(linked.folder, {}, {})).toMatchObject({ known: false });
  });

  test("are not known where git tracks the settings of this machine, for a branch could bring its own", async () => {
    const { folder, git, write } = newRepository();
    write("policies/allowed_signers", `jane ${jane.public}\n`);
    write(".sitewright/config.json", JSON.stringify({ approvals: { base: "mine" } }));
    git("add", "-A");
    git("commit", "-q", "-m", "Whom to believe");
    expect(await readSigners(folder, {}, {})).toMatchObject({
      known: false,
      hint: expect.stringContaining("git rm -r --cached .sitewright"),
    });
  });

  test("of an absolute path are read from this machine", async () => {
    const path = join(newFolder(), "allowed_signers");
    writeFileSync(path, `jane ${jane.public}\n`);
    const { folder } = newRepository();
    expect(await readSigners(folder, { allowedSigners: path }, {})).toMatchObject({
      known: true,
      from: path,
    });
    expect(await readSigners(folder, { allowedSigners: `${path}-gone` }, {})).toMatchObject({ known: false });
  });

  test("name the person of a key by the first plain name of its line", () => {
    const text = `# ${jane.public}\n*@example.com,"jane",j.w namespaces="sitewright-approval" ${jane.public}\n`;
    expect(principalOf(text, `${jane.public} jane@desk`)).toBe("jane");
    expect(principalOf(text, sam.public)).toBeUndefined();
  });
});
