import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { gatherReports } from "../src/cli/gather-reports.ts";
import { reportDocuments } from "../src/cli/report-documents.ts";
import { row, title } from "./report.ts";
import { generateCampus } from "./site-generator.ts";

/** The page of a site of fifty devices: 1 s and 2 MB is what it should take. */
export async function benchReport(): Promise<void> {
  title("report of one site, 50 devices, 1,454 ports");
  const root = await mkdtemp(join(tmpdir(), "sitewright-bench-"));
  for (const [path, text] of generateCampus(resolve("."))) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const now = new Date();
  const start = performance.now();
  const { reports } = await gatherReports(root, ["big/campus"], now);
  const gathered = performance.now();
  const request = { reports, lang: "en", fleet: false, now: now.toISOString() } as const;
  const [page] = await reportDocuments({ ...request, format: "html" });
  const drawn = performance.now();
  const bytes = Buffer.byteLength(page?.content ?? "");
  row("read, resolve, judge, gather", gathered - start, "");
  row("draw and spell the page", drawn - gathered, `${(bytes / 1e6).toFixed(2)} MB`);
  const again = performance.now();
  await reportDocuments({ ...request, format: "html" });
  row("the same again, drawing engine loaded", performance.now() - again, "");
  await rm(root, { recursive: true });
}
