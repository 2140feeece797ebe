import type { ChangeStep } from "../../planner/config/types.ts";

/** A daemon that has to be told when its files change: what belongs to it, and how it is told. Each command does
 *  nothing where the daemon is not there, checks its files first where it can, and is safe to repeat. */
interface Reload {
  readonly name: string;
  readonly files: RegExp;
  readonly commands: readonly string[];
}

const restart = (process: string, unit: string) =>
  `if pidof ${process} >/dev/null; then if command -v systemctl >/dev/null; then systemctl restart ${unit}; else service ${unit} restart; fi; fi`;

const RELOADS: readonly Reload[] = [
  {
    name: "reload sshd",
    files: /^file \/etc\/ssh\//,
    commands: [
      "mkdir -p /run/sshd",
      "sshd -t",
      'if command -v systemctl >/dev/null; then systemctl reload ssh; else kill -HUP "$(cat /run/sshd.pid)"; fi',
      "sleep 1",
    ],
  },
  {
    name: "restart chrony",
    files: /^file \/etc\/chrony\//,
    commands: [restart("chronyd", "chrony")],
  },
  {
    name: "restart rsyslog",
    files: /^file \/etc\/rsyslog(\.d\/|\.conf$)/,
    commands: [
      "if command -v rsyslogd >/dev/null; then rsyslogd -N1 >/dev/null 2>&1; fi",
      restart("rsyslogd", "rsyslog"),
    ],
  },
  {
    name: "restart dnsmasq",
    files: /^file \/etc\/dnsmasq\.d\//,
    commands: [
      "if command -v dnsmasq >/dev/null; then dnsmasq --test 2>/dev/null; fi",
      restart("dnsmasq", "dnsmasq"),
    ],
  },
  {
    name: "check sudoers",
    files: /^file \/etc\/sudoers\.d\//,
    commands: ["if command -v visudo >/dev/null; then visudo -cq; fi"],
  },
];

/** Adds, behind the last file that belongs to a daemon, the step that makes it read its files again. */
export function withReloads(steps: readonly ChangeStep[]): readonly ChangeStep[] {
  const all = [...steps];
  for (const reload of RELOADS) {
    const last = all.findLastIndex((step) => reload.files.test(step.path[0] ?? ""));
    if (last < 0) continue;
    all.splice(last + 1, 0, { path: [reload.name], commands: reload.commands, reason: "its files changed" });
  }
  return all;
}
