import type { BlockPair } from "./block-change.ts";
import { settingOf } from "./host-settings.ts";
import { inlineDocument, quote } from "./shell-quote.ts";

/** Mark in the comment field of accounts that we keep; the inventory owns every account that has it. */
export const ACCOUNT_MARK = "sitewright";

/** Makes, changes or locks an account. An account that leaves the inventory is locked and loses its keys,
 *  never deleted: its files and its uid stay known. */
export function accountCommands(name: string, { before, after }: BlockPair): string[] {
  const user = quote(name);
  if (after === undefined)
    return [...keyCommands(name, []), `usermod -L -e 1 -c ${quote(`${ACCOUNT_MARK} locked`)} ${user}`];
  const was = before?.children.map((child) => child.key) ?? [];
  const wanted = after.children.map((child) => child.key);
  const commands: string[] = [];
  const shell = settingOf(wanted, "shell") ?? "/bin/bash";
  if (before === undefined) {
    commands.push(`id -u ${user} >/dev/null 2>&1 || useradd -m -s ${quote(shell)} ${user}`);
    commands.push(`usermod -e '' -c ${ACCOUNT_MARK} -s ${quote(shell)} ${user}`);
  } else if (settingOf(was, "shell") !== shell) commands.push(`usermod -s ${quote(shell)} ${user}`);
  const groups = settingOf(wanted, "groups") ?? "";
  if (before === undefined || (settingOf(was, "groups") ?? "") !== groups)
    commands.push(`usermod -G ${quote(groups)} ${user}`);
  if (before === undefined || settingOf(was, "password") !== settingOf(wanted, "password"))
    commands.push(...passwordCommands(name, settingOf(wanted, "password") ?? "locked"));
  const keys = (lines: readonly string[]) => lines.filter((line) => line.startsWith("key "));
  if (before === undefined || keys(was).sort().join("\n") !== keys(wanted).sort().join("\n"))
    commands.push(...keyCommands(name, keys(wanted)));
  return commands;
}

/** Gives an account back that was somebody else's before it became ours. */
export function loginCommands(name: string, { before, after }: BlockPair): string[] {
  if (before !== undefined || after === undefined) return [];
  const user = quote(name);
  const lines = after.children.map((child) => child.key);
  const shell = settingOf(lines, "shell") ?? "/usr/sbin/nologin";
  return [
    `usermod -e '' -c '' -s ${quote(shell)} -G ${quote(settingOf(lines, "groups") ?? "")} ${user}`,
    ...keyCommands(
      name,
      lines.filter((line) => line.startsWith("key ")),
    ),
  ];
}

/** `locked` means no password login; a key still opens the account, as sshd with UsePAM takes `*`. */
function passwordCommands(name: string, value: string): string[] {
  if (value.startsWith("${secret:")) return inlineDocument("chpasswd", [`${name}:${value}`]);
  if (value === "locked") return inlineDocument("chpasswd -e", [`${name}:*`]);
  return [];
}

function keyCommands(name: string, keys: readonly string[]): string[] {
  const user = quote(name);
  const home = `"$(getent passwd ${user} | cut -d: -f6)"`;
  if (keys.length === 0) return [`rm -f ${home}/.ssh/authorized_keys`];
  return [
    `install -d -m 0700 -o ${user} -g "$(id -g ${user})" ${home}/.ssh`,
    ...inlineDocument(
      `(umask 077 && cat > ${home}/.ssh/authorized_keys.sitewright)`,
      keys.map((line) => line.slice(4)),
    ),
    `chown ${user} ${home}/.ssh/authorized_keys.sitewright`,
    `mv -f ${home}/.ssh/authorized_keys.sitewright ${home}/.ssh/authorized_keys`,
  ];
}
