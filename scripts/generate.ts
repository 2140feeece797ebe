import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { checkDocs } from "./generate/check-docs.ts";
import { cliDocs } from "./generate/cli-docs.ts";
import { driversDocs } from "./generate/drivers-docs.ts";

/** Writes what is made from a single source; with --check it only tells what is out of date and exits 1. */
const check = process.argv.includes("--check");
const files = [cliDocs(), driversDocs(), ...checkDocs()];

let stale = 0;
for (const file of files) {
  const current = await readFile(file.path, "utf8").catch(() => undefined);
  if (current === file.content) continue;
  stale += 1;
  process.stdout.write(`${check ? "out of date" : "wrote"}: ${file.path}\n`);
  if (check) continue;
  await mkdir(dirname(file.path), { recursive: true });
  await writeFile(file.path, file.content);
}
if (check && stale > 0) {
  process.stdout.write("type: npm run generate\n");
  process.exit(1);
}
