import type { WebChannel } from "../../model/alert.ts";
import type { SendOutcome } from "./outcome.ts";
import type { WebRequest } from "./payloads.ts";

const MOST_REPLY_BYTES = 64 * 1024;
/** Errors before a byte of the message left. */
const NEVER_LEFT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_INVALID_URL",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);
/** A gateway that gave up waiting cannot say whether the message arrived. */
const GATEWAY_TIMEOUT = 504;
/** DingTalk shuts a robot that was too fast out for ten minutes; WeCom counts by the minute. */
const TOO_FAST: Readonly<Record<string, number>> = {
  "dingtalk 130101": 10 * 60_000,
  "wecom 45009": 60_000,
  "feishu 9499": 60_000,
  "feishu 11232": 60_000,
};

/** Sends a request and reads the answer as the vendor means it: a robot's `200` may well be a refusal.
 *  @param timeoutMs - for all of it; a redirect is not followed, for it would carry the message elsewhere */
export async function sendWeb(
  type: WebChannel["type"],
  request: WebRequest,
  timeoutMs: number,
): Promise<SendOutcome> {
  try {
    const response = await fetch(request.url, {
      method: "POST",
      headers: request.headers,
      body: request.body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await readSome(response);
    return judge(type, response.status, response.headers.get("retry-after"), text);
  } catch (error) {
    const code = codeOf(error);
    return NEVER_LEFT.has(code)
      ? { kind: "retry", reason: `no connection (${code})` }
      : { kind: "doubt", reason: `no answer (${code})` };
  }
}

function judge(
  type: WebChannel["type"],
  status: number,
  retryAfter: string | null,
  text: string,
): SendOutcome {
  if (status === GATEWAY_TIMEOUT) return { kind: "doubt", reason: "HTTP 504" };
  if (status === 429) return { kind: "retry", reason: "HTTP 429", afterMs: retryAfterMs(retryAfter) };
  if (status < 200 || status >= 300) return { kind: "retry", reason: `HTTP ${status}` };
  const code = robotCode(type, text);
  if (code === 0) return { kind: "sent" };
  if (code === undefined) return { kind: "doubt", reason: "an answer that is none of this robot's" };
  const afterMs = TOO_FAST[`${type} ${code}`];
  return { kind: "retry", reason: `${type} error ${code}`, ...(afterMs === undefined ? {} : { afterMs }) };
}

/** The robot's own code; 0 is done. Slack, Teams and webhooks tell by the status alone. */
function robotCode(type: WebChannel["type"], text: string): number | undefined {
  if (type === "slack" || type === "teams" || type === "webhook") return 0;
  try {
    const reply = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const code = type === "feishu" ? (reply.code ?? reply.StatusCode) : reply.errcode;
    return typeof code === "number" ? code : undefined;
  } catch {
    return undefined;
  }
}

function retryAfterMs(header: string | null): number {
  const seconds = Number(header ?? "");
  return header !== null && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 60_000;
}

async function readSome(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > MOST_REPLY_BYTES) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The code of an error or of what lies behind it; never its message, which may quote the address. */
function codeOf(error: unknown): string {
  const { cause, code, name } = error as {
    readonly cause?: unknown;
    readonly code?: unknown;
    readonly name?: unknown;
  };
  if (typeof code === "string") return code;
  if (cause !== undefined && cause !== null) return codeOf(cause);
  return typeof name === "string" ? name : "unknown";
}
