import type { Section } from "../cli/section.ts";
import { printSection } from "../cli/view.ts";
import { printBlock, RELEASE, VRP_DIALECT } from "./dialect.ts";
import type { ExecContext } from "./exec-context.ts";
import { interfaceName } from "./names.ts";
import type { VrpState } from "./state.ts";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** Splits a device time into date and time (UTC).
 *  @param at - milliseconds since 1970 */
export function clockText(at: number): {
  readonly date: string;
  readonly time: string;
  readonly weekday: string;
} {
  const iso = new Date(at).toISOString();
  return { date: iso.slice(0, 10), time: iso.slice(11, 19), weekday: DAYS[new Date(at).getUTCDay()] ?? "" };
}

function modelOf(state: VrpState): string {
  return state.box.options.model ?? "S5735-L24T4S-A";
}

function upTime(state: VrpState): string {
  const minutes = Math.floor((state.box.clock.now() - state.box.bootedAt()) / 60_000);
  return `${Math.floor(minutes / 10_080)} week${minutes >= 20_160 ? "s" : ""}, ${Math.floor(minutes / 1_440) % 7} days, ${Math.floor(minutes / 60) % 24} hours, ${minutes % 60} minutes`;
}

/** `display version`. */
export function version(state: VrpState): string {
  const model = modelOf(state);
  const family = /^S\d+-?[A-Z]?/.exec(model)?.[0] ?? model;
  return `Huawei Versatile Routing Platform Software
VRP (R) software, Version 5.170 (${family} ${RELEASE})
Copyright (C) 2000-2020 HUAWEI TECH Co., Ltd.
HUAWEI ${model} Routing Switch uptime is ${upTime(state)}

${model} 0(Master)  : uptime is ${upTime(state)}
DDR             Memory Size : 512   M bytes
FLASH Total     Memory Size : 512   M bytes
FLASH Available Memory Size : 256   M bytes
Pcb           Version : VER.B
BootROM       Version : 0000.0423
BootLoad      Version : 0214.0000
Software      Version : VRP (R) Software, Version 5.170 (${RELEASE})
FLASH         Version : 0000.0000
`;
}

/** `display clock`. */
export function clock(state: VrpState): string {
  const { date, time, weekday } = clockText(state.box.clock.now());
  const zone = /^clock timezone (\S+) (add|minus) (\S+)$/m.exec(state.text());
  const offset = zone === null ? "UTC" : `UTC${zone[2] === "add" ? "+" : "-"}${zone[3]?.slice(0, 5)}`;
  return `${date} ${time}\n${weekday}\nTime Zone(${zone?.[1] ?? "DefaultZoneName"}) : ${offset}\n`;
}

/** `display saved-configuration`. */
export function saved(state: VrpState): string {
  return state.savedText() ?? "There is no correct configuration file in FLASH\n";
}

/** `display current-configuration interface [X]`. */
export function currentInterface(state: VrpState, wanted: string | undefined): string {
  const only = wanted === undefined ? undefined : interfaceName(wanted);
  const shown = state.config.interfaces().filter(([name]) => only === undefined || only === name);
  const blocks = shown.map(([, block]) => [
    block.header,
    ...printSection(block, VRP_DIALECT.views).map((line) => ` ${line}`),
    "#",
  ]);
  return shown.length === 0
    ? "Error: Wrong parameter found at '^' position.\n"
    : `#\n${blocks.flat().join("\n")}\nreturn\n`;
}

/** `display current-configuration configuration X`: blocks whose header starts so. */
export function currentPart(state: VrpState, part: string): string {
  const blocks = state.text().split(/^#$/m);
  const kept = blocks.filter((block) => block.trimStart().startsWith(part));
  return `#${kept.join("#")}#\nreturn\n`;
}

/** `display this`. */
export function thisView(state: VrpState, sections: readonly Section[]): string {
  const [block] = sections;
  if (block === undefined) return "";
  return block.view === "system" ? state.text() : printBlock(block);
}

/** `display startup`. */
export function startup(state: VrpState): string {
  const row = (name: string, value: string): string => `  ${`${name}:`.padEnd(43)}${value}`;
  return [
    "MainBoard: ",
    row("Configured startup system software", `flash:/${modelOf(state).toLowerCase()}-${RELEASE}.cc`),
    row("Startup system software", `flash:/${modelOf(state).toLowerCase()}-${RELEASE}.cc`),
    row("Next startup system software", `flash:/${modelOf(state).toLowerCase()}-${RELEASE}.cc`),
    row("Startup saved-configuration file", state.booted ?? "NULL"),
    row("Next startup saved-configuration file", state.startup ?? "NULL"),
    row("Startup paf file", "default"),
    row("Next startup paf file", "default"),
    row("Startup license file", "default"),
    row("Next startup license file", "default"),
    row("Startup patch package", "NULL"),
    row("Next startup patch package", "NULL"),
    "",
  ].join("\n");
}

/** `display logbuffer`: the newest line first. */
export function logbuffer(state: VrpState): string {
  const head = `Logging buffer configuration and contents : enabled
Allowed max buffer size : 1024
Actual buffer size : 512
Channel number : 4 , Channel name : logbuffer
Dropped messages : 0
Overwritten messages : 0
Current messages : ${state.logbuffer.length}

`;
  return `${head}${[...state.logbuffer].reverse().join("\n")}\n`;
}

/** `display users`. */
export function users(context: ExecContext): string {
  const rows = context.state.box.logins().map((one) => {
    const mark = one === context.session ? "+" : " ";
    return `${mark} ${String(34 + one.vty).padEnd(5)}VTY ${String(one.vty).padEnd(4)}00:00:00  SSH    ${one.from.padEnd(22)}    pass       no\n  Username : ${one.login.name}\n`;
  });
  return `  User-Intf    Delay    Type   Network Address     AuthenStatus    AuthorcmdFlag\n${rows.join("\n")}`;
}

/** `display device`. */
export function device(state: VrpState): string {
  const line = "-".repeat(88);
  return `${modelOf(state)}'s Device status:\nSlot Sub  Type                   Online    Power    Register     Status   Role\n${line}\n0    -    ${modelOf(state).padEnd(22)} Present   PowerOn  Registered   Normal   Master\n`;
}

/** `display esn`. */
export function serial(state: VrpState): string {
  return `ESN of slot 0: ${state.box.options.serial ?? "2102350000000000"}\n`;
}

/** `display ssh server status`. */
export function sshStatus(state: VrpState): string {
  const on = state.config.root.get("stelnet") === undefined ? "Disable" : "Enable";
  return ` SSH version                         :2.0\n SSH connection timeout              :60 seconds\n SSH authentication retries          :3 times\n SFTP IPv4 server                    :Disable\n STELNET IPv4 server                 :${on}\n SSH server port                     :22\n`;
}

/** `display local-user`. */
export function localUsers(state: VrpState): string {
  const aaa = state.config.root.block("aaa");
  const rows = (aaa?.all("local-user") ?? []).map(([name]) => {
    const level = aaa?.get("level", name)?.split(" ").at(-1) ?? "-";
    return `  ${name.padEnd(30)} A      A      S        0        ${level}`;
  });
  return `  ----------------------------------------------------------------------------\n  User-name                      State  AuthMask  AdminLevel\n  ----------------------------------------------------------------------------\n${rows.join("\n")}\n  ----------------------------------------------------------------------------\n  Total ${rows.length} user(s)\n`;
}
