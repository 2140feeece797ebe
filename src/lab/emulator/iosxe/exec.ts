import { type Command, command } from "../cli/grammar.ts";
import { IOS_ARGS } from "./args.ts";
import { longTime } from "./calendar.ts";
import type { ExecContext } from "./exec-context.ts";
import {
  copyFile,
  deleteFile,
  directory,
  eraseStartup,
  moreFile,
  replaceFrom,
  writeMemory,
} from "./files.ts";
import { ping } from "./ping.ts";
import { reloadIn, reloadNow, showReload } from "./reload.ts";
import { confirmChange, revertChange, showTimer, startConfirmed } from "./rollback.ts";
import { fitsSecret } from "./secrets.ts";
import * as show from "./show.ts";
import * as showPorts from "./show-ports.ts";
import type { IosState } from "./state.ts";

/** An exec command: from which privilege level on, and what it prints. */
export interface ExecCommand {
  readonly level: number;
  run(context: ExecContext, values: Readonly<Record<string, string>>): string | Promise<string>;
}

type Row = readonly [pattern: string, level: number, run: ExecCommand["run"]];

const text =
  (make: (state: IosState) => string): ExecCommand["run"] =>
  (context) =>
    make(context.state);

/** Makes a command that changes the session and prints nothing. */
const quiet =
  (change: (context: ExecContext, values: Readonly<Record<string, string>>) => void): ExecCommand["run"] =>
  (context, values) => {
    change(context, values);
    return "";
  };

/** Sets something of the session. */
function settle(
  context: ExecContext,
  changes: Partial<Pick<ExecContext, "privilege" | "length" | "width">>,
): void {
  Object.assign(context, changes);
}

const ROWS: readonly Row[] = [
  ["enable [<level:1-15>]", 1, enable],
  ["disable", 1, quiet((context) => settle(context, { privilege: 1 }))],
  ["{exit|logout|quit}", 1, quiet((context) => context.logout())],
  [
    "terminal length <lines:0-512>",
    1,
    quiet((context, values) => settle(context, { length: Number(values.lines) })),
  ],
  [
    "terminal width <columns:0-512>",
    1,
    quiet((context, values) => settle(context, { width: Number(values.columns) })),
  ],
  ["terminal monitor", 1, quiet((context) => void Object.assign(context.session, { monitor: true }))],
  ["terminal no monitor", 1, quiet((context) => void Object.assign(context.session, { monitor: false }))],
  ["terminal no {length|width}", 1, () => ""],
  ["ping [{ip|ipv6}] <host:word>", 1, ping],
  ["ping [{ip|ipv6}] <host:word> [repeat <count:1-2147483647>] [timeout <seconds:0-3600>]", 2, ping],
  ["show version", 1, text(show.version)],
  ["show clock [detail]", 1, text(show.clock)],
  ["show inventory [{all|raw}]", 1, text(show.inventory)],
  ["show privilege", 1, (context) => `Current privilege level is ${context.privilege}\n`],
  ["show users", 1, (context) => show.users(context)],
  ["show vlan [brief]", 1, text(showPorts.vlanBrief)],
  ["show interfaces status", 1, text(showPorts.interfacesStatus)],
  ["show interfaces trunk", 1, text(showPorts.interfacesTrunk)],
  [
    "show interfaces [<name:iface>] switchport",
    1,
    (context, values) => showPorts.switchports(context.state, values.name),
  ],
  ["show interfaces description", 1, text(showPorts.descriptions)],
  ["show ip interface brief", 1, text(showPorts.ipBrief)],
  ["show etherchannel summary", 1, text(showPorts.etherchannels)],
  ["show spanning-tree summary", 1, text(showPorts.spanningTree)],
  ["show mac address-table [<rest:line>]", 1, text(showPorts.macTable)],
  ["show {ip arp|arp}", 1, text(showPorts.arp)],
  ["show cdp neighbors [detail]", 1, text(showPorts.cdp)],
  ["show lldp neighbors [detail]", 1, text(showPorts.lldp)],
  ["show vtp status", 1, text(showPorts.vtp)],
  [
    "show ip access-lists [<name:word>]",
    1,
    (context, values) => showPorts.accessLists(context.state, values.name),
  ],
  [
    "show access-lists [<name:word>]",
    1,
    (context, values) => showPorts.accessLists(context.state, values.name),
  ],
  ["show ip ssh", 1, text(show.ssh)],
  ["show ip route", 1, text(showPorts.routes)],
  ["show snmp user", 2, () => ""],
  ["show boot", 2, text(show.boot)],
  ["show reload", 2, text(showReload)],
  ["show logging", 2, text(show.logging)],
  ["show archive", 2, text(show.archive)],
  ["show archive config rollback timer", 2, (context) => showTimer(context.state, longTime)],
  [
    "show archive config differences [<left:word> [<right:word>]]",
    15,
    (context, values) => show.differences(context.state, values.left, values.right),
  ],
  ["show archive log config all [provisioning]", 15, text(show.configLog)],
  [
    "show configuration lock",
    2,
    () => "Parser Configure Lock\n---------------------\nOwner PID         : -1\nUser              : none\n",
  ],
  [
    "show running-config [{all|full|brief}]",
    2,
    (context) => show.runningConfig(context.state, context.privilege),
  ],
  ["show running-config view full", 2, (context) => show.runningConfig(context.state, 15)],
  [
    "show running-config interface <name:iface>",
    15,
    (context, values) => show.runningInterface(context.state, values.name ?? ""),
  ],
  ["show startup-config", 15, text(show.startupConfig)],
  ["configure confirm", 15, (context) => confirmChange(context.state, context.session.login.name)],
  [
    "configure revert now",
    15,
    (context) => revertChange(context.state, context.session.login.name, undefined),
  ],
  [
    "configure revert timer <minutes:1-120>",
    15,
    (context, values) => revertChange(context.state, context.session.login.name, Number(values.minutes)),
  ],
  [
    "configure replace <file:word> [<how:force|list|nolock>] [{revert trigger error|time <minutes:1-120>}]",
    15,
    replaceFrom,
  ],
  ["configure [{terminal|memory}]", 15, enterConfig],
  ["configure terminal revert timer <minutes:1-120>", 15, enterConfig],
  [
    "archive config",
    15,
    (context) => (context.state.archive() === undefined ? "% Archive path not configured\n" : ""),
  ],
  ["write [{memory|terminal|erase}]", 15, writeMemory],
  ["erase startup-config", 15, eraseStartup],
  ["copy <from:word> <to:word>", 15, copyFile],
  ["more <file:word>", 15, moreFile],
  ["delete [/force] <file:word>", 15, deleteFile],
  ["dir [<where:word>]", 2, text(directory)],
  ["reload", 15, reloadNow],
  ["reload in <delay:word> [<reason:line>]", 15, reloadIn],
  ["reload cancel", 15, cancelReload],
  ["clear <rest:line>", 15, () => ""],
  ["debug <rest:line>", 15, () => ""],
  ["undebug all", 15, () => "All possible debugging has been turned off\n"],
];

/** Commands of the exec modes. */
export const EXEC_COMMANDS: readonly Command<ExecCommand>[] = ROWS.map(([pattern, level, run]) =>
  command(pattern, IOS_ARGS, { level, run }),
);

async function enable(context: ExecContext): Promise<string> {
  if (context.privilege >= 15) return "";
  const kept = context.state.config.root.get("enable")?.split(" ").at(-1);
  if (kept === undefined) return "% Error in authentication.\n\n";
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const typed = await context.session.terminal.readLine("Password: ", { echo: false });
    if (typed === undefined) return "";
    if (fitsSecret(typed.text, kept)) {
      context.privilege = 15;
      return "";
    }
  }
  return "% Bad secrets\n\n";
}

function enterConfig(context: ExecContext, values: Readonly<Record<string, string>>): string {
  let before = "";
  if (values.minutes !== undefined) {
    const { output, started } = startConfirmed(context.state, context.session, Number(values.minutes));
    if (!started) return output;
    before = output;
  }
  context.configure();
  return `${before}Enter configuration commands, one per line.  End with CNTL/Z.\n`;
}

function cancelReload(context: ExecContext): string {
  if (context.state.box.due("reload") === undefined) return "%No reload is scheduled.\n";
  context.state.box.disarm("reload");
  return "\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n\n";
}
