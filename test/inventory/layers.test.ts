import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeLayers, mergeNodes } from "../../src/inventory/layers/merge.ts";
import { expandKeys, expandRange } from "../../src/inventory/layers/ranges.ts";
import { toPlain } from "../../src/inventory/shape/plain.ts";
import type { MapNode } from "../../src/inventory/yaml/node.ts";
import { parseYaml } from "../../src/inventory/yaml/yaml.ts";
import type { Finding } from "../../src/model/finding.ts";
import { BASE } from "../errors/base-workspace.ts";
import { deviceOf, hqWith, portOf, SITE, SW1 } from "./spoil.ts";

const tree = (text: string): MapNode => parseYaml("a.yaml", text).root;
const merged = (...texts: string[]): unknown => {
  const node = mergeLayers(texts.map((text, index) => ({ name: String(index), node: tree(text) })));
  return node && toPlain(node);
};

describe("layers go from general to special", () => {
  test.each<[string, string[], unknown]>([
    ["maps merge", ["a: {x: 1, y: 2}", "a: {y: 3, z: 4}"], { a: { x: 1, y: 3, z: 4 } }],
    ["lists replace", ["a: [1, 2]", "a: [3]"], { a: [3] }],
    ["add appends to a list from above", ["a: [1, 2]", "a: {add: [3]}"], { a: [1, 2, 3] }],
    ["add does not repeat what is there", ["a: [1, 2]", "a: {add: [2]}"], { a: [1, 2] }],
    ["remove takes out of a list from above", ["a: [1, 2]", "a: {remove: [1]}"], { a: [2] }],
    [
      "two layers of changes add up",
      ["a: [1]", "a: {add: [2]}", "a: {remove: [1], add: [3]}"],
      { a: [2, 3] },
    ],
    ["add makes a list where there is none", ["b: 1", "a: {add: [3]}"], { b: 1, a: [3] }],
    ["null takes a key away", ["a: 1\nb: 2", "a: null"], { b: 2 }],
    ["what was taken away can come back", ["a: 1", "a: null", "a: 2"], { a: 2 }],
    ["a value replaces a map", ["a: {x: 1}", "a: 2"], { a: 2 }],
    ["keys keep their order", ["b: 1\na: 2", "c: 3\na: 4"], { b: 1, a: 4, c: 3 }],
  ])("%s", (_what, texts, expected) => {
    expect(merged(...texts)).toEqual(expected);
  });

  // A key means the same kind of thing on every layer: the schema sees to that.
  const leaf = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.constantFrom("x", "y"));
  const list = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 });
  const inner = fc.record({ s: leaf, l: list }, { requiredKeys: [] });
  const layer = fc
    .record(
      { s: leaf, t: leaf, l: list, m: inner, n: fc.record({ m: inner, s: leaf }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    )
    .filter((data) => Object.keys(data).length > 0)
    .map((data) => JSON.stringify(data));

  test("it does not matter which two neighbours merge first", () => {
    fc.assert(
      fc.property(layer, layer, layer, (a, b, c) => {
        const [x, y, z] = [tree(a), tree(b), tree(c)];
        const left = mergeNodes(mergeNodes(x, y), z);
        const bc = mergeNodes(y, z);
        const right = bc && mergeNodes(x, bc);
        expect(left && toPlain(left)).toEqual(right && toPlain(right));
      }),
      { numRuns: 200 },
    );
  });

  test("merging a layer over itself changes nothing", () => {
    fc.assert(
      fc.property(layer, (text) => {
        expect(merged(text, text)).toEqual(merged(text));
      }),
      { numRuns: 100 },
    );
  });

  test("arguments are not changed", () => {
    const [x, y] = [tree("a: {x: 1}"), tree("a: {x: 2}")];
    mergeNodes(x, y);
    expect(toPlain(x)).toEqual({ a: { x: 1 } });
  });

  test("provider, role, client, site and device are heard in that order", () => {
    const say = (place: string): string => `location: ${place}\n`;
    const indent = (text: string): string => text.replaceAll(/^/gm, "  ").trimEnd();
    const defaults = (place: string): string => `defaults:\n${indent(say(place))}\n`;
    const role = (place: string): string => `roles:\n  access:\n${indent(indent(say(place)))}\n`;
    const files: [string, string, string][] = [
      ["inventory/provider.yaml", defaults("provider"), "provider"],
      ["inventory/acme/client.yaml", defaults("client"), "client"],
      ["inventory/acme/client.yaml", `${defaults("client")}${role("client-role")}`, "client-role"],
      [SITE, defaults("site"), "site"],
      [SITE, `${defaults("site")}${role("site-role")}`, "site-role"],
      [SW1, say("device"), "device"],
    ];
    const changes: Record<string, string> = {};
    const base = (path: string): string => hqText(path);
    for (const [path, text, expected] of files) {
      changes[path] = base(path) + text;
      expect(deviceOf(hqWith(changes), "sw-1").assetFields.location, path).toBe(expected);
    }
  });
});

function hqText(path: string): string {
  const text = BASE.get(path);
  if (text === undefined) throw new Error(path);
  return text;
}

describe("ranges", () => {
  test.each([
    ["GE0/0/1-3", ["GE0/0/1", "GE0/0/2", "GE0/0/3"]],
    ["eth0-1", ["eth0", "eth1"]],
    ["ge-0/0/7-7", ["ge-0/0/7"]],
  ])("%s stands for its ports", (text, expected) => {
    expect(expandRange(text)).toEqual(expected);
  });

  test("a range of a million ports is refused, not spelled out", () => {
    expect(expandRange("GE0/0/1-1000000")).toBeUndefined();
  });

  test("a name that the model has exactly is tried first", () => {
    const node = tree("xe-0-1: {edge: true}");
    const findings: Finding[] = [];
    expect([
      ...expandKeys(
        node,
        (name) => name === "xe-0-1",
        (finding) => findings.push(finding),
      ).keys(),
    ]).toEqual(["xe-0-1"]);
    expect(findings).toEqual([]);
  });

  test("the narrower entry wins whole, also when it stands first", () => {
    const ports =
      "ports:\n  GE0/0/7:\n    profile: user\n    network: guest\n  GE0/0/2-7:\n    profile: user\n    network: office\n    macLimit: 2\n";
    const site = hqWith({
      [SW1]: (text) =>
        text.replace(/ports:[\s\S]*/, `${ports}  GE0/0/8:\n    profile: uplink\n    to: sw-2:GE0/0/8\n`),
      [SITE]: (text) => text.replace("    port: sw-1:GE0/0/3\n", ""),
    });
    const device = deviceOf(site, "sw-1");
    expect(portOf(device, "GigabitEthernet0/0/7")).toMatchObject({ accessVlan: 90 });
    expect(portOf(device, "GigabitEthernet0/0/7").macLimit).toBeUndefined();
    expect(portOf(device, "GigabitEthernet0/0/6")).toMatchObject({ accessVlan: 10, macLimit: 2 });
  });

  test("a role's range and a device's port meet port by port", () => {
    const site = hqWith({
      "inventory/provider.yaml": (text) =>
        text.replace(
          "  access:\n",
          "  access:\n    ports:\n      GE0/0/5-7:\n        profile: user\n        network: office\n        macLimit: 2\n",
        ),
      [SW1]: (text) => `${text}  GE0/0/6:\n    macLimit: 9\n`,
    });
    const device = deviceOf(site, "sw-1");
    expect(portOf(device, "GigabitEthernet0/0/6")).toMatchObject({ accessVlan: 10, macLimit: 9, edge: true });
    expect(portOf(device, "GigabitEthernet0/0/7")).toMatchObject({ accessVlan: 10, macLimit: 2 });
  });
});

test("text stays as it was typed where the schema wants text", () => {
  const site = hqWith({
    [SW1]: (text) =>
      `${text.replace("asset: A-SW-1", "asset: A-SW-1\nserial: 0012\nfirmware: 7.10\nowner: 21E5353\nlocation: true")}`,
  });
  expect(deviceOf(site, "sw-1").assetFields).toMatchObject({
    serial: "0012",
    firmware: "7.10",
    owner: "21E5353",
    location: "true",
  });
});
