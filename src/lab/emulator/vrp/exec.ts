import { type Command, command } from "../cli/grammar.ts";
import { VRP_ARGS } from "./args.ts";
import * as display from "./display.ts";
import * as ports from "./display-ports.ts";
import type { ExecContext } from "./exec-context.ts";
import * as files from "./files.ts";
import { ping } from "./ping.ts";
import type { VrpState } from "./state.ts";

/** A command: from which level on, and what it prints. */
export interface ExecCommand {
  readonly level: number;
  run(context: ExecContext, values: Readonly<Record<string, string>>): string | Promise<string>;
}

type Row = readonly [pattern: string, level: number, run: ExecCommand["run"]];

const text =
  (make: (state: VrpState) => string): ExecCommand["run"] =>
  (context) =>
    make(context.state);

/** Makes a command that changes the session and prints nothing. */
const quiet =
  (change: (context: ExecContext, values: Readonly<Record<string, string>>) => void): ExecCommand["run"] =>
  (context, values) => {
    change(context, values);
    return "";
  };

const compile = (rows: readonly Row[]): readonly Command<ExecCommand>[] =>
  rows.map(([pattern, level, run]) => command(pattern, VRP_ARGS, { level, run }));

/** Commands that every view knows. */
export const ANY_VIEW = compile([
  ["display version", 1, text(display.version)],
  ["display clock", 1, text(display.clock)],
  ["display current-configuration", 1, text((state) => state.text())],
  ["display current-configuration all", 1, text((state) => state.text())],
  [
    "display current-configuration interface [<name:iface>]",
    1,
    (context, values) => display.currentInterface(context.state, values.name),
  ],
  [
    "display current-configuration configuration <part:line>",
    1,
    (context, values) => display.currentPart(context.state, values.part ?? ""),
  ],
  ["display saved-configuration", 1, text(display.saved)],
  ["display saved-configuration last", 1, text(display.saved)],
  ["display this", 1, (context) => display.thisView(context.state, context.editing())],
  ["display startup", 1, text(display.startup)],
  ["display schedule reboot", 1, text(files.showSchedule)],
  ["display logbuffer [<rest:line>]", 1, text(display.logbuffer)],
  ["display users", 1, (context) => display.users(context)],
  ["display device [<rest:line>]", 1, text(display.device)],
  ["display esn", 1, text(display.serial)],
  ["display vlan [<vlan:1-4094>]", 1, (context, values) => ports.vlans(context.state, values.vlan)],
  ["display vlan brief", 1, text(ports.vlanBrief)],
  ["display vlan summary", 1, text(ports.vlanSummary)],
  ["display port vlan [<name:iface>]", 1, text(ports.portVlan)],
  ["display interface brief", 1, text(ports.interfaceBrief)],
  ["display interface description", 1, text(ports.descriptions)],
  ["display ip interface brief", 1, text(ports.ipBrief)],
  ["display eth-trunk [<number:0-127>]", 1, (context, values) => ports.trunks(context.state, values.number)],
  [
    "display acl {all|<number:2000-4999>|name <name:host>}",
    1,
    (context, values) => ports.acls(context.state, values.number ?? values.name),
  ],
  ["display ip routing-table", 1, text(ports.routes)],
  ["display arp [all]", 1, text(ports.arp)],
  ["display mac-address", 1, text(ports.macTable)],
  ["display lldp neighbor [brief]", 1, () => ""],
  ["display stp brief", 1, text(ports.stp)],
  ["display ssh server status", 1, text(display.sshStatus)],
  ["display local-user", 3, text(display.localUsers)],
  ["display snmp-agent usm-user", 3, () => ""],
  ["ping [-c <count:1-4294967295>] [-t <timeout:0-65535>] <host:word>", 0, ping],
  ["ping ipv6 [-c <count:1-4294967295>] [-t <timeout:0-65535>] <host:word>", 0, ping],
]);

/** Commands of the user view alone. */
export const USER_VIEW = compile([
  ["quit", 0, quiet((context) => context.logout())],
  ["system-view", 3, enterSystem],
  ["screen-length <lines:0-512> temporary", 0, setLength],
  ["undo screen-length temporary", 0, quiet((context) => void Object.assign(context, { length: 24 }))],
  ["screen-width <columns:60-512>", 0, () => ""],
  ["terminal {monitor|debugging|logging|trapping}", 1, () => "Info: Current terminal monitor is on.\n"],
  ["undo terminal {monitor|debugging|logging|trapping}", 1, () => "Info: Current terminal monitor is off.\n"],
  ["save [all] [force]", 3, files.saveDefault],
  ["save [all] <file:word>", 3, files.saveAs],
  ["startup saved-configuration <file:word>", 3, files.setStartup],
  ["reset saved-configuration", 3, files.resetSaved],
  ["schedule reboot delay <delay:word>", 3, files.scheduleReboot],
  ["undo schedule reboot", 3, files.cancelReboot],
  ["reboot [fast]", 3, files.reboot],
  ["compare configuration [<file:word>]", 3, (context, values) => files.compare(context.state, values.file)],
  ["dir [<where:word>]", 3, text(files.directory)],
  ["more <file:word>", 3, (context, values) => files.more(context.state, values.file ?? "")],
  ["delete [/unreserved] <file:word>", 3, files.remove],
  ["copy <from:word> <to:word>", 3, files.copy],
  ["reset {logbuffer|trapbuffer}", 3, resetLog],
  ["language-mode {Chinese|English}", 0, () => "Info: The current language mode is changed.\n"],
]);

function enterSystem(context: ExecContext): string {
  context.configure();
  return "Enter system view, return user view with Ctrl+Z.\n";
}

function setLength(context: ExecContext, values: Readonly<Record<string, string>>): string {
  Object.assign(context, { length: Number(values.lines) });
  return "Info: The configuration takes effect on the current user terminal interface only.\n";
}

function resetLog(context: ExecContext): string {
  context.state.logbuffer = [];
  return "";
}
