import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { analyseFlows } from "../../../src/deploy/analyse-flows.ts";
import type { PlannedDevice } from "../../../src/deploy/plan-device.ts";
import { renderDevice } from "../../../src/deploy/render-device.ts";
import { driverFor, isFullDriver } from "../../../src/drivers/registry.ts";
import { readWorkspace } from "../../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../../src/inventory/resolve/resolve.ts";
import type { Site } from "../../../src/model/site.ts";
import { parseOrigin } from "../../../src/planner/filters/origin.ts";
import { checkPolicy } from "../../../src/planner/policy/check-policy.ts";
import type { RenderedFilters } from "../../../src/planner/policy/rendered.ts";
import { hqWith } from "../../inventory/spoil.ts";

const SAMPLES = await readWorkspace(fileURLToPath(new URL("../../..", import.meta.url)));
const TODAY = "2026-11-22";
const sound = {
  "policies/zones.yaml": (text: string) =>
    `${text}  guest:\n    internet:\n      access: allow-only\n      services: [https, dns]\n  internet:\n    server:\n      access: allow-only\n      services: [https]\n`,
};
const site: Site = hqWith(sound);

function firewall() {
  const intent = site.devices.find((device) => device.firewall !== undefined);
  const driver = driverFor(intent?.platform ?? "");
  if (intent === undefined || driver === undefined || !isFullDriver(driver) || driver.filters === undefined)
    throw new Error("no firewall");
  return { intent, driver, read: driver.filters, intended: renderDevice(driver, intent) };
}

/** Proves the site as if the firewall's template had written something else. */
function proveWith(edit: (config: string) => string) {
  const { intent, read, intended } = firewall();
  const config = edit(intended.rendered.config);
  const lines = intended.rendered.config.split("\n");
  const rendered: RenderedFilters = {
    filters: read(config),
    originOf: (line) =>
      parseOrigin(intended.rendered.provenance[lines.indexOf(config.split("\n")[line - 1] ?? "")]),
  };
  return checkPolicy(site, TODAY, {}, new Map([[intent.id, rendered]])).findings;
}

/** The first chain between two zones, with one more line on top. */
const insert = (chain: RegExp, line: string) => (config: string) => {
  expect(config).toMatch(chain);
  return config.replace(chain, (header) => `${header}\n\t\t${line}`);
};

describe("zones are proved over what is rendered", () => {
  test("a faithful template gives what the rules give", () => {
    expect(proveWith((config) => config)).toEqual(checkPolicy(site, TODAY).findings);
  });

  test("a line too many in a template opens a flow, and the packet shows it", () => {
    const [finding] = proveWith(insert(/chain office_to_server \{/, "tcp dport 23 accept")).filter(
      ({ code }) => code === "ZON-005",
    );
    expect(finding?.message).toMatch(/rendered line \d+ lets office reach server: tcp .*:23$/);
  });

  test("a wrong verdict map sends one zone through the rules of another", () => {
    const findings = proveWith((config) => {
      const guest = /"([^"]+)" \. "([^"]+)" : jump guest_to_internet/.exec(config)?.[1];
      const server = /"[^"]+" \. "([^"]+)" : jump office_to_server/.exec(config)?.[1];
      return config.replace(/elements = \{ /, `elements = { "${guest}" . "${server}" : accept, `);
    });
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toContainEqual(
      expect.stringMatching(/^ZON-005 .* lets guest reach server/),
    );
  });

  test("a line that a template forgets closes a flow that a rule asks for", () => {
    const findings = proveWith((config) => config.replace(/^.*comment "R1.*\n/gm, ""));
    expect(findings.map(({ code, where }) => [code, where])).toContainEqual([
      "ZON-006",
      expect.objectContaining({ file: "inventory/acme/hq/rules.yaml" }),
    ]);
  });

  test("a policy that accepts opens everything", () => {
    const findings = proveWith((config) =>
      config
        .replace(/(hook forward priority filter; policy) drop/, "$1 accept")
        .replace(/^\t\tcounter drop\n/gm, ""),
    );
    expect(findings.filter(({ code }) => code === "ZON-005").length).toBeGreaterThan(3);
  });
});

describe("flows of a plan", () => {
  const plan = (
    running: (config: string) => string,
    predicted: (config: string) => string = (config) => config,
  ) => {
    const { intent, driver, intended } = firewall();
    const config = intended.rendered.config;
    const texts = { running: running(config), predicted: predicted(config) };
    return analyseFlows(site)([
      { intent, driver, intended, texts, findings: [], plan: undefined } as unknown as PlannedDevice,
    ]);
  };

  test("nothing opens or closes where the filters stay", () => {
    expect(plan((config) => config.replace("tcp dport { 80, 443 }", "tcp dport { 443, 80 }")).flows).toEqual({
      opened: [],
      closed: [],
    });
  });

  test("a rule that is new opens its flow, with zones, packet and YAML line", () => {
    const { flows, findings } = plan((config) => config.replace(/^.*comment "R1.*\n/gm, ""));
    expect(findings).toEqual([]);
    expect(flows.closed).toEqual([]);
    expect(flows.opened[0]).toMatchObject({
      from: "office",
      to: "server",
      line: { file: "inventory/acme/hq/rules.yaml" },
    });
    expect(flows.opened[0]?.witness).toMatch(/^tcp 10\.\S+ -> 10\.\S+:443 iif \S+ oif \S+$/);
  });

  test("a hand-made rule on the device is closed by the push", () => {
    const { flows } = plan(insert(/chain office_to_server \{/, "tcp dport 23 accept"));
    expect(flows.opened).toEqual([]);
    expect(flows.closed[0]).toMatchObject({ from: "office", to: "server" });
    expect(flows.closed[0]?.witness).toContain(":23 ");
  });

  test("a first push closes what was open to everybody, in one line for each place", () => {
    const { flows } = plan(() => "hostname fw\n");
    expect(flows.opened).toEqual([]);
    expect(flows.closed.map(({ flow }) => flow)).toEqual([
      "everything that forward does not permit",
      "everything that input does not permit",
    ]);
  });
});

describe("networks behind another router", () => {
  const northgate = resolveWorkspace(SAMPLES).sites.find(({ id }) => id === "northgate/office");
  const prove = (edit: (config: string) => string) => {
    if (northgate === undefined) throw new Error("no northgate");
    const intent = northgate.devices.find((device) => device.firewall !== undefined);
    const driver = driverFor(intent?.platform ?? "");
    if (intent === undefined || driver?.filters === undefined || !isFullDriver(driver))
      throw new Error("no firewall");
    const config = edit(renderDevice(driver, intent).rendered.config);
    const rendered = new Map([[intent.id, { filters: driver.filters(config), originOf: () => undefined }]]);
    return checkPolicy(northgate, TODAY, {}, rendered).findings.map(
      ({ code, message }) => `${code} ${message}`,
    );
  };

  const telnetFrom = (source: string) =>
    insert(/chain transit_to_server \{/, `ip saddr ${source} tcp dport 23 accept`);

  test("a line that the firewall forgets for them closes a flow that a rule asks for", () => {
    expect(prove((config) => config).filter((text) => text.startsWith("ZON-006"))).toEqual([]);
    expect(prove((config) => config.replace(/^.*comment "R0001.*\n/gm, ""))).toContainEqual(
      expect.stringMatching(/^ZON-006 R0001 is not open on fw-1: /),
    );
  });

  test("a line too many for the offices behind the core switch is found on the firewall", () => {
    expect(prove(telnetFrom("10.70.10.0/24"))).toContainEqual(
      expect.stringMatching(/^ZON-005 rendered line \d+ lets office reach server: tcp 10\.70\.10\..*:23$/),
    );
  });

  test("an address that comes by another leg than its network's does not count", () => {
    expect(prove(telnetFrom("10.70.90.0/24")).filter((text) => /guest/.test(text))).toEqual([]);
  });
});
