import { describe, expect, test } from "vitest";
import { linuxServer } from "../../../src/drivers/linux-server/index.ts";
import { withMainFile } from "../../../src/drivers/linux-server/sshd-main.ts";
import type { DeviceIntent } from "../../../src/model/intent.ts";
import type { Scope } from "../../../src/planner/config/types.ts";
import { practiceServer } from "../linux-common/intents.ts";

const FULL: Scope = { kind: "full" };
const rendered = linuxServer.render(practiceServer());

describe("what a server is told", () => {
  test("is understood line by line, and each line knows its place in the YAML", () => {
    expect(rendered.findings).toEqual([]);
    expect(linuxServer.parse(rendered.config).unknown).toEqual([]);
    expect(rendered.provenance).toHaveLength(rendered.config.trimEnd().split("\n").length);
    expect(rendered.provenance.every((place) => place?.startsWith("inventory/"))).toBe(true);
  });

  test("asks for nothing when it is what runs, and is undone line by line when it is not", () => {
    expect(linuxServer.change(rendered.config, rendered.config, { scope: rendered.scope }).commands).toEqual(
      [],
    );
    const other = linuxServer.render(practiceServer({ backups: [], packages: ["vim"] })).config;
    const change = linuxServer.change(other, rendered.config, { scope: FULL });
    expect(linuxServer.compare(change.predicted, rendered.config, FULL)).toEqual([]);
    const back = linuxServer.change(change.predicted, other, { scope: FULL });
    expect(linuxServer.compare(back.predicted, other, FULL)).toEqual([]);
  });

  test("a rotated secret is written again although the server shows the same text", () => {
    const { config, scope } = rendered;
    const change = linuxServer.change(config, config, { scope, rotatedSecrets: ["env:RESTIC"] });
    expect(change.steps.map((step) => step.path)).toEqual([
      ["file /etc/sitewright/backup/erp.nas-1.password"],
    ]);
  });

  test("a job that leaves the inventory takes its schedule, scripts and secrets along", () => {
    const without = linuxServer.render(practiceServer({ backups: [] }));
    const change = linuxServer.change(rendered.config, without.config, { scope: without.scope });
    expect(change.commands.filter((line) => line.startsWith("rm -f "))).toEqual([
      "rm -f /etc/sitewright/backup/erp.nas-1.credentials",
      "rm -f /etc/sitewright/backup/erp.nas-1.password",
      "rm -f /usr/local/sbin/sitewright-backup-erp",
      "rm -f /usr/local/sbin/sitewright-restore-erp",
      "rm -f /etc/cron.d/sitewright-backup-erp",
    ]);
  });

  const server = (change: Parameters<typeof practiceServer>[0]) => practiceServer(change);
  const file = { path: "/etc/x", content: "x\n", mode: "0644", owner: "root" };
  const refused: readonly (readonly [string, DeviceIntent, string])[] = [
    ["a relative path", server({ files: [{ ...file, path: "etc/x" }] }), 'a file "etc/x"'],
    [
      "a path that climbs",
      server({ files: [{ ...file, path: "/etc/../root/x" }] }),
      'a file "/etc/../root/x"',
    ],
    ["a path with a quote", server({ files: [{ ...file, path: "/etc/it's" }] }), 'a file "/etc/it\'s"'],
    ["a mode of letters", server({ files: [{ ...file, mode: "rw-r--r--" }] }), 'mode "rw-r--r--"'],
    [
      "a file of ours",
      server({ files: [{ ...file, path: "/usr/local/sbin/sitewright-backup-erp" }] }),
      "twice",
    ],
    ["a package name with a blank", server({ packages: ["a b"] }), 'a package "a b"'],
    [
      "an account of the system",
      {
        ...server({}),
        system: {
          ...server({}).system,
          users: [{ name: "root", role: "admin", keys: [], origin: server({}).origin }],
        },
      },
      'an account "root"',
    ],
    ["full ownership", { ...server({}), ownership: "full" }, "full ownership"],
    [
      "rules that shut the operator out",
      server({ sshd: { passwordAuthentication: false, permitRootLogin: "no", allowUsers: [], listen: [] } }),
      "management by root, who may not log in",
    ],
  ];
  test.each(refused)("%s is refused, with its place", (_, intent, message) => {
    const findings = linuxServer.render(intent).findings;
    expect(findings.map((finding) => finding.message).join("\n")).toContain(message);
    expect(findings[0]).toMatchObject({
      code: "DRV-UNSUPPORTED",
      severity: "error",
      where: { file: expect.any(String) },
    });
  });
});

describe("the host key of a backup target", () => {
  const backup = (repository: string, hostKeys: readonly string[]) => {
    const { server: own } = practiceServer({});
    const backups = (own?.backups ?? []).map((job) => ({
      ...job,
      targets: job.targets.map((target) => ({ ...target, repository, hostKeys })),
    }));
    return linuxServer.render(practiceServer({ backups })).config;
  };
  const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKnown";

  test.each([
    ["sftp:backup@10.1.20.5:/srv/restic/erp", "10.1.20.5", "ssh "],
    ["sftp://backup@10.1.20.5:2022//srv/restic/erp", "[10.1.20.5]:2022", "ssh -p 2022 "],
    ["sftp:backup@[2001:db8::5]:/srv/restic/erp", "2001:db8::5", "ssh "],
  ])("is pinned where the inventory knows it: %s", (repository, name, start) => {
    const config = backup(repository, [KEY]);
    expect(config).toContain("file /etc/sitewright/backup/erp.nas-1.known_hosts");
    expect(config).toContain(`| ${name} ${KEY}\n`);
    expect(config).toContain(
      "StrictHostKeyChecking=yes -o UserKnownHostsFile=/etc/sitewright/backup/erp.nas-1.known_hosts -o GlobalKnownHostsFile=/dev/null",
    );
    expect(config).toContain(start);
    expect(config).not.toContain("accept-new");
  });

  test("is the first one seen where it does not", () => {
    const config = backup("sftp:backup@10.1.20.5:/srv/restic/erp", []);
    expect(config).toContain("StrictHostKeyChecking=accept-new");
    expect(config).not.toContain("nas-1.known_hosts");
  });
});

describe("the main file of sshd", () => {
  const main = (...content: readonly string[]) =>
    [
      "file /etc/ssh/sshd_config",
      "    owner root:root",
      "    mode 0644",
      ...content.map((line) => `    | ${line}`),
      "",
    ].join("\n");

  test("stays alone where our drop-in is included before anything of ours is set", () => {
    const running = main("Port 22", "Include /etc/ssh/sshd_config.d/*.conf", "PasswordAuthentication yes");
    expect(withMainFile(running, rendered.config)).toBe(rendered.config);
  });

  test("loses an option of ours that it sets before the drop-ins", () => {
    const running = main(
      "PasswordAuthentication yes",
      "X11Forwarding yes",
      "Include /etc/ssh/sshd_config.d/*.conf",
    );
    const text = withMainFile(running, rendered.config);
    expect(text).toContain("| # sitewright: PasswordAuthentication yes\n    | X11Forwarding yes");
  });

  test("gets an Include where it has none, else our drop-in would not count", () => {
    const text = withMainFile(main("PermitRootLogin yes"), rendered.config);
    expect(text).toContain("| Include /etc/ssh/sshd_config.d/*.conf\n    | PermitRootLogin yes");
  });
});
