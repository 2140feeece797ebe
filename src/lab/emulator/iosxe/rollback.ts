import type { CliSession } from "../session.ts";
import type { IosState } from "./state.ts";

/** Timer of a confirmed change. */
export const ROLLBACK_TIMER = "rollback";
/** Timer of the warning one minute before. */
export const ROLLBACK_WARNING = "rollback warning";

const NONE_PENDING = "%No Rollback Confirmed Change pending\n";

/** Starts a confirmed change: keeps what runs, and goes back to it unless confirmed in time.
 *  @returns what is printed, and whether it started */
export function startConfirmed(
  state: IosState,
  session: CliSession,
  minutes: number,
): { readonly output: string; readonly started: boolean } {
  if (state.config.root.block("archive")?.get("path") === undefined) {
    return { output: "%Turn config archive on before using Rollback Confirmed Change\n\n", started: false };
  }
  if (state.rollback !== undefined) {
    return { output: "%Rollback Confirmed Change already pending\n\n", started: false };
  }
  const file = state.archive();
  if (file === undefined)
    return { output: "%Error: could not archive the running config\n\n", started: false };
  const by = session.login.name;
  state.rollback = { file, minutes, by, at: state.box.clock.now() };
  armTimers(state, minutes);
  state.log(`%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_BACKUP: Backing up current running config to ${file}`);
  const who = `User: ${by}(Priv: ${session.login.privilege}, View: 0)`;
  const what = `Scheduled to rollback to config ${file} in ${minutes} minutes`;
  state.log(`%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_START_ABSTIMER: ${who}: ${what}`);
  state.box.changed();
  return {
    output: `Rollback Confirmed Change: Backing up current running config to ${file}\n\n`,
    started: true,
  };
}

function armTimers(state: IosState, minutes: number): void {
  state.box.arm(ROLLBACK_TIMER, minutes);
  if (minutes > 1) state.box.arm(ROLLBACK_WARNING, minutes - 1);
}

function settle(state: IosState): void {
  state.rollback = undefined;
  state.box.disarm(ROLLBACK_TIMER);
  state.box.disarm(ROLLBACK_WARNING);
  state.box.changed();
}

/** `configure confirm`. */
export function confirmChange(state: IosState, by: string): string {
  if (state.rollback === undefined) return NONE_PENDING;
  state.log(`%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_CONFIRM: User: ${by}: Confirm the configuration change`);
  settle(state);
  return "";
}

/** `configure revert now` and `configure revert timer N`. */
export function revertChange(state: IosState, by: string, minutes: number | undefined): string {
  if (state.rollback === undefined) return NONE_PENDING;
  if (minutes !== undefined) {
    state.rollback = { ...state.rollback, minutes };
    armTimers(state, minutes);
    state.box.changed();
    return "";
  }
  state.log(`%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_ROLLBACK_START: Start rolling to: ${state.rollback.file}`);
  return rollBack(state, by);
}

function rollBack(state: IosState, by: string): string {
  const file = state.rollback?.file ?? "";
  const refused = state.replace(state.files.get(file) ?? "", by);
  state.box.note("rollback", by, file);
  settle(state);
  return replaceReport(refused, `Rollback Confirmed Change: rolling to:${file}\n\n`);
}

/** What a replacement prints at its end. */
export function replaceReport(refused: readonly { readonly line: string }[], before = ""): string {
  if (refused.length === 0) return `${before}Total number of passes: 1\nRollback Done\n\n`;
  const lines = refused.map((one) => one.line).join("\n");
  return `${before}The following commands are failed to apply to the IOS image.\n********\n${lines}\n********\n\nRollback aborted after 5 passes\n\n`;
}

/** Warns everyone one minute before the time is up. */
export function onRollbackTimer(state: IosState): void {
  for (const session of state.box.logins()) {
    session.terminal.print(
      '\nRollback Confirmed Change: Rollback will begin in one minute.\nEnter "configure confirm" if you wish to keep what you\'ve configured\n',
    );
  }
}

/** Goes back because nobody confirmed. */
export function rollbackExpired(state: IosState): void {
  if (state.rollback === undefined) return;
  const file = state.rollback.file;
  state.log(`%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_ROLLBACK_START: Start rolling to: ${file}`);
  rollBack(state, "rollback timer");
  for (const session of state.box.logins()) {
    session.terminal.print(`\nRollback Confirmed Change: rolling to:${file}\n\n`);
  }
}

/** `show archive config rollback timer`. */
export function showTimer(state: IosState, longTime: (at: number) => string): string {
  const pending = state.rollback;
  if (pending === undefined) return `${NONE_PENDING}`;
  return [
    `Time configured(or reconfigured): ${longTime(pending.at)}`,
    "Timer type: absolute timer",
    `Timer value: ${pending.minutes} min`,
    `User: ${pending.by}`,
    "",
  ].join("\n");
}
