import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderDevice } from "../../src/deploy/render-device.ts";
import { effectOf, filterComparison, isAboutFilters } from "../../src/drift/exposure.ts";
import { driftItems } from "../../src/drift/items.ts";
import { type Grade, priorityOf } from "../../src/drift/priority.ts";
import { driverFor, isFullDriver } from "../../src/drivers/registry.ts";
import { readWorkspace } from "../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import type { Site } from "../../src/model/site.ts";
import { makeRepository, type Repository } from "../cli/preview-repository.ts";

let repository: Repository;
let sites: readonly Site[];
beforeAll(async () => {
  repository = makeRepository();
  sites = resolveWorkspace(await readWorkspace(repository.folder), {}).sites;
});
afterAll(() => repository.remove());

type Edit = (config: string) => string;

/** How the night job grades an edit of a device of the practice sites. */
function graded(id: string, edit: Edit): readonly (Grade & { readonly text: string })[] {
  const site = sites.find((one) => id.startsWith(`${one.id}/`));
  const intent = site?.devices.find((device) => device.id === id);
  const driver = driverFor(intent?.platform ?? "");
  if (!site || !intent || !driver || !isFullDriver(driver)) throw new Error(`no device ${id}`);
  const { config, scope } = renderDevice(driver, intent).rendered;
  const applied = driver.redact(config);
  const running = edit(applied);
  expect(running).not.toBe(applied);
  const items = driftItems(driver, { intended: config, applied, running, scope, saved: "same" });
  expect(items.length).toBeGreaterThan(0);
  const drift = filterComparison(site)({ intent, driver }, applied, running);
  return items.map((item) => ({
    ...priorityOf(intent, item, isAboutFilters(item) ? effectOf(item, items, drift) : undefined),
    text: item.running ?? item.applied ?? "",
  }));
}

const DENTAL = "harbour-dental/main/fw-1";
const CORE = "northgate/office/core-1";
const ACCESS = "lanhai/hq/sw-1f-1";

/** Types a line at the beginning of a chain, as `nft insert rule` does. */
function typed(chain: string, line: string): Edit {
  return (config) => config.replace(`\tchain ${chain} {\n`, (head) => `${head}\t\t${line}\n`);
}

describe("a packet proves how urgent an edit of a firewall is", () => {
  test("a rule that opens guest to server is P1, with a packet between hosts that are known", () => {
    const line = 'iifname "eth4" oifname "eth2" ip saddr 10.60.90.0/24 tcp dport 445 accept';
    const [grade, ...rest] = graded(DENTAL, typed("forward", line));
    expect(rest).toEqual([]);
    expect(grade).toMatchObject({ priority: "P1", reason: expect.stringContaining("opens guest to server") });
    expect(grade?.witness).toMatch(/^tcp 10\.60\.90\.\d+:\d+ -> 10\.60\.20\.10:445/);
  });

  test("a way from the internet to the firewall itself is P1", () => {
    const [grade] = graded(DENTAL, typed("input", 'iifname "eth0" tcp dport 22 accept'));
    expect(grade).toMatchObject({ priority: "P1", witness: expect.stringMatching(/:22\b/) });
  });

  test("a wider way from the office out to the internet is P2: it reaches nothing that is trusted more", () => {
    const [grade] = graded(
      DENTAL,
      typed("office_to_internet", "ip saddr 10.60.10.0/24 tcp dport 4444 accept"),
    );
    expect(grade).toMatchObject({
      priority: "P2",
      reason: expect.stringContaining("opens office to internet"),
      witness: expect.stringContaining(":4444"),
    });
  });

  test("another comment is P4 on a firewall too, and has no packet", () => {
    const grades = graded(DENTAL, (config) => config.replace('"R0005 HD-0003"', '"looked at it"'));
    for (const grade of grades) expect(grade).toMatchObject({ priority: "P4", witness: undefined });
  });

  test("an accept rule in the shadow of another is not urgent", () => {
    const line = "ip saddr 10.60.10.0/24 tcp dport 443 accept";
    const after = 'tcp dport { 80, 443 } accept comment "R0002 HD-0001"';
    const [grade] = graded(DENTAL, (config) => config.replace(after, `${after}\n\t\t${line}`));
    expect(grade).toMatchObject({ priority: "P3", witness: undefined });
    expect(grade?.reason).toContain("proved: no packet passes");
  });

  test("a deny rule is an outage and no exposure", () => {
    const [grade] = graded(DENTAL, typed("guest_to_internet", "ip saddr 10.60.90.0/24 tcp dport 443 drop"));
    expect(grade).toMatchObject({ priority: "P1", witness: undefined });
    expect(grade?.reason).toMatch(/^stops traffic: no more tcp 10\.60\.90\.\d+:\d+ -> .*:443/);
  });

  test("a deny rule taken away opens what it kept out, and is told so", () => {
    const [grade] = graded(DENTAL, (config) =>
      config.replace("\t\tcounter drop\n\t}\n\tchain forward", "\t\taccept\n\t}\n\tchain forward"),
    );
    expect(grade).toMatchObject({ priority: "P1" });
    expect(grade?.witness).toBeDefined();
  });

  test("a condition that is not modelled counts as open, and says that it only may", () => {
    const line = 'iifname "eth4" oifname "eth2" ct mark 0x1 accept';
    const [grade] = graded(DENTAL, typed("forward", line));
    expect(grade).toMatchObject({ priority: "P1", reason: expect.stringContaining("(may)") });
  });

  test("a translation typed by hand is urgent, because filters alone do not tell what it opens", () => {
    const line = 'iifname "eth0" tcp dport 3389 dnat ip to 10.60.20.10:3389';
    const [grade] = graded(DENTAL, typed("prerouting", line));
    expect(grade).toMatchObject({ priority: "P1", witness: undefined });
    expect(grade?.reason).toContain("address translation is not modelled");
  });

  test("two edits at once are graded each by its own packets", () => {
    const opens = 'iifname "eth4" oifname "eth2" tcp dport 445 accept';
    const shadowed = "ip saddr 10.60.10.0/24 tcp dport 443 accept";
    const after = 'tcp dport { 80, 443 } accept comment "R0002 HD-0001"';
    const grades = graded(DENTAL, (config) =>
      typed("forward", opens)(config).replace(after, `${after}\n\t\t${shadowed}`),
    );
    const of = (text: string) => grades.find((grade) => grade.text === text)?.priority;
    expect([of(opens), of(shadowed)]).toEqual(["P1", "P3"]);
  });
});

describe("the same on switches", () => {
  const insert =
    (head: RegExp, line: string): Edit =>
    (config) =>
      config.replace(head, (found) => `${found}${line}\n`);

  test("an entry that opens the office's list towards the servers has its packet (iosxe)", () => {
    const grades = graded(CORE, insert(/^ip access-list extended office-in\n/m, " 1 permit ip any any"));
    expect(grades[0]).toMatchObject({ priority: "P1", witness: expect.stringContaining("->") });
    expect(grades[0]?.reason).toContain("opens office to");
  });

  test("a list taken off its interface lets everything through (iosxe)", () => {
    const [grade] = graded(CORE, (config) => config.replace(/^ ip access-group office-in in\n/m, ""));
    expect(grade).toMatchObject({ priority: "P1", witness: expect.stringContaining("->") });
  });

  test("a list that only SNMP asks is not known to be harmless (iosxe)", () => {
    const [grade] = graded(CORE, insert(/^ip access-list standard SNMP-IN\n/m, " 1 permit any"));
    expect(grade).toMatchObject({ priority: "P1", witness: undefined });
    expect(grade?.reason).toContain("not known where this filter is used");
  });

  test("a remark is text only (iosxe)", () => {
    const [grade] = graded(CORE, insert(/^ip access-list extended office-in\n/m, " 1 remark asked by Tom"));
    expect(grade?.priority).toBe("P4");
  });

  test("anybody may log in: the list of the terminal lines opened (vrp)", () => {
    const grades = graded(ACCESS, insert(/^acl number 2000\n/m, " rule 1 permit source any"));
    expect(grades[0]).toMatchObject({ priority: "P1" });
    expect(grades[0]?.witness).toContain("->");
  });
});
