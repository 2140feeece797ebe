import type { ConfigNode } from "../../planner/config/types.ts";
import { accountCommands, loginCommands } from "./account-commands.ts";
import { removeAddress } from "./address-steps.ts";
import type { BlockPair } from "./block-change.ts";
import { contentLines, settingOf } from "./host-settings.ts";
import { inlineDocument, quote } from "./shell-quote.ts";

/** Commands of the blocks that any Linux host may have; undefined where the block is none of them.
 *  Each is POSIX shell that a person could type, and safe to repeat. */
export function hostCommands(pair: BlockPair): readonly string[] | undefined {
  const [kind, ...rest] = pair.header.split(" ");
  const name = rest.join(" ");
  switch (kind) {
    case "hostname":
      return pair.after === undefined ? [] : hostnameCommands(name);
    case "timezone":
      return pair.after === undefined ? [] : timezoneCommands(name);
    case "sysctl":
      return pair.after === undefined ? [] : [`sysctl -q -w ${quote(`${rest[0]}=${rest[1]}`)}`];
    case "interface":
      return interfaceCommands(name, pair);
    case "route":
      return routeCommands(rest, pair);
    case "file":
      return fileCommands(name, pair.after);
    case "cron":
      return fileCommands(`/etc/cron.d/${name}`, pair.after);
    case "account":
      return accountCommands(name, pair);
    case "login":
      return loginCommands(name, pair);
    case "package":
      return packageCommands(name, pair.after !== undefined);
    case "service":
      return serviceCommands(name, pair);
    default:
      return undefined;
  }
}

/** Path of the file behind a block; undefined where it is none. */
export function pathOfBlock(header: string): string | undefined {
  if (header.startsWith("file ")) return header.slice(5);
  if (header.startsWith("cron ")) return `/etc/cron.d/${header.slice(5)}`;
  return undefined;
}

function hostnameCommands(name: string): string[] {
  return [
    `hostname ${quote(name)}`,
    `echo ${quote(name)} > /etc/hostname`,
    // Without it sudo would ask a name server, and wait for one that may not answer.
    `grep -qwF ${quote(name)} /etc/hosts || echo ${quote(`127.0.1.1 ${name}`)} >> /etc/hosts`,
  ];
}

function timezoneCommands(name: string): string[] {
  return [
    `test -e ${quote(`/usr/share/zoneinfo/${name}`)}`,
    `ln -sfn ${quote(`/usr/share/zoneinfo/${name}`)} /etc/localtime`,
    `echo ${quote(name)} > /etc/timezone`,
  ];
}

function childrenOf(node: ConfigNode | undefined): readonly string[] {
  return node?.children.map((child) => child.key) ?? [];
}

/** `PARENT.VLAN` is a subinterface: it is made where it is missing, and goes with its block. */
const SUBINTERFACE = /^(.+)\.(\d{1,4})$/;

function interfaceCommands(name: string, { before, after }: BlockPair): string[] {
  const device = quote(name);
  const was = childrenOf(before);
  const wanted = childrenOf(after);
  const sub = SUBINTERFACE.exec(name);
  const commands: string[] = [];
  if (sub && before === undefined) commands.push(...subinterfaceCommands(name, sub[1] ?? "", sub[2] ?? ""));
  commands.push(...addressCommands(was.filter(isAddress), wanted.filter(isAddress), device));
  if (wanted.includes("up") && !was.includes("up")) commands.push(`ip link set dev ${device} up`);
  if (wanted.includes("down") && !was.includes("down")) commands.push(`ip link set dev ${device} down`);
  if (sub && after === undefined)
    commands.push(
      `if ip -d link show dev ${device} 2>/dev/null | grep -q ' vlan protocol '; then ip link del dev ${device}; fi`,
    );
  return commands;
}

function isAddress(child: string): boolean {
  return child.startsWith("address ");
}

/** What goes, goes first: with the first IPv4 address of a subnet the kernel takes all others of it off the interface,
 *  so those that stay are set again. */
function addressCommands(was: readonly string[], wanted: readonly string[], device: string): string[] {
  const gone = was.filter((child) => !wanted.includes(child));
  const flushes = gone.some((child) => !child.includes(":"));
  const set = wanted.filter((child) => !was.includes(child) || (flushes && !child.includes(":")));
  return [
    ...gone.map((child) => removeAddress(child.slice(8), device)),
    ...set.map((child) => `ip address replace ${child.slice(8)} dev ${device}`),
  ];
}

function subinterfaceCommands(name: string, parent: string, vlan: string): string[] {
  const device = quote(name);
  const under = quote(parent);
  return [
    `if ! ip link show dev ${device} >/dev/null 2>&1; then ip link set dev ${under} up; ip link add link ${under} name ${device} type vlan id ${vlan}; fi`,
  ];
}

function routeCommands(words: readonly string[], { after }: BlockPair): string[] {
  const family = (words[0] ?? "").includes(":") ? "-6 " : "";
  const route = words.map(quote).join(" ");
  if (after !== undefined) return [`ip ${family}route replace ${route} proto static`];
  return [`if [ -n "$(ip ${family}route show ${route})" ]; then ip ${family}route del ${route}; fi`];
}

/** Writes a file under a temporary name, then renames it: a reader sees the old or the new one, never a part. */
function fileCommands(path: string, after: ConfigNode | undefined): string[] {
  if (after === undefined) return [`rm -f ${quote(path)}`];
  const lines = childrenOf(after);
  if (lines.some((line) => line.startsWith("altered ")))
    return [
      `echo ${quote(`${path}: its former content was never shown, so it cannot be written`)} >&2`,
      "false",
    ];
  const fresh = quote(`${path}.sitewright`);
  const folder = path.slice(0, path.lastIndexOf("/")) || "/";
  const commands = [
    `mkdir -p ${quote(folder)}`,
    ...inlineDocument(`(umask 077 && cat > ${fresh})`, contentLines(lines)),
    `chown ${quote(settingOf(lines, "owner") ?? "root:root")} ${fresh}`,
    `chmod ${settingOf(lines, "mode") ?? "0644"} ${fresh}`,
  ];
  if (lines.includes("no-newline")) commands.push(`truncate -s -1 ${fresh}`);
  return [...commands, `mv -f ${fresh} ${quote(path)}`];
}

/** A package that is there already is marked as wanted, so that autoremove leaves it; leaving management
 *  takes the mark away and removes nothing. */
function packageCommands(name: string, wanted: boolean): string[] {
  const word = quote(name);
  if (!wanted) return [`apt-mark auto ${word} >/dev/null`];
  const installed = `dpkg-query -W -f='\${db:Status-Status}' ${word} 2>/dev/null | grep -qx installed`;
  return [
    `if ${installed}; then apt-mark manual ${word} >/dev/null; else DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ${word} >/dev/null; fi`,
  ];
}

function serviceCommands(name: string, { after }: BlockPair): string[] {
  const enabled = childrenOf(after).includes("enabled yes");
  const unit = quote(name);
  const verb = enabled ? "enable" : "disable";
  const sysv = enabled
    ? `update-rc.d ${unit} defaults; update-rc.d ${unit} enable`
    : `update-rc.d ${unit} disable`;
  return [`if [ -d /run/systemd/system ]; then systemctl -q ${verb} --now ${unit}; else ${sysv}; fi`];
}
