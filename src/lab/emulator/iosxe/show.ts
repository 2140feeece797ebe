import { calendarOf, longTime, spanText } from "./calendar.ts";
import type { ExecContext } from "./exec-context.ts";
import { readPlace } from "./files.ts";
import { kindOf } from "./names.ts";
import type { IosState } from "./state.ts";

const VERSION = "17.09.04a";
const LICENCE = `This product contains cryptographic features and is subject to United
States and local country laws governing import, export, transfer and
use. Delivery of Cisco cryptographic products does not imply
third-party authority to import, export, distribute or use encryption.
Importers, exporters, distributors and users are responsible for
compliance with U.S. and local country laws. By using this product you
agree to comply with applicable laws and regulations. If you are unable
to comply with U.S. and local laws, return this product immediately.

A summary of U.S. laws governing Cisco cryptographic products may be found at:
http://www.cisco.com/wwl/export/crypto/tool/stqrg.html

If you require further assistance please contact us by sending email to
export@cisco.com.
`;

const modelOf = (state: IosState): string => state.box.options.model ?? "C9200L-24T-4G";
const serialOf = (state: IosState): string => state.box.options.serial ?? "JAE00000000";

/** `show version`. */
export function version(state: IosState): string {
  const { box, config } = state;
  const name = config.hostname();
  const up = spanText(box.clock.now() - box.bootedAt());
  const ports = config.ports.filter((port) => kindOf(port) === "GigabitEthernet").length;
  const switched = config.interfaces().filter(([port]) => kindOf(port) === "Vlan").length;
  const restarted = longTime(box.bootedAt());
  return `Cisco IOS XE Software, Version ${VERSION}
Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_LITE_IOSXE), Version 17.9.4a, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2023 by Cisco Systems, Inc.
Compiled Fri 20-Oct-23 10:33 by mcpre


ROM: IOS-XE ROMMON
BOOTLDR: System Bootstrap, Version 17.9.1r [FC13], RELEASE SOFTWARE (P)

${name} uptime is ${up}
Uptime for this control processor is ${up}
System returned to ROM by Reload Command at ${restarted}
System restarted at ${restarted}
System image file is "flash:cat9k_lite_iosxe.${VERSION}.SPA.bin"
Last reload reason: Reload Command



${LICENCE}

Technology Package License Information: 

------------------------------------------------------------------------------
Technology-package                                     Technology-package
Current                        Type                       Next reboot  
------------------------------------------------------------------------------
network-essentials  \tSmart License                 \t network-essentials  
dna-essentials      \tSubscription Smart License    \t dna-essentials                


Smart Licensing Status: Smart Licensing Using Policy

cisco ${modelOf(state)} (ARM64) processor with 519464K/3071K bytes of memory.
Processor board ID ${serialOf(state)}
${switched} Virtual Ethernet interface${switched === 1 ? "" : "s"}
${ports} Gigabit Ethernet interfaces
2048K bytes of non-volatile configuration memory.
1973320K bytes of physical memory.
819200K bytes of Crash Files at crashinfo:.
1941504K bytes of Flash at flash:.

Base Ethernet MAC Address          : 40:f0:78:00:00:00
Motherboard Serial Number          : ${serialOf(state)}
Model Number                       : ${modelOf(state)}
System Serial Number               : ${serialOf(state)}


Switch Ports Model              SW Version        SW Image              Mode   
------ ----- -----              ----------        ----------            ----   
*    1 ${String(ports).padEnd(5)} ${modelOf(state).padEnd(18)} ${VERSION.padEnd(17)} CAT9K_LITE_IOSXE      BUNDLE 


Configuration register is 0x102

`;
}

/** `show clock`. */
export function clock(state: IosState): string {
  const c = calendarOf(state.box.clock.now());
  return `*${c.time}.${c.milliseconds} UTC ${c.weekday} ${c.month} ${c.day} ${c.year}\n`;
}

/** `show inventory`. */
export function inventory(state: IosState): string {
  const model = modelOf(state);
  const pid = `PID: ${model.padEnd(18)}, VID: V01  , SN: ${serialOf(state)}`;
  return `NAME: "c92xxL Stack", DESCR: "c92xxL Stack"\n${pid}\n\nNAME: "Switch 1", DESCR: "${model}"\n${pid}\n\nNAME: "Switch 1 - Power Supply A", DESCR: "Switch 1 - Power Supply A"\nPID: PWR-C5-600WAC     , VID: V02  , SN: QCS00000000\n\n\n`;
}

/** `show users`. */
export function users(context: ExecContext): string {
  const rows = context.state.box.logins().map((one) => {
    const mark = one === context.session ? "*" : " ";
    return `${mark} ${String(one.vty + 1).padStart(2)} vty ${String(one.vty).padEnd(5)} ${one.login.name.padEnd(10)} idle                 00:00:00 ${one.from}`;
  });
  return `    Line       User       Host(s)              Idle       Location\n${rows.join("\n")}\n\n  Interface    User               Mode         Idle     Peer Address\n\n`;
}

/** `show running-config`. A login below level 15 sees only what it may change: nothing. */
export function runningConfig(state: IosState, privilege: number): string {
  const text = privilege >= 15 ? state.fileText() : "!\nversion 17.9\n!\nend\n";
  return `Building configuration...\n\nCurrent configuration : ${text.length} bytes\n${text}\n`;
}

/** `show running-config interface X`. */
export function runningInterface(state: IosState, name: string): string {
  const lines = state.text().split("\n");
  const start = lines.indexOf(`interface ${name}`);
  if (start < 0) return "% Invalid interface\n\n";
  const end = lines.findIndex((line, index) => index > start && !line.startsWith(" "));
  const text = `!\n${lines.slice(start, end).join("\n")}\nend\n`;
  return `Building configuration...\n\nCurrent configuration : ${text.length} bytes\n${text}\n`;
}

/** `show startup-config`. */
export function startupConfig(state: IosState): string {
  if (state.startup === undefined) return "startup-config is not present\n";
  return `Using ${state.startup.length} out of 2097152 bytes\n${state.startup}\n`;
}

/** `show archive`. */
export function archive(state: IosState): string {
  const block = state.config.root.block("archive");
  const path = block?.get("path")?.slice("path ".length);
  if (path === undefined) return "Archive feature not enabled\n";
  const room = Number(block?.get("maximum")?.slice("maximum ".length) ?? 10);
  const rows = Array.from({ length: room }, (_, index) => {
    const name = state.archives[index];
    const recent = index === state.archives.length - 1 ? " <- Most Recent" : "";
    return `   ${String(index + 1).padEnd(8)} ${name ?? ""}${recent}`;
  });
  return `The maximum archive configurations allowed is ${room}.\nThere are currently ${state.archives.length} archive configurations saved.\nThe next archive file will be named ${path}-<timestamp>-${state.archives.length}\n Archive #  Name\n${rows.join("\n")}\n`;
}

/** `show archive log config all`. */
export function configLog(state: IosState): string {
  const rows = state.logged.map((one, index) => {
    const who = `${one.by}@${one.line}`;
    return `${String(index + 1).padStart(5)} ${"1".padStart(5)} ${who.padStart(21)}  |${one.text} `;
  });
  return ` idx   sess           user@line      Logged command\n${rows.join("\n")}\n\n`;
}

/** `show archive config differences`: what the left has and the right has not, and the reverse. */
export function differences(
  state: IosState,
  left = "system:running-config",
  right = "nvram:startup-config",
): string {
  const a = readPlace(state, left);
  const b = readPlace(state, right);
  if (a === undefined) return `%Error opening ${left} (No such file or directory)\n`;
  if (b === undefined) return `%Error opening ${right} (No such file or directory)\n`;
  const from = withParents(a);
  const to = withParents(b);
  const gone = from.filter((line) => !to.includes(line)).map((line) => `-${line}`);
  const added = to.filter((line) => !from.includes(line)).map((line) => `+${line}`);
  const rows = [...added, ...gone];
  return `!Contextual Config Diffs:\n${rows.length === 0 ? "!No changes were found" : rows.join("\n")}\n\n`;
}

function withParents(text: string): string[] {
  let parent = "";
  return text.split("\n").flatMap((line) => {
    if (line === "" || line.startsWith("!")) return [];
    if (!line.startsWith(" ")) parent = line;
    return [line.startsWith(" ") ? `${parent}\n ${line}` : line];
  });
}

/** `show logging`. */
export function logging(state: IosState): string {
  const buffer = /\d{4,}/.exec(state.text().match(/^logging buffered.*$/m)?.[0] ?? "")?.[0] ?? "4096";
  return `Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)\n\nLog Buffer (${buffer} bytes):\n\n${state.syslog.join("\n")}\n`;
}

/** `show ip ssh`. */
export function ssh(state: IosState): string {
  const on = state.config.hasKeys
    ? "SSH Enabled - version 2.0"
    : "SSH Disabled - version 2.0\n%Please create RSA keys to enable SSH (and of atleast 2048 bits for SSH v2).";
  return `${on}\nAuthentication methods:publickey,keyboard-interactive,password\nAuthentication timeout: 120 secs; Authentication retries: 3\n`;
}

/** `show boot`. */
export function boot(): string {
  return `---------------------------\nSwitch 1\n---------------------------\nCurrent Boot Variables:\nBOOT variable does not exist\n\nBoot Variables on next reload:\nBOOT variable = flash:cat9k_lite_iosxe.${VERSION}.SPA.bin;\nManual Boot = no\nEnable Break = no\nBoot Mode = DEVICE\niPXE Timeout = 0\n`;
}
