import { setTimeout as sleep } from "node:timers/promises";

/** A wait of the lab that ran out of time. */
export class LabTimeoutError extends Error {
  readonly timeoutMs: number;
  constructor(what: string, timeoutMs: number, cause?: unknown) {
    super(`${what}: not within ${timeoutMs} ms`, { cause });
    this.name = "LabTimeoutError";
    this.timeoutMs = timeoutMs;
  }
}

/** Asks again and again until the answer is not undefined.
 *  @param what - for the error message: what was waited for
 *  @throws LabTimeoutError when the time is up */
export async function waitFor<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  { timeoutMs = 10_000, everyMs = 5 }: { readonly timeoutMs?: number; readonly everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new LabTimeoutError(what, timeoutMs);
    await sleep(everyMs);
  }
}

/** Waits for all, also when one fails, so that nothing is still being built while it is taken down.
 *  @throws the first error, in the order given */
export async function waitForAll<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(works);
  return settled.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}
