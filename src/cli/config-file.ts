import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { Driver } from "../drivers/driver.ts";
import { dialects, driverFor, platforms } from "../drivers/registry.ts";
import type { Finding } from "../model/finding.ts";
import { wrongPlatform } from "../planner/config/looks-like.ts";
import { type Options, textOption } from "./command.ts";
import { UsageError } from "./exit.ts";

/** The driver that --platform names.
 *  @throws UsageError listing the known platforms */
export function platformOption(options: Options): Driver {
  const name = textOption(options, "platform");
  if (name === undefined) throw new UsageError("--platform is missing", `known: ${platforms().join(", ")}`);
  return platformNamed(name);
}

/** @throws UsageError listing the known platforms */
export function platformNamed(name: string): Driver {
  const driver = driverFor(name);
  if (driver === undefined)
    throw new UsageError(`unknown platform "${name}"`, `known: ${platforms().join(", ")}`);
  return driver;
}

/** Reads a configuration; `-` is stdin.
 *  @throws UsageError for a missing, empty or binary file */
export async function readConfigFile(file: string): Promise<string> {
  const bytes = file === "-" ? await readStdin() : await readNamed(file);
  const text = bytes.toString("utf8");
  if (text.trim() === "")
    throw new UsageError(`${shown(file)} is empty`, "give the device's full configuration");
  if (looksBinary(bytes)) {
    throw new UsageError(`${shown(file)} is no text`, "give the configuration as the device prints it");
  }
  return text;
}

/** A finding where a text bears the signs of another platform than the one that was named. */
export function platformFindings(driver: Driver, file: string, text: string): Finding[] {
  if (driver.dialect === undefined) return [];
  const finding = wrongPlatform(driver.dialect, dialects(), text, file);
  return finding === undefined ? [] : [finding];
}

/** All of stdin. */
export async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A file to be read line by line; `-` is stdin.
 *  @throws UsageError where it cannot be read */
export async function openInput(file: string): Promise<Readable> {
  if (file === "-") return process.stdin;
  const stream = createReadStream(file);
  await new Promise<void>((resolve, reject) => {
    stream.once("open", () => resolve());
    stream.once("error", (error) => reject(unreadable(file, error)));
  });
  return stream;
}

function unreadable(file: string, error: unknown): UsageError {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return new UsageError(`${file} cannot be read (${code})`, "check the path");
}

async function readNamed(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function shown(file: string): string {
  return file === "-" ? "stdin" : file;
}

/** Some NULs come from terminals and are cleaned by the parser, and descriptions may be of an older character set; many
 *  control bytes, or many bytes that are no characters, are no configuration. */
function looksBinary(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 8192);
  const odd = head.filter((byte) => byte < 7 || (byte > 13 && byte < 32 && byte !== 27)).length;
  const strange = head.toString("utf8").split("\ufffd").length - 1;
  return odd * 10 > head.length || (odd + strange) * 4 > head.length;
}
