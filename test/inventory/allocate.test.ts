import fc from "fast-check";
import { expect, test } from "vitest";
import type { Allocation } from "../../src/inventory/resolve/allocate.ts";
import { allocatePools } from "../../src/inventory/resolve/allocate.ts";
import { codesOf, resolveWith, SITE, workspaceWith } from "./spoil.ts";

const LOCK = "inventory/acme/pools/campus.lock.yaml";
const asks = (name: string, length: number, vlan: number): string =>
  `  ${name}:\n    vlan: ${vlan}\n    zone: guest\n    ipv4:\n      pool: campus\n      length: ${length}\n`;
const withNetworks =
  (networks: string) =>
  (text: string): string =>
    text.replace("  parking:\n", `${networks}  parking:\n`);
const lines = (allocation: Allocation): string[] =>
  (allocation.files[0]?.content ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("#"));

test("a sound lock file needs nothing", () => {
  expect(allocatePools(workspaceWith())).toEqual({ files: [], granted: [], released: [], findings: [] });
});

test("a new network gets the first free prefix, and nobody else's changes", () => {
  const allocation = allocatePools(workspaceWith({ [SITE]: withNetworks(asks("lobby", 25, 91)) }));
  expect(lines(allocation)).toEqual(["10.9.0.0/24: hq/guest", "10.9.1.0/25: hq/lobby"]);
  expect(allocation.granted).toEqual([
    { client: "acme", pool: "campus", prefix: "10.9.1.0/25", user: "hq/lobby" },
  ]);
});

test("what was allocated resolves", () => {
  const change = { [SITE]: withNetworks(asks("lobby", 25, 91)) };
  const content = allocatePools(workspaceWith(change)).files[0]?.content ?? "";
  expect(codesOf(resolveWith({ ...change, [LOCK]: content }))).toEqual([]);
});

test("reserved parts and prefixes written by hand are stepped over", () => {
  const allocation = allocatePools(
    workspaceWith({
      "inventory/acme/pools.yaml": "campus:\n  ipv4: 10.9.0.0/16\n  reserved: [10.9.1.0/24]\n",
      [SITE]: withNetworks(
        `${asks("lobby", 24, 91)}  byhand:\n    vlan: 92\n    zone: guest\n    ipv4: 10.9.2.0/23\n`,
      ),
    }),
  );
  expect(allocation.granted[0]?.prefix).toBe("10.9.4.0/24");
});

test("a network that is gone gives its prefix back", () => {
  const allocation = allocatePools(
    workspaceWith({ [LOCK]: "10.9.0.0/24: hq/guest\n10.9.7.0/24: hq/gone\n" }),
  );
  expect(allocation.released).toMatchObject([{ prefix: "10.9.7.0/24", user: "hq/gone" }]);
  expect(lines(allocation)).toEqual(["10.9.0.0/24: hq/guest"]);
});

test("a full pool is told and gives nothing", () => {
  const allocation = allocatePools(
    workspaceWith({
      "inventory/acme/pools.yaml": "campus:\n  ipv4: 10.9.0.0/24\n",
      [SITE]: withNetworks(asks("lobby", 25, 91)),
    }),
  );
  expect(allocation.findings.map((finding) => finding.code)).toEqual(["IPP-POOL-FULL"]);
  expect(allocation.files).toEqual([]);
});

test("two branches that allocate side by side write the same key, so that git shows a conflict", () => {
  const left = allocatePools(workspaceWith({ [SITE]: withNetworks(asks("left", 24, 91)) }));
  const right = allocatePools(workspaceWith({ [SITE]: withNetworks(asks("right", 24, 92)) }));
  expect(left.granted[0]?.prefix).toBe(right.granted[0]?.prefix);
  const merged = `${lines(left).join("\n")}\n${lines(right).at(-1)}\n`;
  expect(codesOf(resolveWith({ [LOCK]: merged }))).toContain("INV-DUPLICATE-KEY");
});

test("prefixes of different lengths from two branches are found to overlap", () => {
  expect(
    codesOf(resolveWith({ [LOCK]: "10.9.0.0/24: hq/guest\n10.9.1.0/24: hq/left\n10.9.1.0/25: hq/right\n" })),
  ).toContain("IPP-001");
});

test("a network that two branches allocated for is found", () => {
  expect(codesOf(resolveWith({ [LOCK]: "10.9.0.0/24: hq/guest\n10.9.1.0/24: hq/guest\n" }))).toContain(
    "IPP-POOL-TWICE",
  );
});

test("allocating again changes nothing, and earlier grants survive new wishes", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 20, max: 28 }), { minLength: 1, maxLength: 8 }), (lengths) => {
      const some = lengths.map((length, index) => asks(`n${index}`, length, 100 + index));
      const first = allocatePools(workspaceWith({ [SITE]: withNetworks(some.join("")) }));
      const lock = first.files[0]?.content ?? "";
      const again = allocatePools(workspaceWith({ [SITE]: withNetworks(some.join("")), [LOCK]: lock }));
      expect(again.files).toEqual([]);
      const more = allocatePools(
        workspaceWith({ [SITE]: withNetworks(asks("early", 22, 99) + some.join("")), [LOCK]: lock }),
      );
      for (const line of lines(first)) expect(lines(more)).toContain(line);
      expect(codesOf(resolveWith({ [LOCK]: lock, [SITE]: withNetworks(some.join("")) }))).toEqual([]);
    }),
    { numRuns: 15 },
  );
});

test("a wish without a length is passed over: validate tells what it lacks", () => {
  const allocation = allocatePools(
    workspaceWith({ [SITE]: (text) => text.replace("      length: 24\n", "") }),
  );
  expect(allocation.granted).toEqual([]);
});
