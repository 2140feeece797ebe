import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";
import { gatherReports } from "../../src/cli/gather-reports.ts";
import { fleetReport } from "../../src/report/fleet-report.ts";
import { coded } from "../../src/report/html/parts.ts";
import { sitePage } from "../../src/report/html/site-page.ts";
import { siteMarkdown } from "../../src/report/markdown.ts";
import { registersOf } from "../../src/report/registers/registers.ts";
import type { SiteReport } from "../../src/report/report-types.ts";
import { layoutGraph } from "../../src/report/topology/layout.ts";
import { campusWorkspace, NOW, ROOT } from "./sample.ts";

let hq: SiteReport;
let all: readonly SiteReport[];

beforeAll(async () => {
  all = (await gatherReports(ROOT, [], NOW)).reports;
  const found = all.find((report) => report.site.id === "lanhai/hq");
  if (found === undefined) throw new Error("the sample lanhai/hq is gone");
  hq = found;
});

describe("a site's report", () => {
  it("is as its published schema says, for every sample and for the fleet", () => {
    const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
    const schema = JSON.parse(readFileSync(join(ROOT, "docs/schemas/report.json"), "utf8")) as {
      $id: string;
    };
    ajv.addSchema(schema);
    ajv.validate(`${schema.$id}`, { reports: all, files: [] });
    expect(ajv.errors).toBeNull();
    ajv.validate(`${schema.$id}#/$defs/fleet`, fleetReport(all, NOW.toISOString()));
    expect(ajv.errors).toBeNull();
  });

  it("says where a port of the register leads and to which zone it belongs", () => {
    const port = hq.devices
      .find((device) => device.name === "sw-1f-1")
      ?.ports.find((each) => each.name === "GigabitEthernet0/0/41");
    expect(port).toMatchObject({ vlan: 40, network: "printers", zone: "printer", peer: "printer-1f" });
  });

  it("counts how full a block is: a reservation within a DHCP range is one address", () => {
    const finance = hq.networks.find((network) => network.name === "finance")?.prefixes[0];
    // 61 of DHCP (50 to 110) and the gateway, of 126.
    expect(finance).toMatchObject({ usable: 126, dynamic: 61, fixed: 1, usedPercent: 49 });
  });

  it("has a cell for every ordered pair of zones, with the rules that open it", () => {
    expect(hq.matrix).toHaveLength(hq.zones.length ** 2);
    const cell = hq.matrix.find(({ from, to }) => from === "guest" && to === "internet");
    expect(cell).toMatchObject({ access: "allow-only", rules: ["R0006"], state: "proved" });
    expect(cell?.proofs.map(({ device }) => device)).toContain("fw-1");
  });

  it("gives the same bytes twice", async () => {
    const twice = [
      await gatherReports(ROOT, ["lanhai/hq"], NOW),
      await gatherReports(ROOT, ["lanhai/hq"], NOW),
    ];
    const [first, second] = twice.map(({ reports }) => JSON.stringify(reports));
    expect(second).toBe(first);
  });

  it("says that nothing is known where nothing was recorded, and calls no device good that was never read", async () => {
    const root = await campusWorkspace();
    const [report] = (await gatherReports(root, [], NOW)).reports;
    expect(report?.changes.known).toBe(false);
    expect(report?.incidents.known).toBe(false);
    expect(report?.summary.openIncidents).toBeNull();
    const inspection = registersOf(report ? [report] : [], "en").find(({ id }) => id === "inspection-report");
    const results = new Set(inspection?.rows.map((row) => row.at(-1)));
    expect(results).toEqual(new Set(["never read"]));
  });

  it("calls nothing fine where the store of incidents was damaged", async () => {
    const root = await campusWorkspace();
    await mkdir(join(root, ".sitewright"));
    await writeFile(
      join(root, ".sitewright/night.sqlite"),
      "no database at all, and long enough to be looked at",
    );
    const [report] = (await gatherReports(root, [], NOW)).reports;
    expect(report?.incidents.known).toBe(false);
  });

  it("says what to type where the store of incidents cannot be reached", async () => {
    const root = await campusWorkspace();
    process.env.SITEWRIGHT_STORE_URL = "mysql://elsewhere";
    try {
      await expect(gatherReports(root, [], NOW)).rejects.toThrow("SITEWRIGHT_STORE_URL is no address");
    } finally {
      delete process.env.SITEWRIGHT_STORE_URL;
    }
  });

  it("shows the packet and the rule where a cell is violated", async () => {
    const root = await campusWorkspace((files) => {
      files.set(
        "inventory/big/campus/rules.yaml",
        "R0001: {from: guest, to: server, service: ssh, reason: bad, owner: ops, ticket: C-1, created: 2026-03-01, review: 2027-03-01}\n",
      );
    });
    const [report] = (await gatherReports(root, [], NOW)).reports;
    const cell = report?.matrix.find(({ from, to }) => from === "guest" && to === "server");
    expect(cell?.state).toBe("violated");
    expect(cell?.rules).toEqual(["R0001"]);
    expect(cell?.proofs[0]?.violations[0]?.packet).toMatch(/^tcp 10\.9\.4\.\d+:\d+ -> 10\.9\.5\.\d+:22/);
    expect(cell?.proofs[0]?.violations[0]?.rule).toContain("R0001");
    expect(report?.summary.cells.violated).toBe(1);
  });
});

describe("registers", () => {
  it("have the names that the handbooks use", () => {
    const titles = registersOf([hq], "zh").map(({ title }) => title.zh);
    expect(titles).toEqual([
      "端口登记表",
      "资产登记表",
      "设备清单",
      "IP地址规划表",
      "IP地址登记表",
      "防火墙策略台账",
      "配置变更登记表",
      "事件登记表",
      "备份登记表",
      "巡检报告",
      "检查问题记录表",
    ]);
  });

  it("tell in Chinese what each finding is and what to do, as the page does", async () => {
    const register = registersOf([hq], "zh").find(({ id }) => id === "findings");
    const page = sitePage(hq, await layoutGraph(hq.topology), "zh");
    const cells = (title: string) => register?.rows.map((row) => row[register.columns.indexOf(title)] ?? "");
    const hints = cells("处理建议") ?? [];
    expect(hints.length).toBeGreaterThan(0);
    for (const text of [...hints, ...(cells("摘要") ?? [])]) expect(text).toMatch(/[\u4e00-\u9fff]/);
    for (const hint of hints) expect(page).toContain(`处理建议</b> ${coded(hint).join("")}`);
  });

  it("count every box of a stack as an asset", () => {
    const assets = registersOf([hq], "en").find(({ id }) => id === "asset-register");
    const core = assets?.rows.filter((row) => row.some((cell) => cell.startsWith("core-1")));
    expect(core?.map((row) => row[1])).toEqual(["LH-SW-0001-A", "LH-SW-0001-B"]);
  });

  it("list every port of every switch", () => {
    const ports = registersOf(all, "en").find(({ id }) => id === "port-register");
    const count = all.reduce((sum, report) => sum + report.summary.ports, 0);
    expect(ports?.rows).toHaveLength(count);
  });
});

describe("Markdown", () => {
  it("formats nothing that comes from a device or a file", async () => {
    const root = await campusWorkspace();
    const [report] = (await gatherReports(root, [], NOW)).reports;
    if (report === undefined) throw new Error("no report");
    const text = siteMarkdown(report, "en");
    expect(text).not.toContain("<script>");
    expect(text).not.toContain("<img");
    expect(text).toContain("&#60;img src&#61;x");
  });
});
