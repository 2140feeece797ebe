import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKeyPair } from "../../../src/lab/key-pair.ts";
import { mustOnConsole, onConsole } from "../../../src/lab/real/device-console.ts";
import { waitOnConsole } from "../../../src/lab/real/faults.ts";
import { labDown } from "../../../src/lab/real/lab-down.ts";
import { labUp } from "../../../src/lab/real/lab-up.ts";
import type { LabState } from "../../../src/lab/real/types.ts";
import {
  host,
  links,
  newLabOptions,
  OPERATOR_KEY,
  server,
  titled,
  USERS,
  whyNoLab,
} from "./practice-site.ts";
import { runOver } from "./ssh.ts";

const reason = await whyNoLab();
const root = { key: OPERATOR_KEY.private };
const BACKUP_KEY = newKeyPair();

describe.skipIf(reason)(titled("servers of a practice site", reason), () => {
  const options = newLabOptions();
  let state: LabState;

  beforeAll(async () => {
    const nas = server("nas", "10.78.20.20/24", "10.78.20.1");
    const up = await labUp(
      {
        name: "acme/servers",
        devices: [
          {
            ...server("erp", "10.78.20.10/24", "10.78.20.1"),
            files: { "/root/.ssh/id_ed25519": BACKUP_KEY.private, "/srv/data/ledger.txt": "1000 CNY\n" },
          },
          { ...nas, users: [...USERS, { name: "backup-in", authorizedKeys: [BACKUP_KEY.public] }] },
          host("pc", "10.78.20.30/24", "10.78.20.1"),
          {
            name: "sw",
            kind: "openvswitch-switch",
            users: USERS,
            interfaces: ["a", "b", "c"].map((name) => ({ name })),
            switch: {
              ports: { a: { access: 20 }, b: { access: 20 }, c: { access: 20 } },
              management: { vlan: 20, address: "10.78.20.2/24" },
            },
            management: { mode: "in-band", address: "10.78.20.2", via: "pc" },
          },
        ],
        links: links("erp:eth0 sw:a", "nas:eth0 sw:b", "pc:eth0 sw:c"),
      },
      options,
    );
    if (!up.ok) throw new Error(JSON.stringify(up.findings));
    state = up.state;
  });
  afterAll(async () => {
    await labDown(options);
  });

  test("restic backs up over SFTP to the other server, restores it equal, and sees a flipped byte", async () => {
    const nasKey = state.devices.find((device) => device.name === "nas")?.hostKey ?? "";
    const script = `set -e
      chmod 600 /root/.ssh/id_ed25519
      echo '10.78.20.20 ${nasKey}' >/root/.ssh/known_hosts
      export RESTIC_PASSWORD=practice RESTIC_REPOSITORY=sftp:backup-in@10.78.20.20:repo HOME=/root
      restic -q init
      restic -q backup /srv/data
      restic -q restore latest --target /tmp/restored
      cmp /srv/data/ledger.txt /tmp/restored/srv/data/ledger.txt
      restic -q check --read-data`;
    const backup = await runOver(state, "erp", root, "sh -s", script);
    expect(backup).toMatchObject({ exitCode: 0 });
    const flip = `set -e; f=$(find /home/backup-in/repo/data -type f | head -1); chmod u+w "$f"
      printf X | dd of="$f" bs=1 seek=20 conv=notrunc 2>/dev/null`;
    await mustOnConsole(state, "nas", ["/bin/sh", "-c", flip]);
    const check = await runOver(
      state,
      "erp",
      root,
      "RESTIC_PASSWORD=practice restic -q -r sftp:backup-in@10.78.20.20:repo check --read-data",
    );
    expect(check.exitCode).toBe(1);
  });

  test("cron runs a job by itself", { timeout: 80_000 }, async () => {
    await runOver(state, "erp", root, "echo '* * * * * root touch /run/cron-was-here' >/etc/cron.d/job");
    await waitOnConsole(state, "erp", ["test", "-e", "/run/cron-was-here"], 70_000);
  });

  test("a login stands in the server's own log, with the account and the key", async () => {
    await runOver(state, "erp", { user: "ops", key: OPERATOR_KEY.private }, "true");
    await waitOnConsole(
      state,
      "erp",
      ["grep", "-q", "Accepted publickey for ops from 198.18", "/var/log/auth.log"],
      5000,
    );
  });

  test("one server gives its log and its time to the other", async () => {
    await runOver(
      state,
      "nas",
      root,
      `printf 'module(load="imudp")\\ninput(type="imudp" port="514")\\n' >/etc/rsyslog.d/in.conf
       printf 'local stratum 8\\nallow 10.78.20.0/24\\n' >/etc/chrony/conf.d/serve.conf
       systemctl restart rsyslog chrony`,
    );
    const { exitCode } = await runOver(
      state,
      "erp",
      root,
      `echo '*.* @10.78.20.20:514' >/etc/rsyslog.d/out.conf
       echo 'server 10.78.20.20 iburst minpoll 0' >/etc/chrony/conf.d/time.conf
       systemctl restart rsyslog chrony && logger -t lab 'hello from erp'`,
    );
    expect(exitCode).toBe(0);
    await waitOnConsole(state, "nas", ["grep", "-q", "erp lab: hello from erp", "/var/log/syslog"], 5000);
    await waitOnConsole(
      state,
      "erp",
      ["sh", "-c", "chronyc -n sources | grep -q '^^\\* 10.78.20.20'"],
      20_000,
    );
  });

  test("the machine's clock is nobody's to move", async () => {
    const before = Date.now();
    await sleep(50);
    await onConsole(state, "erp", ["chronyc", "makestep"]);
    expect(Math.abs(Date.now() - before)).toBeLessThan(5000);
  });

  test("a switch managed in-band is reached through the data network, and lost with it", async () => {
    expect(state.sockets["10.78.20.2"]).toBeDefined();
    expect((await runOver(state, "sw", root, "hostname")).stdout).toBe("sw\n");
    await mustOnConsole(state, "sw", ["ovs-vsctl", "-t", "5", "set", "port", "c", "tag=99"]);
    await expect(runOver(state, "sw", { ...root, readyTimeoutMs: 700 }, "true")).rejects.toThrow();
    await mustOnConsole(state, "sw", ["ovs-vsctl", "-t", "5", "set", "port", "c", "tag=20"]);
    expect((await runOver(state, "sw", root, "hostname")).stdout).toBe("sw\n");
  });
});
