import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { Trace } from "../../src/planner/trace/types.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SCHEMA = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync(join(ROOT, "docs/schemas/trace.json"), "utf8")) as object,
);

function sitewright(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, "bin/sitewright.js"), "trace", ...args],
      { cwd: ROOT, env: { ...process.env, NO_COLOR: "1" } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

async function trace(site: string, packet: string): Promise<Trace> {
  const { stdout } = await sitewright(site, packet, "--json");
  const { result } = JSON.parse(stdout) as { result: Trace };
  SCHEMA(result);
  expect(SCHEMA.errors ?? []).toEqual([]);
  return result;
}

const textOf = (found: Trace): string =>
  found.hops.map(({ device, text }) => `${device}: ${text}`).join("\n");

describe("sitewright trace", () => {
  test("a guest's packet to a server is dropped by the firewall, with the network's YAML line on the way", async () => {
    const found = await trace("lanhai/hq", "tcp guest -> srv-erp:443");
    expect(found.verdict).toBe("deny");
    expect(found.back).toBeUndefined();
    const last = found.hops.at(-1);
    expect([last?.device, last?.kind, last?.drop]).toEqual(["fw-1", "filter", "filter"]);
    expect(found.from.zone).toBe("guest");
    expect(found.hops[0]?.where?.file).toBe("inventory/lanhai/hq/site.yaml");
  });

  test("what a rule allows arrives, names the rule's YAML line, and its answer comes back", async () => {
    const found = await trace("harbour-dental/main", "tcp office -> srv-practice:443");
    expect(found.verdict).toBe("permit");
    expect(found.back?.verdict).toBe("permit");
    const files = found.hops.filter(({ kind }) => kind === "filter").map(({ where }) => where?.file);
    expect(files).toContain("inventory/harbour-dental/main/rules.yaml");
  });

  test("a host on a port that is spelled short is found on it, over the cables of its VLAN", async () => {
    const found = await trace("northgate/office", "tcp admin-pc -> srv-files:22");
    expect(textOf(found)).toContain("VLAN 99: core-1:GigabitEthernet1/0/24");
    expect(textOf(found)).not.toContain("is not configured");
  });

  test("a packet to the outside leaves by the WAN link of the best priority, hidden behind its address", async () => {
    const found = await trace("northgate/office", "tcp office -> 1.1.1.1:443");
    expect(found.verdict).toBe("permit");
    expect(textOf(found)).toContain("leaves by WAN link fibre");
    expect(found.hops.some(({ kind }) => kind === "translate")).toBe(true);
    const other = await sitewright("northgate/office", "tcp office -> 1.1.1.1:443", "--wan", "radio");
    expect(other.stdout).toContain("leaves by WAN link radio");
  });

  test("a stranger's packet to a port forward is translated and reaches the server behind it", async () => {
    const found = await trace("harbour-dental/main", "tcp 9.9.9.9 -> 203.0.113.38:443");
    expect([found.verdict, found.back?.verdict]).toEqual(["permit", "permit"]);
    expect(found.hops.find(({ kind }) => kind === "translate")?.packet).toContain("10.60.20.10:8443");
    expect(found.back?.hops.at(-1)?.packet).toMatch(/203\.0\.113\.38:443 -> 9\.9\.9\.9/);
    expect((await trace("harbour-dental/main", "tcp 9.9.9.9 -> 203.0.113.38:444")).verdict).toBe("deny");
  });

  test.each([
    [
      "a name that there is not",
      ["lanhai/hq", "tcp srv-erb -> office:443"],
      /nothing at lanhai\/hq is called "srv-erb"/,
    ],
    ["a site that is none", ["lanhai", "tcp office -> guest:1"], /is not a site/],
    ["a packet that is none", ["lanhai/hq", "hello"], /nothing|packet|type/],
    [
      "a WAN link that there is not",
      ["lanhai/hq", "tcp office -> 1.1.1.1:443", "--wan", "x"],
      /no WAN link x/,
    ],
  ])("says what to type: %s", async (_title, args, message) => {
    const { code, stderr } = await sitewright(...args);
    expect([code, stderr]).toEqual([4, expect.stringMatching(message)]);
  });
});
