import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CommandContext, CommandOutcome } from "../../src/cli/command.ts";
import { run as handover } from "../../src/cli/commands/handover.ts";
import { run as report } from "../../src/cli/commands/report.ts";
import { gatherReports, toIncident } from "../../src/cli/gather-reports.ts";
import { createPrinter } from "../../src/cli/print.ts";
import { openContext } from "../../src/deploy/workspace.ts";
import type { Incident } from "../../src/drift/incidents/types.ts";
import { openNightStore } from "../../src/drift/store/open-store.ts";
import { driverFor } from "../../src/drivers/registry.ts";
import { withoutStrangers } from "../../src/report/handover.ts";
import { wordsOf } from "../../src/report/html/words.ts";
import { hoursOpen, spellCulprit, spellIncident } from "../../src/report/registers/incidents.ts";
import { campusWorkspace, NOW, ROOT } from "./sample.ts";

const CANARY = "C4nary-s3cret-that-must-not-leave";

function contextOf(root: string): CommandContext {
  return {
    root,
    printer: createPrinter({ json: false, quiet: true, color: false }),
    json: false,
    verbose: false,
    lang: "en",
    interactive: false,
    yes: false,
    signal: new AbortController().signal,
  };
}

async function handOver(
  root: string,
  ...selectors: string[]
): Promise<{ out: string; outcome: CommandOutcome }> {
  const out = join(await mkdtemp(join(tmpdir(), "sitewright-handover-")), "bundle");
  return { out, outcome: await handover(contextOf(root), selectors, { out }) };
}

/** An incident as the night job keeps it. */
function incident(
  now: string,
  by: Incident["facts"]["by"] = { name: "mallory", confidence: "named" },
): Incident {
  return {
    schemaVersion: 1,
    id: "INC-000000000001",
    site: "big/campus",
    device: "big/campus/sw-1-02",
    asset: "BIG-AC-1-2",
    subject: { kind: "drift", path: ["vlan 10", "name"], change: "changed" },
    state: "open",
    facts: {
      priority: "P1",
      reason: "",
      applied: `name ${CANARY}`,
      running: null,
      intended: null,
      by,
      at: null,
      from: null,
      evidence: `${CANARY} typed it`,
    },
    seen: "",
    sightings: 1,
    lastRun: null,
    firstSeenAt: now,
    lastSeenAt: now,
    openings: [now],
    opened: 1,
    closedAt: null,
    nights: [],
    clock: { checkedAt: now, servedMs: 0 },
    escalated: "no",
    acknowledged: null,
    snooze: null,
    problem: null,
    history: [],
    notices: 0,
  };
}

async function textsIn(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(folder.length + 1), await readFile(path, "utf8")] as const;
      }),
    ),
  );
}

/** A workspace with a past: one push of a switch, approved, and its configuration in the archive. */
async function workspaceWithPast(): Promise<string> {
  const root = await campusWorkspace((files) => {
    files.set(
      "inventory/big/client.yaml",
      "name: Big\nowner: ops\nusers: {admin: {role: admin, password: env:CANARY@1}}\n",
    );
  });
  await mkdir(join(root, ".sitewright"), { recursive: true });
  const { stores, secrets, now } = openContext({ root, drivers: driverFor, isLab: () => false });
  const night = await openNightStore({
    folder: join(root, ".sitewright"),
    environment: {},
    secrets,
    locks: stores.locks,
    now,
  });
  const changed = [incident("2026-11-02T01:00:00.000Z")];
  await night.change("all", Date.parse("2026-11-02T01:00:00Z"), () => ({ changed, dropped: [], outbox: [] }));
  await night.close();
  const at = "2026-11-01T10:00:00.000Z";
  const common = { asset: "BIG-AC-1-1", device: "big/campus/sw-1-01" };
  await stores.archive.put({
    ...common,
    why: "after-push",
    text: `hostname sw-1-01\nusername admin secret 0 ${CANARY}\n`,
    redacted: "hostname sw-1-01\nusername admin secret 0 <secret>\n",
    at,
  });
  await stores.receipts.append({
    schemaVersion: 1,
    id: "push-1",
    ...common,
    site: "big/campus",
    platform: "iosxe",
    at,
    operator: "li.wei",
    plan: "sha256:abc",
    intendedDigest: "sha256:d",
    snapshot: "hmac:s",
    archived: "sha256:a",
    commands: 7,
    hostname: "sw-1-01",
    address: "10.9.6.21",
    secretVersions: { "env:CANARY": CANARY },
  });
  await stores.approvals.append({
    schemaVersion: 1,
    plan: "sha256:abc",
    site: "big/campus",
    by: "zhao.min",
    at,
    expires: "2026-12-01T00:00:00.000Z",
    ticket: "CHG-7",
  });
  return root;
}

describe("handover", () => {
  it("holds the pages, every register twice, an index, and checksums that hold", async () => {
    const { out, outcome } = await handOver(ROOT, "lanhai");
    const names = [...(await textsIn(out)).keys()].sort();
    expect(names).toContain("lanhai.hq.html");
    expect(names).toContain("fleet.html");
    expect(names.filter((name) => name.endsWith(".csv"))).toHaveLength(11);
    expect(names.filter((name) => /^registers\/.*\.md$/.test(name))).toHaveLength(11);
    expect(outcome.result).toMatchObject({ sites: ["lanhai/hq", "lanhai/suzhou"] });
    const texts = await textsIn(out);
    const sums = (texts.get("SHA256SUMS") ?? "").trimEnd().split("\n");
    const made = sums.map((line) => {
      const name = line.slice(66);
      return `${createHash("sha256")
        .update(texts.get(name) ?? "", "utf8")
        .digest("hex")}  ${name}`;
    });
    expect(made).toEqual(sums);
    expect(sums).toHaveLength(names.length - 1);
  });

  it("carries no secret and no configuration", async () => {
    const root = await workspaceWithPast();
    process.env.CANARY = CANARY;
    const { out } = await handOver(root, "big/campus");
    delete process.env.CANARY;
    for (const [name, text] of await textsIn(out)) {
      expect(text, name).not.toContain(CANARY);
      expect(text, name).not.toContain("username admin secret");
    }
  });

  it("tells what was changed, by whom, with whose approval, and what the archive holds", async () => {
    const { out } = await handOver(await workspaceWithPast(), "big/campus");
    const texts = await textsIn(out);
    expect(texts.get("registers/change-register.csv")).toContain(
      "big/campus,2026-11-01T10:00:00.000Z,sw-1-01,li.wei,CHG-7,zhao.min,7,sha256:abc,confirmed and proved",
    );
    expect(texts.get("big.campus.html")).toContain("changed vlan 10 › name");
    expect(texts.get("big.campus.html")).toContain("mallory");
    expect(texts.get("registers/incident-register.csv")).toContain(
      "big/campus,INC-000000000001,P1,sw-1-02,changed vlan 10 › name,mallory,,2026-11-02T01:00:00.000Z,2026-11-02T01:00:00.000Z,,,,1,no,open",
    );
    const inspected = texts.get("registers/inspection-report.csv") ?? "";
    expect(inspected).toMatch(/big\/campus,sw-1-01,10\.9\.6\.21,2026-11-01T10:00:00\.000Z,1,/);
    expect(inspected).toMatch(/sw-1-02,.*,needs a look\r\n/);
  });

  it("calls somebody who only was logged in at that time no culprit, in both languages", () => {
    const suspect = toIncident(
      incident("2026-11-02T01:00:00.000Z", { name: "mallory", confidence: "session" }),
    );
    expect(spellCulprit(suspect, wordsOf("en"))).toBe("mallory (only a session at that time)");
    expect(spellCulprit(suspect, wordsOf("zh"))).toBe("mallory (仅当时有会话)");
    expect(spellIncident(suspect, wordsOf("zh"))).toBe("更改 vlan 10 › name");
    expect(hoursOpen({ ...suspect, closedAt: "2026-11-02T03:30:00.000Z" })).toBe(2.5);
    expect(hoursOpen({ ...suspect, closedAt: "2026-11-02T00:30:00.000Z" })).toBeNull();
  });

  it("refuses two clients in one folder, and a folder that holds something", async () => {
    await expect(handOver(ROOT, "lanhai", "northgate")).rejects.toThrow("to one reader");
    const full = await mkdtemp(join(tmpdir(), "sitewright-handover-"));
    await writeFile(join(full, "old.txt"), "of somebody else");
    await expect(handover(contextOf(ROOT), ["lanhai"], { out: full })).rejects.toThrow("is not empty");
    await expect(handover(contextOf(ROOT), ["lanhai"], {})).rejects.toThrow("wants a folder");
  });

  it("does not name another client of the same provider", async () => {
    const [report] = (await gatherReports(ROOT, ["lanhai/suzhou"], NOW)).reports;
    const [finding] = report?.findings ?? [];
    if (report === undefined || finding === undefined) throw new Error("the sample has findings");
    const said = [
      { ...finding, message: "serial 123 is at northgate/office/sw-1 too" },
      { ...finding, message: "northgates are many", where: "inventory/lanhai/client.yaml:1" },
    ];
    const { findings } = withoutStrangers({ ...report, findings: said }, ["northgate"], "en");
    expect(findings[0]).toMatchObject({
      message: expect.stringContaining("another client"),
      hint: "",
      where: "",
    });
    expect(findings[1]).toEqual(said[1]);
  });
});

describe("report", () => {
  const ask = (args: readonly string[], options: Record<string, unknown>) =>
    report(contextOf(ROOT), args, options);

  it("opens in a spreadsheet: a mark for UTF-8, and no cell that would be computed", async () => {
    const root = await campusWorkspace((files) => {
      const rules = files.get("inventory/big/campus/rules.yaml") ?? "";
      files.set(
        "inventory/big/campus/rules.yaml",
        rules.replace('reason: "打印', "reason: \"=cmd|' /C calc'!A0 打印"),
      );
    });
    const { raw } = await report(contextOf(root), ["big/campus"], {
      format: "csv",
      register: "rule-register",
    });
    expect(raw?.charCodeAt(0)).toBe(0xfeff);
    expect(raw).toContain(",'=cmd|' /C calc'!A0 打印");
    expect(raw).not.toMatch(/(^|,|\n)"?=cmd/);
    expect(raw?.split("\r\n")[0]).toContain("Rule,Action,From");
  });

  it.each([
    [["lanhai/hq"], { format: "pdf" }, 'no format "pdf"'],
    [["lanhai/hq"], { format: "csv" }, "this makes 11 files"],
    [["fleet"], {}, "this makes 5 files"],
    [["lanhai/hq"], { format: "csv", register: "ports" }, 'no register "ports"'],
    [["lanhai/hq"], { register: "port-register" }, "--register chooses a table"],
    [["lanhai/nowhere"], {}, "no site lanhai/nowhere"],
    [[], {}, "report wants a site"],
  ])("%j with %j says what to type", async (args, options, message) => {
    await expect(ask(args, options)).rejects.toThrow(message);
  });
});
