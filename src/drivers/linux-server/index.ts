import type { FullDriver } from "../driver.ts";
import { linuxEvidence } from "../linux-common/evidence.ts";
import { change, redact } from "./change.ts";
import { compare, parse } from "./parse.ts";
import { render } from "./render.ts";
import { openSession } from "./session.ts";

/** A Linux server: files, accounts, sshd, time, logs, packages and backups. */
export const linuxServer: FullDriver = {
  platform: "linux-server",
  level: "full",
  title: "Linux server",
  capabilities: [
    "ntp",
    "syslog",
    "dns",
    "banner",
    "local-users",
    "packages",
    "files",
    "services",
    "accounts",
    "backup-jobs",
    "ping-checks",
    "tcp-checks",
  ],
  safetyNet: { kind: "timer", maxSeconds: 3600, atomic: false },
  parse,
  change,
  compare,
  redact,
  evidence: linuxEvidence,
  render,
  connect: openSession,
};
