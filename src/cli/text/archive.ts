import type { ConfigItem } from "../../planner/config/types.ts";
import { shortDigest } from "../archive-entry.ts";
import type { Printer } from "../print.ts";

/** A version of a configuration, as `archive list` shows it. */
export interface ListedVersion {
  readonly at: string;
  readonly why: string;
  readonly digest: string;
  readonly restorable: boolean;
}

/** Prints each device with its versions, oldest first. */
export function printArchiveList(
  printer: Printer,
  devices: readonly { readonly device: string; readonly versions: readonly ListedVersion[] }[],
): void {
  const { style } = printer;
  for (const { device, versions } of devices) {
    printer.line(style.bold(device));
    for (const version of versions) {
      const kept = version.restorable ? "restorable" : style.dim("redacted only");
      printer.line(`  ${version.at}  ${shortDigest(version.digest)}  ${version.why.padEnd(11)}  ${kept}`);
    }
  }
}

/** Prints what became of one place of a configuration. */
export function printItem(printer: Printer, item: ConfigItem): void {
  const { style } = printer;
  const path = item.path.join(" / ");
  if (item.kind === "added") printer.line(style.green(`  + ${path}`));
  else if (item.kind === "removed") printer.line(style.red(`  - ${path}`));
  else {
    printer.line(style.yellow(`  ~ ${path}`));
    printer.line(style.dim(`      ${item.before ?? ""}`));
    printer.line(style.dim(`      ${item.after ?? ""}`));
  }
}
