import type { Duplex } from "node:stream";
import type { DeviceErrorKind } from "../driver.ts";
import { deviceError } from "./failures.ts";
import { settleLine } from "./screen.ts";
import type { ShellChannel } from "./types.ts";

/** A prompt or a pager is never longer; only so much of the last line is looked at. */
const TAIL_CHARS = 4096;

/** More than this in one reply is no configuration. */
const MAX_REPLY_CHARS = 64 * 1024 * 1024;

interface Waiter {
  readonly patterns: readonly RegExp[];
  readonly timer: NodeJS.Timeout;
  readonly resolve: (found: { text: string; index: number }) => void;
  readonly reject: (error: Error) => void;
}

/** Makes a shell channel over a stream. Patterns are tested against the last line only, as a terminal shows it, so
 *  that reading stays linear; a pattern with the flag `m` also matches at a line's end in mid-stream (a prompt
 *  that a log message pushed up), and what follows stays for the next read. */
export function shellOver(
  stream: Duplex,
  device: string,
  reasonOfClose: () => DeviceErrorKind,
): ShellChannel {
  const decoder = new TextDecoder("utf-8");
  let complete: string[] = [];
  let completeChars = 0;
  let tail = "";
  let closed: Error | undefined;
  let waiter: Waiter | undefined;

  const finish = (): Waiter | undefined => {
    const done = waiter;
    if (done) clearTimeout(done.timer);
    waiter = undefined;
    return done;
  };
  const fail = (error: Error): void => {
    closed ??= error;
    finish()?.reject(closed);
  };
  const settle = (index: number, keptTail: string, matched: string): void => {
    const text = `${complete.join("")}${matched}`;
    complete = [];
    completeChars = 0;
    tail = keptTail;
    finish()?.resolve({ text, index });
  };
  const lookAtTail = (): void => {
    if (!waiter || tail === "") return;
    const shown = settleLine(tail.slice(-TAIL_CHARS));
    const index = waiter.patterns.findIndex((pattern) => pattern.test(shown));
    if (index >= 0) settle(index, "", tail);
  };
  const takeLine = (line: string, rest: string): boolean => {
    const index = indexOfMultiline(waiter?.patterns, line);
    if (index < 0) {
      complete.push(line);
      completeChars += line.length;
      return false;
    }
    settle(index, rest, line);
    return true;
  };
  const scan = (): void => {
    for (let end = tail.indexOf("\n"); end >= 0; end = tail.indexOf("\n")) {
      const line = tail.slice(0, end + 1);
      tail = tail.slice(end + 1);
      if (takeLine(line, tail)) return;
    }
    if (completeChars + tail.length > MAX_REPLY_CHARS) {
      fail(deviceError("unexpected", device, { note: "a reply longer than 64 MiB" }));
      return;
    }
    lookAtTail();
  };

  stream.on("data", (chunk: Buffer) => {
    tail += decoder.decode(chunk, { stream: true });
    scan();
  });
  stream.on("error", (cause) => fail(deviceError("closed", device, { cause })));
  stream.on("close", () => fail(deviceError(reasonOfClose(), device, { note: "the shell ended" })));

  return {
    write(text) {
      if (closed) throw closed;
      stream.write(text);
    },
    until(patterns, timeoutMs) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiter = undefined;
          const shown = settleLine(tail.slice(-200));
          reject(deviceError("timeout", device, { note: `no prompt within ${timeoutMs} ms`, reply: shown }));
        }, timeoutMs);
        waiter = { patterns, timer, resolve, reject };
        const kept = complete;
        complete = [];
        completeChars = 0;
        tail = `${kept.join("")}${tail}`;
        scan();
        if (waiter && closed) finish()?.reject(closed);
      });
    },
    close() {
      stream.end();
      stream.destroy();
    },
  };
}

function indexOfMultiline(patterns: readonly RegExp[] | undefined, line: string): number {
  if (!patterns) return -1;
  let shown: string | undefined;
  return patterns.findIndex((pattern) => {
    if (!pattern.multiline) return false;
    shown ??= settleLine(line.replace(/\r*\n$/, ""));
    return pattern.test(shown);
  });
}
