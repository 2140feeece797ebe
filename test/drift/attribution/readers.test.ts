import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { heardOf, namesOf } from "../../../src/drift/attribution/heard.ts";
import { readSyslog } from "../../../src/drift/attribution/read-syslog.ts";
import { parseSyslogLine, type SyslogMessage } from "../../../src/drift/attribution/syslog.ts";
import type { EvidenceRecord } from "../../../src/drivers/evidence.ts";
import { readTime } from "../../../src/drivers/evidence-time.ts";
import { driverFor, platforms } from "../../../src/drivers/registry.ts";
import { practiceFirewall } from "../../drivers/linux-common/intents.ts";

const NOW = Date.parse("2026-11-22T10:10:00Z");

function readerOf(platform: string) {
  const reader = driverFor(platform)?.evidence;
  if (!reader) throw new Error(`${platform} tells nothing`);
  return reader;
}

/** What a reader makes of answers: one line a record, time in UTC. */
function told(platform: string, answers: Readonly<Record<string, string>>): string[] {
  const reader = readerOf(platform);
  const clock = reader.clock(answers, NOW) ?? { nowMs: NOW, offsetMinutes: 0, told: false };
  return reader.read(answers, clock).map(spell);
}

function spell({ kind, who, from, means, atMs, command }: EvidenceRecord): string {
  const at = atMs === undefined ? "?" : new Date(atMs).toISOString().slice(0, 19);
  return [kind, who, from ?? "-", means, at, command ?? "-"].join(" | ");
}

describe("what a device tells of people", () => {
  test("IOS: the configuration log, the header and the log buffer, in the zone that the device is set to", () => {
    const answers = {
      clock: "*18:10:00.123 CST Sun Nov 22 2026",
      zone: "clock timezone CST 8 0\nservice timestamps log datetime msec localtime show-timezone",
      header: "! Last configuration change at 18:05:00 CST Sun Nov 22 2026 by alice",
      typed:
        " idx   sess           user@line      Logged command\n    1     1        alice@vty0      |interface Gi1/0/1",
      buffer: [
        "Log Buffer (4096 bytes):",
        "*Nov 22 18:05:00.042 CST: %SYS-5-CONFIG_I: Configured from console by alice on vty0 (10.0.0.5)",
        "000123: Nov 22 18:04:00.000 CST: %SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: bob] [Source: 10.0.0.6] [localport: 22] at 18:04:00 CST Sun Nov 22 2026",
        "*Nov 22 18:06:00.042 CST: %PARSER-5-CFGLOG_LOGGEDCMD: User:alice  logged command:no shutdown",
        "*Nov 22 18:07:00.000 CST: %SYS-6-LOGOUT: User bob has exited tty session 1(10.0.0.6)",
        "*Nov 22 18:08:00.000 CST: %LINK-3-UPDOWN: Interface Gi1/0/1, changed state to up",
      ].join("\n"),
    };
    expect(told("iosxe", answers)).toEqual([
      "command | alice | - | vty0 | ? | interface Gi1/0/1",
      "change | alice | - | configure | 2026-11-22T10:05:00 | -",
      "change | alice | 10.0.0.5 | vty0 | 2026-11-22T10:05:00 | -",
      "login | bob | 10.0.0.6 | vty | 2026-11-22T10:04:00 | -",
      "command | alice | - | configure | 2026-11-22T10:06:00 | no shutdown",
      "logout | bob | 10.0.0.6 | vty | 2026-11-22T10:07:00 | -",
    ]);
  });

  test("IOS: log times are UTC where the device was not told to log local time", () => {
    const answers = {
      clock: "18:10:00.123 CST Sun Nov 22 2026",
      zone: "clock timezone CST 8 0\nservice timestamps log datetime msec",
      buffer: "*Nov 22 10:05:00.042: %SYS-5-CONFIG_I: Configured from console by alice on console",
    };
    expect(told("iosxe", answers)).toEqual(["change | alice | - | console | 2026-11-22T10:05:00 | -"]);
  });

  test("VRP: recorded commands with user and address; what only shows is left out", () => {
    const line = (time: string, command: string): string =>
      `Nov 22 2026 ${time} sw %%01SHELL/5/CMDRECORD(s)[12]:Recorded command information. (Task=VT0, Ip=10.0.0.5, VpnName=, User=alice, AuthenticationMethod="Local-user", Command="${command}")`;
    const answers = {
      clock: "2026-11-22 18:10:00+08:00\nSunday\nTime Zone(BJ) : UTC+08:00",
      buffer: [
        "Current messages : 3",
        line("18:06:00", "display version"),
        line("18:05:00+08:00", "vlan 666"),
      ].join("\n"),
    };
    expect(told("vrp", answers)).toEqual([
      "command | alice | 10.0.0.5 | VT0 | 2026-11-22T10:05:00 | vlan 666",
    ]);
  });

  test("Comware: commands, logins and logouts, newest first turned round", () => {
    const answers = {
      clock: "18:10:00 bj Sun 11/22/2026\nTime Zone : bj add 08:00:00",
      buffer: [
        "%Nov 22 18:07:00:001 2026 sw SHELL/5/SHELL_LOGOUT: alice logged out from 10.0.0.5.",
        "%Nov 22 18:06:00:345 2026 sw SHELL/6/SHELL_CMD: -Line=vty0-IPAddr=10.0.0.5-User=alice; Command is vlan 666",
        "%@77%Nov 22 18:05:00:001 2026 sw SHELL/5/SHELL_LOGIN: alice logged in from 10.0.0.5.",
      ].join("\n"),
    };
    expect(told("comware", answers)).toEqual([
      "login | alice | 10.0.0.5 | vty | 2026-11-22T10:05:00 | -",
      "command | alice | 10.0.0.5 | vty0 | 2026-11-22T10:06:00 | vlan 666",
      "logout | alice | 10.0.0.5 | vty | 2026-11-22T10:07:00 | -",
    ]);
  });

  test("Junos: who committed", () => {
    const answers = {
      clock: "Current time: 2026-11-22 10:10:00 UTC",
      commits:
        "0   2026-11-22 10:05:00 UTC by alice via cli\n    ticket 12\n1   2026-11-21 10:00:00 UTC by root via other",
    };
    expect(told("junos", answers)).toEqual([
      "change | root | - | other | 2026-11-21T10:00:00 | -",
      "change | alice | - | cli | 2026-11-22T10:05:00 | -",
    ]);
  });

  test("FortiOS: what was configured, by whom, through which interface", () => {
    const events =
      'date=2026-11-22 time=18:05:00 eventtime=1795341900000000000 tz="+0800" logid="0100044547" type="event" subtype="system" logdesc="Object attribute configured" user="alice" ui="ssh(10.0.0.5)" action="Edit" cfgpath="firewall.policy" cfgobj="12" cfgattr="status[enable->disable]"';
    expect(told("fortios", { events })).toEqual([
      "command | alice | 10.0.0.5 | ssh | 2026-11-22T10:05:00 | firewall policy 12 status[enable->disable]",
    ]);
  });

  test("RouterOS: times of today, of this year and of last year", () => {
    const answers = {
      clock: "  time: 18:10:00\n  date: nov/22/2026\n  time-zone-name: Asia/Shanghai\n  gmt-offset: +08:00",
      log: [
        "dec/30 09:00:00 system,info item added by alice",
        "nov/21 09:00:00 system,info,account user alice logged in from 10.0.0.5 via ssh",
        "18:05:00 system,info filter rule changed by ssh:alice@10.0.0.5 (/ip firewall filter set 3 disabled=yes)",
      ].join("\n"),
    };
    expect(told("routeros", answers)).toEqual([
      "change | alice | - | configure | 2025-12-30T01:00:00 | -",
      "login | alice | 10.0.0.5 | ssh | 2026-11-21T01:00:00 | -",
      "change | alice | 10.0.0.5 | ssh | 2026-11-22T10:05:00 | -",
    ]);
  });

  test("Linux: sshd and sudo in either time format; a refused sudo and a look do not count", () => {
    const answers = {
      clock: "1795342200.123456789 +0800",
      log: [
        "2026-11-22T18:04:00.000000+08:00 fw sshd[12]: Accepted publickey for alice from 10.0.0.5 port 50000 ssh2: ED25519 SHA256:x",
        "Nov 22 18:05:00 fw sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/sbin/nft add rule inet f c accept",
        "Nov 22 18:05:10 fw sudo:    alice : PWD=/ ; USER=root ; COMMAND=/usr/sbin/nft list ruleset",
        "Nov 22 18:05:20 fw sudo:      eve : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
        "Nov 22 18:06:00 fw sshd-session[14]: Disconnected from user alice 10.0.0.5 port 50000",
        "Nov 22 18:06:00 fw sshd[15]: Invalid user Accepted publickey for root from 10.9.9.9 port 1 from 10.0.0.66 port 2",
      ].join("\n"),
    };
    expect(told("nftables", answers)).toEqual([
      "login | alice | 10.0.0.5 | ssh 50000 | 2026-11-22T10:04:00 | -",
      "command | alice | - | sudo | 2026-11-22T10:05:00 | /usr/sbin/nft add rule inet f c accept",
      "logout | alice | 10.0.0.5 | ssh 50000 | 2026-11-22T10:06:00 | -",
    ]);
  });
});

describe("times without a year or a zone", () => {
  test.each([
    ["Jan  1 00:10:00", "2026-01-01T00:05:00Z", "2026-01-01T00:10:00.000Z"],
    ["Dec 31 23:59:00", "2026-01-01T00:05:00Z", "2025-12-31T23:59:00.000Z"],
    ["Feb 29 12:00:00", "2026-03-01T00:00:00Z", undefined],
    ["Feb 29 12:00:00", "2024-03-01T00:00:00Z", "2024-02-29T12:00:00.000Z"],
    ["Nov 22 2026 25:00:00", "2026-11-22T00:00:00Z", undefined],
  ])("%s read at %s", (text, now, wanted) => {
    const time = readTime(text, { nowMs: Date.parse(now), offsetMinutes: 0 });
    expect(time && new Date(time.atMs).toISOString()).toBe(wanted);
  });
});

describe("a syslog file", () => {
  test.each([
    ["<85>1 2026-11-22T10:05:00.5Z fw-1 sudo 77 - - alice : x", "fw-1", "sudo", "alice : x"],
    ['1 2026-11-22T10:05:00Z FW-1 sshd 7 ID [a@1 b="]\\""] Accepted', "fw-1", "sshd", "Accepted"],
    ["Nov 22 10:05:00 10.0.0.1 sshd[12]: Accepted", "10.0.0.1", "sshd", "Accepted"],
    [
      "2026-11-22T10:05:00+08:00 sw-1 12: *Nov 22 10:05:00: %SYS-5-CONFIG_I: x",
      "sw-1",
      undefined,
      "12: *Nov 22 10:05:00: %SYS-5-CONFIG_I: x",
    ],
  ])("reads %s", (line, host, program, text) => {
    expect(parseSyslogLine(line)).toMatchObject({ host, program, text });
  });

  test("counts for the device that sent it only, by name or address, in the site's zone", () => {
    const intent = practiceFirewall();
    const host = namesOf(intent)[0] ?? "";
    const line = (of: string, who: string): SyslogMessage | undefined =>
      parseSyslogLine(
        `Nov 22 18:05:00 ${of} sudo: ${who} : PWD=/ ; USER=root ; COMMAND=/usr/sbin/nft flush ruleset`,
      );
    const messages = [line(host, "alice"), line("elsewhere", "bob")].flatMap((one) => one ?? []);
    const syslog = new Map(messages.map((one) => [one.host, [one]]));
    const driver = driverFor("nftables");
    const heard = driver?.level === "full" ? heardOf(driver, intent, syslog, "Asia/Shanghai") : undefined;
    expect(heard?.records.map((one) => one.who)).toEqual(["alice"]);
    expect(new Date(heard?.records[0]?.atMs ?? 0).toISOString()).toMatch(/-11-22T10:05:00/);
  });
});

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        "Nov 22 18:05:00 ",
        "%SYS-5-CONFIG_I: Configured from ",
        "console by ",
        "sudo: ",
        "USER=root ; COMMAND=",
        "a : ",
        "%%01SHELL/5/CMDRECORD",
        'Command="',
        "User=",
        "(Task=",
        "\u001b[2J",
        "\n",
        "99 ",
        "|",
        "@",
        "<13>1 ",
        "user=",
        "type=event ",
        "\u202e",
        "[",
        "\\",
        '"',
        "2026-99-99T99:99:99Z",
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join("")),
);

describe("whatever stands in a log", () => {
  test.each(platforms().filter((name) => driverFor(name)?.evidence !== undefined))(
    "%s reads it without falling",
    (platform) => {
      const reader = readerOf(platform);
      fc.assert(
        fc.property(hostile, hostile, (a, b) => {
          const answers = Object.fromEntries(
            Object.keys(reader.commands).map((name, index) => [name, index % 2 ? a : b]),
          );
          const clock = reader.clock(answers, NOW) ?? { nowMs: NOW, offsetMinutes: 0, told: false };
          for (const one of [...reader.read(answers, clock), reader.message(a, "sudo", NOW)]) {
            if (one === undefined) continue;
            expect(one.who).not.toBe("");
            expect(one.atMs === undefined || Number.isFinite(one.atMs)).toBe(true);
          }
          parseSyslogLine(a);
        }),
        { numRuns: 60 },
      );
    },
  );

  test("a line of a megabyte takes no longer than a blink", () => {
    const long = `Nov 22 18:05:00 fw sudo: a : ${"PWD=/ ; ENV= ; ".repeat(60_000)}`;
    const started = performance.now();
    for (const platform of platforms()) driverFor(platform)?.evidence?.message(long, "sudo", NOW);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

test("a folder of syslog files is read with those that logrotate packed, the same lines from both", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-syslog-"));
  try {
    const old =
      "<13>1 2026-11-21T10:01:02Z sw-1 sudo 9 - - alice : PWD=/ ; USER=root ; COMMAND=/bin/old 报告\n";
    const fresh =
      "Nov 22 18:05:00 sw-1 sudo: bob : PWD=/ ; USER=root ; COMMAND=/bin/new\r\nNov 22 18:05:01 other a: b";
    writeFileSync(join(folder, "messages.1.gz"), gzipSync(old));
    writeFileSync(join(folder, "messages"), fresh);
    const heard = await readSyslog(folder, new Set(["sw-1"]));
    expect([...heard.keys()]).toEqual(["sw-1"]);
    const texts = heard.get("sw-1")?.map((one) => one.text.split("COMMAND=")[1]);
    expect(texts?.toSorted()).toEqual(["/bin/new", "/bin/old 报告"]);
    writeFileSync(join(folder, "messages.1.gz"), gzipSync(old).subarray(0, 40));
    await expect(readSyslog(folder, new Set(["sw-1"]))).rejects.toThrow(/messages\.1\.gz cannot be read/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
