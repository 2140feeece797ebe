import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { driverFor } from "../../../src/drivers/registry.ts";
import { workspaceOfTexts } from "../../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../../src/inventory/resolve/resolve.ts";
import { touchedSites } from "../../../src/inventory/touched-sites.ts";
import type { Finding } from "../../../src/model/finding.ts";
import type { Site } from "../../../src/model/site.ts";
import { deviceChanges, type PreviewDrivers } from "../../../src/planner/preview/device-changes.ts";
import { flowChanges } from "../../../src/planner/preview/flow-changes.ts";
import { modelDigest } from "../../../src/planner/preview/model-digest.ts";
import { newFindings } from "../../../src/planner/preview/new-findings.ts";
import { reviewChanges } from "../../../src/planner/preview/review-changes.ts";
import { reviewFiles } from "../../../src/planner/preview/review-files.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const OFFICE = "inventory/northgate/office";

const texts: ReadonlyMap<string, string> = new Map(
  ["inventory", "policies"].flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml"))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(ROOT.length), readFileSync(path, "utf8")] as const),
  ),
);

/** Northgate's office, with some files written anew. */
function office(edits: Readonly<Record<string, (text: string) => string>> = {}): Site {
  const changed = new Map(texts);
  for (const [path, edit] of Object.entries(edits)) {
    const before = changed.get(path) ?? "";
    const after = edit(before);
    expect(after).not.toBe(before);
    changed.set(path, after);
  }
  const [site] = resolveWorkspace(workspaceOfTexts("/", changed), { sites: ["northgate/office"] }).sites;
  if (site === undefined) throw new Error("the sample does not resolve");
  return site;
}

const drivers: PreviewDrivers = (platform) => {
  const driver = driverFor(platform);
  return driver?.level === "full" ? driver : undefined;
};
const tools = { drivers, headHas: () => false };

describe("two sites mean the same", () => {
  it("when only comments, blank lines or the order of keys differ", () => {
    const remark = office({
      [`${OFFICE}/site.yaml`]: (text) => `# a remark\n\n${text}`,
      [`${OFFICE}/devices/acc-1.yaml`]: (text) => `${text}\n# the end\n`,
    });
    expect(modelDigest(remark)).toBe(modelDigest(office()));
    expect(
      deviceChanges(office().devices, remark.devices, tools).devices.map(({ state }) => state),
    ).not.toContain("change");
  });

  it("not when a value differs", () => {
    const other = office({ [`${OFFICE}/site.yaml`]: (text) => text.replace("vlan: 30", "vlan: 31") });
    expect(modelDigest(other)).not.toBe(modelDigest(office()));
  });
});

describe("files tell who may be touched", () => {
  const ids = ["a/one", "a/two", "b/one"];
  it.each([
    ["inventory/a/one/devices/sw.yaml", ["a/one"]],
    ["inventory/a/one/rules.yaml", ["a/one"]],
    ["inventory/a/one/site.yaml", ["a/one", "a/two"]],
    ["inventory/a/one/servers/srv.yaml", ["a/one", "a/two"]],
    ["inventory/b/client.yaml", ["b/one"]],
    ["policies/a/zones.yaml", ["a/one", "a/two"]],
    ["inventory/provider.yaml", ids],
    ["inventory/models/x.yaml", ids],
    ["policies/zones.yaml", ids],
    ["README.md", []],
    ["inventory/a/one/notes.md", []],
  ])("%s", (path, touched) => {
    expect(touchedSites([path], ids)).toEqual(touched);
  });
});

describe("commands lead from the base's configuration to the head's", () => {
  it("a renamed VLAN changes the switches that carry it, and undoing it gives the rollback", () => {
    const renamed = office({ [`${OFFICE}/site.yaml`]: (text) => text.replaceAll("phones:", "handsets:") });
    const there = deviceChanges(office().devices, renamed.devices, tools).devices;
    expect(there.flatMap((device) => device.commands).join("\n")).toMatch(/HANDSETS|handsets/);
  });

  it("a device that leaves is gone; one whose file is still there is not", () => {
    const head = office().devices.slice(1);
    const [first] = office().devices;
    const stateOf = (headHas: () => boolean): string | undefined =>
      deviceChanges(office().devices, head, { drivers, headHas }).devices.find(
        ({ asset }) => asset === first?.asset,
      )?.state;
    expect(stateOf(() => false)).toBe("gone");
    expect(stateOf(() => true)).toBe("refused");
  });

  it("a platform without a driver is refused by name", () => {
    const head = office().devices.map((device) => ({ ...device, platform: "nokia" }));
    const changes = deviceChanges(office().devices, head, tools);
    expect(new Set(changes.devices.map(({ state }) => state))).toEqual(new Set(["refused"]));
    expect(changes.notEvaluated).toHaveLength(head.length);
  });

  it("a new version of a secret is a change although the text says no more", () => {
    const base = office().devices;
    const withSecrets = base.filter((device) => device.secrets.length > 0);
    expect(withSecrets.length).toBeGreaterThan(0);
    const head = office({
      "inventory/provider.yaml": (text) => text.replaceAll(/@1\b/g, "@2"),
    }).devices;
    const changed = deviceChanges(base, head, tools).devices.filter(({ commands }) => commands.length > 0);
    expect(changed.length).toBeGreaterThan(0);
  });
});

describe("flows of two revisions", () => {
  it("compare equal with themselves", () => {
    expect(flowChanges(office(), office()).flows).toEqual({ opened: [], closed: [] });
  });

  it("what one direction opens, the other closes", () => {
    const less = office({
      [`${OFFICE}/rules.yaml`]: (text) => text.replace("service: printing", "service: mail"),
    });
    const there = flowChanges(office(), less).flows;
    const back = flowChanges(less, office()).flows;
    expect(there.closed.length).toBeGreaterThan(0);
    expect(back.opened.map(({ flow }) => flow)).toEqual(there.closed.map(({ flow }) => flow));
    expect(back.closed.map(({ flow }) => flow)).toEqual(there.opened.map(({ flow }) => flow));
  });
});

describe("findings are new", () => {
  const finding = (message: string, line: number): Finding => ({
    code: "X-1",
    severity: "error",
    message,
    hint: "h",
    where: { file: "f", line, column: 1 },
  });
  it.each([
    ["moved to another line: not new", [finding("a", 1)], [finding("a", 9)], [], 0],
    ["a second one of a kind: one new", [finding("a", 1)], [finding("a", 1), finding("a", 2)], ["a"], 0],
    ["another message: new, and the old one mended", [finding("a", 1)], [finding("b", 1)], ["b"], 1],
    [
      "a warning that becomes an error: new",
      [{ ...finding("a", 1), severity: "warning" as const }],
      [finding("a", 1)],
      ["a"],
      1,
    ],
  ])("%s", (_title, base, head, fresh, mended) => {
    const result = newFindings(base, head);
    expect([result.findings.map(({ message }) => message), result.mended]).toEqual([fresh, mended]);
  });
});

describe("what decides how a device is reached is marked for review", () => {
  it("nothing where nothing changed", () => {
    expect(reviewChanges(office(), office())).toEqual([]);
  });

  it.each([
    ["address", { address: "10.70.99.66" }],
    ["login", { user: "eve" }],
    ["login", { legacyAlgorithms: true }],
    ["host-keys", { hostKeys: ["ssh-ed25519 AAAA"] }],
    ["jump-hosts", { jump: [{ name: "j", address: "203.0.113.9", port: 22, user: "eve", hostKeys: [] }] }],
  ])("%s", (kind, management) => {
    const base = office();
    const head = {
      ...base,
      devices: base.devices.map((device, index) =>
        index === 0
          ? { ...device, name: "renamed", management: { ...device.management, ...management } }
          : device,
      ),
    };
    expect(reviewChanges(base, head).map((change) => change.kind)).toEqual([kind]);
  });

  it.each([
    ["known_hosts", "host-keys"],
    [".github/workflows/x.yml", "workflow"],
    [".gitlab-ci.yml", "workflow"],
    ["package.json", "code"],
    ["src/x.ts", "code"],
    ["checks/own.js", "code"],
    ["templates/iosxe/config.hbs", "template"],
    ["stacks/Pulumi.acme.hq.yaml", "settings"],
    ["Pulumi.yaml", "settings"],
    [".sitewright/config.json", "settings"],
    [".gitattributes", "settings"],
    ["policies/packs/mine.json", "settings"],
    ["policies/checks.yaml", "settings"],
    ["policies/acme/checks.yaml", "settings"],
  ])("%s", (path, kind) => {
    expect(reviewFiles([{ path, change: "changed", link: false }]).map((change) => change.kind)).toEqual([
      kind,
    ]);
  });

  it("an inventory file is no reason for review, unless it is a link", () => {
    const path = "inventory/acme/hq/site.yaml";
    expect(reviewFiles([{ path, change: "changed", link: false }])).toEqual([]);
    expect(reviewFiles([{ path, change: "changed", link: true }])).toHaveLength(1);
  });
});
