import fc from "fast-check";
import { expect, test } from "vitest";
import type { Allocation } from "../../src/inventory/resolve/allocate.ts";
import { allocatePools } from "../../src/inventory/resolve/allocate.ts";
import { codesOf, resolveWith, SITE, SW2, workspaceWith } from "./spoil.ts";

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

const SRV = "inventory/acme/hq/servers/srv-1.yaml";
const POOLS = "inventory/acme/pools.yaml";
const PRINTERS = "inventory/acme/pools/printers.lock.yaml";
const printers = (block: string) => `campus:\n  ipv4: 10.9.0.0/16\nprinters:\n  ipv4: ${block}\n`;
const withHosts =
  (...names: readonly string[]) =>
  (text: string): string =>
    text.replace(
      "hosts:\n",
      `hosts:\n${names.map((name) => `  ${name}:\n    network: office\n    pool: printers\n`).join("")}`,
    );
const fileOf = (allocation: Allocation, path: string): string =>
  allocation.files.find((file) => file.path === path)?.content ?? "";
const leasesOf = (allocation: Allocation): string[] =>
  fileOf(allocation, PRINTERS)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

test("hosts, devices and servers get single addresses, past what is in use, handed out by DHCP, or no host", () => {
  const change = {
    [POOLS]: printers("10.1.10.0/24"),
    [SITE]: withHosts("p-1", "p-2"),
    [SW2]: (text: string) =>
      text.replace("  network: mgmt\n  address: 3\n", "  network: office\n  pool: printers\n"),
  };
  const allocation = allocatePools(workspaceWith(change));
  // .0 is the network's own, .1 the gateway.
  expect(leasesOf(allocation)).toEqual([
    "10.1.10.2/32: hq/p-1",
    "10.1.10.3/32: hq/p-2",
    "10.1.10.4/32: hq/sw-2",
  ]);
  const resolved = resolveWith({ ...change, [PRINTERS]: fileOf(allocation, PRINTERS) });
  expect(codesOf(resolved)).toEqual([]);
  const site = resolved.sites.find(({ id }) => id === "acme/hq");
  expect(site?.hosts.find(({ name }) => name === "p-2")?.address).toBe("10.1.10.3");
  expect(site?.devices.find(({ name }) => name === "sw-2")?.management.address).toBe("10.1.10.4");
});

test("a static address and a DHCP range inside the pool are stepped over", () => {
  const around = { [POOLS]: printers("10.1.10.50/31"), [SITE]: withHosts("p-1") };
  expect(leasesOf(allocatePools(workspaceWith(around)))).toEqual(["10.1.10.51/32: hq/p-1"]);
  const served = { [POOLS]: printers("10.1.10.192/28"), [SITE]: withHosts("p-1") };
  expect(leasesOf(allocatePools(workspaceWith(served)))).toEqual(["10.1.10.200/32: hq/p-1"]);
});

test("an address once given stays, whoever comes before it in the alphabet", () => {
  const kept = { [POOLS]: printers("10.1.10.0/28"), [PRINTERS]: "10.1.10.9/32: hq/p-2\n" };
  const allocation = allocatePools(workspaceWith({ ...kept, [SITE]: withHosts("p-1", "p-2") }));
  expect(leasesOf(allocation)).toEqual(["10.1.10.2/32: hq/p-1", "10.1.10.9/32: hq/p-2"]);
});

test("a server asks for each of its interfaces, and two branches that took one address are told", () => {
  const change = {
    [POOLS]: printers("10.1.20.0/24"),
    [SRV]: (text: string) => text.replace("    address: 10\n", "    pool: printers\n"),
  };
  const allocation = allocatePools(workspaceWith(change));
  expect(leasesOf(allocation)).toEqual(["10.1.20.2/32: hq/srv-1:eth0"]);
  const twice = "10.1.20.2/32: hq/srv-1:eth0\n10.1.20.3/32: hq/srv-1:eth0\n";
  expect(codesOf(resolveWith({ ...change, [PRINTERS]: twice }))).toContain("IPP-POOL-TWICE");
});
