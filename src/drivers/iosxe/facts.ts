import type { RunningState } from "../driver.ts";

/** Lines of `show startup-config` and `show running-config` that say when and how big, not what. */
const HEADERS = [
  /^Using \d+ out of \d+ bytes/,
  /^Building configuration/,
  /^Current configuration\s*:/,
  /^!/,
  /^ntp clock-period /,
  /^\s*$/,
];

/** Tells whether the device would come back from a reboot with what runs now. */
export function savedState(running: string, startup: string | undefined): RunningState["saved"] {
  if (startup === undefined) return "unknown";
  return bodyOf(running) === bodyOf(startup) ? "same" : "differs";
}

function bodyOf(text: string): string {
  const lines = text.split("\n").filter((line) => !HEADERS.some((pattern) => pattern.test(line.trim())));
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** Reads model, version and serial number out of `show version`. */
export function factsOf(version: string, running: string): RunningState["facts"] {
  const find = (pattern: RegExp): string | undefined => pattern.exec(version)?.[1];
  const hostname = /^hostname (\S+)$/m.exec(running)?.[1];
  const model = find(/^Model [Nn]umber\s*:\s*(\S+)/m) ?? find(/^[Cc]isco (\S+) .*processor/m);
  const release = find(/^Cisco IOS XE Software, Version (\S+)/m) ?? find(/Version ([^\s,]+)/);
  const serial = find(/^System [Ss]erial [Nn]umber\s*:\s*(\S+)/m) ?? find(/^Processor board ID (\S+)/m);
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ...(model === undefined ? {} : { model }),
    ...(release === undefined ? {} : { version: release }),
    ...(serial === undefined ? {} : { serial }),
  };
}

/** What a line of an SNMPv3 user shows in place of its passwords. */
const HIDDEN = "<hidden>";

/** The lines of SNMPv3 users, which the device keeps beside its running configuration.
 *  @see Cisco IOS SNMP Command Reference, `show snmp user` */
export function snmpUserLines(shown: string): readonly string[] {
  const lines: string[] = [];
  for (const part of shown.split(/^User name: /m).slice(1)) {
    const name = /^(\S+)/.exec(part)?.[1];
    const group = /^Group-name: (\S+)/m.exec(part)?.[1];
    const auth = /^Authentication Protocol: (\S+)/m.exec(part)?.[1]?.toLowerCase();
    const privacy = /^Privacy Protocol: (\S+)/m.exec(part)?.[1]?.toLowerCase();
    if (name === undefined || group === undefined || auth === undefined || auth === "none") continue;
    const tail = privacy === undefined || privacy === "none" ? "" : ` priv ${privacyText(privacy)} ${HIDDEN}`;
    lines.push(`snmp-server user ${name} ${group} v3 auth ${auth} ${HIDDEN}${tail}`);
  }
  return lines;
}

function privacyText(protocol: string): string {
  return protocol.replace(/^aes(\d+)$/, "aes $1");
}

/** Tells from the running configuration whether it may leave the VLAN table out: a VTP server or client keeps that in
 *  a file of its own. */
export function mayHideVlans(running: string): boolean {
  return !/^vtp mode (?:transparent|off)$/m.test(running);
}

/** The VLAN table as configuration lines, where `show vtp status` says that the running configuration has it not.
 *  @param brief - the output of `show vlan brief` */
export function vlanLines(vtpStatus: string, brief: string): readonly string[] {
  if (!/^VTP Operating Mode\s*:\s*(?:Primary )?(?:Server|Client)/im.test(vtpStatus)) return [];
  const lines: string[] = [];
  for (const match of brief.matchAll(/^(\d{1,4})\s+(\S+)\s+(?:active|act\/\S+|suspended|sus\/\S+)/gm)) {
    const id = Number(match[1]);
    if (id === 1 || (id >= 1002 && id <= 1005)) continue;
    const name = match[2] === `VLAN${String(id).padStart(4, "0")}` ? [] : [` name ${match[2]}`];
    lines.push(`vlan ${id}`, ...name, "!");
  }
  return lines;
}
