import { readFile } from "node:fs/promises";
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

async function readNamed(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw new UsageError(`${file} cannot be read (${code})`, "check the path");
  }
}

function shown(file: string): string {
  return file === "-" ? "stdin" : file;
}

/** Some NULs come from terminals and are cleaned by the parser; many control bytes are no configuration. */
function looksBinary(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 8192);
  const odd = head.filter((byte) => byte < 7 || (byte > 13 && byte < 32 && byte !== 27)).length;
  return odd * 10 > head.length;
}
