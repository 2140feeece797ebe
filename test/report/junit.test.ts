import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import type { Finding } from "../../src/model/finding.ts";
import { junitReport } from "../../src/report/junit.ts";
import { sampleFinding } from "./preview-samples.ts";

interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly Element[];
}

/** Expat, through Python's standard library: a parser that refuses what is not well-formed. */
const READ = `
import json, sys, xml.etree.ElementTree as tree
def plain(e): return {"tag": e.tag, "attributes": e.attrib, "text": e.text or "", "children": [plain(c) for c in e]}
print(json.dumps(plain(tree.fromstring(sys.stdin.buffer.read()))))
`;

function read(
  findings: readonly Finding[],
  notEvaluated: readonly { id: string; reason: string }[] = [],
): Element {
  const xml = junitReport({ findings, evaluated: ["L2-001", "ZON-005"], notEvaluated });
  return JSON.parse(execFileSync("python3", ["-c", READ], { input: xml, encoding: "utf8" })) as Element;
}

const cases = (root: Element, code: string): readonly Element[] =>
  root.children.find((suite) => suite.attributes.name === code)?.children ?? [];

it("an error fails, a warning passes with its words, and a waived error does not fail", () => {
  const waiver = { owner: "li.wei", reason: "until the move", expires: "2099-01-01" };
  const root = read([
    sampleFinding("broken"),
    { ...sampleFinding("odd"), severity: "warning" },
    { ...sampleFinding("accepted"), waiver },
  ]);
  expect(root.attributes).toMatchObject({ tests: "4", failures: "1", skipped: "0" });
  expect(cases(root, "ZON-005").map((each) => each.children[0]?.tag)).toEqual([
    "failure",
    "system-out",
    "system-out",
  ]);
  expect(cases(root, "ZON-005")[2]?.children[0]?.text).toContain("Waived by li.wei: until the move");
});

it("a check that found nothing passes; one that could not look is skipped and says why", () => {
  const root = read([], [{ id: "L2-020", reason: "waits for live: LLDP" }]);
  expect(cases(root, "L2-001").map((each) => each.attributes.name)).toEqual(["nothing found"]);
  const [waiting] = cases(root, "L2-020");
  expect(waiting?.children.map((each) => each.tag)).toEqual(["skipped", "system-out"]);
  expect(waiting?.children[1]?.text).toBe("waits for live: LLDP");
});

it("a device's text cannot break the XML", () => {
  const hostile = `</failure>]]>&amp; "\u0000\u001b[31m\ud800<x/> 总部`;
  const severities = ["error", "warning"] as const;
  const root = read(severities.map((severity) => ({ ...sampleFinding(hostile), severity })));
  const [failed, warned] = cases(root, "ZON-005");
  expect(failed?.children.map((each) => each.tag)).toEqual(["failure"]);
  expect(failed?.children[0]?.attributes.message).toContain("</failure>]]>&amp;");
  expect(warned?.children[0]?.text).toContain("总部");
});
