import { Configurator } from "../cli/configurator.ts";
import type { Login } from "../ssh-server.ts";
import type { Box, System } from "../system.ts";
import { letsSource, vtyList } from "./acl.ts";
import { USER_INTERFACE } from "./config.ts";
import { VRP_DIALECT } from "./dialect.ts";
import { isForwarding } from "./link-state.ts";
import { fitsPassword } from "./secrets.ts";
import { VrpShell } from "./shell.ts";
import { VrpState } from "./state.ts";
import { addressesOf } from "./table-interface.ts";

/** Runs VRP5 on a box, as on an S5735. */
export function vrpSystem(box: Box): System {
  const state = new VrpState(box);
  return {
    ident: "HUAWEI-1.5",
    banner: () => loginText(state),
    servesSsh: (client) => servesSsh(state, client),
    linkUp: (_client, address) => linkUp(state, address),
    loginByPassword: (name, password) => localLogin(state, name, password),
    loginByKey: () => undefined,
    shell: (session) => new VrpShell(state, session).run(),
    boot: () => state.boot(),
    onTimer: (timer) => {
      if (timer === "reboot") box.reboot("scheduled reboot");
    },
    running: () => state.text(),
    saved: () => state.savedText() ?? "",
    handEdit: (lines, by) => handEdit(state, lines, by),
    snapshot: () => state.snapshot(),
    restore: (kept) => state.restore(kept as ReturnType<VrpState["snapshot"]>),
  };
}

function loginText(state: VrpState): string | undefined {
  const kept = state.config.root.get("header", "login");
  const text = /^header login information "([\s\S]*)"$/.exec(kept ?? "")?.[1];
  return text === undefined ? undefined : `${text}\n`;
}

function localLogin(state: VrpState, name: string, password: string): Login | undefined {
  const aaa = state.config.root.block("aaa");
  const kept = / irreversible-cipher (.+)$/.exec(aaa?.get("local-user", name) ?? "")?.[1];
  if (kept === undefined || !fitsPassword(password, kept)) return undefined;
  const service = aaa?.get("service", name) ?? "";
  if (!/ ssh( |$)/.test(service) || aaa?.get("state", name)?.endsWith("block") === true) return undefined;
  const { root } = state.config;
  const known =
    root.get("ssh user", name) !== undefined ||
    root.get("ssh authentication-type default password") !== undefined;
  if (!known) return undefined;
  return { name, privilege: Number(aaa?.get("level", name)?.split(" ").at(-1) ?? 0) };
}

function servesSsh(state: VrpState, client: string): boolean {
  const { config } = state;
  if (!config.hasKeys || config.root.get("stelnet") === undefined) return false;
  const protocol = config.root.block(USER_INTERFACE, "vty 0 4")?.get("protocol") ?? "protocol inbound ssh";
  if (protocol.endsWith(" telnet")) return false;
  const served = config.root.get("ssh acl")?.split(" ").at(-1);
  if (served !== undefined && !letsSource(config.acl(served), client)) return false;
  return letsSource(vtyList(config), client);
}

function linkUp(state: VrpState, address: string): boolean {
  const management = state.box.options.management;
  if (management === undefined) return true;
  const { config } = state;
  const home = config
    .interfaces()
    .find(([, block]) => addressesOf(block).some((one) => one.address === address));
  if (home === undefined) return false;
  const [name, block] = home;
  const ports = management.port === undefined ? config.ports : [management.port];
  return isForwarding(config, name, block, ports);
}

function handEdit(state: VrpState, lines: readonly string[], by: string): void {
  const cli = new Configurator(VRP_DIALECT, state.config, state.config.root);
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? "").trim();
    if (line === "" || line === "#") continue;
    state.log(
      "SHELL/5/CMDRECORD",
      `Recorded command information. (Task=CON0, Ip=**, VpnName=, User=${by}, AuthenticationMethod="Local-user", Command="${line}")`,
    );
    if (line === "quit") {
      cli.leave();
      continue;
    }
    state.box.note("command", by, line);
    const answer = cli.apply(line);
    if ("mismatch" in answer) throw new Error(`hand edit refused: ${line}`);
    let outcome = answer.outcome;
    if (outcome.question !== undefined) outcome = outcome.question.answered(outcome.question.yes);
    if (outcome.collect !== undefined) {
      const { until, answered } = outcome.collect;
      const end = lines.findIndex((text, index) => index > at && text.includes(until));
      outcome = answered(lines.slice(at + 1, end + 1).join("\n"));
      at = end;
    }
    if (outcome.refused === true)
      throw new Error(`hand edit refused: ${line}: ${outcome.output ?? "wrong parameter"}`);
  }
  state.box.changed();
}
