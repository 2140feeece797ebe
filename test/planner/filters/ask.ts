import { answerText } from "../../../src/cli/filter-batch.ts";
import { filterReaderFor } from "../../../src/drivers/filter-registry.ts";
import type { ExtractedFilter } from "../../../src/planner/filters/types.ts";

/** Reads the filters of a text as a platform's. */
export function read(
  platform: string,
  text: string,
  interfaces?: readonly string[],
): readonly ExtractedFilter[] {
  const reader = filterReaderFor(platform);
  if (reader === undefined) throw new Error(`no reader for ${platform}`);
  return reader(text, interfaces);
}

/** `permit 12`, `deny implicit`, `permit 12 unknown`: what a filter says of a packet. */
export function ask(platform: string, text: string, filter: string, packet: string): string {
  const answer = answerText(read(platform, text), filter, packet);
  const by = answer.implicit ? "implicit" : String(answer.line);
  return [answer.verdict, by, ...(answer.proof === "unknown" ? ["unknown"] : [])].join(" ");
}
