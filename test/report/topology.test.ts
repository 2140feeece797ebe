import { beforeAll, describe, expect, it } from "vitest";
import { openChosen } from "../../src/cli/open.ts";
import type { Site } from "../../src/model/site.ts";
import { type Graph, topologyOf, zoneGraphOf } from "../../src/report/topology/graph.ts";
import { type Box, layoutGraph } from "../../src/report/topology/layout.ts";
import { drawSvg } from "../../src/report/topology/svg.ts";
import { spellDot, spellMermaid } from "../../src/report/topology/texts.ts";
import { campusWorkspace, ROOT } from "./sample.ts";

let hq: Site;
let campus: Site;

async function siteOf(root: string, id: string): Promise<Site> {
  const [site] = (await openChosen(root, [id], {})).sites;
  if (site === undefined) throw new Error(`${id} is gone`);
  return site;
}

beforeAll(async () => {
  hq = await siteOf(ROOT, "lanhai/hq");
  campus = await siteOf(await campusWorkspace(), "big/campus");
});

describe("topology", () => {
  it("draws parallel cables as one line that says so, and servers where they are plugged in", () => {
    const { edges } = topologyOf(hq);
    expect(edges).toContainEqual(
      expect.objectContaining({ from: "core-1", to: "sw-1f-1", cables: 2, bundled: true }),
    );
    expect(edges).toContainEqual(expect.objectContaining({ from: "srv-erp", to: "sw-srv", cables: 1 }));
    expect(edges).toContainEqual(expect.objectContaining({ from: "wan:telecom", to: "fw-1" }));
  });

  it("stands in rows from the outside inwards", async () => {
    const drawing = await layoutGraph(topologyOf(hq));
    const top = (id: string): number => drawing.nodes.find((node) => node.id === id)?.box.y ?? Number.NaN;
    const rows = ["wan:telecom", "fw-1", "core-1", "sw-srv", "srv-erp"].map(top);
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
    expect(new Set(rows).size).toBe(rows.length);
  });

  it("is readable at fifty devices: nothing overlaps, nothing lies outside, and it is no wider than a desk", async () => {
    const drawing = await layoutGraph(topologyOf(campus));
    expect(drawing.nodes).toHaveLength(51);
    expect(drawing.blocks.map(({ count }) => count)).toEqual([15, 15, 15]);
    expect(drawing.width).toBeLessThan(1400);
    const boxes = drawing.nodes.map((node) => node.box);
    for (const [index, box] of boxes.entries()) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(drawing.width);
      expect(box.y + box.height).toBeLessThanOrEqual(drawing.height);
      for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
    }
  });

  it("draws the same twice", async () => {
    const [first, second] = [await layoutGraph(topologyOf(hq)), await layoutGraph(topologyOf(hq))];
    expect(second).toEqual(first);
  });

  it("shows each pair of zones that may speak, with its services", () => {
    expect(zoneGraphOf(hq).edges).toContainEqual(
      expect.objectContaining({ from: "guest", to: "internet", label: "web, dns" }),
    );
    expect(zoneGraphOf(hq).edges.some(({ from, to }) => from === "guest" && to === "server")).toBe(false);
  });
});

describe("names that hold markup", () => {
  const graph: Graph = {
    nodes: [
      { id: 'a"]', kind: "switch", label: '</text><script>"', detail: 'x"] --> y', rank: 1 },
      { id: "b", kind: "switch", label: "b\\", detail: "line\nbreak", rank: 2 },
    ],
    edges: [{ from: 'a"]', to: "b", cables: 1, bundled: false, label: "p" }],
  };

  it("are text in SVG", async () => {
    const svg = drawSvg(await layoutGraph(graph), { title: "<t>", standalone: true }).toString();
    expect(svg).not.toContain("<script");
    expect(svg).toContain("&lt;/text&gt;&lt;script&gt;");
  });

  it("end no string in DOT and no label in Mermaid", () => {
    expect(spellDot(graph)).toContain('"a\\"]" [label="</text><script>\\"\\nx\\"] --> y"];');
    expect(spellDot(graph)).toContain('"b" [label="b\\\\\\nline break"];');
    expect(spellMermaid(graph)).toContain('n0["#60;/text#62;#60;script#62;#34; x#34;#93; --#62; y"]');
    expect(spellMermaid(graph)).toContain("n0 --- n1");
  });
});

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
