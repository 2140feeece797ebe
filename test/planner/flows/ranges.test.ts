import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  complementAddresses,
  complementRanges,
  expandWildcard,
  mergeRanges,
  prefixRange,
  wildcardHull,
} from "../../../src/planner/flows/ranges.ts";
import {
  establishedFlags,
  flagBits,
  flagMatches,
  flagRanges,
  flagRank,
} from "../../../src/planner/flows/tcp-flags.ts";

const range = fc.tuple(fc.nat(20), fc.nat(20)).map(([lo, hi]) => ({ lo, hi }));

describe("ranges", () => {
  test("merged hold the same numbers, sorted, with gaps between them", () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 5 }), (ranges) => {
        const merged = mergeRanges(ranges);
        for (let value = 0; value <= 21; value += 1) {
          const before = ranges.some((r) => r.lo <= value && value <= r.hi);
          expect(merged.some((r) => r.lo <= value && value <= r.hi)).toBe(before);
        }
        for (const [index, { lo, hi }] of merged.entries()) {
          expect(lo).toBeLessThanOrEqual(hi);
          if (index > 0) expect(lo).toBeGreaterThan((merged[index - 1]?.hi ?? 0) + 1);
        }
      }),
    );
  });

  test("and their complement share nothing and leave nothing out", () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 5 }), (ranges) => {
        const rest = complementRanges(ranges, 15);
        for (let value = 0; value <= 15; value += 1) {
          const inside = ranges.some((r) => r.lo <= value && value <= r.hi);
          expect(rest.some((r) => r.lo <= value && value <= r.hi)).toBe(!inside);
        }
        expect(rest.every((r) => r.hi <= 15)).toBe(true);
      }),
    );
  });

  test("of a prefix ignore its host bits", () => {
    expect(prefixRange(4, 0x0a010a37n, 24)).toEqual({ family: 4, lo: 0x0a010a00n, hi: 0x0a010affn });
    expect(prefixRange(6, 5n, 0)).toEqual({ family: 6, lo: 0n, hi: (1n << 128n) - 1n });
    expect(prefixRange(4, 7n, 32)).toEqual({ family: 4, lo: 7n, hi: 7n });
  });
});

describe("a wildcard mask", () => {
  test("is spelled as exactly the addresses that it matches, contiguous or not", () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), (value, wildcard) => {
        const ranges = expandWildcard({ family: 4, value: BigInt(value), wildcard: BigInt(wildcard) }) ?? [];
        for (let address = 0n; address < 256n; address += 1n) {
          const matches = ((address ^ BigInt(value)) & ~BigInt(wildcard)) === 0n;
          expect(ranges.some((r) => r.lo <= address && address <= r.hi)).toBe(matches);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("of every second host in a subnet is 128 addresses", () => {
    const ranges = expandWildcard({ family: 4, value: 0x0a000001n, wildcard: 0xfen });
    expect(ranges?.length).toBe(128);
    expect(ranges?.[1]).toEqual({ family: 4, lo: 0x0a000003n, hi: 0x0a000003n });
  });

  test("too wide to spell says so, and keeps a hull around it", () => {
    const wide = { family: 4, value: 1n, wildcard: 0xfffffffen } as const;
    expect(expandWildcard(wide)).toBeUndefined();
    expect(wildcardHull(wide)).toEqual({ family: 4, lo: 1n, hi: 0xffffffffn });
    expect(complementAddresses([wide], 4)).toBeUndefined();
  });

  test("and its complement together are all addresses of the family", () => {
    const rest = complementAddresses([{ family: 4, value: 0n, wildcard: 0x2n }], 4);
    expect(rest).toEqual([
      { family: 4, lo: 1n, hi: 1n },
      { family: 4, lo: 3n, hi: 0xffffffffn },
    ]);
    expect(complementAddresses([], 6)).toEqual([{ family: 6, lo: 0n, hi: (1n << 128n) - 1n }]);
  });
});

describe("TCP flags", () => {
  test("keep their bits on the axis and back", () => {
    for (let bits = 0; bits < 256; bits += 1) expect(flagBits(flagRank(bits))).toBe(bits);
  });

  test("of an established connection are one range", () => {
    expect(flagRanges(establishedFlags)).toEqual([{ lo: 64, hi: 255 }]);
  });

  test("are spelled as ranges and back without loss", () => {
    const condition = fc.record({ mask: fc.nat(255), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 3 }), (conditions) => {
        const spelled = flagRanges(conditions).flatMap(flagMatches);
        for (let bits = 0; bits < 256; bits += 1) {
          const before = conditions.some(({ mask, value }) => (bits & mask) === value);
          expect(spelled.some(({ mask, value }) => (bits & mask) === value)).toBe(before);
        }
      }),
    );
  });
});
