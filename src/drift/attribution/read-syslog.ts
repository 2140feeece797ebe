import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { parseSyslogLine, type SyslogMessage, type SyslogMessages } from "./syslog.ts";

/** The most that is read of one file, bytes from its end: what is older is no evidence of last night. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;
const MAX_FILES = 2_000;
const MAX_LINE_CHARS = 8_192;

/** Why a syslog path cannot be read, in one sentence. */
export class SyslogError extends Error {
  override readonly name = "SyslogError";
}

/** Reads a syslog file, or every file below a folder, oldest name first. `.gz` is unpacked, other packings are left out.
 *  @param hosts - names and addresses, in lower case, whose messages are kept
 *  @throws SyslogError where there is nothing to read */
export async function readSyslog(path: string, hosts: ReadonlySet<string>): Promise<SyslogMessages> {
  const files = await filesOf(path);
  const messages = new Map<string, SyslogMessage[]>();
  for (const { file, bytes } of files) {
    const stream = linesOf(file, bytes);
    try {
      for await (const line of stream.lines) {
        const message = line.length > MAX_LINE_CHARS ? undefined : parseSyslogLine(line);
        if (message === undefined || !hosts.has(message.host)) continue;
        const known = messages.get(message.host);
        if (known) known.push(message);
        else messages.set(message.host, [message]);
      }
    } catch (cause) {
      throw new SyslogError(`the syslog file ${file} cannot be read`, { cause });
    } finally {
      stream.close();
    }
  }
  return messages;
}

interface LineStream {
  readonly lines: AsyncIterable<string>;
  close(): void;
}

/** Opens a file for its lines; of a packed one the beginning is read, as its end cannot be found otherwise. */
function linesOf(file: string, bytes: number): LineStream {
  const packed = file.endsWith(".gz");
  const start = packed ? 0 : Math.max(0, bytes - MAX_FILE_BYTES);
  const raw = createReadStream(file, { start });
  const input = packed ? raw.pipe(createGunzip()) : raw;
  if (packed) raw.on("error", (cause) => input.destroy(cause));
  const close = (): void => {
    raw.destroy();
    input.destroy();
  };
  return { lines: splitLines(input), close };
}

async function* splitLines(input: Readable): AsyncGenerator<string> {
  let read = 0;
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of input as AsyncIterable<Buffer>) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = parts.pop() ?? "";
    // A line without an end is no message; what is kept of it is only that it is too long.
    if (rest.length > MAX_LINE_CHARS) rest = rest.slice(0, MAX_LINE_CHARS + 1);
    yield* parts;
    read += chunk.length;
    if (read > MAX_FILE_BYTES) return;
  }
  if (rest !== "") yield rest;
}

async function filesOf(path: string): Promise<readonly { readonly file: string; readonly bytes: number }[]> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new SyslogError(`there is no syslog file or folder ${path}`, { cause });
  });
  if (info.isFile()) return [{ file: path, bytes: info.size }];
  if (!info.isDirectory()) throw new SyslogError(`${path} is neither a file nor a folder`);
  const names = (await readdir(path, { recursive: true })).filter((name) => !/\.(xz|zst|bz2)$/.test(name));
  const found: { file: string; bytes: number }[] = [];
  for (const name of names.sort()) {
    const one = await stat(join(path, name)).catch(() => undefined);
    if (one?.isFile()) found.push({ file: join(path, name), bytes: one.size });
    if (found.length > MAX_FILES) throw new SyslogError(`${path} holds more than ${MAX_FILES} files`);
  }
  return found;
}
