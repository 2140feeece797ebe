import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BROWSER, openPage, startBrowser } from "../browser/browser.ts";
import { DINGTALK_SECRET, openRoom, ROBOTS, type Room } from "../drift/alerts/rooms.ts";
import { titled, whyNoLab } from "../lab/real/practice-site.ts";
import { ENGINEER, MANAGER, OWNER, onDesk, openPractice, type Practice, SITE } from "./practice.ts";

const NIGHT_JOB = "night";
const RULES = `inventory/${SITE}/rules.yaml`;
const ZONES = "policies/harbour-dental/zones.yaml";
const PORTAL = 8443;
const REMOTE_DESKTOP = 3389;

/** The cell that lets the waiting room reach the portal, and nothing else of the servers. */
const CELL = `  guest:
    server:
      access: allow-only
      services: [booking-portal]
      severity: high
      require:
        log: true
        explicit: [destination, service]
`;

interface Incident {
  readonly id: string;
  readonly device: string;
  readonly state: string;
  readonly sightings: number;
  readonly subject: { readonly kind: string; readonly path: readonly string[] };
  readonly facts: {
    readonly priority: string;
    readonly by: { readonly name?: string; readonly confidence: string };
    readonly at: string;
    readonly from: string;
  };
}
interface Approvals {
  readonly approvals: readonly { readonly plan: string; readonly by: string }[];
}

const noBrowser =
  BROWSER === undefined && process.env.CI === undefined ? "no Chromium on this machine" : undefined;
const reason = (await whyNoLab()) ?? noBrowser;

// One story, told in order: each step stands on the one before it.
describe.skipIf(reason)(
  titled("the days of an engineer, a CI and a night job", reason),
  {
    timeout: 300_000,
  },
  () => {
    let practice: Practice;
    let room: Room;
    let touched = 0;

    beforeAll(async () => {
      practice = openPractice();
      room = await openRoom(ROBOTS.dingtalk ?? (() => "hang"));
      const up = await practice.as(ENGINEER, ["lab", "up", SITE, "--real"]);
      expect(up, up.stderr).toMatchObject({ code: 0 });
    });
    afterAll(async () => {
      await room?.stop();
      await practice?.close();
    });

    /** Has a plan signed by somebody; the ticket stands in the journal. */
    const approve = (who: string, plan: string, ticket: string) =>
      practice.ask<Approvals>(who, [
        "approve",
        "--plan",
        join(practice.desk, plan),
        "--ticket",
        ticket,
        "--outside-window",
        "the practice is closed",
      ]);
    const bothApprove = async (plan: string, ticket: string) => {
      await approve(MANAGER, plan, ticket);
      await approve(OWNER, plan, ticket);
    };
    const plan = async (name: string, selector = SITE) => {
      const made = await practice.as(ENGINEER, ["plan", selector, "--out", join(practice.desk, name)]);
      expect(made, made.stderr).toMatchObject({ code: 0 });
      return made.stdout;
    };
    const apply = (name: string) => practice.as(ENGINEER, ["apply", "--plan", join(practice.desk, name)]);
    const night = () =>
      practice.as(
        NIGHT_JOB,
        [
          ...["drift", SITE, "--alert"],
          ...["--metrics", join(practice.desk, "sitewright.prom")],
          ...["--heartbeat", join(practice.desk, "heartbeat.json")],
        ],
        { DUTY_URL: `${room.url}/robot/send?access_token=tok-1`, DUTY_SECRET: DINGTALK_SECRET },
      );
    const incidents = async () =>
      (
        await practice.ask<{ readonly incidents: readonly Incident[] }>(NIGHT_JOB, [
          "incidents",
          "list",
          "--all",
        ])
      ).result.incidents;
    const about = async (device: string, word: string): Promise<Incident> => {
      const found = (await incidents()).find(
        ({ device: id, subject }) => id === `${SITE}/${device}` && subject.path.join(" ").includes(word),
      );
      if (found === undefined) throw new Error(`no incident of ${device} speaks of ${word}`);
      return found;
    };
    const preview = async (out: string) => {
      const seen = await practice.as("ci", ["preview", "--base", "main", "--out", join(practice.desk, out)]);
      return { ...seen, comment: onDesk(practice, `${out}/comment.md`) };
    };

    test("the first push wants two other people's signatures, and then brings up five devices", async () => {
      await plan("first.json");
      const nobody = await apply("first.json");
      expect(nobody).toMatchObject({ code: 1 });
      expect(nobody.stderr + nobody.stdout).toContain("GATE-NO-APPROVAL");
      await approve(ENGINEER, "first.json", "HD-0100");
      const own = await apply("first.json");
      expect(own).toMatchObject({ code: 1 });
      expect(own.stderr + own.stdout).toContain("GATE-OWN-APPROVAL");
      const { result } = await approve(MANAGER, "first.json", "HD-0100");
      expect(result.approvals).toMatchObject([{ by: MANAGER }]);
      const alone = await apply("first.json");
      expect(alone).toMatchObject({ code: 1 });
      expect(alone.stderr + alone.stdout).toContain("GATE-SECOND-PERSON");
      await approve(OWNER, "first.json", "HD-0100");
      const pushed = await apply("first.json");
      expect(pushed, pushed.stderr).toMatchObject({ code: 0 });
      expect(pushed.stdout).toContain("5 pushed and verified");
      // Pulumi's files of a first push belong to the repository.
      practice.repository.git("add", "-A");
      practice.repository.git("commit", "-q", "-m", "First push");
      expect(await practice.knock(PORTAL, REMOTE_DESKTOP)).toEqual(["dropped", "dropped"]);
    });

    test("a branch that opens a port against the matrix is an error on its line, with the packet", async () => {
      practice.repository.git("checkout", "-q", "-b", "portal-for-guests");
      const made = await practice.as(ENGINEER, [
        ...["new", "rule", SITE, "--from", "guest", "--to", "srv-practice", "--service", "booking-portal"],
        ...["--reason", "Patients check in from the waiting room", "--owner", MANAGER, "--ticket", "HD-0107"],
      ]);
      expect(made, made.stderr).toMatchObject({ code: 0 });
      practice.repository.git("commit", "-q", "-a", "-m", "Let the waiting room reach the portal");
      const line = practice.repository.read(RULES).split("\n").indexOf("R0011:") + 1;
      const { code, comment } = await preview("refused");
      expect(code).toBe(1);
      expect(comment).toContain("❌ 1 new error; 1 site, 1 device touched");
      expect(comment).toMatch(
        new RegExp(
          `guest → server: .*for example \`tcp 10\\.60\\.90\\.\\d+:\\d+ .{1,2} 10\\.60\\.20\\.10:${PORTAL}\``,
        ),
      );
      expect(comment).toContain(`**ZON-005** \`${RULES}:${line}\``);
      const sarif = JSON.parse(onDesk(practice, "refused/findings.sarif"));
      expect(sarif.runs[0].results).toContainEqual(
        expect.objectContaining({
          ruleId: "ZON-005",
          level: "error",
          locations: [
            {
              physicalLocation: expect.objectContaining({
                artifactLocation: expect.objectContaining({ uri: RULES }),
                region: expect.objectContaining({ startLine: line }),
              }),
            },
          ],
        }),
      );
    });

    test("with the cell of the matrix beside it the same branch passes, and still names what it opens", async () => {
      practice.repository.write(ZONES, `${practice.repository.read(ZONES).trimEnd()}\n${CELL}`);
      practice.repository.git("commit", "-q", "-a", "-m", "Allow the portal in the cell guest to server");
      const { code, comment } = await preview("allowed");
      expect(code).toBe(0);
      expect(comment).toContain("1 flow opened, 0 closed");
      expect(comment).not.toContain("ZON-005");
      expect(comment).toContain("chain guest_to_server");
      const seen = JSON.parse(onDesk(practice, "allowed/preview.json"));
      expect(seen.sites).toHaveLength(1);
      const changed = seen.sites[0].devices.filter(({ state }: { state: string }) => state !== "same");
      expect(changed).toMatchObject([{ device: `${SITE}/fw-1`, state: "change" }]);
      expect(seen.sites[0].flows.opened).toHaveLength(1);
    });

    test("merged, planned, approved and pushed: the portal opens for the waiting room, and nothing else", async () => {
      practice.repository.git("checkout", "-q", "main");
      practice.repository.git("merge", "-q", "--no-ff", "-m", "Merge request 12", "portal-for-guests");
      expect(await plan("portal.json")).toContain("opens guest → server");
      await bothApprove("portal.json", "HD-0107");
      expect(await practice.knock(PORTAL, REMOTE_DESKTOP)).toEqual(["dropped", "dropped"]);
      const pushed = await apply("portal.json");
      expect(pushed, pushed.stderr).toMatchObject({ code: 0 });
      expect(pushed.stdout).toContain("1 pushed and verified, 4 had nothing to do");
      expect(await practice.knock(PORTAL, REMOTE_DESKTOP)).toEqual(["arrived", "dropped"]);
      const quiet = await night();
      expect(quiet, quiet.stderr).toMatchObject({ code: 0 });
      expect(quiet.stdout + quiet.stderr).not.toContain("INV-STRAY-FILE");
      expect(room.received).toEqual([]);
    });

    test("lena opens remote desktop and moves a port at night: the duty room hears who, when, from where, how urgent", async () => {
      touched = Date.now();
      await practice.lena(
        "fw-1",
        `sudo nft insert rule inet sitewright guest_to_server tcp dport ${REMOTE_DESKTOP} accept`,
      );
      await practice.lena("sw-2", "sudo ovs-vsctl -t 5 set port eth5 tag=90");
      expect(await practice.knock(REMOTE_DESKTOP)).toEqual(["arrived"]);
      const run = await night();
      expect(run, run.stderr).toMatchObject({ code: 2 });
      const rule = await about("fw-1", String(REMOTE_DESKTOP));
      expect(rule).toMatchObject({ state: "open", sightings: 1 });
      expect(rule.facts).toMatchObject({
        priority: "P1",
        by: { name: "lena", confidence: "named" },
        from: "10.60.99.10",
      });
      const at = Date.parse(rule.facts.at);
      expect(at).toBeGreaterThanOrEqual(touched - 2000);
      expect(at).toBeLessThanOrEqual(Date.now() + 2000);
      expect((await about("sw-2", "eth5")).facts).toMatchObject({
        by: { name: "lena", confidence: "named" },
      });
      expect(room.received).toHaveLength(1);
      const { text } = JSON.parse(room.received[0]?.text ?? "").markdown;
      expect(text).toContain(`P1 ${rule.id} new`);
      expect(text).toMatch(/by: lena, at \d{4}-\d\d-\d\dT[\d:.]+Z, from 10\.60\.99\.10/);
      expect(text).toContain(`tcp dport ${REMOTE_DESKTOP} accept`);
      expect(text).toMatch(
        new RegExp(`passes now: tcp 10\\.60\\.90\\.\\d+:\\d+ .{1,2} 10\\.60\\.20\\.\\d+:${REMOTE_DESKTOP}`),
      );
      expect(JSON.parse(onDesk(practice, "heartbeat.json"))).toMatchObject({ devices: 5, unreachable: 0 });
      expect(onDesk(practice, "sitewright.prom")).toContain(
        `sitewright_devices{site="${SITE}",state="drift"} 2`,
      );
    });

    test("the next night counts it again and wakes nobody", async () => {
      expect(await night()).toMatchObject({ code: 2 });
      expect(room.received).toHaveLength(1);
      expect(await about("fw-1", String(REMOTE_DESKTOP))).toMatchObject({ state: "open", sightings: 2 });
    });

    test("the port is adopted: one commit that names lena and the incident, nothing else touched", async () => {
      const { id } = await about("sw-2", "eth5");
      const adopted = await practice.as(ENGINEER, [
        ...["adopt", `${SITE}/sw-2`, "--item", "eth5", "--branch", "adopt/eth5"],
      ]);
      expect(adopted, adopted.stderr).toMatchObject({ code: 0 });
      const { git } = practice.repository;
      expect(git("rev-list", "--count", "main..adopt/eth5").trim()).toBe("1");
      const message = git("log", "-1", "--format=%B", "adopt/eth5");
      expect(message).toContain("Changed-on-device-by: lena");
      expect(message).toContain(`Incident: ${id}`);
      expect(git("diff", "--name-only", "main", "adopt/eth5").trim()).toBe(
        `inventory/${SITE}/devices/sw-2.yaml`,
      );
      expect(git("status", "--porcelain")).toBe("");
    });

    test("the rule is reverted, signed by two others as any push, and its packets are dropped again", async () => {
      const refused = await practice.as(ENGINEER, ["revert", `${SITE}/fw-1`]);
      expect(refused).toMatchObject({ code: 1 });
      expect(refused.stderr + refused.stdout).toContain(
        `type sitewright plan ${SITE}/fw-1 --out revert.json, have it approved, then revert again`,
      );
      expect(await practice.knock(REMOTE_DESKTOP)).toEqual(["arrived"]);
      await plan("revert.json", `${SITE}/fw-1`);
      await bothApprove("revert.json", "HD-0108");
      const reverted = await practice.as(ENGINEER, ["revert", `${SITE}/fw-1`]);
      expect(reverted, reverted.stderr).toMatchObject({ code: 0 });
      expect(await practice.knock(PORTAL, REMOTE_DESKTOP)).toEqual(["arrived", "dropped"]);
    });

    test("once the adoption is merged and pushed the night is quiet and every incident closed", async () => {
      practice.repository.git("merge", "-q", "--no-ff", "-m", "Merge request 13", "adopt/eth5");
      expect(await plan("adopted.json")).toContain("nothing to do");
      await bothApprove("adopted.json", "HD-0109");
      const pushed = await apply("adopted.json");
      expect(pushed, pushed.stderr).toMatchObject({ code: 0 });
      const quiet = await night();
      expect(quiet, quiet.stderr + quiet.stdout).toMatchObject({ code: 0 });
      expect(quiet.stdout).toContain("0 unauthorised changes; 5 clean");
      expect((await incidents()).map(({ state }) => state)).toEqual(["closed", "closed"]);
    });

    test("the audit log tells who agreed to what, whole and signed by the machine", async () => {
      const told = await practice.ask<{ readonly entries: readonly { what: string; who: string }[] }>(
        "auditor",
        ["audit", "list"],
      );
      const approvers = told.result.entries.flatMap(({ what, who }) => (what === "approved" ? [who] : []));
      expect(new Set(approvers)).toEqual(new Set([ENGINEER, MANAGER, OWNER]));
      const whole = await practice.as("auditor", ["audit", "verify"]);
      expect(whole, whole.stderr + whole.stdout).toMatchObject({ code: 0 });
    });

    test("the report tells the owner of the change and of the drift, in a real browser without trouble", async () => {
      const made = await practice.as(ENGINEER, ["report", SITE, "--out", join(practice.desk, "report")]);
      expect(made, made.stderr).toMatchObject({ code: 0 });
      const address = pathToFileURL(join(practice.desk, "report/harbour-dental.main.html")).href;
      const browser = await startBrowser();
      try {
        const { page, trouble } = await openPage(browser, address, {
          viewport: { width: 1440, height: 900 },
        });
        const rows = (part: string, ...words: readonly string[]) =>
          words.reduce((found, word) => found.filter({ hasText: word }), page.locator(`#${part} tr`)).count();
        expect(await rows("rules", "R0011", "booking-portal", MANAGER, "HD-0107")).toBe(1);
        expect(await rows("changes", "fw-1", ENGINEER, "HD-0107", MANAGER)).toBe(1);
        expect(await rows("history", "P1", "fw-1", `${REMOTE_DESKTOP} accept`, "lena")).toBe(1);
        expect(await rows("history", "sw-2", "eth5", "lena")).toBe(1);
        const shots = process.env.SITEWRIGHT_SCREENSHOTS;
        if (shots !== undefined) await page.screenshot({ path: join(shots, "report.png"), fullPage: true });
        expect(trouble).toEqual([]);
      } finally {
        await browser.close();
      }
    });
  },
);
