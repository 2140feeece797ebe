import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { compareText } from "../../model/finding.ts";
import { appendLine, fileNameOf, idOfFileName, readLines } from "./jsonl.ts";
import type { Receipt, ReceiptStore } from "./types.ts";

interface ReleaseLine {
  readonly release: true;
  readonly at: string;
  readonly operator: string;
}
type Line = Receipt | ReleaseLine;

/** Receipts as one append-only file an asset. */
export function fileReceipts(folder: string): ReceiptStore {
  const pathOf = (asset: string) => join(folder, `${fileNameOf(asset)}.jsonl`);
  const linesOf = (asset: string) => readLines<Line>(pathOf(asset));
  const last = async (asset: string): Promise<Receipt | undefined> => {
    const line = (await linesOf(asset)).at(-1);
    return line === undefined || isRelease(line) ? undefined : line;
  };
  return {
    append: (receipt) => appendLine(pathOf(receipt.asset), receipt),
    last,
    async all(asset) {
      return (await linesOf(asset)).filter((line): line is Receipt => !isRelease(line));
    },
    async ofSite(site) {
      const receipts = await Promise.all((await assetsIn(folder)).map((asset) => last(asset)));
      return receipts
        .filter((receipt): receipt is Receipt => receipt?.site === site)
        .sort((a, b) => compareText(a.device, b.device));
    },
    release: (asset, at, operator) => appendLine(pathOf(asset), { release: true, at, operator }),
  };
}

function isRelease(line: Line): line is ReleaseLine {
  return "release" in line;
}

/** Assets that have a file in a folder of JSON lines. */
export async function assetsIn(folder: string): Promise<string[]> {
  try {
    const files = await readdir(folder);
    return files
      .filter((file) => file.endsWith(".jsonl"))
      .map((file) => idOfFileName(file.slice(0, -".jsonl".length)))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
