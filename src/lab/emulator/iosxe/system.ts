import { Configurator } from "../cli/configurator.ts";
import type { Login } from "../ssh-server.ts";
import type { Box, System } from "../system.ts";
import { lets } from "./acl.ts";
import { bannerText } from "./banner.ts";
import { LINE } from "./config.ts";
import { IOS_DIALECT } from "./dialect.ts";
import { isForwarding } from "./link-state.ts";
import { onRollbackTimer, ROLLBACK_TIMER, ROLLBACK_WARNING, rollbackExpired } from "./rollback.ts";
import { fitsSecret } from "./secrets.ts";
import { runExec, runShell } from "./shell.ts";
import { bodyOf, IosState } from "./state.ts";
import { addressesOf } from "./table-routed.ts";

/** Timer of `reload in`. */
const RELOAD_TIMER = "reload";

/** Runs IOS-XE on a box, as on a Catalyst 9200. */
export function iosxeSystem(box: Box): System {
  const state = new IosState(box);
  return {
    ident: "Cisco-1.25",
    banner: () => bannerText(state, "login"),
    servesSsh: (client) => servesSsh(state, client),
    linkUp: (client, address) => linkUp(state, client, address),
    loginByPassword: (name, password) => localLogin(state, name, password),
    loginByKey: () => undefined,
    shell: (session) => runShell(state, session),
    exec: (session, command) => runExec(state, session, command),
    boot: () => state.boot(),
    onTimer: (timer) => {
      if (timer === RELOAD_TIMER) box.reboot("reload in");
      if (timer === ROLLBACK_WARNING) onRollbackTimer(state);
      if (timer === ROLLBACK_TIMER) rollbackExpired(state);
    },
    running: () => state.text(),
    saved: () => (state.startup === undefined ? "" : bodyOf(state.startup)),
    handEdit: (lines, by) => handEdit(state, lines, by),
    snapshot: () => state.snapshot(),
    restore: (kept) => state.restore(kept as ReturnType<IosState["snapshot"]>),
  };
}

function localLogin(state: IosState, name: string, password: string): Login | undefined {
  const kept = state.config.root.get("username", name);
  const secret = / secret \d (\S+)$/.exec(kept ?? "")?.[1];
  if (kept === undefined || secret === undefined || !fitsSecret(password, secret)) return undefined;
  return { name, privilege: Number(/ privilege (\d+)/.exec(kept)?.[1] ?? 1) };
}

function servesSsh(state: IosState, client: string): boolean {
  if (!state.config.hasKeys) return false;
  const line = state.config.root.block(LINE, "vty 0 4");
  const input = line?.get("transport input") ?? "transport input all";
  if (!/ (all|.*ssh.*)$/.test(input)) return false;
  const list = line?.get("access-class", "in")?.split(" ")[1];
  if (list === undefined) return true;
  const target = state.box.options.management?.address ?? "0.0.0.0";
  return lets(state.config.acl(list), { protocol: "tcp", source: client, target, port: 22 });
}

function linkUp(state: IosState, client: string, address: string): boolean {
  const management = state.box.options.management;
  if (management === undefined) return true;
  const { config } = state;
  const home = config
    .interfaces()
    .find(([, block]) => addressesOf(block).some((one) => one.address === address));
  if (home === undefined) return false;
  const [name, block] = home;
  const ports = management.port === undefined ? config.ports : [management.port];
  if (!isForwarding(config, name, block, ports)) return false;
  const list = block.get("access-group", "in")?.split(" ")[2];
  return (
    list === undefined ||
    lets(config.acl(list), { protocol: "tcp", source: client, target: address, port: 22 })
  );
}

function handEdit(state: IosState, lines: readonly string[], by: string): void {
  const cli = new Configurator(IOS_DIALECT, state.config, state.config.root);
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? "").trim();
    if (line === "" || line === "!") continue;
    if (line === "exit") {
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
      throw new Error(`hand edit refused: ${line}: ${outcome.output ?? "invalid input"}`);
    state.touch(by, "console", line);
  }
  state.log(`%SYS-5-CONFIG_I: Configured from console by ${by} on console`);
  state.box.changed();
}
