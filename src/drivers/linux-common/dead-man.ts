import { DeviceError } from "../driver.ts";
import { settingOf } from "./host-settings.ts";
import { bootHookScript, dropBootHookScript, PLACES, parseToken } from "./places.ts";
import type { RemoteShell } from "./remote-script.ts";

/** What the device does when no confirmation comes. */
export interface DeadMan {
  readonly token: string;
  readonly graceSeconds: number;
  /** Shell that runs while arming, in the pending folder: copies of what `restore` needs. */
  readonly keep: string;
  /** Shell that brings the device back, from any state between before and after; may run twice. */
  readonly restore: string;
}

/** States of a pending push; a rename from one to the next is what decides, so only one side ever wins. */
type PendingState = "armed" | "restoring" | "restored" | "failed";

const { pending: P } = PLACES;
const END = "SITEWRIGHT_FILE";
const DROP_HOOK = dropBootHookScript(PLACES.pendingHook, PLACES.pendingUnit);

/** How long a restore waits for a step that is under way before it goes ahead all the same. */
const BUSY_SECONDS = 30;

/** Shell that runs a step only while its push is armed, and never beside a restore: a step that comes after the
 *  dead-man has fired would change a device that nobody watches any more. */
export function whileArmed(token: string, body: string): string {
  const mine = parseToken(token);
  return [
    "set -e",
    `mkdir -p ${PLACES.runDir}; exec 8>>${PLACES.busy}; flock -w ${BUSY_SECONDS} 8`,
    `if [ ! -e ${P}/armed ] || [ "$(cat ${P}/token)" != '${mine}' ]; then echo "the dead-man of this push has fired" >&2; return 1; fi`,
    `( set -e\n${body}\n) 8>&-`,
  ].join("\n");
}

/** Runs the restore once and writes down how it ended. */
const ATTEMPT = [
  "#!/bin/sh",
  `cd ${P} || exit 0`,
  "export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  `mkdir -p ${PLACES.runDir}; exec 8>>${PLACES.busy}; flock -w ${BUSY_SECONDS} 8`,
  "if sh ./restore.sh 8>&- > restore.log 2>&1; then mv -f restoring restored; else mv -f restoring failed; fi",
  DROP_HOOK,
].join("\n");

/** Waits by the uptime, which no clock change moves, and restores unless somebody decided before. */
const WATCHDOG = [
  "#!/bin/sh",
  `cd ${P} || exit 0`,
  "echo $$ > watchdog.pid",
  "now=$(cut -d. -f1 /proc/uptime); end=$(( now + $2 ))",
  'while [ "$now" -lt "$end" ]; do',
  `  sleep 1; [ "$(cat ${P}/token 2>/dev/null)" = "$1" ] && [ -e ${P}/armed ] || exit 0`,
  "  now=$(cut -d. -f1 /proc/uptime)",
  "done",
  "mv armed restoring 2>/dev/null || exit 0",
  `exec sh ${P}/attempt.sh`,
].join("\n");

/** After a reboot nobody waits any more: what was not confirmed is undone at once. */
const BOOT = [
  "#!/bin/sh",
  `[ -e ${PLACES.sameBoot} ] && exit 0`,
  `cd ${P} || exit 0`,
  "[ -e restoring ] || mv armed restoring 2>/dev/null || exit 0",
  `exec sh ${P}/attempt.sh`,
].join("\n");

/** Stores the way back on the device and starts a watchdog that outlives our connection.
 *  @throws DeviceError `no-safety-net` where a push is pending already or the watchdog does not start */
export async function armDeadMan(shell: RemoteShell, deadMan: DeadMan): Promise<void> {
  const token = parseToken(deadMan.token);
  const grace = Math.max(5, Math.round(deadMan.graceSeconds));
  const watchdog = `sh ${P}/watchdog.sh ${token} ${grace}`;
  const script = [
    "set -e; umask 077",
    `mkdir -p ${PLACES.runDir} ${PLACES.stateDir}`,
    `if [ -e ${P}/armed ] || [ -e ${P}/restoring ]; then echo "pending $(cat ${P}/token)"; return 0; fi`,
    `rm -rf ${P} ${P}.new; mkdir ${P}.new; cd ${P}.new`,
    deadMan.keep,
    file("restore.sh", deadMan.restore),
    file("attempt.sh", ATTEMPT),
    file("watchdog.sh", WATCHDOG),
    file("boot.sh", BOOT),
    `echo ${token} > token; echo ${token} > ${PLACES.sameBoot}; date -u +%Y-%m-%dT%H:%M:%SZ > armed`,
    `cd /; mv -T ${P}.new ${P}`,
    bootHookScript(PLACES.pendingHook, PLACES.pendingUnit, `${P}/boot.sh`),
    "if [ -d /run/systemd/system ]; then",
    `systemd-run --quiet --collect --unit=sitewright-watchdog-$$ /bin/${watchdog}`,
    `else setsid ${watchdog} </dev/null >/dev/null 2>&1 & fi`,
    `for try in 1 2 3 4 5 6 7 8 9 10; do [ -s ${P}/watchdog.pid ] && { echo armed; return 0; }; sleep 0.2; done`,
    `mv ${P}/armed ${P}/failed; echo "no watchdog"`,
  ].join("\n");
  const answer = (await shell.run(script, { label: "arm the dead-man" })).trim();
  if (answer === "armed") return;
  throw new DeviceError("no-safety-net", shell.device, `${shell.device} did not arm its dead-man: ${answer}`);
}

function file(name: string, content: string): string {
  return `cat > ${name} <<'${END}'\n${content}\n${END}`;
}

/** Keeps the change. Safe to repeat.
 *  @throws DeviceError `refused` where the device has gone back already, or nothing of this token is pending */
export async function confirmDeadMan(shell: RemoteShell, token: string): Promise<void> {
  const mine = parseToken(token);
  const script = [
    "set -e; umask 077",
    `if [ "$(cat ${P}/token 2>/dev/null)" != '${mine}' ]; then`,
    `  if [ "$(cat ${PLACES.confirmed} 2>/dev/null)" = '${mine}' ]; then echo confirmed; else echo absent; fi; return 0`,
    "fi",
    `if ! mv ${P}/armed ${P}/confirmed 2>/dev/null && [ ! -e ${P}/confirmed ]; then ls ${P} | grep -xE 'restoring|restored|failed'; return 0; fi`,
    `echo '${mine}' > ${PLACES.confirmed}.new; mv -f ${PLACES.confirmed}.new ${PLACES.confirmed}`,
    DROP_HOOK,
    `rm -f ${PLACES.sameBoot}; rm -rf ${P}; echo confirmed`,
  ].join("\n");
  const answer = (await shell.run(script, { label: "confirm the push" })).trim();
  if (answer === "confirmed") return;
  const why =
    answer === "absent" ? "nothing is pending for this push" : `it has gone back by itself (${answer})`;
  throw new DeviceError("refused", shell.device, `${shell.device} cannot confirm: ${why}`);
}

/** What a push left on the device. */
export interface PendingRecord {
  readonly lockedBy: string | undefined;
  readonly token: string | undefined;
  readonly state: PendingState | "confirmed" | undefined;
  readonly since: string | undefined;
}

/** Reads lock and pending state. */
export async function readPending(shell: RemoteShell): Promise<PendingRecord> {
  const script = [
    `printf 'lock %s\\n' "$(cat ${PLACES.lock}/owner 2>/dev/null)"`,
    `printf 'token %s\\n' "$(cat ${P}/token 2>/dev/null)"`,
    `for s in armed restoring restored failed confirmed; do [ -e ${P}/$s ] && printf 'state %s\\nsince %s\\n' $s "$(cat ${P}/$s)"; done`,
    ":",
  ].join("\n");
  const lines = (await shell.run(script, { label: "read what is pending" })).split("\n");
  const value = (word: string) => settingOf(lines, word) || undefined;
  return {
    lockedBy: value("lock"),
    token: value("token"),
    state: value("state") as PendingRecord["state"],
    since: value("since"),
  };
}

/** Starts the restore of a pending push now, apart from our connection, unless it runs or has run.
 *  @returns false where nothing of this token is pending */
export async function startRestore(shell: RemoteShell, token: string): Promise<boolean> {
  const mine = parseToken(token);
  const script = [
    `[ "$(cat ${P}/token 2>/dev/null)" = '${mine}' ] || { echo absent; return 0; }`,
    `[ -e ${P}/confirmed ] && { echo absent; return 0; }`,
    `if mv ${P}/armed ${P}/restoring 2>/dev/null || mv ${P}/failed ${P}/restoring 2>/dev/null; then setsid sh ${P}/attempt.sh </dev/null >/dev/null 2>&1 & fi`,
    // A restore that was cut off in its middle, as by a power cut, holds nothing any more: it is done again.
    `if [ -e ${P}/restoring ] && flock -n ${PLACES.busy} true; then sleep 1; if [ -e ${P}/restoring ] && flock -n ${PLACES.busy} true; then setsid sh ${P}/attempt.sh </dev/null >/dev/null 2>&1 & fi; fi`,
    "echo started",
  ].join("\n");
  return (await shell.run(script, { label: "start the restore" })).trim() === "started";
}

/** Removes what a finished restore left. */
export async function clearPending(shell: RemoteShell, token: string): Promise<void> {
  const mine = parseToken(token);
  await shell.run(
    `[ "$(cat ${P}/token 2>/dev/null)" = '${mine}' ] || return 0\n${DROP_HOOK}\nrm -f ${PLACES.sameBoot}; rm -rf ${P}`,
    { label: "clear what was pending" },
  );
}

/** The log of a restore that failed. */
export async function restoreLog(shell: RemoteShell): Promise<string> {
  return shell.run(`cat ${P}/restore.log 2>/dev/null || :`, { label: "read the restore's log" });
}
