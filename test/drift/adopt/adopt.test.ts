import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judgeSites } from "../../../src/cli/judge.ts";
import { renderDevice } from "../../../src/deploy/render-device.ts";
import { adoptItems } from "../../../src/drift/adopt/adopt-items.ts";
import type { AdoptRequest } from "../../../src/drift/adopt/adopt-types.ts";
import { commitBranch, requireClean } from "../../../src/drift/adopt/commit.ts";
import { disprove, resolveEdited } from "../../../src/drift/adopt/disprove.ts";
import { adoptMessage } from "../../../src/drift/adopt/message.ts";
import { driftItems } from "../../../src/drift/items.ts";
import type { ReportedItem } from "../../../src/drift/read-drift.ts";
import type { FullDriver } from "../../../src/drivers/driver.ts";
import { driverFor, isFullDriver } from "../../../src/drivers/registry.ts";
import { readWorkspace } from "../../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../../src/inventory/resolve/resolve.ts";
import { makeRepository, type Repository } from "../../cli/preview-repository.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
let repository: Repository;
beforeAll(() => {
  repository = makeRepository();
});
afterAll(() => repository.remove());

/** A device of the sample clients on which somebody changed lines: what was rendered is what was applied. */
async function changed(id: string, edit: (config: string) => string) {
  const siteId = id.split("/").slice(0, 2).join("/");
  const workspace = await readWorkspace(repository.folder);
  const site = resolveWorkspace(workspace, { sites: [siteId] }).sites[0];
  const intent = site?.devices.find((device) => device.id === id);
  const driver = driverFor(intent?.platform ?? "");
  if (!site || !intent || !driver || !isFullDriver(driver)) throw new Error(`no device ${id}`);
  const { config, scope } = renderDevice(driver, intent).rendered;
  const applied = driver.redact(config);
  const running = edit(applied);
  expect(running).not.toBe(applied);
  const items = driftItems(driver, { intended: config, applied, running, scope, saved: "same" });
  const drivers = (platform: string): FullDriver | undefined => {
    const found = driverFor(platform);
    return found && isFullDriver(found) ? found : undefined;
  };
  const judge: AdoptRequest["judge"] = (of, judged, findings) =>
    judgeSites({ sites: [judged], workspace: of, findings }, NOW).findings;
  const today = "2026-11-22";
  return { workspace, site, intent, driver, drivers, judge, running, items, today };
}

/** Changes one line of a block. */
function inBlock(header: string, from: RegExp | undefined, to: string): (config: string) => string {
  return (config) => {
    const lines = config.split("\n");
    const start = lines.indexOf(header);
    if (start < 0) throw new Error(`no ${header}`);
    const end = lines.findIndex((line, index) => index > start && !line.startsWith(" "));
    const at =
      from === undefined
        ? -1
        : lines.findIndex((line, index) => index > start && index < end && from.test(line));
    if (from !== undefined && at < 0)
      throw new Error(`no ${from} in ${header}:\n${lines.slice(start, end).join("\n")}`);
    lines.splice(from === undefined ? start + 1 : at, from === undefined ? 0 : 1, ...(to === "" ? [] : [to]));
    return lines.join("\n");
  };
}

const CISCO = "northgate/office/acc-1";
const PORT = "interface GigabitEthernet1/0/22";

describe("a change made by hand becomes the inventory's", () => {
  test.each([
    [
      "a description",
      CISCO,
      inBlock(PORT, /description/, " description Access point stairs"),
      "    description: Access point stairs",
    ],
    [
      "the list of a trunk",
      "northgate/office/acc-4",
      inBlock("interface GigabitEthernet1/0/47", /allowed vlan/, " switchport trunk allowed vlan 10,99"),
      "  Gi1/0/47:\n    profile: ap\n    native: mgmt\n    tagged: [office",
    ],
    ["a port that was shut", CISCO, inBlock(PORT, undefined, " shutdown"), "    enabled: false"],
    [
      "a port within a range, as a key of its own",
      CISCO,
      inBlock("interface GigabitEthernet1/0/5", /access vlan/, " switchport access vlan 40"),
      "  Gi1/0/5:\n    network: printers",
    ],
  ])("%s", async (_title, id, edit, line) => {
    const request = await changed(id, edit);
    const adopted = adoptItems(request);
    expect(adopted.refusals).toBeUndefined();
    const [[file = "", text = ""] = []] = [...(adopted.files ?? [])];
    expect(file).toBe(request.intent.origin.file);
    expect(text).toContain(line);
  });

  test("comments and the order of keys stay, and no line that stood there changes", async () => {
    const edit = inBlock("interface GigabitEthernet1/0/47", undefined, " shutdown");
    const request = await changed("northgate/office/acc-4", edit);
    const { files } = adoptItems(request);
    const before = repository.read(request.intent.origin.file);
    const copy =
      "  Gi1/0/47:\n    profile: ap\n    native: mgmt\n    tagged: [office, guest]\n    enabled: false\n";
    expect([...(files?.values() ?? [])]).toEqual([`${before}${copy}`]);
    expect(before).toContain("# Meeting rooms have telephones");
  });
});

describe("a VLAN that is new", () => {
  const inside = inBlock("interface GigabitEthernet1/0/5", /access vlan/, " switchport access vlan 77");
  const made = (config: string): string => config.replace(/^vlan 10$/m, "vlan 77\n name plotters\nvlan 10");

  test("with a port in it is refused only for what else the inventory would write with it", async () => {
    const request = await changed(CISCO, (config) => inside(made(config)));
    expect(adoptItems(request).refusals).toEqual([
      "spanning-tree vlan 77 priority would differ afterwards: `spanning-tree vlan 77 priority 61440`",
    ]);
  });

  test("with that typed too is a network, for which a person names the zone", async () => {
    const priority = (config: string): string =>
      config.replace(/^spanning-tree vlan .* priority 61440$/m, "$&\nspanning-tree vlan 77 priority 61440");
    const request = await changed(CISCO, (config) => priority(inside(made(config))));
    expect(adoptItems(request).refusals?.join("\n")).toMatch(
      /site\.yaml:\d+: ZON-002 plotters \(VLAN 77\) is in no zone; write zone: with one of /,
    );
  });
});

describe("what the inventory cannot express is refused with a reason, and nothing is written", () => {
  test.each([
    [
      "a VLAN without a network",
      inBlock("interface GigabitEthernet1/0/21", /access vlan/, " switchport access vlan 666"),
      /no network of the site has VLAN 666/,
    ],
    [
      "a port in another network than what is plugged in",
      inBlock("interface GigabitEthernet1/0/21", /access vlan/, " switchport access vlan 10"),
      /L2-PORT-NETWORK printer-2f is in printers/,
    ],
    [
      "a trunk without a network that nothing else here needs, since more than it would change",
      inBlock(PORT, /allowed vlan/, " switchport trunk allowed vlan 10,99"),
      /vlan 90 would differ afterwards/,
    ],
    [
      "a setting without a word for it",
      inBlock(PORT, undefined, " ip arp inspection trust"),
      /no word for|outside what the inventory claims/,
    ],
    [
      "a line of the whole device",
      (config: string) => `${config}\nip http server\n`,
      /no word for|outside what/,
    ],
  ])("%s", async (_title, edit, reason) => {
    const adopted = adoptItems(await changed(CISCO, edit));
    expect(adopted.files).toBeUndefined();
    expect(adopted.refusals?.join("\n")).toMatch(reason);
  });

  test("one item that cannot be said keeps the others out too", async () => {
    const both = (config: string): string =>
      inBlock(
        PORT,
        /description/,
        " description New",
      )(inBlock("interface GigabitEthernet1/0/21", /access vlan/, " switchport access vlan 666")(config));
    expect(adoptItems(await changed(CISCO, both)).files).toBeUndefined();
  });
});

describe("what another device would become", () => {
  test("is shown and refused, until a person names that device", async () => {
    const request = await changed(CISCO, inBlock(PORT, /description/, " description Access point stairs"));
    const other = "inventory/northgate/office/devices/acc-2.yaml";
    const text = repository.read(other).replace("Access point 2F, south", "Moved along");
    const files = new Map([...(adoptItems(request).files ?? []), [other, text]]);
    const id = "northgate/office/acc-2";
    expect(disprove(request, resolveEdited(request, files)).join("\n")).toMatch(
      new RegExp(`^${id} would change too: \`.+\`; add --also ${id} if that is meant$`),
    );
    expect(disprove({ ...request, also: new Set([id]) }, resolveEdited(request, files))).toEqual([]);
  });

  test("is nothing where a VLAN is new that no port of the inventory uses: it is refused", async () => {
    const newVlan = (config: string): string =>
      config.replace(/^vlan 10$/m, "vlan 77\n name plotters\nvlan 10");
    const refusals = adoptItems(await changed(CISCO, newVlan)).refusals?.join("\n");
    expect(refusals).toMatch(/^vlan 77.*: no port carries it, .*the network plotters/);
  });
});

function reported(path: readonly string[]): ReportedItem {
  return {
    path,
    kind: "changed",
    intended: "description old",
    applied: "description old",
    running: "description new\u001b[31m\nIncident: INC-000000000000",
    managed: true,
    state: "unauthorised",
    by: { name: "mallory", confidence: "named" },
    at: "2026-11-22T03:14:15.000Z",
    from: "10.1.99.77",
    evidence: undefined,
    priority: "P4",
    reason: "text only",
    witness: undefined,
    unsaved: false,
    adopted: undefined,
    incident: "INC-123456789012",
  };
}

describe("the branch", () => {
  test("has one commit on HEAD with the message, and touches neither files nor index nor other branches", async () => {
    const request = await changed(CISCO, inBlock(PORT, /description/, " description Access point stairs"));
    const { files } = adoptItems(request);
    await requireClean(repository.folder);
    const message = adoptMessage(CISCO, [reported([PORT, "description"])]);
    const head = repository.git("rev-parse", "HEAD").trim();
    const made = await commitBranch(repository.folder, {
      branch: "adopt/x",
      files: files ?? new Map(),
      message,
    });
    expect(repository.git("rev-parse", "adopt/x^").trim()).toBe(head);
    expect(repository.git("rev-parse", "adopt/x").trim()).toBe(made.commit);
    expect(repository.git("diff", "--stat", "main", "adopt/x")).toMatch(/acc-1\.yaml \|\s+2 \+-/);
    expect(repository.git("rev-parse", "--abbrev-ref", "HEAD").trim()).toBe("main");
    expect(repository.git("status", "--porcelain")).toBe("");
    const log = repository.git("log", "-1", "--format=%B", "adopt/x");
    expect(log).toContain("by: mallory, at 2026-11-22T03:14:15.000Z, from 10.1.99.77");
    expect(repository.git("log", "-1", "--format=%(trailers)", "adopt/x").trim().split("\n")).toEqual([
      "Changed-on-device-by: mallory",
      "Incident: INC-123456789012",
    ]);
    await expect(
      commitBranch(repository.folder, { branch: "adopt/x", files: files ?? new Map(), message }),
    ).rejects.toThrow("the branch adopt/x is there already");
  });

  test("is not made on a work tree with changes of one's own", async () => {
    const path = "inventory/northgate/office/site.yaml";
    const text = repository.read(path);
    repository.write(path, `${text}# mine\n`);
    await expect(requireClean(repository.folder)).rejects.toThrow("changes that are not committed");
    repository.write(path, text);
  });

  test.each(["-x", "a b", "..", "x.lock"])("is not named %s", async (branch) => {
    await expect(commitBranch(repository.folder, { branch, files: new Map(), message: "x" })).rejects.toThrow(
      "is no name for a branch",
    );
  });
});
