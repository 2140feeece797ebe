import type { SecretResolver } from "../../deploy/secrets.ts";
import { writeAtomic } from "../../deploy/stores/atomic.ts";
import { parseSecretRef } from "../../model/secret.ts";

const TIMEOUT_MS = 10_000;
const READABLE_BY_ALL = 0o644;

/** What a heartbeat says of the run. */
export interface Heartbeat {
  readonly run: string;
  readonly endedAt: string;
  readonly durationMs: number;
  readonly devices: number;
  readonly unreachable: number;
  readonly incidents: number;
}

/** Writes the heartbeat file whole, so that whoever watches it never reads half of one. */
export function writeHeartbeat(path: string, heartbeat: Heartbeat): Promise<void> {
  return writeAtomic(path, `${JSON.stringify(heartbeat, undefined, 2)}\n`, READABLE_BY_ALL);
}

/** Tells a watcher's address that the job ran.
 *  @param given - `SITEWRIGHT_HEARTBEAT_URL`: an address, or a reference to a secret that holds one
 *  @returns what went wrong, without the address; undefined where it was heard */
export async function callHeartbeat(
  given: string,
  heartbeat: Heartbeat,
  secrets: Pick<SecretResolver, "resolve">,
): Promise<string | undefined> {
  const reference = parseSecretRef(given);
  const url = reference ? (await secrets.resolve(reference)).reveal() : given;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(heartbeat),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `HTTP ${response.status}`;
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError" ? "no answer in 10 s" : "no connection";
  }
}
