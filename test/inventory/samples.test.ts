import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { newWorkspaceFiles } from "../../src/inventory/new-workspace.ts";
import { readWorkspace, workspaceOfTexts } from "../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const workspace = await readWorkspace(ROOT);
const { sites, findings } = resolveWorkspace(workspace);

describe("the sample clients", () => {
  test("have no finding of any severity", () => {
    expect(findings).toEqual([]);
  });

  test("are three, with at least 25 devices on five platforms", () => {
    const devices = sites.flatMap((site) => site.devices);
    expect(new Set(sites.map((site) => site.client))).toEqual(
      new Set(["harbour-dental", "lanhai", "northgate"]),
    );
    expect(devices.length).toBeGreaterThanOrEqual(25);
    expect([...new Set(devices.map((device) => device.platform))].sort()).toEqual([
      "iosxe",
      "linux-server",
      "nftables",
      "openvswitch",
      "vrp",
    ]);
  });

  test.each(sites.map((site) => [site.id, site] as const))(
    "%s is bound to the lab and exempt from the gate",
    (_id, site) => {
      expect(site).toMatchObject({ binding: "lab", gate: "none" });
      for (const device of site.devices) expect(device.management.address, device.id).not.toBe("");
    },
  );

  test.each(sites.map((site) => [site.id, site] as const))(
    "%s has rules with owner, ticket, reason and review, and whole asset records",
    (_id, site) => {
      for (const rule of site.rules)
        expect(rule, rule.id).toMatchObject({
          owner: expect.any(String),
          ticket: expect.any(String),
          reason: expect.any(String),
          review: expect.any(String),
        });
      for (const device of site.devices) {
        expect(device.assetFields, device.id).toMatchObject({
          owner: expect.any(String),
          location: expect.any(String),
          warranty: expect.any(String),
        });
      }
    },
  );

  test("every server has a backup with an offsite copy", () => {
    for (const device of sites.flatMap((site) => site.devices).filter((one) => one.kind === "server")) {
      expect(
        device.server?.backups.some((job) => job.targets.some((target) => target.offsite)),
        device.id,
      ).toBe(true);
    }
  });

  test("the two sites of lanhai have different guest networks from one pool", () => {
    const guests = sites
      .filter((site) => site.client === "lanhai")
      .map((site) => site.networks.find((network) => network.name === "guest"));
    expect(guests.map((network) => [network?.ipv4, network?.pools])).toEqual([
      ["10.1.65.0/24", ["campus"]],
      ["10.1.66.0/24", ["campus"]],
    ]);
  });
});

describe("a new workspace", () => {
  const files = newWorkspaceFiles("Acme Net!", "1.2.3");
  const texts = new Map(files.map((file) => [file.path, file.content]));

  test("validates as it stands", () => {
    const resolved = resolveWorkspace(workspaceOfTexts("/", texts));
    expect(resolved.findings).toEqual([]);
    expect(
      resolved.sites.map((site) => [site.id, site.binding, site.devices.map((device) => device.platform)]),
    ).toEqual([["acme/hq", "lab", ["iosxe", "vrp"]]]);
  });

  test("depends on the given version and names its project so that npm takes it", () => {
    expect(JSON.parse(texts.get("package.json") ?? "{}")).toMatchObject({
      name: "acme-net",
      dependencies: { sitewright: "1.2.3" },
    });
    expect(texts.get("Pulumi.yaml")).toContain("name: acme-net");
  });

  test("every YAML file of the inventory tells editors its schema", () => {
    for (const file of files.filter((one) => /^(inventory|policies)\//.test(one.path)))
      expect(file.content.split("\n")[0], file.path).toMatch(
        /^# yaml-language-server: \$schema=(\.\.\/)+node_modules\/sitewright\/.*\.json$/,
      );
  });
});
