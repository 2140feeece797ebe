import { expect, test } from "vitest";
import { toPlain } from "../../src/inventory/shape/plain.ts";
import { nodeAt } from "../../src/inventory/yaml/node.ts";
import { parseYaml } from "../../src/inventory/yaml/yaml.ts";

const codes = (text: string): string[] => parseYaml("a.yaml", text).findings.map((finding) => finding.code);

test("a billion laughs end in a finding, at once", () => {
  const lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"];
  for (let level = 1; level < 12; level++)
    lines.push(
      `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(", ")}]`,
    );
  const started = performance.now();
  expect(codes(lines.join("\n"))).toEqual(["INV-TOO-MANY-VALUES"]);
  expect(performance.now() - started).toBeLessThan(1000);
});

test("merge keys that multiply end in a finding", () => {
  const lines = ["m0: &m0 {a: {b: c}, d: {e: f}}"];
  for (let level = 1; level < 24; level++)
    lines.push(`m${level}: &m${level} {l: {<<: *m${level - 1}}, r: {<<: *m${level - 1}}}`);
  expect(codes(lines.join("\n"))).toEqual(["INV-TOO-MANY-VALUES"]);
});

test.each([
  ["brackets", `a: ${"[".repeat(200_000)}`],
  ["braces", `a: ${"{a: ".repeat(50_000)}`],
  ["closed brackets", `a: ${"[".repeat(5000)}${"]".repeat(5000)}`],
])("%s without end are a finding and no crash", (_what, text) => {
  const found = codes(text);
  expect(found).toHaveLength(1);
  expect(["INV-YAML", "INV-TOO-DEEP"]).toContain(found[0]);
});

test("20,000 keys of one map are read in linear time", () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `key-${index}: ${index}`).join("\n");
  const started = performance.now();
  const { root, findings } = parseYaml("a.yaml", text);
  expect(findings).toEqual([]);
  expect(root.entries.size).toBe(20_000);
  expect(performance.now() - started).toBeLessThan(5000);
});

test("an anchor is followed and a merge key fills in what is missing", () => {
  const { root, findings } = parseYaml("a.yaml", "base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\n");
  expect(findings).toEqual([]);
  expect(toPlain(root)).toEqual({ base: { x: 1, y: 2 }, use: { x: 1, y: 3 } });
});

test("every value keeps its place", () => {
  const { root } = parseYaml("a.yaml", "networks:\n  office:\n    vlan: 10\n");
  expect(nodeAt(root, ["networks", "office", "vlan"])?.at).toEqual({ file: "a.yaml", line: 3, column: 11 });
});

test("the keys __proto__ and constructor are keys like others", () => {
  const { root, findings } = parseYaml("a.yaml", "__proto__: {polluted: true}\nconstructor: 1\n");
  expect(findings).toEqual([]);
  const plain = toPlain(root) as Record<string, unknown>;
  expect(Object.keys(plain)).toEqual(["__proto__", "constructor"]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("text in other line endings keeps its lines", () => {
  const { root } = parseYaml("a.yaml", "a: 1\r\nb: 2\r\n");
  expect(root.entries.get("b")?.keyAt.line).toBe(2);
});
