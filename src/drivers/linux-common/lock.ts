import { DeviceError } from "../driver.ts";
import { PLACES, parseToken } from "./places.ts";
import type { RemoteShell } from "./remote-script.ts";

/** Takes the device's lock. The folder that becomes the lock holds its owner already when it is renamed into
 *  place, and a rename onto a folder with content fails: two runs cannot both have it.
 *  @throws DeviceError `locked` naming the holder */
export async function takeLock(shell: RemoteShell, token: string): Promise<void> {
  const mine = parseToken(token);
  const answer = await shell.run(
    [
      "set -e; umask 077",
      `mkdir -p ${PLACES.runDir}`,
      `fresh=$(mktemp -d ${PLACES.runDir}/lock.XXXXXX)`,
      `printf '%s\\n' '${mine}' > "$fresh/owner"; date -u +%Y-%m-%dT%H:%M:%SZ > "$fresh/since"`,
      `if mv -T "$fresh" ${PLACES.lock} 2>/dev/null; then echo taken; return 0; fi`,
      'rm -rf "$fresh"',
      `printf 'held %s %s\\n' "$(cat ${PLACES.lock}/owner)" "$(cat ${PLACES.lock}/since)"`,
    ].join("\n"),
    { label: "take the lock" },
  );
  const [word, owner, since] = answer.trim().split(" ");
  if (word === "taken" || (word === "held" && owner === mine)) return;
  throw new DeviceError(
    "locked",
    shell.device,
    `${shell.device} is locked by ${owner ?? "?"} since ${since ?? "?"}`,
  );
}

/** Gives the lock back; a lock that is gone already is no error.
 *  @throws DeviceError `locked` where somebody else holds it */
export async function releaseLock(shell: RemoteShell, token: string): Promise<void> {
  const mine = parseToken(token);
  const answer = await shell.run(
    [
      `owner=$(cat ${PLACES.lock}/owner 2>/dev/null) || { echo free; return 0; }`,
      `if [ "$owner" != '${mine}' ]; then echo "held $owner"; return 0; fi`,
      `rm -rf ${PLACES.lock}.gone && mv -T ${PLACES.lock} ${PLACES.lock}.gone && rm -rf ${PLACES.lock}.gone && echo free`,
    ].join("\n"),
    { label: "release the lock" },
  );
  const [word, owner] = answer.trim().split(" ");
  if (word === "free") return;
  throw new DeviceError(
    "locked",
    shell.device,
    `${shell.device} is locked by ${owner ?? "?"}, not by ${mine}`,
  );
}
