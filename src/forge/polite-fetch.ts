import { setTimeout as pause } from "node:timers/promises";

/** How patient we are with a forge. */
export interface Patience {
  /** For one try (default 20 s). */
  readonly timeoutMs?: number;
  /** The longest that we wait because a forge asks us to (default 60 s). */
  readonly longestWaitMs?: number;
  /** The first of ever longer waits after a failure (default 1 s). */
  readonly firstWaitMs?: number;
}

interface PoliteOptions extends Patience {
  /** Root of the API: nothing is sent elsewhere, whatever a page or a redirect says. */
  readonly api: string;
  /** How often a failed request is repeated (0: the caller does that). */
  readonly repeats: number;
}

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

const MOST_WAITS = 3;
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024;
/** What may be sent twice without doing it twice. */
const REPEATABLE = new Set(["GET", "PUT", "PATCH", "DELETE"]);

/** Makes a `fetch` for one forge: it waits as long as a rate limit asks, within reason; it repeats what failed on the way
 *  or in the server, never a POST; it gives up on slow answers; it follows no redirect and sends the token nowhere else. */
export function politeFetch(options: PoliteOptions): Fetch {
  const { origin } = new URL(options.api);
  return async (url, init = {}) => {
    if (new URL(url).origin !== origin)
      throw Object.assign(new TypeError("the forge names another server"), { code: "OTHER_SERVER" });
    let waits = 0;
    let failures = 0;
    const repeats = REPEATABLE.has((init.method ?? "GET").toUpperCase()) ? options.repeats : 0;
    for (;;) {
      const answer = await tryOnce(url, init, options.timeoutMs ?? 20_000);
      const response = answer instanceof Response ? answer : undefined;
      if (response !== undefined && (await isRateLimited(response))) {
        const waitMs = askedWaitMs(response, Date.now());
        if (waits >= MOST_WAITS || waitMs > (options.longestWaitMs ?? 60_000)) return asRateLimit(response);
        waits += 1;
        await pause(waitMs);
        continue;
      }
      if (response !== undefined && (response.status < 500 || failures >= repeats)) return response;
      if (failures >= repeats && !(answer instanceof Response)) throw answer.error;
      failures += 1;
      await pause((options.firstWaitMs ?? 1_000) * 2 ** (failures - 1));
    }
  };
}

/** One try, its whole body read within the time. */
async function tryOnce(
  url: string | URL,
  init: RequestInit,
  timeoutMs: number,
): Promise<Response | { readonly error: unknown }> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const bytes = await response.arrayBuffer();
    if (bytes.byteLength > LARGEST_ANSWER_BYTES) throw new RangeError("the answer is larger than 32 MB");
    const { status, statusText, headers } = response;
    const empty = status === 204 || status === 205 || status === 304;
    return new Response(empty ? null : bytes, { status, statusText, headers });
  } catch (error) {
    return { error };
  }
}

/** Forges ask for patience by 429, GitHub also by 403. */
async function isRateLimited(response: Response): Promise<boolean> {
  if (response.status === 429) return true;
  if (response.status !== 403) return false;
  if (response.headers.has("retry-after") || response.headers.get("x-ratelimit-remaining") === "0")
    return true;
  return /secondary rate limit/i.test(await response.clone().text());
}

/** A rate limit under the one status that means it. */
function asRateLimit(response: Response): Response {
  return new Response(response.body, { status: 429, headers: response.headers });
}

/** `retry-after` (seconds or a date), else the time at which the limit ends, else a minute. */
function askedWaitMs(response: Response, nowMs: number): number {
  const after = response.headers.get("retry-after");
  if (after !== null) {
    const waitMs = /^\d+$/.test(after) ? Number(after) * 1_000 : Date.parse(after) - nowMs;
    if (Number.isFinite(waitMs)) return Math.max(0, waitMs);
  }
  const reset = Number(
    response.headers.get("x-ratelimit-reset") ?? response.headers.get("ratelimit-reset") ?? "",
  );
  return reset > 0 ? Math.max(0, reset * 1_000 - nowMs) : 60_000;
}
