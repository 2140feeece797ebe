import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateCampus } from "../../bench/site-generator.ts";

/** The repository: its samples are the workspace of most tests. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A time within the samples' dates. */
export const NOW = new Date("2026-11-20T08:00:00Z");

/** Writes the campus of fifty devices, whose names hold markup, into a new folder.
 *  @param change - what to make of its files first */
export async function campusWorkspace(
  change: (files: Map<string, string>) => void = () => {},
): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "sitewright-report-"));
  const files = generateCampus(ROOT);
  change(files);
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}
