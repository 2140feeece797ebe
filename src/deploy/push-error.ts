import { DeviceError } from "../drivers/driver.ts";
import { SecretError } from "./secrets.ts";
import { describeHolder, LockedError } from "./stores/locks.ts";
import { StoreError } from "./stores/sql/sql.ts";

/** Codes of what can end a push. */
export type PushCode =
  | "PUSH-STALE-PLAN"
  | "PUSH-UNSAFE"
  | "PUSH-UNRENDERED"
  | "PUSH-LOCKED"
  | "PUSH-STORE"
  | "PUSH-SECRET"
  | "PUSH-GATE"
  | "PUSH-NO-DRIVER"
  | "PUSH-UNREACHABLE"
  | "PUSH-DEVICE-REFUSED"
  | "PUSH-CHECK-FAILED"
  | "PUSH-NOT-AS-PREDICTED"
  | "PUSH-NOT-MOVED"
  | "PUSH-ADDRESS-TAKEN"
  | "PUSH-NOT-SAVED"
  | "PUSH-NOT-UNDONE"
  | "PUSH-KILLED"
  | "PUSH-HELD"
  | "PUSH-BUG";

/** A push that cannot go on; the message holds no secret. */
export class PushError extends Error {
  readonly code: PushCode;
  constructor(code: PushCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "PushError";
    this.code = code;
  }
}

/** What an error means to the push that met it, in one line.
 *  Errors of devices, locks and secrets are built without secrets; of any other error only the message is shown. */
export function explainFailure(error: unknown): { readonly code: PushCode; readonly reason: string } {
  if (error instanceof PushError) return { code: error.code, reason: error.message };
  if (error instanceof SecretError) return { code: "PUSH-SECRET", reason: `${error.message}; ${error.hint}` };
  if (error instanceof LockedError) {
    return { code: "PUSH-LOCKED", reason: `another push holds it: ${describeHolder(error.holder)}` };
  }
  if (error instanceof StoreError) return { code: "PUSH-STORE", reason: `${error.message}; ${error.hint}` };
  if (error instanceof DeviceError) return explainDevice(error);
  return { code: "PUSH-BUG", reason: error instanceof Error ? error.message : String(error) };
}

function explainDevice(error: DeviceError): { readonly code: PushCode; readonly reason: string } {
  switch (error.kind) {
    case "refused":
      return { code: "PUSH-DEVICE-REFUSED", reason: refusal(error) };
    case "locked":
      return { code: "PUSH-LOCKED", reason: error.message };
    case "no-safety-net":
    case "unexpected":
      return { code: "PUSH-DEVICE-REFUSED", reason: error.message };
    default:
      return { code: "PUSH-UNREACHABLE", reason: error.message };
  }
}

function refusal(error: DeviceError): string {
  if (error.command === undefined || error.message.includes(error.command)) return error.message;
  const reply = (error.reply ?? "").split("\n").find((line) => line.trim() !== "");
  return `${error.message}: ${error.command}${reply === undefined ? "" : ` → ${reply.trim()}`}`;
}
