import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { freeAddresses } from "../../src/inventory/free-addresses.ts";
import { readWorkspace } from "../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import { parseAddress } from "../../src/model/address.ts";
import { toCsv } from "../../src/report/csv.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface Answer {
  readonly exitCode: number;
  readonly result: { readonly rows: readonly Readonly<Record<string, unknown>>[] };
}

function query(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, "bin/sitewright.js"), "query", ...args],
      { cwd: ROOT, env: { ...process.env, NO_COLOR: "1" } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

async function rowsOf(...args: string[]): Promise<Answer["result"]["rows"]> {
  const { stdout } = await query(...args, "--json");
  const answer = JSON.parse(stdout) as Answer;
  const schema = JSON.parse(readFileSync(join(ROOT, "docs/schemas/query.json"), "utf8")) as object;
  const ajv = new Ajv2020({ strict: false });
  ajv.validate(schema, answer.result);
  expect(ajv.errors ?? []).toEqual([]);
  return answer.result.rows;
}

describe("sitewright query", () => {
  test("names the port that a server is plugged into", async () => {
    expect(await rowsOf("addresses", "lanhai/hq", "name=SRV-ERP")).toMatchObject([
      { address: "10.1.20.10", port: "sw-srv:GE0/0/1" },
    ]);
  });

  test("keeps to the devices that the selectors name, and to all filters at once", async () => {
    const rows = await rowsOf("ports", "northgate/office/acc-1", "mode=access", "vlan!=998");
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => row.device))).toEqual(new Set(["northgate/office/acc-1"]));
    expect(rows.every((row) => row.mode === "access" && row.vlan !== 998)).toBe(true);
  });

  test("says what it knows, and what was probably meant", async () => {
    expect((await query("prots")).stderr).toContain("did you mean ports?");
    expect((await query("everything")).stderr).toContain("free-addresses");
    const wrong = await query("ports", "vlann=3");
    expect([wrong.code, wrong.stderr.includes("did you mean vlan?")]).toEqual([4, true]);
    expect((await query("ports", "--format", "xml")).stderr).toContain("known: table, csv, json");
  });

  test("prints columns that a person can read, and CSV that a spreadsheet can", async () => {
    expect((await query("networks", "northgate")).stdout).toMatch(/^site +network +vlan +zone +ipv4/);
    expect((await query("networks", "northgate", "--format", "csv")).stdout).toMatch(
      /^\ufeffsite,network,vlan,zone,ipv4,ipv6,gateway\r\n/,
    );
  });

  test("no text of a device becomes a formula", () => {
    expect(toCsv(["a"], [["=1+1"], ["+x"], ["-x"], ["@x"], [-3]])).toBe(
      "\ufeffa\r\n'=1+1\r\n'+x\r\n'-x\r\n'@x\r\n-3\r\n",
    );
  });

  test("free addresses and taken ones together are the network, for every sample network", async () => {
    const { sites } = resolveWorkspace(await readWorkspace(ROOT));
    const networks = sites.flatMap((site) => site.networks.map((network) => ({ site, network })));
    for (const { site, network } of networks) {
      const free = freeAddresses(site, network);
      const numbers = free.flatMap(({ from, to }) => [parseAddress(from), parseAddress(to)]);
      expect(numbers).toEqual([...numbers].sort((a, b) => Number((a?.value ?? 0n) - (b?.value ?? 0n))));
      for (const { address } of site.hosts) {
        const value = address === undefined ? undefined : parseAddress(address)?.value;
        if (value === undefined) continue;
        const holds = free.some(
          ({ from, to }) =>
            (parseAddress(from)?.value ?? 0n) <= value && value <= (parseAddress(to)?.value ?? 0n),
        );
        expect(holds, `${network.name} ${address}`).toBe(false);
      }
    }
    const office = networks.find(({ site, network }) => site.id === "lanhai/hq" && network.name === "cctv");
    expect(office && freeAddresses(office.site, office.network)).toEqual([
      { from: "10.1.50.2", to: "10.1.50.4", count: 3n },
      { from: "10.1.50.6", to: "10.1.50.254", count: 249n },
    ]);
  });
});
