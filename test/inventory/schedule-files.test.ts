import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { COMMANDS } from "../../src/cli/catalogue.ts";
import { SCHEDULERS, scheduleFiles, scheduleHint } from "../../src/inventory/schedule-files.ts";
import { waitFor } from "../../src/lab/real/wait.ts";

const scratch = mkdtempSync(join(tmpdir(), "sw-schedule-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const has = (program: string): boolean => spawnSync("which", [program]).status === 0;
/** Folders that a shell, cron and systemd each could stumble over. */
const FOLDERS = ["plain", "with blank", "100%d", "o'brien's", "$HOME"] as const;

/** A workspace whose sitewright writes down where and how it was called. */
function workspace(name: string): string {
  const folder = join(scratch, name);
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  const program = join(folder, "node_modules/.bin/sitewright");
  writeFileSync(program, '#!/bin/sh\nprintf "%s|%s" "$CANARY" "$*" > called\n');
  chmodSync(program, 0o755);
  return folder;
}

/** A room in which cron finds one crontab, a home of its own, and nothing of this machine's jobs. */
const CRON_ROOM = `mount --make-rprivate /
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/spool/cron
mkdir -p /var/spool/cron/crontabs
mount -t tmpfs tmpfs /etc/cron.d
mount --bind "$1/empty" /etc/crontab
cp "$1/tab" /var/spool/cron/crontabs/root
chmod 600 /var/spool/cron/crontabs/root
mount --bind "$1/home" /root
exec cron -f
`;

/** Lets cron run in its room until it has started two jobs. On a busy machine it may come up after its minute, and is given
 *  longer the next time. */
async function callsOfCron(folder: string, room: readonly string[]): Promise<string[]> {
  const written = join(folder, "called");
  const calls = (): string[] =>
    existsSync(written) ? readFileSync(written, "utf8").trim().split("\n").sort() : [];
  for (const leadS of [3, 15, 60]) {
    const env = { ...process.env, TZ: quarterPastTwo(leadS) };
    const child = spawn("unshare", room, { env, stdio: "ignore" });
    const gone = new Promise((resolve) => child.once("exit", resolve));
    const patience = { timeoutMs: (leadS + 15) * 1_000, everyMs: 50 };
    await waitFor("cron", () => (calls().length >= 2 ? true : undefined), patience).catch(() => undefined);
    child.kill("SIGKILL");
    await gone;
    if (calls().length > 0) break;
  }
  return calls();
}

/** A time zone in which it is 02:15 in so many seconds: cron goes by the clock on the wall. */
function quarterPastTwo(inSeconds: number): string {
  const dayS = 86_400;
  const atS = Math.floor(Date.now() / 1_000) + inSeconds;
  const west = (atS - (2 * 60 + 15) * 60) % dayS;
  const off = west > dayS / 2 ? west - dayS : west;
  const [hours, minutes, seconds] = [3_600, 60, 1].map((unit, at) => {
    const whole = Math.floor(Math.abs(off) / unit);
    return String(at === 0 ? whole : whole % 60).padStart(2, "0");
  });
  return `NGT${off < 0 ? "-" : "+"}${hours}:${minutes}:${seconds}`;
}

describe.each(SCHEDULERS)("the files for %s", (scheduler) => {
  const files = scheduleFiles(scheduler, "/srv/net");

  it("hold no secret and call only options that exist", () => {
    const drift = COMMANDS.find((entry) => entry.name === "drift");
    const known = new Set(drift?.options.map(([flags]) => flags.split(/[ ,]/)[0]));
    const calls = files.flatMap(({ content }) =>
      [...content.matchAll(/sitewright"? (drift .*)/g)].map((match) => match[1] ?? ""),
    );
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) {
      for (const [option] of call.matchAll(/--[a-z-]+/g)) expect([...known, "--no-color"]).toContain(option);
    }
    for (const { content } of files)
      expect(content).not.toMatch(/(PASSWORD|TOKEN|_KEY)\s*[=:]\s*(?!\$\{\{ secrets\.[A-Z_]+ \}\})\S/);
  });
});

describe("cron", () => {
  const linesOf = (folder: string) => {
    const [file] = scheduleFiles("cron", folder);
    return (file?.content ?? "").split("\n").filter((line) => /^[0-9*]/.test(line));
  };

  it.runIf(has("crontab"))("is taken by the real crontab", () => {
    for (const name of FOLDERS) {
      const [file] = scheduleFiles("cron", join(scratch, name));
      const path = join(scratch, `${FOLDERS.indexOf(name)}.cron`);
      writeFileSync(path, file?.content ?? "");
      const ran = spawnSync("crontab", ["-n", path], { encoding: "utf8" });
      expect([name, ran.status, ran.stderr]).toEqual([name, 0, expect.not.stringMatching(/error|bad/i)]);
      writeFileSync(path, `${file?.content ?? ""}61 2 * * * true\n`);
      expect(spawnSync("crontab", ["-n", path]).status).not.toBe(0);
    }
  });

  it.runIf(has("cron") && process.getuid?.() === 0).each(["100%d", "o'brien's"])(
    "the real cron starts both jobs of a workspace called %s when their time comes",
    async (name) => {
      const folder = workspace(name);
      const room = mkdtempSync(join(scratch, "cron-"));
      mkdirSync(join(room, "home/.config"), { recursive: true });
      writeFileSync(join(room, "home/.config/sitewright.env"), "CANARY=42\n");
      writeFileSync(join(room, "tab"), scheduleFiles("cron", folder)[0]?.content ?? "");
      writeFileSync(join(room, "empty"), "");
      writeFileSync(join(room, "run.sh"), CRON_ROOM);
      const args = ["-m", "-p", "-f", "--mount-proc", "--kill-child", "sh", "-e", join(room, "run.sh"), room];
      const program = join(folder, "node_modules/.bin/sitewright");
      writeFileSync(program, '#!/bin/sh\nprintf "%s|%s\\n" "$CANARY" "$*" >> called\n');
      const calls = await callsOfCron(folder, args);
      expect(calls).toEqual([
        expect.stringMatching(/^42\|-q incidents send /),
        expect.stringMatching(/^42\|drift --alert --wait 600 /),
      ]);
    },
    180_000,
  );

  it.each(FOLDERS)("runs in a workspace called %s, with the secrets of its file", (name) => {
    const folder = workspace(name);
    const home = mkdtempSync(join(scratch, "home-"));
    mkdirSync(join(home, ".config"));
    writeFileSync(join(home, ".config/sitewright.env"), "CANARY=42\n");
    const [line = ""] = linesOf(folder);
    // What cron hands to the shell: the line after its five fields, \% as %.
    const command = line.split(" ").slice(5).join(" ").replaceAll("\\%", "%");
    execFileSync("/bin/sh", ["-c", command], { env: { HOME: home, PATH: "/usr/bin:/bin" } });
    const called = execFileSync("cat", [join(folder, "called")], { encoding: "utf8" });
    expect(called).toMatch(/^42\|drift --alert --wait 600 /);
  });
});

describe("systemd", () => {
  it.runIf(has("systemd-analyze")).each(FOLDERS)(
    "units for a workspace called %s are taken by systemd-analyze verify",
    (name) => {
      const folder = workspace(name);
      const units = mkdtempSync(join(scratch, "units-"));
      const paths = scheduleFiles("systemd", folder).map((file) => {
        const path = join(units, basename(file.path));
        writeFileSync(path, file.content);
        return path;
      });
      const ran = spawnSync("systemd-analyze", ["verify", "--man=no", ...paths], { encoding: "utf8" });
      const own = ran.stderr.split("\n").filter((line) => line.includes("sitewright"));
      expect(own).toEqual([]);
    },
  );

  it("whoever installs them is told to make what the services need: their user and the one folder that they write", () => {
    const [service] = scheduleFiles("systemd", "/srv/net");
    const user = /^User=(.*)$/m.exec(service?.content ?? "")?.[1] ?? "";
    const folder = /^ReadWritePaths="\/srv\/net\/(.*)"$/m.exec(service?.content ?? "")?.[1] ?? "";
    expect(scheduleHint("systemd")).toContain(
      `useradd --system ${user}, install -d -o ${user} ${folder}, copy`,
    );
  });

  it.runIf(has("systemd-analyze"))("the timers go off every night and every quarter of an hour", () => {
    const [drift, send] = ["drift", "send"].map((name) => {
      const file = scheduleFiles("systemd", "/srv/net").find(({ path }) => path.endsWith(`${name}.timer`));
      const when = /^OnCalendar=(.*)$/m.exec(file?.content ?? "")?.[1] ?? "";
      return execFileSync("systemd-analyze", ["calendar", when], { encoding: "utf8" });
    });
    expect(drift).toContain("*-*-* 02:15:00");
    expect(send).toContain("*:00/15:00");
  });
});

describe("github", () => {
  const [file] = scheduleFiles("github", "/srv/net");
  const workflow = parse(file?.content ?? "");

  it("runs by schedule and by hand only, on a runner of one's own, one at a time, with the right to read", () => {
    expect(Object.keys(workflow.on).sort()).toEqual(["schedule", "workflow_dispatch"]);
    expect(workflow.on.schedule[0].cron).toMatch(/^\d+ \d+ \* \* \*$/);
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(workflow.concurrency["cancel-in-progress"]).toBe(false);
    expect(workflow.jobs.drift["runs-on"]).toContain("self-hosted");
  });

  it("keeps what the runner knows between two nights", () => {
    const checkout = workflow.jobs.drift.steps.find((step: { uses?: string }) =>
      step.uses?.startsWith("actions/checkout"),
    );
    expect(checkout.with.clean).toBe(false);
  });

  it.each([
    [0, 0],
    [2, 0],
    [3, 3],
    [1, 1],
  ])("a drift job that ends with %d ends the step with %d", (code, expected) => {
    const { run } = workflow.jobs.drift.steps.at(-1);
    const folder = mkdtempSync(join(scratch, "step-"));
    writeFileSync(join(folder, "npx"), `#!/bin/sh\nexit ${code}\n`);
    chmodSync(join(folder, "npx"), 0o755);
    const ran = spawnSync("bash", ["-e", "-c", run], { env: { PATH: `${folder}:/usr/bin:/bin` } });
    expect(ran.status).toBe(expected);
  });
});

describe("kubernetes", () => {
  const [file] = scheduleFiles("kubernetes", "/srv/net");
  const documents = parseAllDocuments(file?.content ?? "").map((document) => document.toJS());
  const jobs = documents.filter((document) => document.kind === "CronJob");

  it("is one claim and two jobs of the current API, never two at once, never retried, without rights", () => {
    expect(documents.map(({ kind, apiVersion }) => `${apiVersion} ${kind}`)).toEqual([
      "v1 PersistentVolumeClaim",
      "batch/v1 CronJob",
      "batch/v1 CronJob",
    ]);
    for (const { spec } of jobs) {
      expect(spec.concurrencyPolicy).toBe("Forbid");
      expect(spec.jobTemplate.spec.backoffLimit).toBe(0);
      const pod = spec.jobTemplate.spec.template.spec;
      expect(pod).toMatchObject({ restartPolicy: "Never", automountServiceAccountToken: false });
      expect(pod.securityContext.runAsNonRoot).toBe(true);
      const claims = pod.volumes.map(
        (volume: { persistentVolumeClaim: { claimName: string } }) => volume.persistentVolumeClaim.claimName,
      );
      expect(claims).toEqual([documents[0].metadata.name]);
    }
  });

  it("its command runs as it stands", () => {
    const folder = workspace("pod");
    const [program, ...args] = jobs[0].spec.jobTemplate.spec.template.spec.containers[0].command as string[];
    expect(spawnSync(program ?? "", args, { cwd: folder }).status).toBe(0);
    expect(existsSync(join(folder, "called"))).toBe(true);
  });
});
