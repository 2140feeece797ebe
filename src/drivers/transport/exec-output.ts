import { constants } from "node:os";
import type { Duplex, Readable } from "node:stream";
import type { ExecResult } from "./types.ts";

/** More output than this fails the command. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Gathers what a command prints until its channel closes.
 *  @param lost - told why where no result came: no exit code, or too much output */
export function collectOutput(
  stream: Duplex & { readonly stderr: Readable },
  done: (result: ExecResult) => void,
  lost: (why: string) => void,
): void {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let bytes = 0;
  let code: number | undefined;
  const keep = (list: Buffer[]) => (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_OUTPUT_BYTES) stream.destroy();
    else list.push(chunk);
  };
  stream.on("data", keep(out));
  stream.stderr.on("data", keep(err));
  stream.on("exit", (exitCode: number | null, signal?: string) => {
    code = exitCode ?? 128 + signalNumber(signal);
  });
  stream.on("error", (error) => lost(error.message));
  stream.on("close", () => {
    if (bytes > MAX_OUTPUT_BYTES) lost("a command printed more than 256 MiB");
    else if (code === undefined) lost("a command ended without an exit code");
    else done({ code, stdout: text(out), stderr: text(err) });
  });
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}

/** The number of a signal as SSH names it, with or without `SIG`. */
function signalNumber(name: string | undefined): number {
  const signals: Readonly<Record<string, number>> = constants.signals;
  return signals[`SIG${(name ?? "").replace(/^SIG/, "")}`] ?? 0;
}
