import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  comparePrefixes,
  containsAddress,
  containsPrefix,
  formatAddress,
  formatPrefix,
  isUsableHost,
  lastOf,
  lengthOfMask,
  maskOf,
  nthHost,
  overlaps,
  parseAddress,
  parseMac,
  parsePrefix,
  prefixAround,
  reservedBlockOf,
  wildcardOf,
} from "../../src/model/address.ts";

const address = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }).map((value) => ({ version: 4 as const, value: BigInt(value) })),
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map((value) => ({ version: 6 as const, value })),
);
const prefix = address.chain((one) =>
  fc.integer({ min: 0, max: one.version === 4 ? 32 : 128 }).map((length) => prefixAround(one, length)),
);
const need = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("no value");
  return value;
};

describe("laws of addresses", () => {
  test("what is spelled is read back the same", () => {
    fc.assert(
      fc.property(address, (one) => {
        expect(parseAddress(formatAddress(one))).toEqual(one);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(prefix, (one) => {
        expect(parsePrefix(formatPrefix(one))).toEqual({ prefix: one });
      }),
      { numRuns: 300 },
    );
  });

  test("a block holds its first and last address and not the next one", () => {
    fc.assert(
      fc.property(prefix, (one) => {
        expect(containsAddress(one, { version: one.version, value: one.base })).toBe(true);
        expect(containsAddress(one, lastOf(one))).toBe(true);
        expect(containsAddress(one, { version: one.version, value: lastOf(one).value + 1n })).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test("two blocks overlap exactly when one holds the other", () => {
    fc.assert(
      fc.property(prefix, prefix, (a, b) => {
        expect(overlaps(a, b)).toBe(containsPrefix(a, b) || containsPrefix(b, a));
        expect(overlaps(a, b)).toBe(overlaps(b, a));
        expect(Math.sign(comparePrefixes(a, b)) + Math.sign(comparePrefixes(b, a))).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

test.each([
  ["2001:DB8:0:0::1", "2001:db8::1"],
  ["::ffff:192.0.2.1", "::ffff:c000:201"],
  ["10.1.2.3", "10.1.2.3"],
  ["255.255.255.255", "255.255.255.255"],
])("%s is spelled %s", (text, expected) => {
  expect(formatAddress(need(parseAddress(text)))).toBe(expected);
});

test.each([
  "10.1.1",
  "10.1.1.256",
  "010.1.1.1",
  "1.2.3.4.5",
  "",
  "::1%eth0",
  "2001:db8:::1",
  "10.1.1.1/24",
  "12",
  "fe80::1/64",
])("%s is no address", (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test("bits beyond the length are told with the mend", () => {
  expect(parsePrefix("10.1.20.1/24")?.hostBits).toBe("10.1.20.0/24");
  expect(parsePrefix("2001:db8::1/64")?.hostBits).toBe("2001:db8::/64");
});

test("numbers count hosts, and in IPv6 the digits are written as they are", () => {
  const four = need(parsePrefix("10.1.10.0/24")).prefix;
  const six = need(parsePrefix("2001:db8:1:10::/64")).prefix;
  expect(formatAddress(need(nthHost(four, 12)))).toBe("10.1.10.12");
  expect(formatAddress(need(nthHost(six, 12)))).toBe("2001:db8:1:10::12");
  expect(formatAddress(need(nthHost(six, 100)))).toBe("2001:db8:1:10::100");
  expect(nthHost(four, 256)).toBeUndefined();
});

test.each([
  ["10.0.0.0/24", "10.0.0.0", false],
  ["10.0.0.0/24", "10.0.0.255", false],
  ["10.0.0.0/24", "10.0.0.1", true],
  ["10.0.0.0/31", "10.0.0.0", true],
  ["10.0.0.1/32", "10.0.0.1", true],
  ["2001:db8::/64", "2001:db8::", false],
  ["2001:db8::/127", "2001:db8::", true],
])("in %s %s is usable: %s", (block, host, usable) => {
  expect(isUsableHost(need(parsePrefix(block)).prefix, need(parseAddress(host)))).toBe(usable);
});

test("masks and their inverses", () => {
  expect([maskOf(0), maskOf(23), maskOf(32)]).toEqual(["0.0.0.0", "255.255.254.0", "255.255.255.255"]);
  expect(wildcardOf(23)).toBe("0.0.1.255");
  expect(lengthOfMask("255.255.254.0")).toBe(23);
  expect(lengthOfMask("255.0.255.0")).toBeUndefined();
});

test.each([
  ["00:11:22:33:44:55", "00:11:22:33:44:55"],
  ["0011-2233-4455", "00:11:22:33:44:55"],
  ["0011.2233.4455", "00:11:22:33:44:55"],
  ["00-11-22-AA-BB-CC", "00:11:22:aa:bb:cc"],
])("the MAC %s is %s", (text, expected) => {
  expect(parseMac(text)).toBe(expected);
});

test("reserved blocks are known for what they are", () => {
  const use = (text: string): string | undefined => reservedBlockOf(need(parsePrefix(text)).prefix)?.use;
  expect([
    use("10.1.0.0/16"),
    use("8.8.8.0/24"),
    use("224.0.0.0/8"),
    use("fd00::/48"),
    use("fe80::/64"),
  ]).toEqual(["private", undefined, "never", "private", "never"]);
});
