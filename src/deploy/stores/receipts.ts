import { compareText } from "../../model/finding.ts";
import type { Log } from "./shelf.ts";
import type { Receipt, ReceiptStore } from "./types.ts";

interface ReleaseLine {
  readonly release: true;
  readonly at: string;
  readonly operator: string;
}

/** What the log of receipts holds. */
export type ReceiptLine = Receipt | ReleaseLine;

/** Receipts as lines about assets. */
export function receiptsIn(log: Log<ReceiptLine>): ReceiptStore {
  return {
    append: (receipt) => log.append(receipt.asset, receipt, true),
    last: async (asset) => lastOf(await log.read(asset, "opening")),
    async all(asset) {
      return (await log.read(asset, "start")).filter((line): line is Receipt => !isRelease(line));
    },
    async ofSite(site) {
      const receipts = [...(await log.readAll("opening")).values()].map(lastOf);
      return receipts
        .filter((receipt) => receipt !== undefined)
        .filter((receipt) => receipt.site === site)
        .sort((a, b) => compareText(a.device, b.device));
    },
    release: (asset, at, operator) => log.append(asset, { release: true, at, operator }, true),
  };
}

function lastOf(lines: readonly ReceiptLine[]): Receipt | undefined {
  const line = lines.at(-1);
  return line === undefined || isRelease(line) ? undefined : line;
}

function isRelease(line: ReceiptLine): line is ReleaseLine {
  return "release" in line;
}
