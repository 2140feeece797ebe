import { filterPlatforms, filterReaderFor } from "../drivers/filter-registry.ts";
import { parseAddress } from "../model/address.ts";
import type { Finding } from "../model/finding.ts";
import { pickFilter } from "../planner/filters/pick.ts";
import type { ExtractedFilter, FilterNote, ReadFilters, RuleLine } from "../planner/filters/types.ts";
import { parsePacket } from "../planner/flows/packet-text.ts";
import type { Family, Packet } from "../planner/flows/types.ts";
import { UsageError } from "./exit.ts";

/** How the filters of a platform are read. @throws UsageError listing the platforms that can be */
export function filterReader(platform: string | undefined): ReadFilters {
  const known = `known: ${filterPlatforms().join(", ")}`;
  if (platform === undefined) throw new UsageError("--platform is missing", known);
  const reader = filterReaderFor(platform);
  if (reader === undefined) throw new UsageError(`no filters can be read of platform "${platform}"`, known);
  return reader;
}

/** The filter of a name. @throws UsageError listing the names that there are */
export function filterNamed(
  filters: readonly ExtractedFilter[],
  name: string | undefined,
  family?: Family,
): ExtractedFilter {
  if (name === undefined) {
    const [only] = filters;
    if (only !== undefined && filters.length === 1) return only;
    throw new UsageError(
      "--filter is missing",
      `there are: ${filters.map((each) => each.name).join(", ") || "none"}`,
    );
  }
  const picked = pickFilter(filters, name, family);
  if ("filter" in picked) return picked.filter;
  const names = picked.known.join(", ") || "none";
  if (picked.ambiguous)
    throw new UsageError(`"${name}" is the name of several filters`, `say which: ${names}`);
  throw new UsageError(`there is no filter "${name}"`, `there are: ${names}`);
}

/** A packet with the interfaces that its text names. */
export interface AskedPacket {
  readonly packet: Packet;
  /** Names of interfaces, where given. */
  readonly iif: string | undefined;
  readonly oif: string | undefined;
}

/** Reads a packet; `iif NAME` and `oif NAME` may stand behind it. @throws UsageError */
export function readPacket(text: string): AskedPacket {
  const iif = /\siif (\S+)/.exec(text)?.[1];
  const oif = /\soif (\S+)/.exec(text)?.[1];
  const bare = text.replace(/\s[io]if \S+/g, "");
  const parsed = parsePacket(bare, (address) => {
    const found = parseAddress(address);
    return found && { family: found.version, value: found.value };
  });
  if ("problem" in parsed) throw new UsageError(parsed.problem, parsed.hint);
  return { packet: parsed.packet, iif, oif };
}

/** A note of a filter as a finding on a file. */
export function noteFinding(file: string, note: FilterNote): Finding {
  const { code, severity, message, hint } = note;
  return { code, severity, message, hint, where: whereIn(file, note) };
}

/** A line of a file as a place. */
export function whereIn(
  file: string,
  at: RuleLine,
): { readonly file: string; readonly line: number; readonly column: number } {
  return { file, line: at.line, column: 1 };
}
