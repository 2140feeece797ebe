import type { ReportedItem } from "../read-drift.ts";

/** Spells the commit message: what was taken over, who made it on the device, when, and for which incident. */
export function adoptMessage(device: string, items: readonly ReportedItem[]): string {
  const title = `Adopt ${items.length === 1 ? "a change" : `${items.length} changes`} made on ${device}`;
  const lines = items.flatMap((item) => [
    `- ${item.path.join(" / ")}`,
    `  was: ${firstLine(item.applied)}`,
    `  is:  ${firstLine(item.running)}`,
    `  ${whoLine(item)}`,
    ...(item.incident === undefined ? [] : [`  incident ${item.incident}`]),
  ]);
  const names = items.flatMap(({ by }) =>
    by.name === undefined ? [] : [`Changed-on-device-by: ${by.name}`],
  );
  const incidents = items.flatMap(({ incident }) =>
    incident === undefined ? [] : [`Incident: ${incident}`],
  );
  const trailers = [...new Set([...names, ...incidents])];
  return `${[title, "", ...lines, ...(trailers.length > 0 ? ["", ...trailers] : [])].join("\n")}\n`;
}

function whoLine({ by, at, from }: ReportedItem): string {
  if (by.name === undefined) return "by: unknown; the device names no one person";
  const sure = by.confidence === "named" ? "" : " (the only one who was there)";
  return `by: ${by.name}${sure}${at === undefined ? "" : `, at ${at}`}${from === undefined ? "" : `, from ${from}`}`;
}

/** Device text in a commit message is one printable line, so that it cannot pass for a trailer. */
function firstLine(text: string | undefined): string {
  const [line = ""] = (text ?? "nothing").split("\n");
  return line.replace(/[\p{Cc}\p{Cf}]/gu, "?").slice(0, 160);
}
