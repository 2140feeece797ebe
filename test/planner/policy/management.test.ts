import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { openChosen } from "../../../src/cli/open.ts";
import { driverFor, isFullDriver } from "../../../src/drivers/registry.ts";
import type { Site } from "../../../src/model/site.ts";
import { parseOrigin } from "../../../src/planner/filters/origin.ts";
import { checkManagement } from "../../../src/planner/policy/management.ts";
import type { RenderedFilters } from "../../../src/planner/policy/rendered.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
let sites: readonly Site[];
beforeAll(async () => {
  ({ sites } = await openChosen(ROOT, [], {}));
});

/** Proves a site as if the templates had written something else for one device. */
function prove(id: string, name?: string, edit: (config: string) => string = (config) => config) {
  const site = sites.find((each) => each.id === id);
  if (site === undefined) throw new Error(`no ${id}`);
  const rendered = new Map<string, RenderedFilters>();
  for (const device of site.devices) {
    const driver = driverFor(device.platform);
    if (driver === undefined || !isFullDriver(driver) || driver.filters === undefined) continue;
    const { config, provenance } = driver.render(device);
    const text = device.name === name ? edit(config) : config;
    if (device.name === name) expect(text).not.toBe(config);
    const originOf = (line: number) => parseOrigin(provenance[line - 1]);
    rendered.set(device.id, { filters: driver.filters(text), originOf });
  }
  return checkManagement(site, rendered);
}

const input = (line: string) => (config: string) =>
  config.replace(/(type filter hook input [^\n]*\n)/, (header) => `${header}\t\t${line}\n`);

describe("a login prompt answers to its managers only, proved over what is rendered", () => {
  test.each(["lanhai/hq", "lanhai/suzhou", "northgate/office", "harbour-dental/main"])(
    "%s as it is",
    (id) => {
      expect(prove(id)).toEqual([]);
    },
  );

  test.each([
    [
      "one service among others",
      "tcp dport { 22, 8080 } accept",
      /lets more than its managers log in: tcp \S+ -> \S+:22$/,
    ],
    ["a range of ports", "tcp dport 1-1024 accept", /:(?:22|23|80|443)$/],
    ["one zone's line", 'iifname "eth4" tcp dport ssh accept', /:22$/],
    [
      "one host too many",
      "ip saddr 10.60.10.0/24 tcp dport 443 accept",
      /tcp 10\.60\.10\.\d+:\S+ -> \S+:443$/,
    ],
  ])("a firewall that lets in too much is found: %s", (_title, line, message) => {
    const [finding, ...more] = prove("harbour-dental/main", "fw-1", input(line));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      code: "MGT-002",
      severity: "error",
      message: expect.stringMatching(message),
    });
    expect(finding?.message).toMatch(/^fw-1: rendered line \d+ lets/);
  });

  test("a policy that accepts is found, the loopback's line and other ports are not", () => {
    const open = prove("harbour-dental/main", "fw-1", (config) =>
      config
        .replace(/(hook input priority filter; policy) drop/, "$1 accept")
        .replace(/(chain input \{[\s\S]*?)\t\tcounter drop\n/, "$1"),
    );
    expect(open.map(({ code }) => code)).toEqual(["MGT-002"]);
    expect(prove("harbour-dental/main", "fw-1", input('iifname "lo" tcp dport 22 accept'))).toEqual([]);
    expect(prove("harbour-dental/main", "fw-1", input("tcp dport 53 accept"))).toEqual([]);
  });

  test.each([
    [
      "northgate/office",
      "acc-1",
      /(ip access-list standard MGMT-IN\n)/,
      "$1 5 permit 10.70.10.0 0.0.0.255\n",
    ],
    [
      "lanhai/hq",
      "sw-srv",
      /(acl number 2000\n|acl 2000\n)/,
      "$1 rule 1 permit source 10.1.10.0 0.0.0.255\n",
    ],
  ])("a switch's list of managers with a network too many is found: %s %s", (id, name, at, line) => {
    const [finding] = prove(id, name, (config) => config.replace(at, line));
    expect(finding?.message).toMatch(
      new RegExp(`^${name}: rendered line \\d+ lets more than its managers log in: tcp 10\\.`),
    );
  });
});
