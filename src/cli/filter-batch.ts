import { createInterface } from "node:readline";
import type { Finding } from "../model/finding.ts";
import { answerPacket } from "../planner/filters/answer.ts";
import { interfaceNumber } from "../planner/filters/interfaces.ts";
import type { ExtractedFilter } from "../planner/filters/types.ts";
import { openInput } from "./config-file.ts";
import { UsageError } from "./exit.ts";
import { filterNamed, filterReader, readPacket } from "./filter-input.ts";

interface BatchLine {
  readonly id: unknown;
  readonly platform: string;
  readonly config: string;
  readonly filter: string;
  readonly packet: string;
}

/** Answers packets line by line, in order and as they are ready; a configuration that stands in several lines in a row
 *  is read once. A line that cannot be answered is answered with a finding. */
export async function testBatch(file: string): Promise<void> {
  const input = await openInput(file);
  const cache = new ConfigCache();
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === "") continue;
    const answer = answerLine(line, { file, line: number, column: 1 }, cache);
    const written = process.stdout.write(`${JSON.stringify(answer)}\n`);
    if (!written) await new Promise<void>((resume) => process.stdout.once("drain", () => resume()));
  }
}

/** The filters of the last configuration seen. */
class ConfigCache {
  #config: string | undefined;
  #platform: string | undefined;
  #filters: readonly ExtractedFilter[] = [];

  read(platform: string, config: string): readonly ExtractedFilter[] {
    if (platform === this.#platform && config === this.#config) return this.#filters;
    this.#filters = filterReader(platform)(config);
    this.#platform = platform;
    this.#config = config;
    return this.#filters;
  }
}

function answerLine(line: string, where: Finding["where"], cache: ConfigCache): unknown {
  let id: unknown = null;
  try {
    const request = JSON.parse(line) as BatchLine;
    id = request.id ?? null;
    for (const key of ["platform", "config", "filter", "packet"] as const) {
      if (typeof request[key] !== "string") throw new UsageError(`${key} must be text`, LINE_HINT);
    }
    const filters = cache.read(request.platform, request.config);
    return { id, ...answerText(filters, request.filter, request.packet) };
  } catch (error) {
    const hint = error instanceof UsageError ? error.hint : LINE_HINT;
    const message = error instanceof Error ? error.message : String(error);
    const finding = { code: "FLT-BATCH-LINE", severity: "error", message, hint, where };
    return { id, verdict: null, line: null, text: null, implicit: false, findings: [finding] };
  }
}

const LINE_HINT = 'a line is {"id","platform","config","filter","packet"}';

/** Tests a packet against the filter of a name. @throws UsageError */
export function answerText(filters: readonly ExtractedFilter[], name: string | undefined, text: string) {
  const { packet, iif, oif } = readPacket(text);
  const filter = filterNamed(filters, name, packet.family);
  const placed = {
    ...packet,
    ...(iif === undefined ? {} : { ingress: interfaceNumber(filter, iif) }),
    ...(oif === undefined ? {} : { egress: interfaceNumber(filter, oif) }),
  };
  return answerPacket(filter, placed, { ingress: iif !== undefined, egress: oif !== undefined });
}
