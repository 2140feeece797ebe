import { readFileSync } from "node:fs";
import { packageFile } from "../package-files.ts";

/** The version of this package. */
export function readVersion(): string {
  const manifest = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as {
    readonly version: string;
  };
  return manifest.version;
}
