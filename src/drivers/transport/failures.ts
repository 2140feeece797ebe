import { DeviceError, type DeviceErrorKind } from "../driver.ts";

/** How far a connection had come when it failed. */
export interface ConnectionStage {
  /** The socket (or the channel through a jump host) stood. */
  connected: boolean;
  /** The other side has ended the stream. */
  ended: boolean;
  /** The connection is over. */
  closed: boolean;
  /** At least one login method had been tried. */
  authenticating: boolean;
  /** Login had succeeded. */
  ready: boolean;
  /** The server's key was not among the accepted ones. */
  hostKeyRefused: boolean;
}

/** SSH disconnect codes (RFC 4253 §11.1) by which servers end a failed login: OpenSSH uses 2, others 14. */
const LOGIN_DISCONNECTS = new Set([2, 14]);

const TIMEOUT_CODES = new Set(["ETIMEDOUT"]);

/** Tells from an error's fields, never from its message, what became of a connection. */
export function classifyFailure(error: unknown, stage: ConnectionStage): DeviceErrorKind {
  if (stage.hostKeyRefused) return "host-key";
  const level = fieldOf(error, "level");
  const code = fieldOf(error, "code");
  if (level === "client-timeout") return stage.connected ? "timeout" : "unreachable";
  if (level === "client-authentication" || level === "agent") return "authentication";
  if (level === "client-dns") return "unreachable";
  if (typeof code === "number" && !stage.ready) {
    return stage.authenticating && LOGIN_DISCONNECTS.has(code) ? "authentication" : "closed";
  }
  if (stage.ended) return "closed";
  if (level === "handshake" || level === "protocol") return "unexpected";
  if (typeof code === "string" && TIMEOUT_CODES.has(code)) return stage.ready ? "timeout" : "unreachable";
  if (!stage.connected) return "unreachable";
  return "closed";
}

const SENTENCES: Record<DeviceErrorKind, string> = {
  unreachable: "cannot be reached",
  "host-key": "shows a host key that is not among the known ones",
  authentication: "refuses the login",
  timeout: "stopped answering",
  closed: "closed the connection",
  refused: "refused a command",
  locked: "is locked",
  "wrong-device": "is not the device that was meant",
  "no-safety-net": "cannot be made to undo a change by itself",
  unexpected: "answered in a way that is not understood",
};

/** Makes a DeviceError with one plain sentence, the system's word behind it. */
export function deviceError(
  kind: DeviceErrorKind,
  device: string,
  detail: { command?: string; reply?: string; cause?: unknown; note?: string } = {},
): DeviceError {
  const { note, ...rest } = detail;
  const word = note ?? systemWord(detail.cause);
  return new DeviceError(kind, device, `${device} ${SENTENCES[kind]}${word ? `: ${word}` : ""}`, rest);
}

function systemWord(cause: unknown): string {
  const code = fieldOf(cause, "code");
  if (typeof code === "string") return code;
  return cause instanceof Error ? cause.message : "";
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Record<string, unknown>)[name];
}
