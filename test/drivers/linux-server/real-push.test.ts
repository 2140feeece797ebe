import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { linuxServer } from "../../../src/drivers/linux-server/index.ts";
import { labDown } from "../../../src/lab/real/lab-down.ts";
import { labUp } from "../../../src/lab/real/lab-up.ts";
import { newLabOptions, OPERATOR_KEY, officeSite, titled, whyNoLab } from "../../lab/real/practice-site.ts";
import { practiceServer } from "../linux-common/intents.ts";
import {
  type Bench,
  byHand,
  planFor,
  push,
  reveal,
  SECRETS,
  targetOf,
  within,
} from "../linux-common/real-device.ts";

const reason = await whyNoLab();
const CANARY = 'canary-7f3a9c-restic\'s "pass" $word';
const placeholder = (reference: string): string => `\${secret:${reference}}`;
const RESTIC_LINE = `| ${placeholder("env:RESTIC@1")}`;
const PASSWORD = "canary-1d2e-li wei";

describe.skipIf(reason)(titled("a real Linux server", reason), () => {
  const options = newLabOptions();
  let bench: Bench;
  const scope = linuxServer.render(practiceServer()).scope;

  beforeAll(async () => {
    const up = await labUp(officeSite(), options);
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    bench = { state: up.state, name: "srv1", driver: linuxServer };
    SECRETS.set("env:RESTIC@1", CANARY);
    SECRETS.set("env:RESTIC@2", `${CANARY}-2`);
    SECRETS.set("env:NAS_KEY@1", OPERATOR_KEY.private);
    SECRETS.set("env:LIWEI@1", PASSWORD);
    await byHand(bench, "mkdir -p '/srv/erp data' && echo invoice > '/srv/erp data/invoice.txt'");
  });
  afterEach(async () => {
    await byHand(bench, "rm -rf /run/sitewright/lock /var/lib/sitewright/pending");
  });
  afterAll(() => labDown(options));

  const textNow = async () => (await within(bench, (session) => session.read())).text;

  test("a file that no reading has shown yet is not written over; the next plan shows what it would lose", async () => {
    await byHand(bench, "echo precious > /etc/motd");
    const { change, running } = await planFor(bench, practiceServer());
    await within(bench, async (session) => {
      const request = { token: "motd", graceSeconds: 60, running, change };
      await expect(session.arm(request)).rejects.toThrow("/etc/motd already: plan again");
    });
    const again = await planFor(bench, practiceServer());
    expect(again.change.items).toContainEqual(
      expect.objectContaining({ path: ["file /etc/motd", "| precious"], kind: "removed", managed: true }),
    );
  });

  test("a push lands exactly as predicted, and a second plan has nothing to do", async () => {
    await push(bench, practiceServer());
    expect((await planFor(bench, practiceServer())).change.commands).toEqual([]);
    expect(await byHand(bench, "cat /etc/motd")).toBe("Practice server\n\n\tkeep out\n");
    expect(await byHand(bench, "stat -c %a:%U /etc/sitewright/backup/erp.nas-1.password")).toBe("600:root\n");
    expect(await byHand(bench, "cat /etc/sitewright/backup/erp.nas-1.password")).toBe(`${CANARY}\n`);
  });

  test("no secret is in anything that a reading, a change or a redaction shows", async () => {
    const text = await textNow();
    const change = linuxServer.change("", text, { scope: { kind: "full" } });
    for (const shown of [text, linuxServer.redact(text), JSON.stringify(change)]) {
      expect(shown).not.toContain("canary-");
      expect(shown).not.toContain("OPENSSH PRIVATE KEY-----\n");
    }
    expect(text).toContain(RESTIC_LINE);
    expect(text).toContain(`password ${placeholder("env:LIWEI@1")}`);
  });

  test("the backup runs, the drill restores it, and a broken repository is told", async () => {
    await byHand(
      bench,
      "/usr/local/sbin/sitewright-backup-erp init >/tmp/log 2>&1 || { cat /tmp/log; false; }",
    );
    await byHand(
      bench,
      "/usr/local/sbin/sitewright-backup-erp run >/tmp/log 2>&1 || { cat /tmp/log; false; }",
    );
    expect(await byHand(bench, "/usr/local/sbin/sitewright-restore-erp")).toMatch(/^nas-1 ok 2 \d+ 20\d\d-/);
    const far = { ...bench, name: "srv2" };
    await byHand(
      far,
      "f=$(find /srv/restic/erp/data -type f | head -1); chmod u+w $f; printf X | dd of=$f conv=notrunc status=none",
    );
    await expect(
      byHand(bench, "/usr/local/sbin/sitewright-backup-erp check >/dev/null 2>&1"),
    ).rejects.toThrow();
  });

  test("a secret file changed by hand is seen by its fingerprint, not shown, and is put right", async () => {
    const before = await textNow();
    await byHand(bench, "echo canary-other > /etc/sitewright/backup/erp.nas-1.password");
    const after = await textNow();
    expect(after).not.toContain("canary-");
    expect(linuxServer.compare(before, after, scope)).toMatchObject([
      {
        path: ["file /etc/sitewright/backup/erp.nas-1.password", RESTIC_LINE],
        kind: "removed",
        managed: true,
      },
      {
        path: [expect.anything(), expect.stringMatching(/^altered [0-9a-f]{16}$/)],
        kind: "added",
        managed: true,
      },
    ]);
    await push(bench, practiceServer(), "push-2");
    expect(await byHand(bench, "cat /etc/sitewright/backup/erp.nas-1.password")).toBe(`${CANARY}\n`);
  });

  test("a file that is no text is told by its fingerprint, and one of ours that became one is put right", async () => {
    await byHand(bench, "printf 'a\\001b' > /etc/cron.d/odd; printf '\\377\\000' > /etc/motd");
    const text = await textNow();
    expect(text).toMatch(/cron odd\n {4}owner root:root\n {4}mode 0644\n {4}altered [0-9a-f]{16}\n/);
    expect(text).toMatch(/file \/etc\/motd\n.*\n.*\n {4}altered [0-9a-f]{16}\n/);
    const { change } = await push(bench, practiceServer(), "push-odd");
    expect(change.rollback.join("\n")).toContain("its former content was never shown");
    expect(await byHand(bench, "cat /etc/motd; rm /etc/cron.d/odd")).toContain("keep out");
  });

  test("a rotated secret is a change, and only that", async () => {
    const intent = practiceServer();
    const backups = (intent.server?.backups ?? []).map((job) => ({
      ...job,
      targets: job.targets.map((target) => ({
        ...target,
        encryption: { ...target.encryption, version: "2" },
      })),
    }));
    const { change } = await push(bench, practiceServer({ backups }), "push-3");
    expect(change.items.map((item) => item.path[0])).toEqual(
      Array(2).fill("file /etc/sitewright/backup/erp.nas-1.password"),
    );
    await push(bench, practiceServer(), "push-4");
  });

  test("an sshd option set by hand is seen wherever it was set; one that beats ours is silenced", async () => {
    const before = await textNow();
    await byHand(
      bench,
      "echo 'X11Forwarding yes' > /etc/ssh/sshd_config.d/zz-hand.conf; sed -i '1i PasswordAuthentication yes' /etc/ssh/sshd_config",
    );
    const after = await textNow();
    const items = linuxServer.compare(before, after, scope);
    expect(items).toContainEqual({
      path: ["sshd", "passwordauthentication"],
      kind: "changed",
      before: "passwordauthentication no",
      after: "passwordauthentication yes",
      managed: true,
    });
    expect(items).toContainEqual(
      expect.objectContaining({
        path: ["file /etc/ssh/sshd_config.d/zz-hand.conf"],
        kind: "added",
        managed: false,
      }),
    );
    await push(bench, practiceServer(), "push-5");
    expect(await byHand(bench, "sshd -T | grep -x 'passwordauthentication .*'")).toBe(
      "passwordauthentication no\n",
    );
    expect(await byHand(bench, "head -1 /etc/ssh/sshd_config")).toBe(
      "# sitewright: PasswordAuthentication yes\n",
    );
  });

  test("an account that leaves the inventory is locked and loses its keys; one that comes back is let in again", async () => {
    const intent = practiceServer();
    const without = {
      ...intent,
      system: { ...intent.system, users: intent.system.users.filter(({ name }) => name !== "li-wei") },
    };
    await push(bench, without, "push-6");
    expect(await byHand(bench, "passwd -S li-wei")).toMatch(/^li-wei L /);
    expect(await byHand(bench, "ls /home/li-wei/.ssh")).toBe("");
    await push(bench, intent, "push-7");
    expect(await byHand(bench, "passwd -S li-wei")).toMatch(/^li-wei P /);
  });

  test("a login of somebody else that the inventory takes over is given back by a rollback", async () => {
    const before = await textNow();
    const intent = practiceServer();
    const users = [
      ...intent.system.users,
      { name: "ops", role: "operator" as const, keys: [], origin: intent.origin },
    ];
    const { change, running } = await planFor(bench, { ...intent, system: { ...intent.system, users } });
    const hash = await byHand(bench, "grep ^ops: /etc/shadow | cut -d: -f2");
    await within(bench, async (session) => {
      const request = { token: "take", graceSeconds: 60, running, change };
      await session.lock("take");
      await session.arm(request);
      await session.send(change, reveal);
      expect((await session.read()).text).toBe(change.predicted);
      await session.rollBack(request, reveal);
      await session.unlock("take");
    });
    expect(await textNow()).toBe(before);
    expect(await byHand(bench, "grep ^ops: /etc/shadow | cut -d: -f2")).toBe(hash);
  });

  test("sshd rules that lock the operator out heal by themselves", async () => {
    const before = await textNow();
    const sshd = {
      passwordAuthentication: false,
      permitRootLogin: "no" as const,
      allowUsers: ["auditor"],
      listen: [],
    };
    const rendered = linuxServer.render(practiceServer({ sshd }));
    expect(rendered.findings.map((finding) => finding.message)).toEqual([
      "Linux server cannot express a server that root, who manages it, may not enter",
      "Linux server cannot express management by root, who may not log in",
    ]);
    const change = linuxServer.change(before, rendered.config, { scope: rendered.scope });
    const session = await linuxServer.connect(targetOf(bench.state, "srv1"));
    await session.lock("lockout");
    await session.arm({ token: "lockout", graceSeconds: 6, running: before, change });
    await session.send(change, reveal);
    await session.close();
    await expect(linuxServer.connect(targetOf(bench.state, "srv1"))).rejects.toMatchObject({
      kind: "authentication",
    });
    await sleep(9000);
    expect(await textNow()).toBe(before);
    await within(bench, (fresh) => fresh.unlock("lockout"));
  });

  test("sshd refuses a bad file: the push ends before sshd is told, and the rollback is proved", async () => {
    const { change, running } = await planFor(
      bench,
      practiceServer({
        files: [
          {
            path: "/etc/ssh/sshd_config.d/50-bad.conf",
            content: "Nonsense yes\n",
            mode: "0644",
            owner: "root",
          },
        ],
      }),
    );
    await within(bench, async (session) => {
      const request = { token: "bad", graceSeconds: 60, running, change };
      await session.lock("bad");
      await session.arm(request);
      await expect(session.send(change, reveal)).rejects.toMatchObject({
        kind: "refused",
        reply: expect.stringContaining("Nonsense"),
      });
      await session.rollBack(request, reveal);
      expect((await session.read()).text).toBe(running);
      await session.unlock("bad");
    });
  });

  test("a push by a login with sudo is the same push", async () => {
    const base = practiceServer();
    const intent = { ...base, system: { ...base.system, timezone: "Europe/London" } };
    const rendered = linuxServer.render(intent);
    const login = { ...targetOf(bench.state, "srv1").login, user: "ops" };
    await within(
      bench,
      async (session) => {
        const running = (await session.read()).text;
        const change = linuxServer.change(running, rendered.config, { scope: rendered.scope });
        expect(change.equal).toBe(false);
        await session.lock("sudo");
        await session.arm({ token: "sudo", graceSeconds: 60, running, change });
        await session.send(change, reveal);
        await session.confirm("sudo");
        expect((await session.read()).text).toBe(change.predicted);
        await session.unlock("sudo");
      },
      { login },
    );
  });

  test("a read-only login reads the same, and may change nothing", async () => {
    const base = practiceServer();
    const users = [
      ...base.system.users,
      { name: "watch", role: "operator" as const, keys: [OPERATOR_KEY.public], origin: base.origin },
    ];
    const intent = {
      ...base,
      management: { ...base.management, readOnly: { user: "watch" } },
      system: { ...base.system, users },
    };
    await push(bench, intent, "push-8");
    const login = { ...targetOf(bench.state, "srv1").login, user: "watch" };
    const seen = await within(bench, (session) => session.read(), { login });
    expect(seen.text).toBe(await textNow());
    const change = linuxServer.change(seen.text, linuxServer.render(base).config, { scope });
    await within(
      bench,
      async (session) => {
        await expect(session.lock("watch")).rejects.toMatchObject({ kind: "refused" });
        await expect(session.send(change, reveal)).rejects.toMatchObject({ kind: "refused" });
      },
      { login },
    );
    expect(await textNow()).toBe(seen.text);
  });

  test("a login without sudo is refused with the device's own words", async () => {
    await byHand(bench, "rm -f /etc/sudoers.d/ops /etc/sudoers.d/lab*");
    const login = { ...targetOf(bench.state, "srv1").login, user: "ops" };
    await expect(within(bench, (session) => session.read(), { login })).rejects.toMatchObject({
      kind: "refused",
    });
  });
});
