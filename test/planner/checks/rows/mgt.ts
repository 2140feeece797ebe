import { deviceOf, respell } from "../world.ts";
import type { Row } from "./row.ts";

/** Management plane. */
export const MGT_ROWS: readonly Row[] = [
  {
    id: "MGT-001",
    title: "telnet on the VTY lines is an error",
    spoil: (w) => respell(w, "sw-1", "transport input ssh", "transport input ssh telnet"),
    says: "telnet is open",
    severity: "error",
    at: "acme/hq/sw-1",
  },
  {
    id: "MGT-001",
    title: "SSH not held to version 2 is an error",
    spoil: (w) => respell(w, "sw-1", "ip ssh version 2\n", ""),
    says: "version 2",
    severity: "error",
  },
  {
    id: "MGT-001",
    title: "a telnet server on Linux is an error",
    spoil: (w) => respell(w, "fw", "package sssd", "package telnetd"),
    says: "telnet or rsh server",
    severity: "error",
  },
  {
    id: "MGT-002",
    title: "a device that everybody may manage is an error",
    spoil: (w) => {
      deviceOf(w, "sw-1").management.allowedFrom = [];
    },
    says: "everybody may",
    severity: "error",
  },
  {
    id: "MGT-002",
    title: "management from the office network is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").management.allowedFrom = ["10.1.10.0/24"];
    },
    says: "10.1.10.0/24",
    at: "sw-1.yaml",
  },
  {
    id: "MGT-002",
    title: "VTY lines without an access list are told",
    spoil: (w) => respell(w, "core-1", / access-class .*\n/, ""),
    says: "no access list",
  },
  {
    id: "MGT-002",
    title: "SSH that the firewall takes from everybody is told",
    spoil: (w) => respell(w, "fw", "ip saddr 10.1.99.0/24 ", ""),
    says: "SSH is open to everybody",
  },
  {
    id: "MGT-003",
    title: "management in VLAN 1 is an error",
    spoil: (w) => {
      deviceOf(w, "sw-1").management.vlan = 1;
    },
    says: "in VLAN 1",
    severity: "error",
  },
  {
    id: "MGT-003",
    title: "management in the office network is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").management.network = "office";
    },
    says: "is managed in office",
  },
  {
    id: "MGT-004",
    title: "a device without a local administrator is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").system.users = [];
    },
    says: "no local account",
  },
  {
    id: "MGT-004",
    title: "AAA that is off is told",
    spoil: (w) => respell(w, "sw-1", "aaa new-model\n", ""),
    says: "AAA is off",
  },
  {
    id: "MGT-004",
    title: "logins by local accounts only are mentioned",
    spoil: (w) => respell(w, "sw-1", /aaa group.*\n/, ""),
    says: "1 devices decide logins",
    severity: "info",
  },
  {
    id: "MGT-005",
    title: "sessions of 15 minutes are told",
    spoil: (w) => {
      deviceOf(w, "sw-1").system.idleTimeoutMinutes = 15;
    },
    says: "15 minutes",
  },
  {
    id: "MGT-005",
    title: "sessions that never end are told",
    spoil: (w) => {
      deviceOf(w, "sw-1").system.idleTimeoutMinutes = 0;
    },
    says: "never end",
  },
  {
    id: "MGT-006",
    title: "logins without a lockout are told",
    spoil: (w) => respell(w, "sw-1", /login block-for.*\n/, ""),
    says: "failed logins are not blocked",
  },
  {
    id: "MGT-006",
    title: "a server that takes passwords and locks nobody out is told",
    spoil: (w) => {
      const server = deviceOf(w, "srv-1");
      server.system.users = server.system.users.map((user) => ({
        ...user,
        password: { scheme: "env", locator: "P", version: "1" },
      }));
      if (server.server) server.server.sshd.passwordAuthentication = true;
    },
    says: "guessed without end",
  },
  {
    id: "MGT-007",
    title: "a device without a banner is mentioned",
    spoil: (w) => {
      delete (deviceOf(w, "sw-1").system as { banner?: string }).banner;
    },
    says: "no login banner",
    severity: "info",
  },
  {
    id: "MGT-008",
    title: "an SNMP community is an error",
    spoil: (w) =>
      respell(w, "sw-1", "snmp-server group", "snmp-server community public ro\nsnmp-server group"),
    says: "community",
    severity: "error",
    at: "acme/hq/sw-1",
  },
  {
    id: "MGT-009",
    title: "a single time server is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").system.ntp = ["10.1.20.10"];
    },
    says: "one time server",
  },
  {
    id: "MGT-009",
    title: "time without authentication is mentioned",
    spoil: (w) => respell(w, "sw-1", "ntp authenticate\n", ""),
    says: "without authentication",
    severity: "info",
  },
  {
    id: "MGT-010",
    title: "a device that logs nowhere is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").system.syslog = [];
    },
    says: "sends its logs nowhere",
  },
  {
    id: "MGT-010",
    title: "coarse logs are told",
    spoil: (w) => respell(w, "sw-1", "logging host", "logging trap errors\nlogging host"),
    says: "coarse",
  },
  {
    id: "MGT-011",
    title: "commands that leave no trace are told",
    spoil: (w) => respell(w, "sw-1", "  logging enable\n", ""),
    says: "not recorded",
  },
  {
    id: "MGT-012",
    title: "a device in another time zone than its site is told",
    spoil: (w) => {
      deviceOf(w, "sw-1").system.timezone = "UTC";
    },
    says: "the time of UTC",
  },
  {
    id: "MGT-012",
    title: "log lines without a zone are told",
    spoil: (w) => respell(w, "sw-1", " show-timezone", ""),
    says: "no date and zone",
  },
  {
    id: "MGT-013",
    title: "old SSH algorithms are told",
    spoil: (w) => {
      deviceOf(w, "sw-1").management.legacyAlgorithms = true;
    },
    says: "old SSH algorithms",
  },
  {
    id: "MGT-013",
    title: "a weak cipher in the configuration is told",
    spoil: (w) =>
      respell(
        w,
        "sw-1",
        "ip ssh version 2",
        "ip ssh version 2\nip ssh server algorithm encryption aes128-cbc",
      ),
    says: "weak algorithm",
    at: "acme/hq/sw-1",
  },
  {
    id: "MGT-014",
    title: "an HTTP server that was not turned off is told",
    spoil: (w) => respell(w, "sw-1", "no ip http server\n", ""),
    says: "HTTP server",
  },
  {
    id: "MGT-014",
    title: "smart install is told",
    spoil: (w) => respell(w, "sw-1", "vtp mode", "vstack\nvtp mode"),
    says: "nothing needs",
  },
  {
    id: "MGT-015",
    title: "a console whose sessions never end is told",
    spoil: (w) => respell(w, "sw-1", "exec-timeout 10 0", "exec-timeout 0 0"),
    says: "console's sessions never end",
  },
  {
    id: "MGT-016",
    title: "a log server that keeps 30 days is told",
    spoil: (w) => {
      delete w.facts.logRetentionDays;
      const file = deviceOf(w, "srv-1").server?.files[0];
      if (file) file.content = "/var/log/remote/*.log {\n  daily\n  rotate 30\n}\n";
    },
    says: "30 days, 180",
    at: "srv-1.yaml",
  },
  {
    id: "MGT-016",
    title: "a log server of which nothing is known is told",
    spoil: (w) => {
      delete w.facts.logRetentionDays;
      const { server } = deviceOf(w, "srv-1");
      if (server) server.files = [];
    },
    says: "nothing says how long",
  },
  {
    id: "MGT-017",
    title: "CDP on host ports is mentioned",
    spoil: (w) => respell(w, "sw-1", "no cdp run\n", ""),
    says: "CDP speaks",
    severity: "info",
  },
  {
    id: "MGT-018",
    title: "an input chain that accepts by default is told",
    spoil: (w) => respell(w, "fw", "policy drop;", "policy accept;"),
    says: "does not drop by default",
  },
];
