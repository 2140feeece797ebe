import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Appends one JSON line and returns when it is on disk. A torn last line of a killed writer is closed first,
 *  so that the new line stands alone. */
export async function appendLine(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "a+", 0o600);
  try {
    const { size } = await file.stat();
    const torn = size > 0 && (await lastByte(file, size)) !== 0x0a;
    await file.write(`${torn ? "\n" : ""}${JSON.stringify(value)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Reads the JSON lines of a file, in order; none where there is no file.
 *  A line that a killed writer left torn is skipped, for its step had not begun. */
export async function readLines<T>(path: string): Promise<T[]> {
  const text = await readTextIfThere(path);
  const lines: T[] = [];
  for (const line of (text ?? "").split("\n")) {
    const value = parseLine(line);
    if (value !== undefined) lines.push(value as T);
  }
  return lines;
}

/** Lines of a file that hold no JSON, each named `FILE line 3`. */
export async function tornLines(path: string): Promise<string[]> {
  const lines = ((await readTextIfThere(path)) ?? "").split("\n");
  return lines.flatMap((line, index) =>
    line.trim() !== "" && parseLine(line) === undefined ? [`${path} line ${index + 1}`] : [],
  );
}

/** Reads a text file; undefined where there is none. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A file name that cannot leave its folder, whatever the id holds. */
export function fileNameOf(id: string): string {
  return encodeURIComponent(id).replace(/\./g, "%2E");
}

/** The id that a file name stands for. */
export function idOfFileName(name: string): string {
  return decodeURIComponent(name);
}

async function lastByte(
  file: { read(buffer: Buffer, offset: number, length: number, position: number): Promise<unknown> },
  size: number,
): Promise<number> {
  const buffer = Buffer.alloc(1);
  await file.read(buffer, 0, 1, size - 1);
  return buffer[0] ?? 0;
}

function parseLine(line: string): unknown {
  if (line.trim() === "") return undefined;
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
