import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { formatAddresses } from "../src/planner/flows/flow-text.ts";
import type { AddressRange, AddressTerm, Family, FilterList } from "../src/planner/flows/types.ts";

/** What Aerleon's own process measured. */
export interface AerleonRun {
  readonly version: string;
  readonly parseCpuMs: number;
  /** Parsing and shade check together. */
  readonly checkedCpuMs: number;
  readonly shaded: number;
}

/** Runs Aerleon's pairwise shade check over a filter in its own process.
 *  @param python - interpreter that has aerleon (`pip install aerleon`)
 *  @returns undefined when it is not installed or fails */
export function runAerleon(list: FilterList, python: string): AerleonRun | undefined {
  const script = fileURLToPath(new URL("aerleon-shade.py", import.meta.url));
  const rules = list.rules.map((rule) => {
    const [match = {}] = rule.matches;
    const [protocol] = match.protocols ?? [];
    const [ports] = match.dstPorts ?? [];
    return {
      src: match.src?.flatMap(prefixes) ?? null,
      dst: match.dst?.flatMap(prefixes) ?? null,
      service:
        protocol === undefined
          ? null
          : { protocol: protocol.lo === 6 ? "tcp" : "udp", ports: ports ? `${ports.lo}-${ports.hi}` : "" },
      action: rule.action === "permit" ? "accept" : "deny",
    };
  });
  const input = JSON.stringify({ rules });
  const run = spawnSync(python, [script], { input, encoding: "utf8", timeout: 600_000, maxBuffer: 1 << 26 });
  return run.status === 0 ? (JSON.parse(run.stdout) as AerleonRun) : undefined;
}

/** Spells a range as prefixes. */
function prefixes(term: AddressTerm): string[] {
  const range = term as AddressRange;
  const found: string[] = [];
  let { lo } = range;
  while (lo <= range.hi) {
    let size = 1n;
    while (lo % (size * 2n) === 0n && lo + size * 2n - 1n <= range.hi) size *= 2n;
    const text = formatAddresses({ family: range.family, lo, hi: lo + size - 1n }, dotted);
    found.push(text.includes("/") ? text : `${text}/32`);
    lo += size;
  }
  return found;
}

function dotted(_family: Family, value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
}
